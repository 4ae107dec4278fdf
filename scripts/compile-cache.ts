/** What V8 has compiled of a program, kept beside it: whoever starts it finds that it is done. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Longest that the first start may take before it is given up. */
const START_TIMEOUT_MS = 120_000

/** For NODE_COMPILE_CACHE of what tests start. */
export const COMPILE_CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled')

/**
 * Starts a node and ends it cleanly: Node.js writes down at the end of a process what it compiled, and what was in use by
 * then, to which a program that is killed never comes. Whatever goes wrong here, it only starts more slowly.
 */
export async function fillCompileCache(main: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'palabre-first-'))
  const args = ['start', '--data', dataDir, '--network', 'local', '--port', '0', '--no-open', '--json']
  const { NODE_COMPILE_CACHE: _elsewhere, ...others } = process.env
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...others, ...env },
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  // The first line says that it listens, by which time everything is loaded.
  child.stdout.once('data', () => child.kill('SIGTERM'))
  await once(child, 'exit').catch(() => {})
  clearTimeout(timer)
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
}
