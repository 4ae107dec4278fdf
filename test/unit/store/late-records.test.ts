import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const HOUR_MS = 3_600_000

describe('a record that comes late', () => {
  function withHole() {
    const ben = new TestAuthor('Ben')
    for (const text of ['one', 'two', 'three']) ben.post(text)
    const [first, hole, last] = ben.records as [MadeRecord, MadeRecord, MadeRecord]
    const test = new TestSquare({ pins: [ben.address] })
    test.ingest({ operations: [ben.genesis], records: [first, last] })
    return { test, hole, at: () => test.square.post(formatRecordId(hole.id))?.arrivedLateAt }
  }

  it('says when it arrived, an hour after a newer one of its log (LOG9)', () => {
    const { test, hole, at } = withHole()
    test.clock.advance(HOUR_MS + 1_000)
    test.ingest({ records: [hole] })
    expect(at()).toBe(test.clock.now())
  })

  it('is not late while its log is only being fetched, newest first (LOG9)', () => {
    const { test, hole, at } = withHole()
    test.clock.advance(HOUR_MS - 1_000)
    test.ingest({ records: [hole] })
    expect(at()).toBeNull()
  })
})
