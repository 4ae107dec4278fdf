/**
 * `npm run build`: the window, the command line and the desktop host into dist/, or those that are named, each only when
 * its sources changed.
 * A target is built aside and then moved into its place, so that a running node never serves half a window.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { InlineConfig } from 'vite'
import { fillCompileCache } from './compile-cache.ts'
import { COMMAND_LINE, describeBuild, isFresh, takeStamp, WINDOW, writeStamp } from './freshness.mjs'
import { putInUse } from './kept-builds.ts'
import { fileBuild, preloadBuild, programBuild, wholeBuild } from './node-bundles.ts'

export interface BuildOptions {
  /** Says what is done; to stderr unless told otherwise, since stdout may belong to somebody's script. */
  readonly say?: (line: string) => void
}

export interface Target {
  readonly build: ReturnType<typeof describeBuild>
  readonly outDir: string
  /** One after the other into the same folder. */
  readonly configs: (outDir: string) => readonly InlineConfig[]
  /** Puts what was built where it belongs; in the place of what was there, unless told otherwise. */
  readonly place?: (aside: string, outDir: string) => Promise<void>
}

const root = join(import.meta.dirname, '..')
/** Sources that change while they are built are built again, so often at most. */
const BUILD_ATTEMPTS = 5
/** More builds of one target at the same moment than anybody starts. */
const MOVE_ATTEMPTS = 100

const renderer: Target = {
  build: WINDOW,
  outDir: join(root, 'dist', 'renderer'),
  configs: (outDir) => [
    { root: join(root, 'renderer'), configFile: join(root, 'vite.config.ts'), build: { outDir, emptyOutDir: true } },
  ],
}

/** Entries of threads, which lie beside the one that starts them. */
const workers = {
  'square-worker': 'core/node/square-worker.ts',
  'judge-worker': 'core/node/judge-worker.ts',
}

/** A thread is there sooner as one file, and shares no loaded code with the others anyway. */
function workerBuilds(outDir: string): InlineConfig[] {
  return Object.entries(workers).map(([name, file]) => fileBuild(outDir, { [name]: file }))
}

const cli: Target = {
  build: COMMAND_LINE,
  outDir: join(root, 'dist', 'cli'),
  configs: (outDir) => [programBuild(outDir, { main: 'cli/main.ts' }), ...workerBuilds(outDir)],
  place: (aside, outDir) => putInUse(aside, outDir, fillCompileCache),
}

const desktop: Target = {
  build: describeBuild({ name: 'desktop host', proof: 'electron/main.js', folders: ['electron', 'core'] }),
  outDir: join(root, 'dist', 'electron'),
  configs: (outDir) => [
    programBuild(outDir, { main: 'electron/main.ts', 'node-process': 'electron/node-process.ts' }),
    ...workerBuilds(outDir),
    preloadBuild(outDir),
  ],
}

/** What a test starts as a process of its own, by the name that it has in the folder of all of them. */
const PROGRAMS = {
  'churned-process': 'test/harness/churned-process.ts',
  'gossip-process': 'test/harness/gossip-process.ts',
  'hasty-main': 'test/harness/hasty-main.ts',
  'import-process': 'test/harness/import-process.ts',
  'peer-process': 'test/harness/media/peer-process.ts',
}

const programs: Target = {
  build: describeBuild({
    name: 'programs of the tests',
    proof: 'programs/cli-main.js',
    folders: ['cli', 'core', 'test/harness'],
  }),
  outDir: join(root, 'dist', 'programs'),
  configs: (outDir) => [
    programBuild(outDir, { 'cli-main': 'cli/main.ts' }),
    ...workerBuilds(outDir),
    wholeBuild(outDir, PROGRAMS, { emptyOutDir: false }),
    // Started by the hundred, and sharing nothing with the others it is one file.
    fileBuild(outDir, { 'durable-writer': 'test/harness/durable-writer.ts' }),
  ],
}

type ProgramName = keyof typeof PROGRAMS | keyof typeof workers | 'cli-main' | 'durable-writer'

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

/** Builds it if its sources changed. */
export async function buildTarget(target: Target, options: BuildOptions = {}): Promise<void> {
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`))
  const { name, stamp, sources } = target.build
  if (isFresh(target.build)) return
  say(`Building the ${name} …`)
  const startedAt = performance.now()
  await mkdir(dirname(stamp), { recursive: true })
  for (let left = BUILD_ATTEMPTS; ; left--) {
    const before = takeStamp(sources)
    await buildOnce(target)
    const isSame = takeStamp(sources).facts === before.facts
    if (isSame) writeStamp(stamp, before)
    if (isSame || left === 1) break
  }
  say(`Built the ${name} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`)
}

async function buildOnce(target: Target): Promise<void> {
  const { build } = await import('vite')
  const aside = `${target.outDir}.${randomUUID()}.new`
  const environment = process.env.NODE_ENV
  // A test runner says "test", and React would be built for development.
  process.env.NODE_ENV = 'production'
  try {
    for (const config of target.configs(aside)) await build({ logLevel: 'warn', ...config })
    // From here on it is another build that lies there, also where nobody comes to say of what.
    await rm(target.build.stamp, { force: true })
    await (target.place ?? moveIntoPlace)(aside, target.outDir)
  } finally {
    if (environment === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = environment
    await rm(aside, { recursive: true, force: true })
  }
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

if (import.meta.main) {
  const asked = process.argv.slice(2)
  for (const target of [renderer, cli, desktop]) {
    if (asked.length === 0 || asked.includes(target.build.name)) await buildTarget(target)
  }
}
