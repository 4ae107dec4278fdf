import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { FileShrinker } from '../../../core/node/file-shrinker.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'
import { eventually } from '../../harness/wait.ts'

const MIB = 1_048_576

/** A file of about 9 MiB, of which most is free. */
function openFull() {
  const path = join(makeTempDir(), 'square.db')
  const file = new SquareDatabase({ path })
  file.transaction(() => {
    for (let i = 0; i < 9; i++) file.setMeta(`large ${i}`, new Uint8Array(MIB).fill(i))
    file.setMeta('kept', new Uint8Array(1_000).fill(7))
  })
  file.transaction(() => {
    for (let i = 0; i < 9; i++) file.setMeta(`large ${i}`, null)
  })
  file.checkpoint()
  return { file, path, size: () => statSync(path).size }
}

describe('FileShrinker', () => {
  it('gives free pages back, a mebibyte a step, and leaves the rest as it is', () => {
    const { file, size } = openFull()
    expect(size()).toBeGreaterThan(9 * MIB)
    const shrinker = new FileShrinker({ files: [file] }, { slackBytes: MIB })
    let steps = 0
    let largest = 0
    for (let before = file.space().freeBytes; shrinker.step(); before = file.space().freeBytes) {
      largest = Math.max(largest, before - file.space().freeBytes)
      steps++
    }
    expect(largest).toBeLessThanOrEqual(MIB + 8_192)
    expect(steps).toBeGreaterThanOrEqual(7)
    expect(size()).toBeLessThan(2 * MIB)
    expect(file.getMeta('kept')).toEqual(new Uint8Array(1_000).fill(7))
    expect(file.integrityCheck()).toEqual([])
    file.close()
  })

  it('leaves what is soon used again, until the disk is short of room', () => {
    const { file, size } = openFull()
    const shrinker = new FileShrinker({ files: [file] })
    expect(shrinker.step()).toBe(false)
    expect(size()).toBeGreaterThan(9 * MIB)
    shrinker.setUrgent(true)
    while (shrinker.step());
    expect(size()).toBeLessThan(MIB)
    file.close()
  })

  it('lets pages be read between its steps, and old records leave a shorter file', async () => {
    const me = new TestAuthor('Me')
    const crowd = Array.from({ length: 2 }, (_, i) => new TestAuthor(`Crowd ${i}`))
    const post = me.post('what is read meanwhile')
    const words = 'many words of all sorts, for a file of some size '.repeat(30)
    for (const author of crowd) for (let i = 0; i < 150; i++) author.post(`${i} ${words}`)
    const test = new TestSquare({ me, role: 'seed', slackBytes: 16_384 })
    test.ingestAll(me)
    for (const author of crowd) test.ingestAll(author)
    test.square.checkpoint()
    const size = () => statSync(join(test.dataDir, 'square.db')).size
    const before = size()
    test.square.setBudgets({ recordBytes: 50_000, mediaBytes: MIB, strangerBytes: MIB })
    test.square.tick()
    let reads = 0
    await eventually('a file of half the size', () => {
      expect(test.square.post(formatRecordId(post.id))?.text).toBe('what is read meanwhile')
      reads++
      return size() < before / 2
    })
    expect(reads).toBeGreaterThan(3)
    expect(test.square.integrityCheck()).toEqual([])
  })
})
