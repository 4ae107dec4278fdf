import { describe, expect, it } from 'vitest'
import { HeadCheck, type HeadCheckTimes } from '../../../core/node/head-check.ts'
import type { ConnectedPeer } from '../../../core/node/ports.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'

const me = new Uint8Array(32).fill(1)
const somebody = new Uint8Array(32).fill(2)
/** A test that hangs for so long has failed. */
const NEVER_MS = 600_000

function open(init: { isNeeded?: boolean; times?: Partial<HeadCheckTimes> } = {}) {
  const connected: ConnectedPeer[] = []
  const network = { isDialing: false, listConnected: () => connected }
  let asked = 0
  const check = new HeadCheck(
    { identity: { profile: 'me', address: me, deviceKey: me }, network, logger: silentLogger },
    {
      isNeeded: init.isNeeded ?? true,
      ask: () => asked++,
      times: { connectedMs: NEVER_MS, dialingMs: NEVER_MS, ...init.times },
    },
  )
  const connect = (peerId: string) => {
    connected.push({ peerId, isSeed: false, name: '', dialable: null })
    check.notePeers()
  }
  const synced = (peerId: string, role: 'peer' | 'seed', scope: readonly Uint8Array[] | null = null) => {
    const summary = { hello: { ...HELLO, role }, scope } as SyncSummary
    check.noteSync({ type: 'done', peerId, isInitiator: true, summary, scope })
  }
  /** Whether it has resolved once everything that is due has run. */
  const isReady = async (ready: Promise<void>) => {
    const pending = new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))
    return (await Promise.race([ready.then(() => 'ready'), pending])) === 'ready'
  }
  return { check, network, connect, synced, isReady, asked: () => asked }
}

describe('HeadCheck', () => {
  it('waits for nobody where nobody is known (LOG7)', async () => {
    const { check, asked } = open()
    await check.ready()
    expect(asked()).toBe(0)
  })

  it('waits for nobody with an account that was made just now (LOG7)', async () => {
    const { check, connect, asked } = open({ isNeeded: false })
    connect('seed')
    await check.ready()
    expect(asked()).toBe(0)
  })

  it('asks who is connected at once, and waits until a seed has answered (LOG7)', async () => {
    const { check, connect, synced, isReady, asked } = open()
    connect('friend')
    connect('seed')
    const ready = check.ready()
    expect(asked()).toBe(1)
    expect(await isReady(ready)).toBe(false)
    synced('friend', 'peer')
    expect(await isReady(ready)).toBe(false)
    synced('seed', 'seed')
    await ready
    await check.ready()
    expect(asked()).toBe(1)
  })

  it('waits until all who are connected have answered where none is a seed (LOG7)', async () => {
    const { check, connect, synced, isReady } = open()
    connect('one')
    connect('other')
    const ready = check.ready()
    synced('one', 'peer', [somebody, me])
    expect(await isReady(ready)).toBe(false)
    synced('other', 'peer', [somebody])
    expect(await isReady(ready)).toBe(false)
    synced('other', 'peer')
    await ready
  })

  it('needs no more where a session has ended before (LOG7)', async () => {
    const { check, connect, synced, asked } = open()
    connect('seed')
    synced('seed', 'seed')
    await check.ready()
    expect(asked()).toBe(0)
  })

  it('waits for who is being dialled, and then for their answer (LOG7)', async () => {
    const { check, network, connect, synced, isReady, asked } = open()
    network.isDialing = true
    const ready = check.ready()
    expect(await isReady(ready)).toBe(false)
    expect(asked()).toBe(0)
    connect('seed')
    expect(asked()).toBe(1)
    synced('seed', 'seed')
    await ready
  })

  it('signs anyway after a while (LOG7)', async () => {
    const connected = open({ times: { connectedMs: 20 } })
    connected.connect('silent')
    await connected.check.ready()
    const dialing = open({ times: { dialingMs: 20 } })
    dialing.network.isDialing = true
    await dialing.check.ready()
  })

  it('ends with the signal of who waits, and with the node', async () => {
    const { check, connect } = open()
    connect('silent')
    const controller = new AbortController()
    const first = check.ready({ signal: controller.signal })
    const second = check.ready()
    controller.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    check.stop()
    await expect(second).rejects.toMatchObject({ code: 'stopping' })
  })
})
