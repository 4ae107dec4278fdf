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
  it('is marked when both its neighbours were here an hour before (LOG9)', () => {
    const { ben, test, now, lateAt } = open()
    const [before, kept, after] = ['before', 'kept back', 'after'].map((text, i) => ben.post(text, { ts: now() + i }))
    if (!before || !kept || !after) throw new Error('no posts')
    test.ingest({ records: [before, after] })
    expect([before, after].map(lateAt)).toEqual([null, null])
    test.clock.advance(HOUR_MS + 2)
    test.ingest({ records: [kept] })
    expect(lateAt(kept)).toBe(now())
    expect([before, after].map(lateAt)).toEqual([null, null])
  })

  it('keeps its place in time all the same (LOG4, LOG9)', () => {
    const { ben, test, now } = open()
    const [before, kept, after] = ['before', 'kept back', 'after'].map((text, i) =>
      ben.post(text, { ts: now() + 1_000 * i }),
    )
    if (!before || !kept || !after) throw new Error('no posts')
    test.ingest({ records: [before, after] })
    test.clock.advance(HOUR_MS + 1)
    test.ingest({ records: [kept] })
    expect(order(test, ben)).toEqual(['after', 'kept back', 'before'])
  })

  it.each([
    ['newest first', (records: MadeRecord[]) => records.toReversed()],
    ['oldest first', (records: MadeRecord[]) => records],
    ['in no order', (records: MadeRecord[]) => [...records.slice(9), ...records.slice(0, 9).toReversed()]],
  ])('is marked with all others of its gap that come together, %s (LOG9)', (_, inOrder) => {
    const { ben, test, now, lateAt } = open()
    const records = Array.from({ length: 42 }, (_one, i) => ben.post(`number ${i}`, { ts: now() + i }))
    const edges = [records[0], records[41]] as MadeRecord[]
    const kept = records.slice(1, 41)
    test.ingest({ records: edges })
    test.clock.advance(HOUR_MS + MINUTE_MS)
    for (const record of inOrder(kept)) {
      test.ingest({ records: [record] })
      test.clock.advance(100)
    }
    expect(kept.filter((record) => lateAt(record) === null)).toHaveLength(0)
    expect(edges.map(lateAt)).toEqual([null, null])
  })

  it.each<[string, { readonly seenAfterMs: number; readonly signedBeforeMs: number; readonly isNewest: boolean }]>([
    ['came within an hour after it was signed', { seenAfterMs: HOUR_MS - 1, signedBeforeMs: 0, isNewest: false }],
    ['came soon after the newer one', { seenAfterMs: 10 * MINUTE_MS, signedBeforeMs: 2 * HOUR_MS, isNewest: false }],
    ['is the newest of its log', { seenAfterMs: 2 * HOUR_MS, signedBeforeMs: 0, isNewest: true }],
  ])('is not marked where it %s (LOG9): the control', (_, { seenAfterMs, signedBeforeMs, isNewest }) => {
    const { ben, test, now, lateAt } = open()
    const signedMs = now() - signedBeforeMs
    const [before, first, second] = ['zero', 'one', 'two'].map((text, i) => ben.post(text, { ts: signedMs + i }))
    if (!before || !first || !second) throw new Error('no posts')
    test.ingest({ records: [before, isNewest ? first : second] })
    test.clock.advance(seenAfterMs)
    const late = isNewest ? second : first
    test.ingest({ records: [late] })
    expect(lateAt(late)).toBeNull()
  })

  /** The records newest first, three a session; two sessions are this far apart. */
  function backfill({ test }: ReturnType<typeof open>, records: readonly MadeRecord[], pauseMs: number): void {
    for (const [i, record] of records.toReversed().entries()) {
      if (i % 3 === 0) test.clock.advance(pauseMs)
      test.ingest({ records: [record] })
    }
  }

  it.each([
    ['takes hours', 20 * MINUTE_MS],
    ['is interrupted for a night, several times', 9 * HOUR_MS],
  ])('is none of those that a first sync brings, also when that %s (LOG9)', (_, pauseMs) => {
    const world = open()
    const records = Array.from({ length: 30 }, (_one, i) => world.ben.post(`number ${i}`))
    backfill(world, records, pauseMs)
    expect(records.map(world.lateAt)).toEqual(Array(30).fill(null))
  })

  it.each([
    ['takes hours', 20 * MINUTE_MS],
    ['is interrupted for a night, several times', 9 * HOUR_MS],
  ])('is none of those below which only the profile lies, which came ahead, when a sync %s (LOG9)', (_, pauseMs) => {
    const world = open()
    const { ben, test, now, lateAt } = world
    const [profile] = [ben.describe({ name: 'Ben' })]
    const records = Array.from({ length: 30 }, (_one, i) => ben.post(`number ${i}`))
    test.ingest({ records: [profile] })
    backfill(world, records, pauseMs)
    expect(records.map(lateAt)).toEqual(Array(30).fill(null))
    // The control: with a post below it is a gap, whatever profile stands between.
    const [before, renamed, kept, after] = [
      ben.post('before', { ts: now() }),
      ben.describe({ name: 'Benjamin' }, { ts: now() + 1 }),
      ben.post('kept back', { ts: now() + 2 }),
      ben.post('after', { ts: now() + 3 }),
    ]
    test.ingest({ records: [before, renamed, after] })
    test.clock.advance(HOUR_MS + MINUTE_MS)
    test.ingest({ records: [kept] })
    expect(lateAt(kept)).toBe(now())
  })

  it('is none of those below a profile that came ahead of them, while they come (LOG9)', () => {
    const world = open()
    const { ben, test, lateAt } = world
    const held = Array.from({ length: 3 }, (_one, i) => ben.post(`held ${i}`))
    test.ingest({ records: held })
    test.clock.advance(2 * HOUR_MS)
    const lower = Array.from({ length: 12 }, (_one, i) => ben.post(`lower ${i}`))
    const profile = ben.describe({ name: 'Ben' })
    const upper = Array.from({ length: 12 }, (_one, i) => ben.post(`upper ${i}`))
    test.ingest({ records: [profile] })
    backfill(world, [...lower, ...upper], 20 * MINUTE_MS)
    expect([...lower, ...upper].map(lateAt)).toEqual(Array(24).fill(null))
  })

  it('is none of those that a sync of hours brings which began at the old end with a stale peer (LOG9)', () => {
    const world = open()
    const records = Array.from({ length: 30 }, (_one, i) => world.ben.post(`number ${i}`))
    world.test.ingest({ records: records.slice(0, 5) })
    world.test.clock.advance(2 * HOUR_MS)
    backfill(world, records.slice(5), 20 * MINUTE_MS)
    expect(records.map(world.lateAt)).toEqual(Array(30).fill(null))
    // The control: the same gap, filled after it has stood.
    const other = open()
    const others = Array.from({ length: 30 }, (_one, i) => other.ben.post(`number ${i}`))
    other.test.ingest({ records: [...others.slice(0, 5), others[29] as MadeRecord] })
    other.test.clock.advance(2 * HOUR_MS)
    backfill(other, others.slice(5, 29), 20 * MINUTE_MS)
    expect(others.slice(5, 29).filter((record) => other.lateAt(record) === null)).toHaveLength(0)
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
