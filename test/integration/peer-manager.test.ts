import { afterEach, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { PeerManager } from '../../core/net/peer-manager.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { eventually } from '../harness/wait.ts'

type TestHost = Host<Record<string, never>>
const cleanUps: (() => Promise<void>)[] = []
const TIMES = { firstRetryMs: 50, maxRetryMs: 400, maxMissedRetryMs: 400 }

async function startHost(name: string, listen = '/ip4/127.0.0.1/tcp/0'): Promise<TestHost> {
  const host = await createHost<Record<string, never>>(
    { logger: silentLogger },
    { privateKey: fakeKey(name), listen: [listen], limits: LOCAL_LIMITS, isLocal: true, services: {} },
  )
  cleanUps.unshift(() => host.stop())
  return host
}

function manage(host: TestHost, onUseful: (address: string) => void = () => {}): PeerManager {
  const manager = new PeerManager({ host, logger: silentLogger }, { times: TIMES, onUseful })
  manager.start()
  cleanUps.unshift(() => manager.stop())
  return manager
}

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

describe('PeerManager', () => {
  it('connects to a wanted address that comes up later, and says so until then', async () => {
    const host = await startHost('near')
    const far = await startHost('far')
    const address = far.addresses()[0] ?? ''
    await far.stop()
    const useful: string[] = []
    const manager = manage(host, (worked) => useful.push(worked))
    manager.keep(address)
    const [silent] = await eventually('it is listed', () => {
      const list = manager.listUnreachable()
      return list.length > 0 ? list : null
    })
    expect(silent).toMatchObject({ address, cause: expect.stringMatching(/nobody listens/) })
    expect(manager.isTrying).toBe(true)
    await startHost('far', address.replace(/\/p2p\/.*/, ''))
    await eventually('it is connected', () => host.isConnected(far.peerId))
    await eventually('it is remembered', () => useful.includes(address))
    expect(manager.listUnreachable()).toEqual([])
    expect(manager.isTrying).toBe(false)
  })

  it('no longer promises a connection when an address stays silent, and goes on trying', async () => {
    const host = await startHost('near')
    const far = await startHost('far')
    const address = far.addresses()[0] ?? ''
    await far.stop()
    const manager = manage(host)
    manager.keep(address)
    await eventually('it has given up hope', () => manager.listUnreachable().length > 0 && !manager.isTrying)
    await startHost('far', address.replace(/\/p2p\/.*/, ''))
    await eventually('it is connected', () => host.isConnected(far.peerId))
  })

  it('dials again when the connection is lost', async () => {
    const host = await startHost('near')
    const far = await startHost('far')
    let losses = 0
    host.subscribe((event) => {
      if (event.type === 'peer-disconnected') losses++
    })
    manage(host).keep(far.addresses()[0] ?? '')
    await eventually('it is connected', () => host.isConnected(far.peerId) && far.isConnected(host.peerId))
    for (let i = 1; i <= 2; i++) {
      await far.disconnect(host.peerId)
      await eventually('it was lost', () => losses === i)
      await eventually('it is back', () => host.isConnected(far.peerId) && far.isConnected(host.peerId))
    }
  })

  it('measures the latency of who is connected, and keeps what they say of themselves', async () => {
    const host = await startHost('near')
    const far = await startHost('far')
    const manager = manage(host)
    await manager.connect(far.addresses()[0] ?? '')
    manager.noteHello(far.peerId, { role: 'seed', profile: null, name: '' })
    await eventually('the latency is known', () => manager.notesOf(far.peerId).latencyMs !== null)
    expect(manager.notesOf(far.peerId)).toMatchObject({ role: 'seed', syncedAt: null })
  })

  it('does not keep an address that it could not connect to when asked', async () => {
    const host = await startHost('near')
    const manager = manage(host)
    await expect(manager.connect('/ip4/127.0.0.1/tcp/1')).rejects.toMatchObject({ code: 'unreachable' })
    await expect(manager.connect('/ip4/192.0.2.1/tcp/1')).rejects.toMatchObject({ code: 'not-local' })
    expect(manager.listUnreachable()).toEqual([])
  })

  it('dials suggestions while there are few connections, and lists none of them', async () => {
    const host = await startHost('near')
    const far = await startHost('far')
    const manager = manage(host)
    manager.suggest('/ip4/127.0.0.1/tcp/1')
    manager.suggest(far.addresses()[0] ?? '')
    await eventually('it is connected', () => host.isConnected(far.peerId))
    expect(manager.listUnreachable()).toEqual([])
  })

  it('lists what is no address, and never dials itself', async () => {
    const host = await startHost('near')
    const manager = manage(host)
    manager.keep('not an address')
    manager.keep(host.addresses()[0] ?? '')
    expect(manager.listUnreachable()).toMatchObject([{ address: 'not an address', cause: 'that is no address' }])
    expect(manager.isTrying).toBe(false)
  })
})
