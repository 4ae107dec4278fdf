import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { moveIntoPlace } from '../../../scripts/build.ts'
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
