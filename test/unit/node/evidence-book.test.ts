import { describe, expect, it } from 'vitest'
import { EvidenceBook, MAX_ENTRIES, MAX_PEER_ENTRIES } from '../../../core/node/evidence-book.ts'
import type { Claim, ClaimKind } from '../../../core/node/evidence-claims.ts'
import { ForkBook, MAX_FORKED_DEVICES } from '../../../core/node/evidence-forks.ts'
import type { SeqRange } from '../../../core/store/log-reader.ts'
import { ManualClock } from '../../../core/util/clock.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

function open() {
  const clock = new ManualClock(1_000_000)
  const book = new EvidenceBook({ clock })
  /** A session with a peer that shows this, and what the peer holds of Ana. */
  const session = (peerId: string, claims: readonly Claim[], isComplete = true) =>
    book.noteSession({ peerId, claims, isComplete, judges: (author) => author === 'ana' })
  return { clock, book, session }
}

function claim(kind: ClaimKind, ranges: readonly SeqRange[], init: Partial<Claim> = {}): Claim {
  return { kind, author: 'ana', device: 'phone', ranges, isSure: kind === 'withheld', ...init }
}

describe('what was withheld', () => {
  it('counts at once, and tells against the peer (SYN17, SYN18)', () => {
    const { book, session } = open()
    expect(session('seed', [claim('withheld', [[500, 500]])])).toBe(true)
    expect(book.list()).toMatchObject([
      { kind: 'withheld', peerId: 'seed', author: 'ana', device: 'phone', left: [[500, 500]], state: 'open' },
    ])
    expect(book.owes('seed')).toBe(true)
    expect(book.owes('another')).toBe(false)
    expect(book.misses('ana', 'phone')).toBe(true)
    expect(book.misses('ana', 'laptop')).toBe(false)
  })

  it('is repaired by another peer, and named so; it tells against the first for a day (SYN17, SYN18)', () => {
    const { clock, book, session } = open()
    session('seed', [claim('withheld', [[500, 501]])])
    book.noteBrought('friend', 'ana', 'phone', [500])
    expect(book.noteHeld('ana', 'phone', [[1, 500]])).toBe(true)
    expect(book.list()).toMatchObject([{ state: 'open', left: [[501, 501]], from: 'friend' }])
    book.noteBrought('friend', 'ana', 'phone', [501])
    book.noteHeld('ana', 'phone', [[1, 501]])
    expect(book.list()).toMatchObject([{ state: 'repaired', ranges: [[500, 501]], left: [], from: 'friend' }])
    expect(book.owes('seed')).toBe(true)
    clock.advance(DAY_MS)
    expect(book.owes('seed')).toBe(false)
    clock.advance(7 * DAY_MS)
    expect(book.list()).toEqual([])
  })

  it('is settled when the peer sends it after all (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', [claim('withheld', [[500, 500]])])
    book.noteBrought('seed', 'ana', 'phone', [500])
    book.noteHeld('ana', 'phone', [[1, 500]])
    expect(book.list()).toMatchObject([{ state: 'settled', from: 'seed' }])
    expect(book.owes('seed')).toBe(false)
    clock.advance(DAY_MS + 1)
    expect(book.list()).toEqual([])
  })

  it('stays one entry while more is withheld, and begins anew after it was settled (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', [claim('withheld', [[5, 5]])])
    clock.advance(HOUR_MS)
    session('seed', [claim('withheld', [[5, 6]])])
    expect(book.list()).toMatchObject([{ ranges: [[5, 6]], sinceMs: 1_000_000, seenMs: 1_000_000 + HOUR_MS }])
    book.noteBrought('seed', 'ana', 'phone', [5, 6])
    book.noteHeld('ana', 'phone', [[1, 6]])
    session('seed', [claim('withheld', [[7, 7]])])
    expect(book.list()).toMatchObject([{ ranges: [[7, 7]], state: 'open', sinceMs: 1_000_000 + HOUR_MS, from: null }])
  })

  it('counts after a day where the peer never says that it is done, and not while it gives (SYN17)', () => {
    const { clock, book, session } = open()
    const unfinished = (seq: number) => session('drips', [claim('withheld', [[seq, seq]], { isSure: false })], false)
    unfinished(9)
    clock.advance(23 * HOUR_MS)
    unfinished(9)
    expect(book.list()).toEqual([])
    expect(book.misses('ana', 'phone')).toBe(true)
    clock.advance(HOUR_MS)
    unfinished(9)
    expect(book.list()).toMatchObject([{ peerId: 'drips', left: [[9, 9]] }])
    // What comes meanwhile was never owed.
    unfinished(20)
    book.noteHeld('ana', 'phone', [[20, 20]])
    clock.advance(2 * DAY_MS)
    unfinished(21)
    expect(book.list()).toMatchObject([{ ranges: [[9, 9]] }])
  })
})

