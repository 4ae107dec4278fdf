import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { SeqRange } from '../../../core/store/log-reader.ts'
import { claimedName } from '../../../core/sync/frames.ts'
import { SYNC_LIMITS } from '../../../core/sync/limits.ts'
import { fakeKey, fakeOperation, fakeRecord, MemorySquare } from '../../harness/memory-square.ts'
import { syncSquares } from '../../harness/sync-pair.ts'

const ana = fakeKey('ana')
const bea = fakeKey('bea')
const anaPhone = fakeKey('ana phone')
const beaPhone = fakeKey('bea phone')

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

describe('SyncSession', () => {
  it('brings a peer that was away up to date, chain first (SYN6, SYN8)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 500)
    const away = new MemorySquare()
    away.wanted.push(ana)
    const [summary] = await syncSquares(away, home)
    expect(away.seqs(ana, anaPhone)).toEqual(numbers(1, 500))
    expect(summary).toMatchObject({ receivedOperations: 1, receivedRecords: 500, newRecords: 500, isComplete: true })
    expect(away.batches[0]?.batch.operations).toHaveLength(1)
  })

  it('works in both directions in one session', async () => {
    const first = new MemorySquare()
    first.fill(ana, anaPhone, 300)
    first.wanted.push(ana, bea)
    const second = new MemorySquare()
    second.fill(bea, beaPhone, 400, 2_000)
    second.wanted.push(ana, bea)
    await syncSquares(first, second, { capacity: 1 })
    expect(first.seqs(bea, beaPhone)).toEqual(numbers(1, 400))
    expect(second.seqs(ana, anaPhone)).toEqual(numbers(1, 300))
  })

  it('sends only what is missing, gaps in the middle included (SYN7)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 100)
    const away = new MemorySquare()
    away.wanted.push(ana)
    away.fill(ana, anaPhone, 0)
    for (const seq of [...numbers(1, 40), ...numbers(45, 90)]) away.put(ana, anaPhone, seq)
    const [summary] = await syncSquares(away, home)
    expect(summary.receivedRecords).toBe(14)
    expect(summary.receivedOperations).toBe(0)
    expect(away.seqs(ana, anaPhone)).toEqual(numbers(1, 100))
  })

  it('asks for no more ranges of a log than a frame may say, the newest first (SYN2, SYN7)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 400)
    const away = new MemorySquare()
    away.wanted.push(ana)
    away.fill(ana, anaPhone, 0)
    for (let seq = 2; seq <= 200; seq += 2) away.put(ana, anaPhone, seq)
    const [first] = await syncSquares(away, home)
    expect(first.isComplete).toBe(false)
    await syncSquares(away, home)
    expect(away.seqs(ana, anaPhone)).toEqual(numbers(1, 400))
  })

  it('sends the newest records first (SYN8)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 50, 4_000)
    const away = new MemorySquare()
    away.wanted.push(ana)
    await syncSquares(away, home)
    const first = away.batches.find(({ batch }) => batch.records.length > 0)?.batch.records ?? []
    expect(first[0]).toEqual(fakeRecord(ana, anaPhone, 50, new Uint8Array(4_000).fill(50)))
  })

  it('takes a body that was missing, and leaves a deleted one alone (SYN6)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 3)
    await home.ingest({ operations: [], records: [fakeRecord(ana, anaPhone, 4, null, 'deleted')] }, { kind: 'import' })
    const away = new MemorySquare()
    away.wanted.push(ana)
    away.fill(ana, anaPhone, 0)
    const records = [1, 2].map((seq) => fakeRecord(ana, anaPhone, seq, null))
    await away.ingest({ operations: [], records }, { kind: 'import' })
    await syncSquares(away, home)
    expect(away.seqs(ana, anaPhone)).toEqual([1, 2, 3, 4])
    const [again] = await syncSquares(away, home)
    expect(again.receivedRecords).toBe(0)
  })

  it('sends nothing of authors that were not asked for (SYN5)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 10)
    home.fill(bea, beaPhone, 10)
    const away = new MemorySquare()
    away.wanted.push(bea)
    await syncSquares(away, home)
    expect(await away.listAuthors(null, 10)).toEqual([bea])
  })

  it('sends everything to a seed that wants everyone (SYN5)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 10)
    home.fill(bea, beaPhone, 10)
    const seed = new MemorySquare()
    seed.everyone = true
    const [summary] = await syncSquares(home, seed, { first: { role: 'peer' }, second: { role: 'seed' } })
    expect(seed.seqs(ana, anaPhone)).toHaveLength(10)
    expect(seed.seqs(bea, beaPhone)).toHaveLength(10)
    expect(summary).toMatchObject({ sentRecords: 20, keptRecords: 20, hello: { role: 'seed' } })
  })

  it('finds an author by the key of one of its devices (SYN6)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 10)
    const away = new MemorySquare()
    away.wanted.push(anaPhone)
    await syncSquares(away, home)
    expect(away.seqs(ana, anaPhone)).toEqual(numbers(1, 10))
  })

  it('keeps to the scope of the initiator (SYN4)', async () => {
    const first = new MemorySquare()
    first.fill(ana, anaPhone, 10)
    first.wanted.push(ana, bea)
    const seed = new MemorySquare()
    seed.everyone = true
    seed.fill(bea, beaPhone, 10)
    await syncSquares(first, seed, { first: { scope: [ana] } })
    expect(seed.seqs(ana, anaPhone)).toHaveLength(10)
    expect(first.seqs(bea, beaPhone)).toEqual([])
  })

  it('gets from another what a peer keeps back, one of a thousand (SYN7)', async () => {
    const [reader, liar, honest] = [new MemorySquare(), new MemorySquare(), new MemorySquare()]
    for (const square of [liar, honest]) square.fill(ana, anaPhone, 1_000)
    reader.wanted.push(ana)
    const listHeld = liar.listHeld.bind(liar)
    const without: SeqRange[] = [
      [1, 499],
      [501, 1_000],
    ]
    liar.listHeld = async (authors) => (await listHeld(authors)).map((log) => ({ ...log, ranges: without }))
    await syncSquares(reader, liar)
    expect(reader.seqs(ana, anaPhone)).toHaveLength(999)
    const [summary] = await syncSquares(reader, honest)
    expect(summary).toMatchObject({ newRecords: 1, isComplete: true })
    expect(summary.compared).toEqual([ana])
    expect(reader.seqs(ana, anaPhone)).toHaveLength(1_000)
  })

  it('notes which own records the other side keeps, from acknowledgements and from offers (SYN10)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 5)
    home.wanted.push(ana)
    const seed = new MemorySquare()
    seed.everyone = true
    await syncSquares(home, seed, { first: { device: anaPhone }, second: { role: 'seed' } })
    expect(home.noted).toEqual([{ peerId: 'other', isSeed: true, device: anaPhone, seqs: [5, 4, 3, 2, 1] }])
    home.noted.length = 0
    await syncSquares(home, seed, { first: { device: anaPhone }, second: { role: 'seed' } })
    expect(home.noted.flatMap(({ seqs }) => seqs)).toEqual([1, 2, 3, 4, 5])
  })

  it('does not note what the other side dropped (SYN10)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 3)
    const seed = new MemorySquare()
    seed.everyone = true
    seed.judge = () => ({ verdict: 'drop', reason: 'quota' })
    const [summary] = await syncSquares(home, seed, { first: { device: anaPhone } })
    expect(summary.keptRecords).toBe(0)
    expect(home.noted).toEqual([])
  })

  it('stops at its budgets and goes on next time (SYN11)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 100)
    const away = new MemorySquare()
    away.wanted.push(ana)
    const first = { limits: { ...SYNC_LIMITS, maxRecords: 60 } }
    const [one] = await syncSquares(away, home, { first })
    expect(one).toMatchObject({ receivedRecords: 60, isComplete: false })
    expect(away.seqs(ana, anaPhone)).toEqual(numbers(41, 100))
    const [two] = await syncSquares(away, home, { first })
    expect(two).toMatchObject({ receivedRecords: 40, isComplete: true })
  })

  it('asks for the newest of every log before the old ones of any (SYN7, SYN11)', async () => {
    const home = new MemorySquare()
    const away = new MemorySquare()
    const people = Array.from({ length: 5 }, (_, i) => [fakeKey(`person ${i}`), fakeKey(`phone ${i}`)] as const)
    for (const [author, phone] of people) {
      home.fill(author, phone, 100)
      away.wanted.push(author)
    }
    const first = { limits: { ...SYNC_LIMITS, maxRecords: 150 } }
    for (let round = 1; round <= 4; round++) {
      const [summary] = await syncSquares(away, home, { first })
      expect(summary.isComplete).toBe(round === 4)
      const lowest = round === 4 ? 1 : 101 - 30 * round
      for (const [author, phone] of people) expect(away.seqs(author, phone)).toEqual(numbers(lowest, 100))
    }
  })

  it('stops sending in time for a good end when its time is nearly over (SYN11)', async () => {
    const home = new MemorySquare()
    home.fill(ana, anaPhone, 2_000, 4_000)
    const away = new MemorySquare()
    away.wanted.push(ana)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let batches = 0
    away.beforeIngest = async () => {
      if (++batches === 5) vi.advanceTimersByTime(19_000)
    }
    const second = { limits: { ...SYNC_LIMITS, totalMs: 20_000 } }
    const [summary] = await syncSquares(away, home, { second })
    expect(summary.isComplete).toBe(false)
    expect(summary.newRecords).toBeLessThan(2_000)
    expect(away.seqs(ana, anaPhone)).toEqual(numbers(2_001 - summary.newRecords, 2_000))
  })

  it('exchanges chains that differ, both ways (SYN6)', async () => {
    const first = new MemorySquare()
    first.fill(ana, anaPhone, 1)
    const second = new MemorySquare()
    second.fill(ana, anaPhone, 1)
    const addition = fakeOperation(ana, 1, [anaPhone, fakeKey('ana desk')])
    await second.ingest({ operations: [addition], records: [] }, { kind: 'import' })
    first.wanted.push(ana)
    await syncSquares(first, second)
    expect((await first.listOperations([ana]))[0]?.operations).toHaveLength(2)
  })

  it('says what it calls itself, and takes no name from another that is too long or no text (SYN3)', async () => {
    const [first, second] = [new MemorySquare(), new MemorySquare()]
    const [, met] = await syncSquares(first, second, { first: { name: 'La Remise' } })
    expect(claimedName(met.hello)).toBe('La Remise')
    expect(claimedName({ capabilities: { name: 'x'.repeat(129) } })).toBe('')
    expect(claimedName({ capabilities: { name: 7 } })).toBe('')
    expect(claimedName({ capabilities: {} })).toBe('')
  })
})
