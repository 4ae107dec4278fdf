import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const id = (record: MadeRecord) => formatRecordId(record.id)

function orders<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, i) => orders(items.filter((_, at) => at !== i)).map((rest) => [item, ...rest]))
}

describe('edits', () => {
  it('show the last one by (ts, id) in every list and in search, whatever comes first (REC14)', () => {
    const ben = new TestAuthor('Ben')
    const post = ben.post('the lyme tree')
    const first = ben.edit(post, 'the lime tree')
    const second = ben.edit(post, 'the lime tree at noon', { lang: 'en' })
    for (const records of orders([post, first, second])) {
      const test = new TestSquare({ pins: [ben.address] })
      test.ingest({ operations: [ben.genesis] })
      for (const record of records) test.ingest({ records: [record] })
      expect(test.square.post(id(post))).toMatchObject({
        text: 'the lime tree at noon',
        lang: 'en',
        ts: post.header.ts,
        editedAt: second.header.ts,
      })
      expect(test.square.search('noon', { limit: 5 }).items).toHaveLength(1)
      expect(test.square.search('lyme', { limit: 5 }).items).toEqual([])
      expect(test.square.history(id(post))).toMatchObject([
        { id: id(second), text: 'the lime tree at noon' },
        { id: id(first), text: 'the lime tree' },
        { id: id(post), text: 'the lyme tree', ts: post.header.ts },
      ])
      expect(test.square.profile(ben.profile).counts.posts).toBe(1)
      expect(test.square.integrityCheck()).toEqual([])
    }
  })

  it('change nothing when they are somebody else’s', () => {
    const ben = new TestAuthor('Ben')
    const eve = new TestAuthor('Eve')
    const post = ben.post('as Ben said it')
    const forged = eve.edit(post, 'as Eve would have it')
    const test = new TestSquare({ pins: [ben.address, eve.address] })
    test.ingestAll(ben, eve)
    expect(test.square.post(id(post))).toMatchObject({ text: 'as Ben said it', editedAt: null })
    expect(test.square.history(id(post))).toHaveLength(1)
    expect(id(forged)).not.toBe(id(post))
  })

  it('go with their post, whatever comes first, and their text with them', () => {
    const ben = new TestAuthor('Ben')
    const post = ben.post('said')
    const edit = ben.edit(post, 'said better')
    const gone = ben.delete(post)
    for (const records of orders([post, edit, gone])) {
      const test = new TestSquare({ pins: [ben.address] })
      test.ingest({ operations: [ben.genesis] })
      for (const record of records) test.ingest({ records: [record] })
      expect(test.square.post(id(post))).toMatchObject({ state: 'deleted', text: '', editedAt: null })
      expect(test.square.history(id(post))).toEqual([])
      expect(test.square.search('better', { limit: 5 }).items).toEqual([])
      const served = test.square.readLog(ben.address, ben.device.publicKey, [1, 9], 100_000)
      expect(served.map(({ record }) => Buffer.from(record).includes('better'))).toEqual([false, false, false])
      expect(test.square.listHeld([ben.address])[0]?.ranges).toEqual([[1, 3]])
      expect(test.square.integrityCheck()).toEqual([])
    }
  })

  it('that come without their text are no hole once the delete is held that took it', () => {
    const ben = new TestAuthor('Ben')
    const post = ben.post('said')
    ben.edit(post, 'said better')
    ben.delete(post)
    const [before, after] = [new TestSquare({ pins: [ben.address] }), new TestSquare({ pins: [ben.address] })]
    before.ingestAll(ben)
    const served = before.square.readLog(ben.address, ben.device.publicKey, [1, 9], 100_000)
    after.ingest({ operations: [ben.genesis], records: served.map(({ record }) => ({ bytes: record })) })
    expect(after.square.listHeld([ben.address])[0]?.ranges).toEqual([[1, 3]])
  })

  it('that came without their text before that delete are no hole any more when they come again (LOG2)', () => {
    const ben = new TestAuthor('Ben')
    const post = ben.post('said')
    const edit = ben.edit(post, 'said better')
    const gone = ben.delete(post)
    // As another device's log can bring it: the delete after what it took.
    const bare = { bytes: encodeRecord(withoutBody(edit, { reason: 'deleted', deleteId: gone.id })) }
    const test = new TestSquare({ pins: [ben.address] })
    test.ingest({ operations: [ben.genesis], records: [post, bare] })
    expect(test.ingest({ records: [bare] }).records).toMatchObject([{ isKept: false }])
    test.ingest({ records: [gone] })
    expect(test.ingest({ records: [bare] }).records).toMatchObject([{ isKept: true, isNew: false }])
    expect(test.square.listHeld([ben.address])[0]?.ranges).toEqual([[1, 3]])
    const [served] = test.square.readLog(ben.address, ben.device.publicKey, [2, 2], 100_000)
    expect(served?.record).toEqual(bare.bytes)
  })

  it('leave the version before when they are deleted themselves', () => {
    const ben = new TestAuthor('Ben')
    const post = ben.post('first')
    const edit = ben.edit(post, 'second')
    const test = new TestSquare({ pins: [ben.address] })
    test.ingestAll(ben)
    expect(test.square.post(id(post))?.text).toBe('second')
    test.ingest({ records: [ben.delete(edit)] })
    expect(test.square.post(id(post))).toMatchObject({ text: 'first', editedAt: null })
    expect(test.square.search('second', { limit: 5 }).items).toEqual([])
    expect(test.square.search('first', { limit: 5 }).items).toHaveLength(1)
  })
})
