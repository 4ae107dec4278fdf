import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { formatPeerId } from '../../core/identity/peer-id.ts'
import { createHost } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { loadNetworkDescriptor } from '../../core/node/network-descriptor.ts'
import { SyncService } from '../../core/sync/sync-service.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TestAuthor } from '../harness/authors.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { withholding } from '../harness/short-ports.ts'
import { TestSquare as TestNodes } from '../harness/square.ts'
import { portsOf } from '../harness/square-sync.ts'
import { TestSquare } from '../harness/test-square.ts'
import { eventually } from '../harness/wait.ts'

const POSTS = 60

let nodes: TestNodes
beforeEach(() => {
  nodes = new TestNodes()
  nodes.watch()
})
afterEach(() => nodes.close())

/** A seed over libp2p that holds all of these authors and keeps some numbers back. */
async function startSeed(name: string, domain: string, ana: TestAuthor, isWithheld: (seq: number) => boolean) {
  const test = new TestSquare({ domain, role: 'seed' })
  test.ingestAll(ana)
  const [privateKey, listen] = [fakeKey(name), ['/ip4/127.0.0.1/tcp/0']]
  const init = { privateKey, listen, limits: LOCAL_LIMITS, isLocal: true, services: {} }
  const host = await createHost({ logger: silentLogger }, init)
  const ports = { ...portsOf(test), ...withholding(test, isWithheld) }
  const service = new SyncService(
    { host, door: ports, reader: ports, book: ports, logger: silentLogger },
    { network: domain, role: 'seed', device: fakeKey(`device of ${name}`), profile: () => null, name: () => name },
  )
  await service.start()
  onTestFinished(async () => {
    await service.stop()
    await host.stop()
  })
  return { peerId: host.peerId, address: host.addresses()[0] as string }
}

describe('a node whose seed keeps a record back', () => {
  it('says which, from whom, and who brought it instead, after a restart too (SYN17)', async () => {
    const { domain } = await loadNetworkDescriptor('local')
    const ana = new TestAuthor('Ana', { network: domain })
    ana.describe({ name: 'Ana' })
    for (let i = 2; i <= POSTS; i++) ana.post(`number ${i}`)
    const liar = await startSeed('Harbour', domain, ana, (seq) => seq === 33)
    const honest = await startSeed('Mill', domain, ana, () => false)
    const reader = await nodes.add({ name: 'Reader' })
    const { api } = reader
    await reader.address()
    await api.network.connect({ address: liar.address })
    await api.follows.add({ profile: ana.profile })
    const open = await eventually('the evidence', async () => {
      const { items } = await api.network.evidence()
      return items.length > 0 ? items : null
    })
    const withheld = {
      kind: 'withheld',
      peers: [{ peerId: liar.peerId, profile: null, name: 'Harbour' }],
      author: { profile: ana.profile, name: 'Ana' },
      device: formatPeerId(ana.device.publicKey),
      count: 1,
      seqs: [[33, 33]],
    }
    expect(open).toMatchObject([{ ...withheld, state: 'open', from: null }])
    expect(await api.profiles.get({ profile: ana.profile })).toMatchObject({
      counts: { missing: 1 },
      owedBy: [{ peerId: liar.peerId, name: 'Harbour' }],
    })
    await reader.stop()
    await reader.start()
    await reader.address()
    expect((await reader.api.network.evidence()).items).toMatchObject([withheld])
    await reader.api.network.connect({ address: honest.address })
    const repaired = await eventually('the repair', async () => {
      const { items } = await reader.api.network.evidence()
      return items[0]?.state === 'repaired' ? items : null
    })
    expect(repaired).toMatchObject([{ ...withheld, from: { peerId: honest.peerId, name: 'Mill' } }])
    expect(await reader.api.profiles.get({ profile: ana.profile })).toMatchObject({
      counts: { missing: 0 },
      owedBy: [],
    })
  })

  it('says nothing where all that is offered comes: the control (SYN17)', async () => {
    const { domain } = await loadNetworkDescriptor('local')
    const ana = new TestAuthor('Ana', { network: domain })
    for (let i = 1; i <= POSTS; i++) ana.post(`number ${i}`)
    const honest = await startSeed('Mill', domain, ana, () => false)
    const reader = await nodes.add({ name: 'Reader' })
    await reader.address()
    await reader.api.network.connect({ address: honest.address })
    await reader.api.follows.add({ profile: ana.profile })
    await reader.seesAtHome(`number ${POSTS}`)
    await eventually('a comparison', async () => {
      return (await reader.api.profiles.get({ profile: ana.profile })).compared
    })
    expect((await reader.api.network.evidence()).items).toEqual([])
  })
})
