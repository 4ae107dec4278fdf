/**
 * `npm test`: builds what the tests start, then runs them all (Node.js and browser). Arguments go to vitest; `--long`
 * runs the fault tests with their full counts.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildCli, buildDesktop, buildPrograms, buildRenderer } from './build.ts'
import { COMPILE_CACHE, fillCompileCache } from './compile-cache.ts'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const isLong = args.includes('--long')

const programFile = await buildPrograms()
const filling = fillForTests()
await buildRenderer()
await buildCli()
await buildDesktop()
await filling
const child = spawn(
  process.execPath,
  [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args.filter((arg) => arg !== '--long')],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...(isLong && { PALABRE_LONG: '1' }) } },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
const [code] = (await once(child, 'exit')) as [number | null]
process.exitCode = code ?? 1

/** A node as most tests start it; they kill theirs, so somebody has to end one cleanly. */
async function fillForTests(): Promise<void> {
  if (!existsSync(COMPILE_CACHE)) await fillCompileCache(programFile('cli-main'), { NODE_COMPILE_CACHE: COMPILE_CACHE })
}
