import { describe, expect, it } from 'vitest'
import { BAN_MS, BanBook, MAX_BANS } from '../../../core/net/ban-book.ts'
import { ManualClock } from '../../../core/util/clock.ts'

function bookAt(nowMs = 10 * BAN_MS) {
  const clock = new ManualClock(nowMs)
  return { clock, bans: new BanBook({ clock }) }
}

describe('BanBook', () => {
  it('keeps a peer out for an hour, and says why', () => {
    const { clock, bans } = bookAt()
    bans.ban('abuser', 'message-flood')
    expect(['abuser', 'neighbour'].map((peerId) => bans.isBanned(peerId))).toEqual([true, false])
    const at = clock.now()
    expect(bans.list()).toEqual([{ peerId: 'abuser', reason: 'message-flood', at, until: at + BAN_MS }])
    clock.advance(BAN_MS - 1)
    expect(bans.isBanned('abuser')).toBe(true)
    clock.advance(1)
    expect([bans.list(), bans.isBanned('abuser')]).toEqual([[], false])
  })

  it('begins anew with each abuse', () => {
    const { clock, bans } = bookAt()
    bans.ban('abuser', 'message-flood')
    clock.advance(BAN_MS / 2)
    bans.ban('abuser', 'gossip-score')
    clock.advance(BAN_MS - 1)
    expect(bans.list().map(({ reason }) => reason)).toEqual(['gossip-score'])
  })

  it('lets go of a ban when it is told to, and says so once', () => {
    const { bans } = bookAt()
    let changes = 0
    bans.subscribe(() => changes++)
    bans.ban('abuser', 'broken-sync')
    expect([bans.lift('abuser'), bans.lift('abuser'), bans.isBanned('abuser')]).toEqual([true, false, false])
    expect(changes).toBe(2)
  })

  it('remembers so many and no more, the latest of them', () => {
    const { bans } = bookAt()
    for (let i = 0; i <= MAX_BANS; i++) bans.ban(`abuser ${i}`, 'control-flood')
    expect(bans.list()).toHaveLength(MAX_BANS)
    expect([bans.isBanned('abuser 0'), bans.isBanned('abuser 1')]).toEqual([false, true])
  })

  it('takes over what is still in force, and nothing that a wrong clock has made longer', () => {
    const { clock, bans } = bookAt()
    const now = clock.now()
    const ban = (peerId: string, until: number) => ({
      peerId,
      reason: 'gossip-score' as const,
      at: until - BAN_MS,
      until,
    })
    bans.restore([ban('over', now), ban('in force', now + 1), ban('wrong', now + BAN_MS + 1)])
    expect(bans.list().map(({ peerId }) => peerId)).toEqual(['in force'])
  })

  it('forgives when the clock is set back by more than a ban lasts', () => {
    const { clock, bans } = bookAt()
    bans.ban('abuser', 'gossip-score')
    clock.advance(-BAN_MS)
    expect(bans.isBanned('abuser')).toBe(true)
    clock.advance(-1)
    expect([bans.list().length, bans.isBanned('abuser')]).toEqual([0, false])
  })
})
