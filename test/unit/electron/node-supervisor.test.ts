import { EventEmitter } from 'node:events'
import type { UtilityProcess } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NodeSupervisor } from '../../../electron/node-supervisor.ts'

class FakeProcess extends EventEmitter {
  readonly sent: { type: string; id?: number }[] = []
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
