import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { COMPILE_CACHE } from '../../../scripts/compile-cache.ts'

const MAIN = join(import.meta.dirname, '..', '..', '..', 'cli', 'main.ts')
const SAY_FOLDER = 'data:text/javascript,process.on("exit",()=>console.log(process.env.NODE_COMPILE_CACHE))'

it('keeps what was compiled of its sources apart from what tests fill once, before they start', () => {
  const { NODE_COMPILE_CACHE: _elsewhere, ...env } = process.env
  const args = ['--no-warnings', '--import', SAY_FOLDER, MAIN, '--version']
  const [version, folder] = execFileSync(process.execPath, args, { env, encoding: 'utf8' }).split('\n')
  expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  expect(folder).toContain('compiled')
  expect(folder).not.toBe(COMPILE_CACHE)
})
