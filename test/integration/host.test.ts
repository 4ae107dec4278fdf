import { afterEach, describe, expect, it } from 'vitest'
import { keyPairFromSeed } from '../../core/identity/keys.ts'
import { formatPeerId } from '../../core/identity/peer-id.ts'
import { createHost, type Host, type HostInit } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { eventually } from '../harness/wait.ts'

type TestHost = Host<Record<string, never>>
const started: TestHost[] = []
const LIMITS = { maxInbound: 4, maxOutbound: 4 }

async function start(name: string, init: Partial<HostInit<Record<string, never>>> = {}): Promise<TestHost> {
  const host = await createHost<Record<string, never>>(
    { logger: silentLogger },
    {
      privateKey: fakeKey(name),
      listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {},
      ...init,
    },
  )
  started.push(host)
  return host
}

function addressOf(host: TestHost, which = 0): string {
  return host.addresses()[which] ?? ''
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((host) => host.stop()))
})

describe('createHost', () => {
  it('has the peer ID of the device key, and full addresses, TCP first', async () => {
    const host = await start('a')
    const peerId = formatPeerId(keyPairFromSeed(fakeKey('a')).publicKey)
    expect(host.peerId).toBe(peerId)
    expect(host.addresses()).toHaveLength(2)
    expect(host.addresses()[0]).toMatch(new RegExp(`^/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d*/p2p/${peerId}$`))
    expect(host.addresses()[1]).toMatch(new RegExp(`^/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d*/ws/p2p/${peerId}$`))
  })

  it.each(['/ip4/0.0.0.0/tcp/0', '/ip4/192.0.2.1/tcp/0', '/dns4/localhost/tcp/0'])(
    'refuses to listen on %s in the local network',
    async (address) => {
      await expect(start('a', { listen: [address] })).rejects.toMatchObject({ code: 'not-local' })
    },
  )

  it('refuses a listening address that is none', async () => {
    await expect(start('a', { listen: ['localhost:1'] })).rejects.toMatchObject({ code: 'bad-address' })
  })

  it.each(['/ip4/192.0.2.1/tcp/1', '/dns4/example.org/tcp/1', '/dnsaddr/example.org', '/ip6/2001:db8::1/tcp/1'])(
    'never dials %s in the local network',
    async (address) => {
      const host = await start('a')
      await expect(host.dial(address)).rejects.toMatchObject({ code: 'not-local' })
    },
  )

  it('says in plain words why a dial failed', async () => {
    const host = await start('a')
    const gone = await start('gone')
    const address = addressOf(gone)
    await gone.stop()
    await expect(host.dial(address)).rejects.toMatchObject({ code: 'unreachable', message: /nobody listens/ })
    await expect(host.dial(`${addressOf(host)}`)).rejects.toMatchObject({ message: /this node itself/ })
    await expect(host.dial('nowhere')).rejects.toMatchObject({ code: 'bad-address' })
  })

  it.each([
    ['TCP', 0],
    ['WebSocket', 1],
  ])('connects over %s and carries streams both ways', async (_, which) => {
    const [near, far] = [await start('near'), await start('far')]
    await far.handle(
      '/test/echo/1',
      async (stream) => {
        for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) await stream.write(chunk)
        await stream.close()
      },
      LIMITS,
    )
    expect(await near.dial(addressOf(far, which))).toBe(far.peerId)
    const stream = await near.openStream(far.peerId, '/test/echo/1')
    const sending = (async () => {
      for (let i = 0; i < 64; i++) await stream.write(new Uint8Array(65_536).fill(i))
      await stream.close()
    })()
    let received = 0
    for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) received += chunk.byteLength
    await sending
    expect(received).toBe(64 * 65_536)
    expect(near.connections()).toMatchObject([{ peerId: far.peerId, direction: 'out' }])
    expect(far.connections()).toMatchObject([{ peerId: near.peerId, direction: 'in' }])
  })

  it('counts the bytes of its connections, both ways', async () => {
    const [near, far] = [await start('near'), await start('far')]
    await far.handle('/test/sink/1', async (stream) => void (await stream.read()), LIMITS)
    await near.dial(addressOf(far))
    const stream = await near.openStream(far.peerId, '/test/sink/1')
    const before = near.traffic().sentBytes
    await stream.write(new Uint8Array(200_000))
    await eventually('they arrive', () => far.traffic().receivedBytes > 200_000)
    const sent = near.traffic().sentBytes - before
    expect(sent).toBeGreaterThan(200_000)
    expect(sent).toBeLessThan(210_000)
    expect(far.traffic().receivedBytes).toBeLessThan(220_000)
  })

  it('makes a writer wait for a reader that does not read', async () => {
    const [near, far] = [await start('near'), await start('far')]
    const { promise, resolve } = Promise.withResolvers<void>()
    await far.handle(
      '/test/slow/1',
      async (stream) => {
        await promise
        while ((await stream.read()) !== null);
        await stream.write(Uint8Array.of(1))
      },
      LIMITS,
    )
    await near.dial(addressOf(far))
    const stream = await near.openStream(far.peerId, '/test/slow/1')
    let written = 0
    const writing = (async () => {
      for (let i = 0; i < 256; i++) {
        await stream.write(new Uint8Array(65_536))
        written += 65_536
      }
      await stream.close()
    })()
    await eventually('the writer stands still', async () => {
      const before = written
      await near.ping(far.peerId)
      await near.ping(far.peerId)
      return written > 0 && written === before
    })
    expect(written).toBeLessThan(4 * 1024 * 1024)
    resolve()
    await writing
    expect([...((await stream.read()) ?? [])]).toEqual([1])
  })

  it('keeps a banned peer out, in both directions', async () => {
    const [near, far] = [await start('near'), await start('far')]
    await near.dial(addressOf(far))
    far.ban(near.peerId, 'message-flood')
    await eventually('near is out', () => !near.isConnected(far.peerId))
    await near.dial(addressOf(far)).catch(() => {})
    await eventually('near stays out', () => !near.isConnected(far.peerId) && far.connections().length === 0)
    await expect(far.dial(addressOf(near))).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('says when a protocol is not spoken, and when nobody is connected', async () => {
    const [near, far] = [await start('near'), await start('far')]
    await expect(near.openStream(far.peerId, '/test/none/1')).rejects.toMatchObject({ code: 'unreachable' })
    await near.dial(addressOf(far))
    await expect(near.openStream(far.peerId, '/test/none/1')).rejects.toMatchObject({ code: 'unsupported-protocol' })
  })
})
