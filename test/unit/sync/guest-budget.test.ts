import { describe, expect, it } from 'vitest'
import { GuestBudget } from '../../../core/sync/guest-budget.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const interestOf = (count: number) => ({
  everyone: false,
  keys: Array.from({ length: count }, (_, i) => fakeKey(`${i}`)),
  digests: new Uint8Array(),
  sketch: new Uint8Array(),
})

function budget(maxInterests = 1_000) {
  const clock = new ManualClock(1_000_000)
  return { clock, guests: new GuestBudget({ clock }, { maxInterests }) }
}

describe('GuestBudget', () => {
  it('lets a peer begin sessions as fast as an honest one does, and no faster for long (SYN12)', () => {
    const { clock, guests } = budget()
    let begun = 0
    while (guests.mayBegin('greedy')) begun++
    expect(begun).toBe(3_000)
    expect(guests.mayBegin('other')).toBe(true)
    clock.advance(1_000)
    begun = 0
    while (guests.mayBegin('greedy')) begun++
    expect(begun).toBe(5)
  })

  it('charges what is asked for, of those who begin (SYN12)', () => {
    const { guests } = budget()
    const large = { ...interestOf(0), everyone: true }
    let served = 0
    while (guests.begin('greedy', true).mayServe(large)) served++
    expect(served).toBe(60)
    expect(guests.begin('greedy', true).mayServe(interestOf(1_000))).toBe(false)
    expect(guests.begin('greedy', false).mayServe(large)).toBe(true)
    expect(guests.begin('other', true).mayServe(large)).toBe(true)
  })

  it('holds only so many keys of all sessions at once, and gives back what a session held (SYN12)', () => {
    const { guests } = budget(100)
    const [one, other] = [guests.begin('one', true), guests.begin('other', false)]
    expect(one.mayHold(60)).toBe(true)
    expect(other.mayHold(60)).toBe(false)
    expect(other.mayHold(40)).toBe(true)
    expect(guests.held).toBe(100)
    one.end()
    one.end()
    expect(guests.held).toBe(40)
    expect(other.mayHold(60)).toBe(true)
  })
})
