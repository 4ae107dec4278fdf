import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { buildTarget, moveIntoPlace } from '../../../scripts/build.ts'
import { isFresh } from '../../../scripts/freshness.mjs'
import { makeTempDir } from '../../harness/temp-dir.ts'

const BUILDS = 20
const FILES = ['index.html', 'window.js', 'window.css']

it('leaves one whole build of many that end at the same moment, and nothing beside it', async () => {
  const dist = makeTempDir()
  const place = join(dist, 'renderer')
  const names = Array.from({ length: BUILDS }, (_, i) => `build ${i}`)
  for (const name of names) {
    await mkdir(join(dist, name))
    for (const file of FILES) await writeFile(join(dist, name, file), name)
  }
  await Promise.all(names.map((name) => moveIntoPlace(join(dist, name), place)))
  expect(await readdir(dist)).toEqual(['renderer'])
  expect((await readdir(place)).sort()).toEqual([...FILES].sort())
  const said = await Promise.all(FILES.map((file) => readFile(join(place, file), 'utf8')))
  expect(names).toContain(said[0])
  expect(new Set(said).size).toBe(1)
})

it('takes no build for one of other sources, where it was cut off once it lay there', async () => {
  const root = makeTempDir()
  const built = join(root, 'dist', 'main.js')
  const sources = { root, folders: ['core'], files: [] }
  const build = { name: 'program', stamp: join(root, 'dist', 'stamp'), proof: pathToFileURL(built), sources }
  await mkdir(join(root, 'core'))
  const write = (text: string) => writeFile(join(root, 'core', 'a.ts'), text)
  const place = async () => writeFile(built, `of ${await readFile(join(root, 'core', 'a.ts'), 'utf8')}`)
  const target = { build, outDir: join(root, 'dist', 'program'), configs: () => [], place }
  const options = { say: () => {} }
  await write('first')
  await buildTarget(target, options)
  expect(isFresh(build)).toBe(true)

  await write('second')
  const cutOff = async () => {
    await place()
    throw new Error('cut off')
  }
  await expect(buildTarget({ ...target, place: cutOff }, options)).rejects.toThrow('cut off')
  await write('first')
  expect(await readFile(built, 'utf8')).toBe('of second')
  expect(isFresh(build)).toBe(false)
  await buildTarget(target, options)
  expect(await readFile(built, 'utf8')).toBe('of first')
})
