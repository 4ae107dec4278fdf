import { describe, expect, it } from 'vitest'
import { type SessionSlot, SessionSlots } from '../../../core/sync/session-slots.ts'

const never = new AbortController().signal

async function takeAll(slots: SessionSlots, count: number): Promise<SessionSlot[]> {
  return await Promise.all(Array.from({ length: count }, () => slots.take(never)))
}

describe('SessionSlots', () => {
  it('leaves a quarter to each side (SYN12)', async () => {
    const slots = new SessionSlots({ maxSessions: 8 })
    const own = await takeAll(slots, 6)
    expect(slots.hasFree).toBe(false)
    expect([slots.takeForGuest(), slots.takeForGuest()]).not.toContain(null)
    expect(slots.takeForGuest()).toBeNull()
    expect(slots.size).toBe(8)
    own[0]?.free()
    own[0]?.free()
    expect(slots.size).toBe(7)
    expect(slots.takeForGuest()).not.toBeNull()
  })

  it('gives what becomes free to who has waited longest (SYN12)', async () => {
    const slots = new SessionSlots({ maxSessions: 4 })
    const taken = await takeAll(slots, 3)
    const order: string[] = []
    const gone = new AbortController()
    const wait = async (name: string, signal = never) => {
      const slot = await slots.take(signal)
      order.push(name)
      slot.free()
    }
    const first = wait('first')
    const second = wait('second', gone.signal)
    const third = wait('third')
    gone.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    taken[0]?.free()
    await Promise.all([first, third])
    expect(order).toEqual(['first', 'third'])
  })

  it('ends one session in which nothing moves for each that needs a place, and no other (SYN12)', async () => {
    const slots = new SessionSlots({ maxSessions: 4 })
    const [moving, quiet, later] = await takeAll(slots, 3)
    quiet?.noteQuiet(true)
    expect(quiet?.signal.aborted).toBe(false)
    const waiting = [slots.take(never), slots.take(never)]
    expect([moving, quiet, later].map((slot) => slot?.signal.aborted)).toEqual([false, true, false])
    later?.noteQuiet(true)
    expect(later?.signal.aborted).toBe(false)
    quiet?.free()
    await waiting[0]
    expect(later?.signal.aborted).toBe(true)
    expect(moving?.signal.aborted).toBe(false)
    expect(later?.signal.reason).toMatchObject({ code: 'stalled' })
  })

  it('ends a quiet guest for a guest, and none of its own sessions (SYN12)', async () => {
    const slots = new SessionSlots({ maxSessions: 4 })
    const own = await slots.take(never)
    const guests = [slots.takeForGuest(), slots.takeForGuest(), slots.takeForGuest()]
    own.noteQuiet(true)
    expect(slots.takeForGuest()).toBeNull()
    expect(own.signal.aborted).toBe(false)
    guests[1]?.noteQuiet(true)
    expect(slots.takeForGuest()).toBeNull()
    expect(guests.map((guest) => guest?.signal.aborted)).toEqual([false, true, false])
  })
})