describe('what a seed does not hold', () => {
  it('counts when it was so in two complete sessions ten minutes apart (SYN17)', () => {
    const { clock, book, session } = open()
    book.noteBrought('friend', 'ana', 'phone', [91, 100])
    session('seed', [claim('frozen', [[91, 100]])])
    clock.advance(9 * MINUTE_MS)
    session('seed', [claim('frozen', [[91, 100]])])
    expect(book.list()).toEqual([])
    clock.advance(MINUTE_MS)
    session('seed', [claim('frozen', [[91, 100]])])
    expect(book.list()).toMatchObject([{ kind: 'frozen', left: [[91, 100]], from: 'friend', state: 'open' }])
    // It doesn't have it: that is no broken word.
    expect(book.owes('seed')).toBe(false)
  })

  it('is nothing where the seed has caught up by then: the control (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', [claim('frozen', [[91, 100]])])
    clock.advance(HOUR_MS)
    session('seed', [])
    session('seed', [claim('frozen', [[101, 101]])])
    clock.advance(9 * MINUTE_MS)
    session('seed', [claim('frozen', [[101, 102]])])
    expect(book.list()).toEqual([])
  })

  it('does not count while a side was not done, unless that goes on for a day (SYN17)', () => {
    const { clock, book, session } = open()
    for (let hours = 0; hours < 24; hours++) {
      session('seed', [claim('hole', [[3, 3]])], false)
      expect(book.list()).toEqual([])
      clock.advance(HOUR_MS)
    }
    session('seed', [claim('hole', [[3, 3]])], false)
    expect(book.list()).toMatchObject([{ kind: 'hole', left: [[3, 3]] }])
  })

  it('takes ten minutes from the first session in which both were done (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', [claim('hole', [[3, 3]])], false)
    clock.advance(HOUR_MS)
    session('seed', [claim('hole', [[3, 3]])])
    expect(book.list()).toEqual([])
    clock.advance(10 * MINUTE_MS)
    session('seed', [claim('hole', [[3, 3]])])
    expect(book.list()).toHaveLength(1)
  })

  it('follows what it still lacks, and is settled by a session that shows nothing of it (SYN17)', () => {
    const { clock, book, session } = open()
    const lacks = (from: number, to: number) => session('seed', [claim('frozen', [[from, to]])])
    lacks(91, 100)
    clock.advance(10 * MINUTE_MS)
    lacks(91, 110)
    clock.advance(10 * MINUTE_MS)
    lacks(95, 120)
    expect(book.list()).toMatchObject([{ left: [[95, 110]], sinceMs: 1_000_000 + 10 * MINUTE_MS }])
    // A session about somebody else says nothing.
    book.noteSession({ peerId: 'seed', claims: [], isComplete: true, judges: () => false })
    expect(book.list()).toMatchObject([{ state: 'open' }])
    session('seed', [])
    expect(book.list()).toMatchObject([{ state: 'settled', ranges: [[95, 110]] }])
  })

  it('is kept for a month after it was seen last (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', [claim('hole', [[3, 3]])])
    clock.advance(10 * MINUTE_MS)
    session('seed', [claim('hole', [[3, 3]])])
    clock.advance(30 * DAY_MS)
    expect(book.list()).toHaveLength(1)
    clock.advance(1)
    expect(book.list()).toEqual([])
  })
})

