import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A store that keeps Ben, whose clock began a day before. */
function open() {
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ pins: [ben.address] })
  test.ingest({ operations: [ben.genesis] })
  const now = () => test.clock.now()
  const lateAt = (record: MadeRecord) => test.square.post(formatRecordId(record.id))?.arrivedLateAt
  return { ben, test, now, lateAt }
}

function order(test: TestSquare, ben: TestAuthor): string[] {
  return test.square.profilePosts(ben.profile, { limit: 100 }).items.map(({ text }) => text)
}

describe('a record that comes late', () => {
  it('is marked when a newer one of its log was here an hour before (LOG9)', () => {
    const { ben, test, now, lateAt } = open()
    const [first, second] = [ben.post('kept back', { ts: now() }), ben.post('on time', { ts: now() + 1 })]
    test.ingest({ records: [second] })
    expect(lateAt(second)).toBeNull()
    test.clock.advance(HOUR_MS + 1)
    test.ingest({ records: [first] })
    expect(lateAt(first)).toBe(now())
    expect(lateAt(second)).toBeNull()
  })

  it('keeps its place in time all the same (LOG4, LOG9)', () => {
    const { ben, test, now } = open()
    const [first, second] = [ben.post('kept back', { ts: now() }), ben.post('on time', { ts: now() + 1_000 })]
    test.ingest({ records: [second] })
    test.clock.advance(HOUR_MS + 1)
    test.ingest({ records: [first] })
    expect(order(test, ben)).toEqual(['on time', 'kept back'])
  })

  it.each<[string, { readonly seenAfterMs: number; readonly signedBeforeMs: number; readonly isNewest: boolean }]>([
    ['came within an hour after it was signed', { seenAfterMs: HOUR_MS - 1, signedBeforeMs: 0, isNewest: false }],
    ['came soon after the newer one', { seenAfterMs: 10 * MINUTE_MS, signedBeforeMs: 2 * HOUR_MS, isNewest: false }],
    ['is the newest of its log', { seenAfterMs: 2 * HOUR_MS, signedBeforeMs: 0, isNewest: true }],
  ])('is not marked where it %s (LOG9): the control', (_, { seenAfterMs, signedBeforeMs, isNewest }) => {
    const { ben, test, now, lateAt } = open()
    const signedMs = now() - signedBeforeMs
    const [first, second] = [ben.post('one', { ts: signedMs }), ben.post('two', { ts: signedMs + 1 })]
    test.ingest({ records: [isNewest ? first : second] })
    test.clock.advance(seenAfterMs)
    const late = isNewest ? second : first
    test.ingest({ records: [late] })
    expect(lateAt(late)).toBeNull()
  })

  it('is none of those that a first sync brings, newest first (LOG9)', () => {
    const { ben, test, lateAt } = open()
    const records = Array.from({ length: 30 }, (_, i) => ben.post(`number ${i}`))
    for (const record of records.toReversed()) {
      test.ingest({ records: [record] })
      test.clock.advance(MINUTE_MS)
    }
    expect(records.map(lateAt)).toEqual(Array(30).fill(null))
  })
})

describe('a clock that steps back', () => {
  it('sorts a record at the time of the one before it, whatever it says itself (LOG4)', () => {
    const [me, ben, other] = ['Me', 'Ben', 'Other'].map((name) => new TestAuthor(name)) as [
      TestAuthor,
      TestAuthor,
      TestAuthor,
    ]
    me.follow(ben)
    me.follow(other)
    const start = me.records[0]?.header.ts as number
    const meanwhile = other.post('somebody else, meanwhile', { ts: start + 10 * MINUTE_MS })
    const log = [
      ben.post('before', { ts: start }),
      ben.post('the clock was ahead', { ts: start + 30 * MINUTE_MS }),
      ben.post('and was set back', { ts: start + MINUTE_MS }),
      ben.post('and goes on', { ts: start + 40 * MINUTE_MS }),
    ]
    for (const records of [log, log.toReversed()]) {
      const test = new TestSquare({ me })
      test.ingest({ operations: [ben.genesis, other.genesis], records: [...me.records, meanwhile] })
      for (const record of records) test.ingest({ records: [record] })
      const home = test.square.home({ limit: 9 }).items
      // The two in the middle stand at one time, where the id decides.
      expect([
        home[0]?.text,
        ...home
          .slice(1, 3)
          .map(({ text }) => text)
          .sort(),
        ...home.slice(3).map(({ text }) => text),
      ]).toEqual(['and goes on', 'and was set back', 'the clock was ahead', 'somebody else, meanwhile', 'before'])
      // What it says of itself stays as it was signed.
      expect(home.find(({ text }) => text === 'and was set back')?.ts).toBe(start + MINUTE_MS)
    }
  })
})
