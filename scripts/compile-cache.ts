/** What Node.js has compiled, kept for all processes of the tests: a node that starts takes a third of the time. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPrograms } from './build.ts'

const root = join(import.meta.dirname, '..')
/** Longest that the first start may take before it is given up. */
const START_TIMEOUT_MS = 120_000

/** For NODE_COMPILE_CACHE. */
export const COMPILE_CACHE = join(root, 'node_modules', '.cache', 'compiled')

/**
 * Starts a node and ends it cleanly where nothing is kept yet, from its sources and as most tests start it: Node.js
 * writes at the end of a process, to which tests that kill theirs never come. Whatever goes wrong here, tests only start
 * their nodes more slowly.
 */
export async function fillCompileCache(): Promise<void> {
  if (existsSync(COMPILE_CACHE)) return
  await startOnce(join(root, 'cli', 'main.ts'))
  await startOnce((await buildPrograms())('cli-main'))
}

async function startOnce(main: string): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'palabre-first-'))
  const args = ['start', '--data', dataDir, '--network', 'local', '--port', '0', '--no-open', '--json']
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  // The first line says that it listens, by which time everything is loaded.
  child.stdout.once('data', () => child.kill('SIGTERM'))
  await once(child, 'exit').catch(() => {})
  clearTimeout(timer)
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
}
