/** How code for Node.js is bundled: what Vite is told for programs, for threads and for the preload of the window. */
import { join } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'

const root = join(import.meta.dirname, '..')

/** Look for files of their own beside their code. */
const KEEP_OUTSIDE = ['@achingbrain/ssdp', 'node-datachannel']
/**
 * Parts of Node.js that an `import` makes dear: it asks for everything that they export, and of these some load what
 * nobody asked for. `http` alone brings all of `fetch` and HTTP/2, 140 ms in place of 3; `crypto` all of Web Crypto.
 */
const DEAR_IMPORT =
  /^import (?:([\w$]+|\* as [\w$]+))?(?:, )?(?:\{ (.+) \})? from "(?:node:)?(https?|http2|crypto)";$/gm

/** Unit by unit, as escapes have it. */
const NOT_ASCII = /[^\0-\x7f]/g

/** By the name of the entry: its file below the root of the project. */
type Entries = Readonly<Record<string, string>>

/**
 * What is loaded together lies in one file: each file costs a program that starts about as much as its code does. Modules
 * that fit here go there with all that they import, those of an earlier group excepted.
 */
const GROUPS: readonly { readonly name: string; readonly test: RegExp }[] = [
  { name: 'begin', test: /\/(cli\/(run|host-options)|core\/node\/square-starter)\.ts$/ },
  { name: 'client', test: /\/core\/node\/local-client\.ts$/ },
  { name: 'host', test: /\/(cli\/host|cli\/http\/web-server|core\/node\/create-node|electron\/desktop-node)\.ts$/ },
  { name: 'network', test: /\/core\/(net\/(host|reach-parts)|gossip\/gossipsub-host|node\/network-stack)\.ts$/ },
]

/** A program with all packages inside, in files by when they are loaded. */
export function programBuild(outDir: string, input: Entries): InlineConfig {
  const groups = GROUPS.map((group, i) => ({ ...group, priority: GROUPS.length - i }))
  return wholeBuild(outDir, input, { emptyOutDir: true, output: { codeSplitting: { groups } } })
}

/** A program that is one file, with all packages inside, beside others. */
export function fileBuild(outDir: string, input: Entries): InlineConfig {
  return wholeBuild(outDir, input, { emptyOutDir: false, output: { codeSplitting: false } })
}

/** All packages inside; chunks lie flat beside the entries, where a thread is looked for. */
export function wholeBuild(
  outDir: string,
  input: Entries,
  init: { readonly emptyOutDir: boolean; readonly output?: Output } = { emptyOutDir: true },
): InlineConfig {
  const output = { format: 'es', chunkFileNames: '[name]-[hash].js', ...init.output } as const
  return {
    ...nodeBuild(outDir, input, { ...init, output }),
    plugins: [cheapImports(), inAscii()],
    ssr: { noExternal: true, external: KEEP_OUTSIDE },
  }
}

/** A sandboxed preload is one CommonJS file. */
export function preloadBuild(outDir: string): InlineConfig {
  const output = { format: 'cjs', entryFileNames: '[name].cjs' } as const
  return nodeBuild(outDir, { preload: 'electron/preload.ts' }, { emptyOutDir: false, output })
}

/** Licences stay. */
const COMMENTS = { legal: true, annotation: false, jsdoc: false }

type Output = NonNullable<NonNullable<NonNullable<InlineConfig['build']>['rollupOptions']>['output']>

function nodeBuild(
  outDir: string,
  input: Entries,
  init: { readonly emptyOutDir: boolean; readonly output: Output },
): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: init.emptyOutDir,
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(root, file)])),
        external: ['electron'],
        // What one file holds is loaded at once, however it is asked for.
        checks: { ineffectiveDynamicImport: false },
        output: { entryFileNames: '[name].js', comments: COMMENTS, ...init.output },
      },
    },
  }
}

/** Takes parts of Node.js that are dear to import as they are, without their face for modules. */
function cheapImports(): Plugin {
  return {
    name: 'cheap-imports',
    renderChunk(code) {
      return { code: code.replace(DEAR_IMPORT, toCheapImport), map: null }
    },
  }
}

/**
 * One sign outside of Latin-1, in a comment or in a text, has V8 keep a file with two bytes for each: it is read, and
 * compared with what was compiled of it, twice as slowly.
 */
function inAscii(): Plugin {
  return {
    name: 'in-ascii',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk') chunk.code = chunk.code.replace(NOT_ASCII, toEscape)
      }
    },
  }
}

function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The statement for one import. */
function toCheapImport(_statement: string, whole: string | undefined, named: string | undefined, part: string): string {
  const source = `process.getBuiltinModule("node:${part}")`
  const names = named === undefined ? [] : [`{ ${named.replaceAll(' as ', ': ')} }`]
  const all = whole === undefined ? names : [whole.replace('* as ', ''), ...names]
  return all.map((name) => `const ${name} = ${source};`).join(' ')
}
