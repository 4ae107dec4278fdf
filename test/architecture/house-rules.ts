import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'

/**
 * The rules of docs/architecture.md as data and as pure functions over a map from path to source text, so that the
 * rules themselves can be tested with sources that break them.
 */

/** Folder → rank. Imports go to strictly lower ranks; inside one folder they are free, cycles excepted. */
export const RANKS: Readonly<Record<string, number>> = {
  'core/util': 0,
  'core/codec': 0,
  'core/identity': 1,
  'core/record': 2,
  'core/contract': 3,
  'core/store': 4,
  'core/moderation': 5,
  'core/ingest': 6,
  'core/timeline': 6,
  'core/net': 7,
  'core/account': 8,
  'core/discovery': 8,
  'core/gossip': 8,
  'core/inbox': 8,
  'core/sync': 8,
  'core/media': 8,
  'core/archive': 9,
  'core/node': 10,
  cli: 11,
  electron: 11,
  renderer: 11,
}

/** Package (or a scope ending in `/*`) → the folders or files that alone import it. */
export const OWNERS: readonly (readonly [pattern: string, owners: readonly string[]])[] = [
  ['@ipld/dag-cbor', ['core/codec']],
  ['@noble/*', ['core/identity']],
  ['@scure/*', ['core/identity']],
  ['@orpc/contract', ['core/contract']],
  ['zod', ['core/contract', 'core/node']],
  ['node:sqlite', ['core/store']],
  ['@libp2p/gossipsub', ['core/gossip/gossipsub-host.ts']],
  ['libp2p', ['core/net/host.ts']],
  ['@libp2p/tcp', ['core/net/host.ts']],
  ['@libp2p/websockets', ['core/net/host.ts']],
  ['@libp2p/noise', ['core/net/host.ts']],
  ['@libp2p/yamux', ['core/net/host.ts']],
  ['@libp2p/identify', ['core/net/host.ts']],
  ['@libp2p/ping', ['core/net/host.ts']],
  ['@libp2p/circuit-relay-v2', ['core/net/relay.ts']],
  ['@libp2p/webrtc', ['core/net/webrtc.ts']],
  ['@libp2p/autonat-v2', ['core/net/nat-services.ts']],
  ['@libp2p/upnp-nat', ['core/net/nat-services.ts']],
  ['@libp2p/*', ['core/net', 'core/gossip', 'core/sync', 'core/media']],
  ['@multiformats/multiaddr', ['core/net', 'core/node']],
  ['helia', ['core/media/helia-host.ts']],
  ['@helia/*', ['core/media/helia-host.ts']],
  ['blockstore-core', ['core/media']],
  ['interface-blockstore', ['core/media']],
  ['ipfs-unixfs', ['core/media']],
  ['@ipld/dag-pb', ['core/media']],
  ['@orpc/server', ['core/node']],
  ['ws', ['core/node/carriers', 'core/node/local-client.ts']],
  ['@orpc/client', ['core/node', 'renderer/rpc']],
  ['@orpc/tanstack-query', ['renderer/rpc']],
  ['partysocket', ['renderer/rpc']],
  ['electron', ['electron']],
  ['pino', ['core/node/host']],
  ['pino-pretty', ['core/node/host/host-logger.ts']],
  ['react', ['renderer']],
  ['react-dom', ['renderer']],
  ['react-intl', ['renderer']],
  ['wouter', ['renderer']],
  ['lucide-react', ['renderer']],
  ['uqr', ['renderer']],
  ['thumbhash', ['renderer']],
  ['tinykeys', ['renderer']],
  ['@base-ui/*', ['renderer/ui']],
  ['@tanstack/*', ['renderer']],
  ['@fontsource-variable/*', ['renderer']],
]

/** Of these folders nothing may reach Node.js or the DOM: they also run in a browser. */
export const PURE_FOLDERS: readonly string[] = [
  'core/util',
  'core/codec',
  'core/identity',
  'core/record',
  'core/contract',
]

/** Longest source file, lines. */
export const MAX_LINES = 400

export type SourceTree = ReadonlyMap<string, string>

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"](\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url/g

/** Module specifiers that a source imports, types and dynamic imports included. */
export function listImports(source: string): string[] {
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
  return [...withoutComments.matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3] ?? match[4]) as string)
}

/** The folder of RANKS in which a file lives; undefined outside of the layers (tests, scripts). */
export function layerOf(path: string): string | undefined {
  return Object.keys(RANKS).find((folder) => path.startsWith(`${folder}/`))
}

function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return posix.normalize(posix.join(posix.dirname(from), specifier))
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string)
}

