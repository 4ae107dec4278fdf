import { describe, expect, it, onTestFinished } from 'vitest'
import { digestOf } from '../../../../core/store/fork-table.ts'
import {
  InterestSet,
  newIn,
  packPrefixes,
  prefixesOf,
  unpackPrefixes,
} from '../../../../core/sync/feed/interest-set.ts'
import { MAX_INTEREST, MAX_QUEUED_CHAINS, MAX_QUEUED_PLACES } from '../../../../core/sync/feed/limits.ts'
import { NamedWatch } from '../../../../core/sync/feed/named-watch.ts'
import { NewsQueue } from '../../../../core/sync/feed/news-queue.ts'
import { pickHomes } from '../../../../core/sync/feed/pick-homes.ts'
import { Tally } from '../../../../core/sync/feed/tally.ts'
import { ManualClock } from '../../../../core/util/clock.ts'
import { fakeKey, MemorySquare } from '../../../harness/memory-square.ts'
import { eventually } from '../../../harness/wait.ts'

const NONE = new BigUint64Array()
const [ana, bo, phone] = [fakeKey('ana'), fakeKey('bo'), fakeKey('phone')]

describe('InterestSet', () => {
  it('takes authors in and out by the first 8 bytes of their addresses (FEE3)', () => {
    const set = new InterestSet()
    expect(set.change(prefixesOf([ana, bo]), NONE)).toBe(true)
    expect([set.has(ana), set.has(bo), set.has(phone)]).toEqual([true, true, false])
    set.change(prefixesOf([phone]), prefixesOf([ana]))
    expect([set.has(ana), set.has(bo), set.has(phone)]).toEqual([false, true, true])
    expect(set.size).toBe(2)
  })

  it('finds each of many, and nothing between', () => {
    const set = new InterestSet()
    const keys = Array.from({ length: 1_000 }, (_, i) => fakeKey(`author ${i}`))
    set.change(prefixesOf(keys), NONE)
    expect(keys.every((key) => set.has(key))).toBe(true)
    expect(Array.from({ length: 1_000 }, (_, i) => fakeKey(`stranger ${i}`)).some((key) => set.has(key))).toBe(false)
  })

  it('stays as it is where there would be too many (FEE3)', () => {
    const set = new InterestSet()
    set.change(prefixesOf([ana]), NONE)
    const many = BigUint64Array.from({ length: MAX_INTEREST }, (_, i) => BigInt(i))
    expect(set.change(many, NONE)).toBe(false)
    expect(set.size).toBe(1)
    expect(set.change(many, prefixesOf([ana]))).toBe(true)
  })

  it('travels as 8 bytes each, strictly ascending (FEE2)', () => {
    const prefixes = prefixesOf([ana, bo, phone, ana])
    expect(unpackPrefixes(packPrefixes(prefixes))).toEqual(prefixes)
    expect(unpackPrefixes(packPrefixes(prefixes.toReversed()))).toBeUndefined()
    expect(unpackPrefixes(new Uint8Array(16))).toBeUndefined()
    expect(unpackPrefixes(new Uint8Array(7))).toBeUndefined()
    expect(newIn(prefixes, prefixesOf([bo]))).toEqual(prefixesOf([ana, phone]))
  })
})

