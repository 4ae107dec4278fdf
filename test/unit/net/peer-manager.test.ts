import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { NetworkError } from '../../../core/net/errors.ts'
import type { HostEvent } from '../../../core/net/peer-host.ts'
import { type DialHost, LOCAL_DIAL_TIMES, PeerManager } from '../../../core/net/peer-manager.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { fakeKey } from '../../harness/memory-square.ts'

/** A host whose calls lead nowhere. */
const NOBODY: DialHost = {
  peerId: 'me',
  isConnected: () => false,
  connections: () => [],
  subscribe: () => () => {},
  protect: async () => {},
  ping: async () => 1,
  dial: async () => {
    throw new NetworkError('unreachable', 'nobody listens there')
  },
}

it('says that what is no address will not be tried', () => {
  const manager = new PeerManager({ host: NOBODY, logger: silentLogger }, { times: LOCAL_DIAL_TIMES })
  manager.keep('nonsense')
  expect(manager.listUnreachable()).toEqual([
    { address: 'nonsense', cause: 'that is no address', nextTryAt: Number.POSITIVE_INFINITY },
  ])
})

it('takes nobody for silent whom this node itself keeps out, and tries again soon (RCH10)', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const clock = new ManualClock(1_767_225_600_000)
  const silent: string[] = []
  const dial = async () => {
    throw new NetworkError('cut', 'the blackout drill keeps it out')
  }
  const manager = new PeerManager(
    { host: { ...NOBODY, dial }, logger: silentLogger, clock },
    { times: LOCAL_DIAL_TIMES, onSilent: (peerId) => void silent.push(peerId) },
  )
  manager.start()
  onTestFinished(() => manager.stop())
  manager.keep(`/ip4/127.0.0.1/tcp/1/p2p/${formatPeerId(fakeKey('far'))}`)
  for (let second = 0; second < 20; second++) {
    clock.advance(1_000)
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(silent).toEqual([])
  expect(manager.isTrying).toBe(true)
  expect((manager.listUnreachable()[0]?.nextTryAt ?? 0) - clock.now()).toBeLessThanOrEqual(1_000)
})

describe('how soon an address is dialled again', () => {
  const address = `/ip4/127.0.0.1/tcp/1/p2p/${formatPeerId(fakeKey('far'))}`
  const times = { firstRetryMs: 1_000, maxRetryMs: 60_000, maxMissedRetryMs: 15_000 }

  /** The wait after each of these attempts at an address that no longer answers, having been connected for a while. */
  async function waitsAfter(connectedMs: number, attempts: number, apartMs: number): Promise<number[]> {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const clock = new ManualClock(1_767_225_600_000)
    const peerId = formatPeerId(fakeKey('far'))
    const listeners: ((event: HostEvent) => void)[] = []
    let isThere = true
    const host: DialHost = {
      ...NOBODY,
      isConnected: () => isThere && connectedMs > 0,
      subscribe: (listener) => {
        listeners.push(listener)
        return () => {}
      },
      dial: async (to) => (isThere && connectedMs > 0 ? peerId : await NOBODY.dial(to)),
    }
    const manager = new PeerManager({ host, logger: silentLogger, clock }, { times, jitter: () => 1 })
    manager.start()
    onTestFinished(() => manager.stop())
    if (connectedMs > 0) await manager.connect(address)
    clock.advance(connectedMs)
    isThere = false
    for (const listener of listeners) listener({ type: 'peer-disconnected', peerId })
    manager.keep(address)
    const waits: number[] = []
    for (let attempt = 0; attempt < attempts; attempt++) {
      clock.advance(apartMs)
      await vi.advanceTimersByTimeAsync(apartMs)
      waits.push((manager.listUnreachable()[0]?.nextTryAt ?? 0) - clock.now())
    }
    return waits
  }

  it('is within a quarter of a minute for an hour after a peer was lost, then within a minute', async () => {
    // Also where connections come and go.
    expect(Math.max(...(await waitsAfter(3_000, 50, 60_000)))).toBe(times.maxMissedRetryMs)
    const waits = await waitsAfter(60_000, 62, 60_000)
    expect(Math.max(...waits.slice(5, 58))).toBe(times.maxMissedRetryMs)
    expect(waits.at(-1)).toBe(times.maxRetryMs)
  })

  it('is within a minute where nobody has been, and where somebody has closed at once', async () => {
    expect((await waitsAfter(0, 10, 60_000)).at(-1)).toBe(times.maxRetryMs)
    expect((await waitsAfter(1_000, 10, 60_000)).at(-1)).toBe(times.maxRetryMs)
  })
})
