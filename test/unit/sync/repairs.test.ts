import { describe, expect, it } from 'vitest'
import { Repairs } from '../../../core/sync/repairs.ts'
import { NO_SHORTFALL, type Shortfall } from '../../../core/sync/shortfall.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const ana = fakeKey('ana')
const ben = fakeKey('ben')
const phone = fakeKey('phone')
const MINUTE_MS = 60_000

function owing(seq: number, author = ana): Shortfall {
  return { ...NO_SHORTFALL, owed: [{ author, device: phone, ranges: [[seq, seq]] }] }
}

function open() {
  const clock = new ManualClock(1_000)
  return { clock, repairs: new Repairs({ clock }) }
}

describe('Repairs', () => {
  it('asks about what is owed, and again after ten minutes (SYN18)', () => {
    const { clock, repairs } = open()
    expect(repairs.listDue('a', owing(1))).toEqual([ana])
    repairs.noteFound('a')
    expect(repairs.listDue('a', owing(1))).toEqual([])
    expect(repairs.listDue('b', owing(1))).toEqual([])
    clock.advance(10 * MINUTE_MS)
    expect(repairs.listDue('a', owing(1))).toEqual([ana])
  })

  it('asks about a hole once a day, about each author once, and about nothing where nothing is short (SYN18)', () => {
    const { clock, repairs } = open()
    const hole = (seq: number) => ({ author: ben, device: phone, ranges: [[seq, seq]] as const })
    const shortfall: Shortfall = { ...NO_SHORTFALL, holes: [hole(3), hole(9)] }
    expect(repairs.listDue('a', NO_SHORTFALL)).toEqual([])
    expect(repairs.listDue('a', shortfall)).toEqual([ben])
    repairs.noteFound('a')
    clock.advance(60 * MINUTE_MS)
    expect(repairs.listDue('a', shortfall)).toEqual([])
    clock.advance(24 * 60 * MINUTE_MS)
    expect(repairs.listDue('a', shortfall)).toEqual([ben])
  })

  it('passes over a peer whose shortfalls lead to nothing, twice as often each time (SYN18)', () => {
    const { repairs } = open()
    const rounds = (count: number, from: number) =>
      Array.from({ length: count }, (_, i) => repairs.listDue('liar', owing(from + i)).length)
    expect(rounds(12, 1)).toEqual([1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0])
    expect(rounds(2_000, 100).filter((asked) => asked > 0).length).toBeLessThan(12)
    // The control: another peer is heard, and so is this one after something was found.
    expect(repairs.listDue('honest', owing(50_000))).toEqual([ana])
    repairs.noteFound('liar')
    expect(repairs.listDue('liar', owing(60_000))).toEqual([ana])
  })
})