describe('NewsQueue', () => {
  const records = (from: number, to: number, device = phone) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({
      id: ana,
      author: ana,
      device,
      seq: from + i,
      kind: 1,
      touches: [],
      isHome: false,
      isOwn: false,
      media: [],
    }))

  it('hands out seqs of one log in a row, and takes back what found no room', () => {
    const queue = new NewsQueue()
    queue.addRecords(records(1, 5), true)
    queue.addRecords(records(7, 8), true)
    queue.addRecords(records(9, 9, bo), true)
    expect(queue.takeRun(3)).toMatchObject({ from: 1, to: 3 })
    queue.restoreRun({ author: ana, device: phone, from: 2, to: 3 })
    expect(queue.takeRun(256)).toMatchObject({ from: 2, to: 5 })
    expect(queue.takeRun(256)).toMatchObject({ from: 7, to: 8 })
    expect(queue.takeRun(256)).toMatchObject({ device: bo, from: 9, to: 9 })
    expect(queue.takeRun(256)).toBeUndefined()
    expect(queue.hasNews).toBe(false)
  })

  it('remembers that something was left out (FEE6)', () => {
    const queue = new NewsQueue()
    queue.addRecords(records(1, MAX_QUEUED_PLACES), false)
    expect(queue.hasSkipped).toBe(false)
    queue.addRecords(records(1, 1), true)
    expect(queue.hasSkipped).toBe(true)
    queue.takeSkipped()
    expect(queue.hasSkipped).toBe(false)
    for (let i = 0; i <= MAX_QUEUED_CHAINS; i++) queue.addChain(fakeKey(`${i}`))
    expect(queue.hasSkipped).toBe(true)
  })
})

describe('pickHomes', () => {
  const seed = (peerId: string, operator = peerId, isDialled = false) => ({ peerId, operator, isDialled })

  it('keeps whom it has, then takes chosen ones, then others (FEE8)', () => {
    const seeds = [seed('x'), seed('chosen', 'chosen', true), seed('had'), seed('y')]
    expect(pickHomes(seeds, ['had'], 3)).toEqual(['had', 'chosen', 'x'])
  })

  it('takes one of each operator before a second of any (FEE8)', () => {
    const seeds = [seed('a1', 'a'), seed('a2', 'a'), seed('a3', 'a'), seed('b1', 'b')]
    expect(pickHomes(seeds, ['a1', 'a2', 'a3'], 3)).toEqual(['a1', 'b1', 'a2'])
    expect(pickHomes(seeds.slice(0, 2), [], 3)).toEqual(['a1', 'a2'])
    expect(pickHomes([], ['a1'], 3)).toEqual([])
  })
})

describe('Tally', () => {
  it('calls at fault who fails ten times and mostly (FEE9)', () => {
    const tally = new Tally()
    for (let i = 0; i < 9; i++) expect(tally.note(false)).toBe(false)
    expect(tally.note(false)).toBe(true)
    for (let i = 0; i < 200; i++) expect(tally.note(i % 2 === 0)).toBe(false)
  })

  it('lets the past count for less and less', () => {
    const tally = new Tally()
    for (let i = 0; i < 10_000; i++) tally.note(true)
    let needed = 1
    while (!tally.note(false)) needed++
    expect(needed).toBeLessThan(100)
  })
})

describe('NamedWatch', () => {
  function watch() {
    const square = new MemorySquare()
    const clock = new ManualClock(1_000_000)
    const asked: string[] = []
    const faults: string[] = []
    const named = new NamedWatch(
      { reader: square, clock },
      {
        times: { graceMs: 100, judgeMs: 1_000 },
        onMissing: (_, peerId) => asked.push(peerId),
        onFault: (peerId, fault) => faults.push(`${peerId} ${fault}`),
      },
    )
    onTestFinished(() => named.stop())
    const name = (peerId: string, seq: number, sender: string | null) => {
      const digest = digestOf([fakeKey(`${seq}`)])
      named.noteNamed(peerId, [{ author: ana, device: phone, seqs: [{ seq, digest }] }], sender)
    }
    return { clock, asked, faults, name }
  }

  it('finds out who names what doesn’t exist (FEE9)', async () => {
    const { clock, asked, faults, name } = watch()
    for (let seq = 1; seq <= 12; seq++) name('liar', seq, 'sender')
    clock.advance(200)
    await eventually('they are asked for', () => asked.length > 0)
    expect(asked).toEqual(['liar'])
    clock.advance(2_000)
    await eventually('the liar is found', () => faults.length > 0)
    expect(faults).toEqual(['liar names-nothing'])
  })
})
