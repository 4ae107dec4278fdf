import { describe, expect, it } from 'vitest'
import { InterestBook } from '../../../core/sync/interest-book.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'
import { type SteppedEnd, SteppedLink } from '../../harness/stepped-link.ts'
import { sessionOf } from '../../harness/sync-pair.ts'

const RECORDS = 5

/** Two squares that hold the same of many authors, and meet again and again. */
class Pair {
  readonly names: readonly string[]
  readonly near = new MemorySquare()
  readonly far = new MemorySquare()
  readonly #books = [new InterestBook(), new InterestBook()] as const

  constructor(count: number) {
    this.names = Array.from({ length: count }, (_, i) => `author ${i}`)
    for (const square of [this.near, this.far]) {
      for (const name of this.names) square.fill(fakeKey(name), fakeKey(`${name} phone`), 2)
      square.wanted.push(...this.names.map(fakeKey))
    }
  }

  write(square: MemorySquare, author: number, seq: number): void {
    square.put(fakeKey(`author ${author}`), fakeKey(`author ${author} phone`), seq)
  }

  async meet(): Promise<{ ends: readonly [SteppedEnd, SteppedEnd]; summaries: [SyncSummary, SyncSummary] }> {
    const link = new SteppedLink()
    const { ends } = link
    const { signal } = new AbortController()
    const sessions = Promise.all([
      sessionOf(this.near, ends[0], { isInitiator: true, peerId: 'far' }, undefined, this.#books[0]).run(signal),
      sessionOf(this.far, ends[1], { isInitiator: false, peerId: 'near' }, undefined, this.#books[1]).run(signal),
    ])
    return { ends, summaries: await link.run(sessions) }
  }
}

/** Of both directions, without data frames. */
function controlBytes(ends: readonly SteppedEnd[]): number {
  const all = ends.flatMap(({ writtenBytes }) => [...writtenBytes])
  return all.reduce((sum, [type, bytes]) => (type === RECORDS ? sum : sum + bytes), 0)
}

const arrivals = ({ read }: SteppedEnd) => read.filter(({ type }) => type === RECORDS).map(({ step }) => step)
const names = (authors: readonly Uint8Array[]) => new Set(authors.map(toHex))

describe('two that hold nearly the same of many', () => {
  it('name only whom they hold differently, two round trips after a side was heard first (SYN6)', async () => {
    const pair = new Pair(400)
    await pair.meet()
    pair.write(pair.near, 7, 3)
    pair.write(pair.far, 300, 3)
    pair.write(pair.near, 350, 3)
    pair.write(pair.far, 350, 4)
    const { ends, summaries } = await pair.meet()
    expect(summaries.map(({ newRecords }) => newRecords)).toEqual([2, 2])
    expect(summaries.map(({ compared }) => names(compared).size)).toEqual([400, 400])
    // 90 buckets of 4 bytes, 48 cells of 12, four authors named by each, and the rest of both sides.
    expect(controlBytes(ends)).toBeLessThan(2_350)
    // The initiator hears the other side in the second step, that one the initiator in the first.
    expect(arrivals(ends[0])).toEqual([4])
    expect(arrivals(ends[1])).toEqual([5])
  })

  it('name whole buckets where a sketch can not tell: the control', async () => {
    const pair = new Pair(400)
    await pair.meet()
    for (let i = 0; i < 60; i++) pair.write(pair.near, i, 3)
    const { ends, summaries } = await pair.meet()
    expect(summaries[1].newRecords).toBe(60)
    expect(controlBytes(ends)).toBeGreaterThan(15_000)
    expect(arrivals(ends[1])).toEqual([5])
  })

  it('are both told once all is alike, in a sketch and what is said at any rate (SYN6)', async () => {
    const pair = new Pair(400)
    await pair.meet()
    const { ends, summaries } = await pair.meet()
    expect(summaries.map(({ compared }) => names(compared).size)).toEqual([400, 400])
    expect(controlBytes(ends)).toBeLessThan(1_250)
  })

  it('ends with both holding all, whoever asks for whom (SYN6, SYN7)', async () => {
    for (const [nearAll, farAll, left] of [
      [true, false, 0],
      [false, true, 0],
      [true, true, 0],
      [false, false, 150],
    ] as const) {
      const pair = new Pair(300)
      pair.near.everyone = nearAll
      pair.far.everyone = farAll
      // Whom only one side asks for, of one that is known to the other, and of one that isn't.
      pair.far.wanted.splice(0, left)
      pair.write(pair.near, 20, 3)
      pair.write(pair.far, 21, 3)
      pair.write(pair.near, 220, 3)
      pair.write(pair.far, 221, 3)
      await pair.meet()
      const wantedBy = (square: MemorySquare, author: number) =>
        square.everyone || square.wanted.some((key) => toHex(key) === toHex(fakeKey(`author ${author}`)))
      for (const author of [20, 21, 220, 221]) {
        for (const square of [pair.near, pair.far]) {
          const held = square.seqs(fakeKey(`author ${author}`), fakeKey(`author ${author} phone`))
          const isOwn = (square === pair.near) === (author % 2 === 0)
          expect(held).toHaveLength(isOwn || wantedBy(square, author) ? 3 : 2)
        }
      }
    }
  })
})