function matchesPattern(name: string, pattern: string): boolean {
  return pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function isInside(path: string, owner: string): boolean {
  return owner.endsWith('.ts') ? path === owner : path.startsWith(`${owner}/`)
}

/** Imports that don't go strictly downwards, one sentence each. */
export function findRankBreaks(tree: SourceTree): string[] {
  const breaks: string[] = []
  for (const [path, source] of tree) {
    const layer = layerOf(path)
    if (layer === undefined) continue
    for (const specifier of listImports(source)) {
      const target = resolveImport(path, specifier)
      if (target === undefined) continue
      const targetLayer = layerOf(target)
      if (targetLayer === undefined) {
        breaks.push(`${path} imports ${target}, which lies outside of the layers`)
      } else if (targetLayer !== layer && (RANKS[targetLayer] as number) >= (RANKS[layer] as number)) {
        breaks.push(`${path} (${layer}, rank ${RANKS[layer]}) imports ${target} (rank ${RANKS[targetLayer]})`)
      }
    }
  }
  return breaks
}

/** Packages imported outside of their owner, and platform modules in the pure zone. */
export function findOwnerBreaks(tree: SourceTree): string[] {
  const breaks: string[] = []
  for (const [path, source] of tree) {
    if (layerOf(path) === undefined) continue
    for (const specifier of listImports(source)) {
      if (specifier.startsWith('.')) continue
      const name = packageOf(specifier)
      const rule = OWNERS.find(([pattern]) => matchesPattern(name, pattern))
      if (rule !== undefined && !rule[1].some((owner) => isInside(path, owner))) {
        breaks.push(`${path} imports ${name}, which belongs to ${rule[1].join(', ')}`)
      }
      if (name.startsWith('node:') && PURE_FOLDERS.some((folder) => isInside(path, folder))) {
        breaks.push(`${path} is in the pure zone and imports ${name}`)
      }
    }
  }
  return breaks
}

/**
 * Files of the window through which the validator gets into it: it compiles functions from text, which the policy of the
 * page forbids. Types may come from anywhere.
 */
export function findSchemasInWindow(tree: SourceTree): string[] {
  const reaches = new Map<string, boolean>()
  const reachesSchemas = (path: string): boolean => {
    const known = reaches.get(path)
    if (known !== undefined) return known
    reaches.set(path, false)
    const specifiers = listImports(withoutTypeImports(tree.get(path) ?? ''))
    const isReached = specifiers.some((specifier) => {
      const target = resolveImport(path, specifier)
      return target === undefined ? packageOf(specifier) === 'zod' : reachesSchemas(target)
    })
    reaches.set(path, isReached)
    return isReached
  }
  return [...tree.keys()].filter((path) => path.startsWith('renderer/') && reachesSchemas(path))
}

function withoutTypeImports(source: string): string {
  return source.replace(/(^|\n)\s*(?:import|export) type\s[^'"`;]*?from\s*['"][^'"]+['"]/g, '$1')
}

/** Import cycles between files, each as `a → b → a`, smallest name first. */
export function findCycles(tree: SourceTree): string[] {
  const edges = new Map<string, string[]>()
  for (const [path, source] of tree) {
    const targets = listImports(source).map((specifier) => resolveImport(path, specifier))
    edges.set(
      path,
      targets.filter((target): target is string => target !== undefined && tree.has(target) && target !== path),
    )
  }
  const cycles = new Set<string>()
  const finished = new Set<string>()
  const trail: string[] = []
  const visit = (path: string): void => {
    const at = trail.indexOf(path)
    if (at >= 0) {
      const loop = trail.slice(at)
      const first = loop.indexOf([...loop].sort()[0] as string)
      const turned = [...loop.slice(first), ...loop.slice(0, first)]
      cycles.add([...turned, turned[0]].join(' → '))
      return
    }
    if (finished.has(path)) return
    trail.push(path)
    for (const target of edges.get(path) ?? []) visit(target)
    trail.pop()
    finished.add(path)
  }
  for (const path of tree.keys()) visit(path)
  return [...cycles]
}

/** Files longer than the limit, and barrels: files that only hand on what others export. */
export function findShapeBreaks(tree: SourceTree): string[] {
  const breaks: string[] = []
  for (const [path, source] of tree) {
    const lines = source.split('\n').length - 1
    if (lines > MAX_LINES) breaks.push(`${path} has ${lines} lines, limit ${MAX_LINES}`)
    const isBarrel = /(^|\/)index\.tsx?$/.test(path) || /^\s*export \* from/m.test(source)
    if (isBarrel) breaks.push(`${path} is a barrel: import the file that has the thing`)
  }
  return breaks
}

/** All TypeScript sources below `root` that git would keep, by path with forward slashes. */
export function readTree(root: string): SourceTree {
  const files = globSync('{core,cli,electron,renderer,scripts,bench,test}/**/*.{ts,tsx}', { cwd: root })
  return new Map(
    files.map((file) => [relative('.', file).split(sep).join('/'), readFileSync(join(root, file), 'utf8')]),
  )
}

/** Root of the project, from this file's place. */
export const projectRoot: string = dirname(dirname(import.meta.dirname))
