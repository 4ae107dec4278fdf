import { afterEach, describe, expect, it } from 'vitest'
import { generateKeyPair } from '../../core/identity/keys.ts'
import { Dht, dhtService } from '../../core/net/dht.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000
const NODES = 8
const AUTHOR = fakeKey('somebody')

type DhtHost = Host<{ dht: ReturnType<ReturnType<typeof dhtService>> }>
const hosts: DhtHost[] = []

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()))
})

async function start(network = 'palabre'): Promise<{ host: DhtHost; dht: Dht }> {
  const host: DhtHost = await createHost(
    { logger: silentLogger },
    {
      privateKey: generateKeyPair().secretKey,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: { dht: dhtService({ network, isServer: true, isLocal: true }) },
    },
  )
  hosts.push(host)
  return { host, dht: new Dht({ dht: host.services.dht }) }
}

async function providersOf(dht: Dht): Promise<string[]> {
  const found: string[] = []
  for await (const { peerId } of dht.find(AUTHOR, { signal: AbortSignal.timeout(20_000) })) found.push(peerId)
  return found
}

async function startMany(count: number) {
  const first = await start()
  const address = first.host.addresses()[0] as string
  const others = []
  for (let i = 1; i < count; i++) {
    const one = await start()
    await one.host.dial(address)
    others.push(one)
  }
  return { first, others }
}

describe('the DHT of a network (DSC11)', () => {
  it(
    `says who has somebody's records, also when the node by which all came has gone (${NODES} nodes)`,
    async () => {
      const { first, others } = await startMany(NODES)
      const [teller, asker] = [others[0], others.at(-1)]
      if (teller === undefined || asker === undefined) throw new Error('no nodes')
      await eventually('both know some others', async () => {
        await Promise.all(others.map(({ host }) => host.services.dht.refreshRoutingTable()))
        return [teller, asker].every(({ host }) => host.services.dht.routingTable.size >= 3) ? true : null
      })
      expect(await teller.dht.provide(AUTHOR, { signal: AbortSignal.timeout(60_000) })).toBeGreaterThan(1)
      await first.host.stop()
      hosts.splice(hosts.indexOf(first.host), 1)
      const found = await eventually('the provider', async () => {
        const peers = await providersOf(asker.dht)
        return peers.length > 0 ? peers : null
      })
      expect(found).toEqual([teller.host.peerId])
    },
    TIMEOUT_MS,
  )

  it(
    'knows nothing of what was said in another network: the control',
    async () => {
      const [here, there] = [await start('palabre'), await start('elsewhere')]
      await there.host.dial(here.host.addresses()[0] as string)
      await here.dht.provide(AUTHOR, { signal: AbortSignal.timeout(20_000) })
      expect(await providersOf(here.dht)).toEqual([here.host.peerId])
      expect(await providersOf(there.dht)).toEqual([])
    },
    TIMEOUT_MS,
  )

  it('has nobody to ask and says nothing, where a node is alone', async () => {
    const alone = await start()
    expect(await providersOf(alone.dht)).toEqual([])
    expect(await alone.dht.provide(AUTHOR, { signal: AbortSignal.timeout(20_000) })).toBe(0)
  })
})
