import { describe, expect, it } from 'vitest'
import { encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { toHex } from '../../core/util/bytes.ts'
import { PalabreError } from '../../core/util/errors.ts'
import { TestAuthor } from '../harness/authors.ts'
import { mountSmallDisk, NO_SMALL_DISK } from '../harness/small-disk.ts'
import { TestSquare } from '../harness/test-square.ts'

describe.skipIf(NO_SMALL_DISK !== null)('a full disk', () => {
  it('refuses posts clearly, keeps every acknowledged one, and goes on when there is room again (F3)', (context) => {
    const disk = mountSmallDisk(6)
    if (disk === undefined) return context.skip('this system lets nobody mount a tmpfs')
    const { dataDir } = disk
    const me = new TestAuthor('Me')
    const test = new TestSquare({ me, dataDir })
    const acknowledged: string[] = []
    const refused: string[] = []
    const publish = () => {
      const text = 'a post of some length, so that the disk is full soon enough '.repeat(30)
      try {
        const [post] = test.square.publish([{ kind: KIND.post, body: encodePost({ salt: me.salt(), text }) }])
        acknowledged.push(toHex(post?.id as Uint8Array))
      } catch (error) {
        refused.push(error instanceof PalabreError ? error.code : String(error))
      }
    }
    for (let i = 0; i < 20; i++) publish()
    disk.fill()
    for (let i = 0; i < 400 && refused.length < 20; i++) publish()
    expect(new Set(refused)).toEqual(new Set(['disk-full']))
    expect(test.square.home({ limit: 500 }).items.length).toBeGreaterThanOrEqual(20)
    disk.empty()
    const before = acknowledged.length
    publish()
    expect(acknowledged).toHaveLength(before + 1)
    const held = () =>
      test.square
        .readLog(me.address, me.device.publicKey, [1, 100_000], 100_000_000)
        .map(({ seq }) => seq)
        .reverse()
    expect(held()).toEqual(acknowledged.map((_, i) => i + 1))
    expect(test.square.integrityCheck()).toEqual([])
    test.close()
    const again = new TestSquare({ me, dataDir })
    expect(again.square.stats()).toMatchObject({ ownRecords: acknowledged.length, records: acknowledged.length })
    again.close()
    disk.fill()
    expect(() => new TestSquare({ me, dataDir })).toThrow(expect.objectContaining({ code: 'disk-full' }))
  })
})