describe('a tail that only a beat names', () => {
  const tail = (from: number, to: number, init: Partial<Claim> = {}) => [claim('tail', [[from, to]], init)]

  it('counts after ten minutes in which the seed knew of it, and is no broken word (SYN17, BEA8)', () => {
    const { clock, book, session } = open()
    session('seed', tail(6, 9))
    expect(book.misses('ana', 'phone')).toBe(true)
    clock.advance(9 * MINUTE_MS)
    session('seed', tail(6, 9))
    expect(book.list()).toEqual([])
    clock.advance(MINUTE_MS)
    session('seed', tail(6, 9))
    expect(book.list()).toMatchObject([{ kind: 'tail', left: [[6, 9]], state: 'open', from: null }])
    expect(book.listMissed()).toEqual(['ana'])
    expect(book.owes('seed')).toBe(false)
  })

  it('begins to count when the seed has the beat, and not before (SYN17, BEA8)', () => {
    const { clock, book, session } = open()
    session('seed', tail(6, 9, { known: [[6, 7]] }))
    clock.advance(10 * MINUTE_MS)
    session('seed', tail(6, 9))
    expect(book.list()).toMatchObject([{ left: [[6, 7]] }])
    clock.advance(10 * MINUTE_MS)
    // What it was told of before it still knows, whatever this session was about.
    session('seed', tail(6, 9, { known: [] }))
    expect(book.list()).toMatchObject([{ left: [[6, 9]] }])
  })

  it.each([
    ['the seed itself', 'seed', 'settled'],
    ['another peer', 'friend', 'repaired'],
  ])('is over when %s brings it, whichever is heard of first (SYN17)', (_name, bringer, state) => {
    for (const isSessionFirst of [true, false]) {
      const { clock, book, session } = open()
      session('seed', tail(6, 9))
      clock.advance(10 * MINUTE_MS)
      session('seed', tail(6, 9))
      book.noteBrought(bringer, 'ana', 'phone', [6, 7, 8, 9])
      if (isSessionFirst) expect(session('seed', [])).toBe(true)
      book.noteHeld('ana', 'phone', [[1, 9]])
      session('seed', [])
      expect(book.list()).toMatchObject([{ kind: 'tail', ranges: [[6, 9]], left: [], state, from: bringer }])
    }
  })

  it('follows what is still missing (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', tail(6, 9))
    clock.advance(10 * MINUTE_MS)
    session('seed', tail(6, 9))
    book.noteBrought('friend', 'ana', 'phone', [6, 7])
    book.noteHeld('ana', 'phone', [[1, 7]])
    session('seed', tail(8, 9))
    expect(book.list()).toMatchObject([{ ranges: [[6, 9]], left: [[8, 9]], state: 'open', from: 'friend' }])
  })

  it('goes where a session shows it no more and nothing has come (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', tail(6, 9))
    clock.advance(10 * MINUTE_MS)
    session('seed', tail(6, 9))
    // A session about somebody else says nothing.
    book.noteSession({ peerId: 'seed', claims: [], isComplete: true, judges: () => false })
    expect(book.list()).toHaveLength(1)
    book.noteBrought('friend', 'ana', 'phone', [6, 7])
    expect(session('seed', [])).toBe(true)
    expect(book.list()).toEqual([])
    expect(book.misses('ana', 'phone')).toBe(false)
  })
})

