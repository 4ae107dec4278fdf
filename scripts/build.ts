/**
 * `npm run build`: the window, the command line and the desktop host into dist/, each only when its sources changed.
 * A target is built aside and then moved into its place, so that a running node never serves half a window.
 */
import { createHash, randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InlineConfig } from 'vite'

export interface BuildOptions {
  /** Says what is done; to stderr unless told otherwise, since stdout may belong to somebody's script. */
  readonly say?: (line: string) => void
}

interface Target {
  readonly name: string
  readonly outDir: string
  /** Globs of everything that ends up in it. */
  readonly sources: readonly string[]
  /** A file that is there when it has been built. */
  readonly proof: string
  /** One after the other into the same folder. */
  readonly configs: (outDir: string) => readonly InlineConfig[]
}

const root = join(import.meta.dirname, '..')
const stampDir = join(root, 'dist', '.stamps')
/** More builds of one target at the same moment than anybody starts. */
const MOVE_ATTEMPTS = 100
/** Decide about every target: what is installed, and how it is built. */
const COMMON_SOURCES = ['package-lock.json', 'scripts/build.ts', 'vite.config.ts']

const renderer: Target = {
  name: 'window',
  outDir: join(root, 'dist', 'renderer'),
  sources: ['renderer/**/*', 'core/{util,codec,identity,record,contract}/**/*.ts'],
  proof: 'index.html',
  configs: (outDir) => [
    { root: join(root, 'renderer'), configFile: join(root, 'vite.config.ts'), build: { outDir, emptyOutDir: true } },
  ],
}

/** Entries of threads, which lie beside the one that starts them. */
const workers = {
  'square-worker': 'core/node/square-worker.ts',
  'judge-worker': 'core/node/judge-worker.ts',
}

const cli: Target = {
  name: 'command line',
  outDir: join(root, 'dist', 'cli'),
  sources: ['cli/**/*.ts', 'core/**/*.ts'],
  proof: 'main.js',
  configs: (outDir) => [nodeBuild(outDir, { main: 'cli/main.ts', ...workers })],
}

const desktop: Target = {
  name: 'desktop host',
  outDir: join(root, 'dist', 'electron'),
  sources: ['electron/**/*.ts', 'core/**/*.ts'],
  proof: 'main.js',
  configs: (outDir) => [
    nodeBuild(outDir, {
      main: 'electron/main.ts',
      'node-process': 'electron/node-process.ts',
      ...workers,
    }),
    preloadBuild(outDir),
  ],
}

/** What a test starts as a process of its own, by the name that it has in the folder of all of them. */
const PROGRAMS = {
  'cli-main': 'cli/main.ts',
  ...workers,
  'gossip-process': 'test/harness/gossip-process.ts',
  'hasty-main': 'test/harness/hasty-main.ts',
  'import-process': 'test/harness/import-process.ts',
  'peer-process': 'test/harness/media/peer-process.ts',
}

const programs: Target = {
  name: 'programs of the tests',
  outDir: join(root, 'dist', 'programs'),
  sources: ['cli/**/*.ts', 'core/**/*.ts', 'test/harness/**/*.ts'],
  proof: 'cli-main.js',
  configs: (outDir) => [
    wholeBuild(outDir, PROGRAMS),
    // Started by the hundred, and sharing nothing with the others it is one file.
    wholeBuild(outDir, { 'durable-writer': 'test/harness/durable-writer.ts' }, false),
  ],
}

type ProgramName = keyof typeof PROGRAMS | 'durable-writer'

/** Look for files of their own beside their code. */
const KEEP_OUTSIDE = ['@achingbrain/ssdp', 'node-datachannel']

/** Builds the window if its sources changed. */
export function buildRenderer(options: BuildOptions = {}): Promise<void> {
  return buildTarget(renderer, options)
}

/** Builds the command line for a Node.js that doesn't run TypeScript from a package. */
export function buildCli(options: BuildOptions = {}): Promise<void> {
  return buildTarget(cli, options)
}

/** Builds main, preload and node process of the desktop host. */
export function buildDesktop(options: BuildOptions = {}): Promise<void> {
  return buildTarget(desktop, options)
}

/**
 * Builds what tests start again and again, each with all that it imports: it is there in a third of the time that it takes
 * from its sources. @returns the file of a program
 */
export async function buildPrograms(options: BuildOptions = {}): Promise<(name: ProgramName) => string> {
  await buildTarget(programs, options)
  return (name) => join(programs.outDir, `${name}.js`)
}

async function buildTarget(target: Target, options: BuildOptions): Promise<void> {
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`))
  const stamp = join(stampDir, target.name.replaceAll(' ', '-'))
  const hash = await hashSources(target)
  if ((await readIfThere(stamp)) === hash && (await isThere(join(target.outDir, target.proof)))) return
  say(`Building the ${target.name} …`)
  const startedAt = performance.now()
  const { build } = await import('vite')
  const aside = `${target.outDir}.${randomUUID()}.new`
  const environment = process.env.NODE_ENV
  // A test runner says "test", and React would be built for development.
  process.env.NODE_ENV = 'production'
  try {
    for (const config of target.configs(aside)) await build({ logLevel: 'warn', ...config })
    await moveIntoPlace(aside, target.outDir)
  } finally {
    if (environment === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = environment
    await rm(aside, { recursive: true, force: true })
  }
  if (target === cli) await chmod(join(target.outDir, target.proof), 0o755)
  await mkdir(stampDir, { recursive: true })
  await writeFile(stamp, hash)
  say(`Built the ${target.name} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`)
}

/**
 * Puts `folder` where `place` is, whatever was there. Of several at once the last one stays, each of them whole.
 * @throws Node's error when it can't be moved
 */
export async function moveIntoPlace(folder: string, place: string): Promise<void> {
  for (let left = MOVE_ATTEMPTS; ; left--) {
    const old = `${place}.${randomUUID()}.old`
    await rename(place, old).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error
    })
    try {
      return await rename(folder, place)
    } catch (error) {
      // Another build has put its own there in between.
      if (left === 0 || !hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error
    } finally {
      await rm(old, { recursive: true, force: true })
    }
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** Node.js code: packages stay outside, chunks lie flat beside the entries, where the worker is looked for. */
function nodeBuild(outDir: string, input: Record<string, string>): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: true,
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(root, file)])),
        external: ['electron'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  }
}

/** The same with all packages inside. */
function wholeBuild(outDir: string, input: Record<string, string>, emptyOutDir = true): InlineConfig {
  const config = nodeBuild(outDir, input)
  return {
    ...config,
    build: { ...config.build, emptyOutDir },
    ssr: { noExternal: true, external: KEEP_OUTSIDE },
  }
}

/** A sandboxed preload is one CommonJS file. */
function preloadBuild(outDir: string): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: { preload: join(root, 'electron', 'preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  }
}

async function hashSources(target: Target): Promise<string> {
  const hash = createHash('sha256')
  const files = globSync([...target.sources, ...COMMON_SOURCES], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort())
    hash
      .update(`${file}\0`)
      .update(await readFile(file))
      .update('\0')
  return hash.digest('hex')
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

if (import.meta.main) {
  await buildRenderer()
  await buildCli()
  await buildDesktop()
}
