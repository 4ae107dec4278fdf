import { EventEmitter } from 'node:events'
import type { UtilityProcess } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NodeSupervisor } from '../../../electron/node-supervisor.ts'

class FakeProcess extends EventEmitter {
  readonly sent: { type: string; id?: number; passphrase?: string }[] = []
  postMessage(message: { type: string }): void {
    this.sent.push(message)
  }
  kill(): boolean {
    this.emit('exit', 1)
    return true
  }
}

function setUp() {
  const children: FakeProcess[] = []
  const events: string[] = []
  const supervisor = new NodeSupervisor({
    fork: () => {
      const child = new FakeProcess()
      children.push(child)
      return child as unknown as UtilityProcess
    },
    onStarted: () => events.push('started'),
    onLocked: (attempt) => events.push(`locked ${attempt}`),
    onFailed: (code) => events.push(`failed ${code}`),
    now: () => 0,
  })
  return { supervisor, children, events }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('NodeSupervisor', () => {
  it('starts a dead node again and says so when it answers', () => {
    const { supervisor, children, events } = setUp()
    supervisor.start()
    children[0]?.emit('message', { type: 'ready', dataDir: '/d' })
    children[0]?.emit('exit', 1)
    expect(supervisor.isReady).toBe(false)
    vi.runOnlyPendingTimers()
    children[1]?.emit('message', { type: 'ready', dataDir: '/d' })
    expect(events).toEqual(['started', 'started'])
    expect(supervisor.isReady).toBe(true)
  })

  it('does not start again what cannot work, and says why', () => {
    const { supervisor, children, events } = setUp()
    supervisor.start()
    children[0]?.emit('message', { type: 'failed', code: 'database-newer', message: 'newer' })
    children[0]?.emit('exit', 1)
    vi.runOnlyPendingTimers()
    expect(children).toHaveLength(1)
    expect(events).toEqual(['failed database-newer'])
  })

  it('hands the passphrase to the node that asks, once, and counts how often it was asked', () => {
    const { supervisor, children, events } = setUp()
    supervisor.start()
    supervisor.unlock('too early')
    children[0]?.emit('message', { type: 'locked' })
    expect(supervisor.lockedAttempt).toBe(1)
    supervisor.unlock('wrong')
    supervisor.unlock('once only')
    expect(supervisor.lockedAttempt).toBeNull()
    expect(children[0]?.sent).toEqual([{ type: 'unlock', passphrase: 'wrong' }])
    children[0]?.emit('message', { type: 'locked' })
    expect(events).toEqual(['locked 1', 'locked 2'])
    supervisor.unlock('right')
    children[0]?.emit('message', { type: 'ready', dataDir: '/d' })
    expect(supervisor.lockedAttempt).toBeNull()
  })

  it('asks anew after the node gave up, and goes on counting until it answers', () => {
    const { supervisor, children, events } = setUp()
    supervisor.start()
    children[0]?.emit('message', { type: 'locked' })
    supervisor.unlock('wrong')
    children[0]?.emit('message', { type: 'failed', code: 'wrong-passphrase', message: 'no' })
    vi.runOnlyPendingTimers()
    children[1]?.emit('message', { type: 'locked' })
    children[1]?.emit('message', { type: 'ready', dataDir: '/d' })
    children[1]?.emit('exit', 1)
    vi.runOnlyPendingTimers()
    children[2]?.emit('message', { type: 'locked' })
    expect(events).toEqual(['locked 1', 'locked 2', 'started', 'locked 1'])
  })

  it('says nothing of a node that ends because it was asked to', async () => {
    const { supervisor, children, events } = setUp()
    supervisor.start()
    children[0]?.emit('message', { type: 'locked' })
    const stopped = supervisor.stop()
    children[0]?.emit('message', { type: 'failed', code: 'vault-locked', message: 'nobody answered' })
    children[0]?.emit('exit', 0)
    await stopped
    expect(events).toEqual(['locked 1'])
  })

  it('answers null for a picture when the node dies in between', async () => {
    const { supervisor, children } = setUp()
    supervisor.start()
    children[0]?.emit('message', { type: 'ready', dataDir: '/d' })
    const picture = supervisor.readMedia('bafy')
    children[0]?.emit('exit', 1)
    await expect(picture).resolves.toBeNull()
  })

  it('answers null for a picture after its deadline', async () => {
    const { supervisor, children } = setUp()
    supervisor.start()
    children[0]?.emit('message', { type: 'ready', dataDir: '/d' })
    const picture = supervisor.readMedia('bafy')
    vi.runOnlyPendingTimers()
    await expect(picture).resolves.toBeNull()
  })

  it('ends a node that does not stop, and starts none after it', async () => {
    const { supervisor, children } = setUp()
    supervisor.start()
    children[0]?.emit('message', { type: 'ready', dataDir: '/d' })
    const stopped = supervisor.stop()
    vi.runOnlyPendingTimers()
    await stopped
    vi.runOnlyPendingTimers()
    expect(children[0]?.sent.at(-1)).toEqual({ type: 'stop' })
    expect(children).toHaveLength(1)
  })
})
