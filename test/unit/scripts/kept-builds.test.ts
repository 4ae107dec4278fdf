import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { putInUse } from '../../../scripts/kept-builds.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { eventually } from '../../harness/wait.ts'

/** A program that says its name, and loads the rest of itself when it is told to. */
async function build(folder: string, name: string, prepare = async () => {}): Promise<void> {
  const aside = join(folder, '..', name)
  mkdirSync(aside)
  writeFileSync(
    join(aside, 'main.js'),
    `console.log('${name}')
     if (process.argv[2] === 'wait') process.stdin.once('data', () => import('./rest.js').then(() => process.exit(0)))`,
  )
  writeFileSync(join(aside, 'rest.js'), `console.log('the rest of ${name}')`)
  await putInUse(aside, folder, async (main) => {
    expect(existsSync(main)).toBe(true)
    await prepare()
  })
}

const run = (folder: string) => execFileSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8' })
const buildsIn = (folder: string) => readdirSync(folder).filter((name) => name !== 'main.js')

it('runs the newest build, and keeps one more and those from which something runs', async () => {
  const folder = join(makeTempDir(), 'cli')
  const main = join(folder, 'main.js')
  await build(folder, 'first')
  const child = spawn(process.execPath, [main, 'wait'], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part
  })
  await eventually('it runs', async () => said.includes('first'))
  for (const name of ['second', 'third', 'fourth']) await build(folder, name)
  expect(run(folder)).toBe('fourth\n')
  expect(buildsIn(folder)).toHaveLength(3)
  child.stdin.end('go on')
  const [code] = (await once(child, 'exit')) as [number]
  expect([code, said]).toEqual([0, 'first\nthe rest of first\n'])
  await build(folder, 'fifth')
  expect(buildsIn(folder)).toHaveLength(2)
})

it('keeps a build that is being put in place while another one ends', async () => {
  const folder = join(makeTempDir(), 'cli')
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const slow = build(folder, 'slow', () => {
    begun.resolve()
    return end.promise
  })
  await begun.promise
  await build(folder, 'quick')
  expect(run(folder)).toBe('quick\n')
  end.resolve()
  await slow
  expect(run(folder)).toBe('slow\n')
  // Nothing of its making keeps it for ever.
  for (const name of ['third', 'fourth']) await build(folder, name)
  expect(run(folder)).toBe('fourth\n')
  expect(buildsIn(folder)).toHaveLength(2)
})

it('runs one of many that end at the same moment', async () => {
  const folder = join(makeTempDir(), 'cli')
  const names = Array.from({ length: 12 }, (_, i) => `build ${i}`)
  await Promise.all(names.map((name) => build(folder, name)))
  expect(names).toContain(run(folder).trimEnd())
})