describe('a book that peers would fill', () => {
  it('keeps 32 entries of one peer and 256 in all, and takes from who has the most (SYN17)', () => {
    const { book, session } = open()
    session('honest', [claim('withheld', [[1, 1]])])
    const flood = (peerId: string, count: number) =>
      session(
        peerId,
        Array.from({ length: count }, (_, i) => claim('withheld', [[1, 1]], { device: `device ${i}` })),
      )
    flood('liar', 1_000)
    expect(book.list().filter(({ peerId }) => peerId === 'liar')).toHaveLength(MAX_PEER_ENTRIES)
    for (let i = 0; i < 40; i++) flood(`liar ${i}`, 100)
    expect(book.list()).toHaveLength(MAX_ENTRIES)
    expect(book.list().some(({ peerId }) => peerId === 'honest')).toBe(true)
  })

  it('lets go of what does not count yet first, then of what is settled (SYN17)', () => {
    const { book, session } = open()
    session('liar', [
      claim('withheld', [[1, 1]], { device: 'open' }),
      claim('withheld', [[1, 1]], { device: 'made good' }),
    ])
    book.noteBrought('liar', 'ana', 'made good', [1])
    book.noteHeld('ana', 'made good', [[1, 1]])
    const fresh = (name: string) =>
      session(
        'liar',
        Array.from({ length: 100 }, (_, i) => claim('hole', [[1, 1]], { device: `${name} ${i}` })),
      )
    fresh('one')
    expect(book.list()).toHaveLength(2)
    session(
      'liar',
      Array.from({ length: 31 }, (_, i) => claim('withheld', [[1, 1]], { device: `${i}` })),
    )
    expect(book.list().map(({ state }) => state)).not.toContain('settled')
    expect(book.list().map(({ device }) => device)).toContain('open')
  })

  it('says the newest 64 ranges of an entry', () => {
    const { book, session } = open()
    const scattered = Array.from({ length: 200 }, (_, i): SeqRange => [2 * i + 1, 2 * i + 1])
    session('liar', [claim('withheld', scattered)])
    expect(book.list()[0]?.ranges).toEqual(scattered.slice(-64))
  })

  it('is the same after a restart (SYN17)', () => {
    const { clock, book, session } = open()
    session('seed', [claim('withheld', [[500, 500]])])
    session('other', [claim('withheld', [[7, 7]])])
    const again = new EvidenceBook({ clock })
    again.restore(book.list().toReversed())
    expect(again.list()).toEqual(book.list())
    expect(again.listMissed()).toEqual(['ana'])
    again.noteBrought('friend', 'ana', 'phone', [7, 500])
    again.noteHeld('ana', 'phone', [[1, 600]])
    expect(again.list()).toMatchObject([{ state: 'repaired' }, { state: 'repaired' }])
  })
})

describe('ForkBook', () => {
  it('names the numbers and up to four peers that brought another history, the first ones (SYN17)', () => {
    const clock = new ManualClock(5)
    const book = new ForkBook({ clock })
    expect(book.note('ana', 'phone', [], 'a')).toBe(false)
    expect(book.note('ana', 'phone', [12], 'a')).toBe(true)
    clock.advance(10)
    expect(book.note('ana', 'phone', [12], 'a')).toBe(false)
    expect(book.note('ana', 'phone', [11, 12], null)).toBe(true)
    for (const peer of ['b', 'c', 'd', 'e']) book.note('ana', 'phone', [12], peer)
    expect(book.list()).toEqual([
      { author: 'ana', device: 'phone', seqs: [11, 12], peers: ['a', 'b', 'c', 'd'], sinceMs: 5 },
    ])
  })

  it('keeps 64 devices and 64 numbers of each, the latest', () => {
    const book = new ForkBook({ clock: new ManualClock(5) })
    for (let i = 0; i < 100; i++) book.note('ana', `device ${i}`, [1], null)
    expect(book.list()).toHaveLength(MAX_FORKED_DEVICES)
    expect(book.list()[0]?.device).toBe('device 99')
    for (let seq = 1; seq <= 100; seq++) book.note('ana', 'phone', [seq], null)
    expect(book.list()[0]?.seqs).toHaveLength(64)
    expect(book.list()[0]?.seqs.at(-1)).toBe(100)
  })
})
