import { describe, expect, it } from 'vitest'
import { TailBook } from '../../../core/sync/tail-book.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const [ana, bea] = [fakeKey('ana'), fakeKey('bea')]
const tailOf = (author: Uint8Array, beatSeq: number, heldSeq = 3) => {
  return { author, device: author, offeredSeq: 3, beatSeq, heldSeq }
}

describe('TailBook', () => {
  it('asks each other peer for a tail once a day (BEA8)', () => {
    const clock = new ManualClock(1)
    const book = new TailBook({ clock })
    const everybody = ['one', 'two', 'three']
    expect(book.note('one', [tailOf(ana, 9), tailOf(bea, 4)], everybody)).toEqual([
      { peerId: 'two', authors: [ana, bea] },
      { peerId: 'three', authors: [ana, bea] },
    ])
    expect(book.note('two', [tailOf(ana, 9)], [...everybody, 'four'])).toEqual([{ peerId: 'four', authors: [ana] }])
    expect(book.note('two', [tailOf(ana, 10)], everybody)).toEqual([
      { peerId: 'one', authors: [ana] },
      { peerId: 'three', authors: [ana] },
    ])
    clock.advance(86_400_000)
    expect(book.note('one', [tailOf(ana, 9)], ['one', 'two'])).toEqual([{ peerId: 'two', authors: [ana] }])
  })

  it('asks nobody for what is here (BEA8)', () => {
    const book = new TailBook({ clock: new ManualClock(1) })
    expect(book.note('one', [tailOf(ana, 9, 9)], ['one', 'two'])).toEqual([])
  })
})
