import { describe, expect, it } from 'vitest'
import { EventHub } from '../../../core/node/event-hub.ts'

async function take(stream: AsyncIterator<unknown>, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  while (taken.length < count) {
    const item = await stream.next()
    if (item.done) break
    taken.push(item.value)
  }
  return taken
}

describe('EventHub', () => {
  it('starts every subscription with subscribed', async () => {
    const hub = new EventHub()
    const stream = hub.subscribe()
    hub.publish({ type: 'account' })
    expect(await take(stream, 2)).toEqual([{ type: 'subscribed' }, { type: 'account' }])
  })

  it('wakes a reader that waits', async () => {
    const hub = new EventHub()
    const stream = hub.subscribe()
    await stream.next()
    const waiting = stream.next()
    hub.publish({ type: 'follows' })
    expect(await waiting).toEqual({ done: false, value: { type: 'follows' } })
  })

  it('merges what waits: counts add up, ids are united', async () => {
    const hub = new EventHub()
    const stream = hub.subscribe()
    hub.publish({ type: 'home', count: 2, own: false })
    hub.publish({ type: 'home', count: 3, own: false })
    hub.publish({ type: 'home', count: 1, own: true })
    hub.publish({ type: 'posts', ids: ['a'.repeat(10), 'b'.repeat(10)], all: false })
    hub.publish({ type: 'posts', ids: ['b'.repeat(10), 'c'.repeat(10)], all: false })
    expect(await take(stream, 4)).toEqual([
      { type: 'subscribed' },
      { type: 'home', count: 5, own: false },
      { type: 'home', count: 1, own: true },
      { type: 'posts', ids: ['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(10)], all: false },
    ])
  })

  it('says more than 100 changed posts as all', async () => {
    const hub = new EventHub()
    const stream = hub.subscribe()
    for (let i = 0; i < 101; i++) hub.publish({ type: 'posts', ids: [`post-${i}`.padEnd(10)], all: false })
    expect((await take(stream, 2))[1]).toEqual({ type: 'posts', ids: [], all: true })
  })

  it('never grows for a reader that stands still', async () => {
    const hub = new EventHub()
    const stream = hub.subscribe()
    for (let i = 0; i < 10_000; i++) {
      hub.publish({ type: 'profile', profile: `12D3Koo${i}` })
      hub.publish({ type: 'media', cid: `bafk${i}`, state: 'here' })
    }
    expect(stream.waiting).toBeLessThanOrEqual(70)
    const waiting = await take(stream, stream.waiting)
    expect(waiting).toContainEqual({ type: 'posts', ids: [], all: true })
  })

  it('tells a slow reader that a session has ended, and forgets even that in the end', async () => {
    const hub = new EventHub()
    const stream = hub.subscribe()
    hub.publish({ type: 'sync', peerId: 'one', received: 9, done: true })
    for (let i = 0; i < 100; i++) hub.publish({ type: 'profile', profile: `12D3Koo${i}` })
    const waiting = await take(stream, stream.waiting)
    expect(waiting).toContainEqual({ type: 'sync', peerId: 'one', received: 9, done: true })
    for (let i = 0; i < 10_000; i++) hub.publish({ type: 'sync', peerId: `${i}`, received: 1, done: true })
    expect(stream.waiting).toBeLessThanOrEqual(520)
  })

  it('ends with return, with the signal and with the hub, and forgets the subscriber', async () => {
    const hub = new EventHub()
    const controller = new AbortController()
    const [first, second, third] = [hub.subscribe(), hub.subscribe(controller.signal), hub.subscribe()]
    for (const stream of [first, second, third]) await stream.next()
    const pending = [first.next(), second.next(), third.next()]
    await first.return?.()
    controller.abort()
    expect(hub.subscribers).toBe(1)
    hub.stop()
    expect((await Promise.all(pending)).map((item) => item.done)).toEqual([true, true, true])
    expect(() => hub.subscribe()).toThrow('stopping')
  })

  it('refuses the 257th subscriber', () => {
    const hub = new EventHub()
    for (let i = 0; i < 256; i++) hub.subscribe()
    expect(() => hub.subscribe()).toThrow('256 event streams')
  })
})
