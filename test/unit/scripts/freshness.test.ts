import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { isFresh, takeStamp, writeStamp } from '../../../scripts/freshness.mjs'
import { makeTempDir } from '../../harness/temp-dir.ts'

const MINUTE_MS = 60_000
const PAST = new Date(1_700_000_000_000)

describe('isFresh', () => {
  let root: string
  let build: Parameters<typeof isFresh>[0]
  const source = () => join(root, 'core', 'deep', 'a.ts')

  beforeEach(() => {
    root = makeTempDir()
    mkdirSync(join(root, 'core', 'deep'), { recursive: true })
    for (const file of ['core/deep/a.ts', 'core/b.ts', 'package.json', 'main.js']) {
      writeFileSync(join(root, file), `text of ${file}`)
      utimesSync(join(root, file), PAST, PAST)
    }
    build = {
      stamp: join(root, 'stamp'),
      proof: pathToFileURL(join(root, 'main.js')),
      sources: { root, folders: ['core'], files: ['package.json', 'not-there.json'] },
    }
    noteBuilt()
  })

  /** As if the build had begun long after the sources were written: their facts are enough. */
  function noteBuilt(): void {
    const stamp = takeStamp(build.sources)
    writeStamp(build.stamp, { ...stamp, takenMs: stamp.newestMs + MINUTE_MS })
  }

  it('is true for what was built of these sources', () => {
    expect(isFresh(build)).toBe(true)
  })

  it('is false before anything was built, and where the build is gone', () => {
    rmSync(join(root, 'main.js'))
    expect(isFresh(build)).toBe(false)
    writeFileSync(join(root, 'main.js'), '')
    expect(isFresh(build)).toBe(true)
    rmSync(build.stamp)
    expect(isFresh(build)).toBe(false)
    writeFileSync(build.stamp, '{"fac')
    expect(isFresh(build)).toBe(false)
  })

  it('is false after an edit that keeps size and time of the file', () => {
    writeFileSync(source(), 'Text of core/deep/a.ts')
    utimesSync(source(), PAST, PAST)
    expect(isFresh(build)).toBe(false)
  })

  it('is false when a file was added, removed or renamed', () => {
    writeFileSync(join(root, 'core', 'new.ts'), '')
    expect(isFresh(build)).toBe(false)
    rmSync(join(root, 'core', 'new.ts'))
    expect(isFresh(build)).toBe(true)
    rmSync(join(root, 'core', 'b.ts'))
    expect(isFresh(build)).toBe(false)
    writeFileSync(join(root, 'core', 'c.ts'), 'text of core/b.ts')
    expect(isFresh(build)).toBe(false)
  })

  it('is true beside what editors keep next to an open file', () => {
    writeFileSync(join(root, 'core', '.a.ts.swp'), '')
    writeFileSync(join(root, 'core', 'b.ts~'), '')
    expect(isFresh(build)).toBe(true)
  })

  it('is false when a file beside the folders changed', () => {
    writeFileSync(join(root, 'package.json'), 'other')
    expect(isFresh(build)).toBe(false)
  })

  it('is true for files that were written again with what they said, and remembers that', () => {
    writeFileSync(source(), 'text of core/deep/a.ts')
    const before = readFileSync(build.stamp, 'utf8')
    expect(isFresh(build)).toBe(true)
    expect(readFileSync(build.stamp, 'utf8')).not.toBe(before)
  })

  it('reads files that are so young that an edit may not show in their times', () => {
    const stamp = { ...takeStamp(build.sources), content: 'of what stood there a moment before' }
    writeStamp(build.stamp, { ...stamp, takenMs: stamp.newestMs + 1 })
    expect(isFresh(build)).toBe(false)
    // The control: of old files the facts are believed.
    writeStamp(build.stamp, { ...stamp, takenMs: stamp.newestMs + MINUTE_MS })
    expect(isFresh(build)).toBe(true)
  })
})
