/** `npm run check`: types, lint and format, layers, both languages. Runs all of them, then says which failed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

const STEPS: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ['types', 'typescript/bin/tsc', '-b', '--force'],
  ['lint and format', '@biomejs/biome/bin/biome', 'check', '.'],
  ['layers', 'vitest/vitest.mjs', 'run', '--project', 'node', 'test/architecture'],
  ['languages', 'vitest/vitest.mjs', 'run', '--project', 'node', '--passWithNoTests', 'test/unit/renderer/i18n'],
]

const results: { name: string; code: number; seconds: number }[] = []
for (const [name, script, ...args] of STEPS) {
  process.stdout.write(`\n── ${name}\n`)
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  results.push({ name, code: code ?? 1, seconds: (performance.now() - startedAt) / 1_000 })
}
process.stdout.write('\n')
for (const { name, code, seconds } of results) {
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)\n`)
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1
