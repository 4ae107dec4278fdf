import { describe, expect, it } from 'vitest'
import { planDesktopRoom, planSeedRoom, type RoomGuest, roomOf } from '../../../core/net/room-plan.ts'

const NOW = 1_000_000

/** Guests in the order of coming. */
function guests(
  ...all: (Partial<Omit<RoomGuest, 'others'>> & { seeds?: number | null; links?: number })[]
): RoomGuest[] {
  return all.map(({ seeds = 2, links = 2, ...rest }, i) => ({
    peerId: `peer ${i}`,
    connectedSince: i,
    isKept: false,
    isNamed: false,
    others: seeds === null ? null : { seeds, links },
    ...rest,
  }))
}
const many = (count: number, one: Parameters<typeof guests>[0] = {}) => Array.from({ length: count }, () => one)
const stays = (all: RoomGuest[], leaving: readonly string[]) => all.filter(({ peerId }) => !leaving.includes(peerId))

describe('the room of a seed (RCH8)', () => {
  it('is for everybody up to four fifths; the rest is for those who have no other seed', () => {
    const all = guests(...many(10))
    expect(planSeedRoom(all, 10, NOW)).toEqual(['peer 9', 'peer 8'])
    const alone = guests(...many(8), ...many(2, { seeds: 0 }))
    expect(planSeedRoom(alone, 10, NOW)).toEqual([])
  })

  it('is made for one who has none by closing on one who has most others', () => {
    const all = guests(...many(6), { seeds: 5 }, { seeds: 1 }, ...many(3, { seeds: 0 }))
    expect(planSeedRoom(all, 10, NOW)).toEqual(['peer 6'])
  })

  it('goes to those who came first where nobody has another', () => {
    expect(planSeedRoom(guests(...many(11, { seeds: 0 })), 10, NOW)).toEqual(['peer 10'])
  })

  it('is made for people whose profile names it, by closing on strangers', () => {
    const all = guests(...many(10, { seeds: 0 }), { isNamed: true, seeds: 3 })
    expect(planSeedRoom(all, 10, NOW)).toEqual(['peer 9'])
  })

  it('never takes that of other seeds, and closes on nobody who hasn’t had the time to say what it has', () => {
    const kept = guests(...many(12, { isKept: true }), { seeds: 0 })
    expect(planSeedRoom(kept, 10, NOW)).toEqual(['peer 12'])
    const quiet = guests(...many(10, { seeds: 0 }), ...many(5, { seeds: null, connectedSince: NOW - 1 }))
    expect(planSeedRoom(quiet, 10, NOW)).toEqual([])
    const silent = guests(...many(8, { seeds: 0 }), ...many(3, { seeds: null }))
    expect(planSeedRoom(silent, 10, NOW)).toEqual(['peer 10'])
  })

  it('goes back to one who is there whatever a crowd of twenty to one says', () => {
    const crowd = many(200, { seeds: 0 })
    const all = guests(...crowd, ...many(10, { isNamed: true, seeds: 0 }))
    const left = stays(all, planSeedRoom(all, 100, NOW))
    expect(left).toHaveLength(100)
    expect(left.filter(({ isNamed }) => isNamed)).toHaveLength(10)
  })
})

describe('the room of a desktop in an outage (RCH9)', () => {
  it('is made for one with fewer than three links at the cost of one with more than six', () => {
    const all = guests(...many(9, { links: 5 }), { links: 8 }, { links: 2 })
    expect(planDesktopRoom(all, 10, NOW)).toEqual(['peer 9'])
  })

  it('stays as it is for one who has some, and where nobody has many', () => {
    expect(planDesktopRoom(guests(...many(10, { links: 8 }), { links: 3 }), 10, NOW)).toEqual(['peer 10'])
    expect(planDesktopRoom(guests(...many(10, { links: 6 }), { links: 0 }), 10, NOW)).toEqual(['peer 10'])
  })

  it('closes on nobody while there is some', () => {
    expect(planDesktopRoom(guests(...many(10, { links: 8 })), 10, NOW)).toEqual([])
  })
})

describe('the door', () => {
  it('stays open by a fiftieth of the connections, two at least', () => {
    expect([6, 100, 2_000].map(roomOf)).toEqual([4, 98, 1_960])
  })
})
