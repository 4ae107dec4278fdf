import { afterEach, describe, expect, it } from 'vitest'
import { SCORE_THRESHOLDS } from '../../core/gossip/gossipsub-host.ts'
import { encodeMessage } from '../../core/gossip/message.ts'
import { formatTopic, shardOf } from '../../core/gossip/shards.ts'
import { type GossipPeer, startGossipPeer } from '../harness/gossip-peer.ts'
import { fakeKey, fakeRecord } from '../harness/memory-square.ts'
import { startRawGossip } from '../harness/raw-gossip.ts'
import { eventually } from '../harness/wait.ts'

const started: { stop(): Promise<void> }[] = []

async function start(name: string): Promise<GossipPeer> {
  const peer = await startGossipPeer(name)
  started.push(peer)
  return peer
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((peer) => peer.stop()))
})

/** In the long tier as many as a school behind one address. */
const HOSTS = process.env.PALABRE_LONG === '1' ? 30 : 20

describe(`gossip among ${HOSTS} hosts on one IP address`, () => {
  it('delivers every record to everybody, and punishes nobody (F9, F18)', async () => {
    const peers = await Promise.all(Array.from({ length: HOSTS }, (_, i) => start(`peer ${i}`)))
    // A ring with chords: nobody is connected to everybody.
    for (const [i, peer] of peers.entries()) {
      for (const step of [1, 3, 7]) await peer.host.dial(peers[(i + step) % peers.length]?.host.addresses()[0] ?? '')
    }
    const author = fakeKey('author')
    const device = fakeKey('device')
    const topic = formatTopic(shardOf(author))
    await eventually('everybody has a mesh', () => peers.every(({ pubsub }) => pubsub.mesh(topic).length >= 4))
    const writer = peers[0] as GossipPeer
    writer.square.fill(author, device, 0)
    for (let seq = 1; seq <= 100; seq++) {
      writer.gossip.announce([{ author, record: writer.square.put(author, device, seq) }])
      if (seq % 5 === 0) await writer.gossip.flush()
    }
    await eventually('everybody holds all', () => {
      return peers.every(({ square }) => square.seqs(author, device).length === 100)
    })
    expect(
      peers.map(({ pubsub }) => Math.min(...pubsub.peers().map((id) => pubsub.score(id)))).every((low) => low >= 0),
    ).toBe(true)
    expect(peers.flatMap(({ bans }) => bans.list())).toEqual([])
  })

  it('would punish them with the weight that the library has for shared addresses: the control', async () => {
    const strict = await startRawGossip('strict', { colocationWeight: -5 })
    const lenient = await startRawGossip('lenient')
    started.push(strict, lenient)
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, i) => startRawGossip(`one of a crowd ${i}`)))
    started.push(...crowd)
    for (const { host } of crowd) for (const to of [strict, lenient]) await host.dial(to.host.addresses()[0] ?? '')
    const scores = ({ pubsub }: typeof strict) => crowd.map(({ host }) => pubsub.score(host.peerId))
    await eventually('the strict one thinks ill of them all', () => scores(strict).every((score) => score < 0))
    expect(scores(lenient).every((score) => score >= 0)).toBe(true)
  })
})

describe('gossip of one who has many listeners', () => {
  it('goes to each of them itself while it is small, and to the mesh alone when it is big (GOS12)', async () => {
    const author = fakeKey('author')
    const topic = formatTopic(shardOf(author))
    const hub = await start('hub')
    const others = await Promise.all(Array.from({ length: 14 }, (_, i) => start(`other ${i}`)))
    for (const { host } of others) await host.dial(hub.host.addresses()[0] ?? '')
    await eventually('all listen', () => hub.pubsub.subscribers(topic).length === others.length)
    const publish = async (bytes: number) => {
      const records = [fakeRecord(author, fakeKey('device'), bytes, new Uint8Array(bytes))]
      return (await hub.pubsub.publish(topic, encodeMessage({ operations: [], records }))).length
    }
    // The library's mesh is twelve at most: the control.
    await eventually('a mesh', () => hub.pubsub.mesh(topic).length > 0 && hub.pubsub.mesh(topic).length <= 12)
    expect(await publish(8_192)).toBeLessThan(others.length)
    expect(await publish(400)).toBe(others.length)
  })
})

describe('a peer that sends what is invalid', () => {
  const author = fakeKey('author')
  const topic = formatTopic(shardOf(author))

  it('loses score and is at last disconnected and refused (GOS9)', async () => {
    const honest = await start('honest')
    const liar = await startRawGossip('liar')
    started.push(liar)
    await liar.host.dial(honest.host.addresses()[0] ?? '')
    await eventually('the liar sees a subscriber', () => liar.pubsub.subscribers(topic).length === 1)
    await liar.pubsub.publish(topic, Uint8Array.of(0xff))
    await eventually('the score falls', () => honest.pubsub.score(liar.host.peerId) < -5)
    for (let i = 0; i < 4; i++) await liar.pubsub.publish(topic, Uint8Array.of(0xff, i))
    await eventually('the liar is disconnected', () => honest.host.connections().length === 0)
    expect(honest.gossip.counts.rejected).toBeGreaterThanOrEqual(3)
    await liar.host.dial(honest.host.addresses()[0] ?? '').catch(() => {})
    await eventually('the liar stays out', () => liar.host.connections().length === 0)
  })

  it('pays for an invalid record in a batch of good ones, and nothing of the batch is passed on (GOS8)', async () => {
    const first = await start('first')
    const second = await start('second')
    const liar = await startRawGossip('liar')
    started.push(liar)
    await second.host.dial(first.host.addresses()[0] ?? '')
    await liar.host.dial(first.host.addresses()[0] ?? '')
    await eventually('all listen', () => first.pubsub.mesh(topic).length === 2 && liar.pubsub.mesh(topic).length === 1)
    first.square.fill(author, fakeKey('device'), 0)
    const records = [fakeRecord(author, fakeKey('device'), 1, Uint8Array.of(1)), Uint8Array.of(0xff)]
    await liar.pubsub.publish(topic, encodeMessage({ operations: [], records }))
    await eventually('it is rejected', () => first.gossip.counts.rejected === 1)
    await eventually('the score falls', () => first.pubsub.score(liar.host.peerId) < 0)
    expect(second.square.batches).toEqual([])
  })

  it('can not suppress a good record by sending a broken copy of it first (GOS4)', async () => {
    const honest = await start('honest')
    const reader = await start('reader')
    const liar = await startRawGossip('liar')
    started.push(liar)
    for (const { host } of [honest, liar]) await host.dial(reader.host.addresses()[0] ?? '')
    await eventually('all listen', () => reader.pubsub.mesh(topic).length === 2 && honest.pubsub.mesh(topic).length > 0)
    const device = fakeKey('device')
    honest.square.fill(author, device, 0)
    const record = honest.square.put(author, device, 1)
    const broken = Uint8Array.of(...record, 0)
    await liar.pubsub.publish(topic, encodeMessage({ operations: [], records: [broken] }))
    await eventually('the copy is rejected', () => reader.gossip.counts.rejected === 1)
    honest.gossip.announce([{ author, record }])
    await eventually('the record arrives', () => reader.square.seqs(author, device).length === 1)
  })

  it('pays nothing when the topics have no score parameters: the control of the library', async () => {
    const lenient = await startRawGossip('lenient', { withTopicScores: false, verdict: 'reject' })
    const strict = await startRawGossip('strict', { withTopicScores: true, verdict: 'reject' })
    const liar = await startRawGossip('liar')
    started.push(lenient, strict, liar)
    for (const { host } of [lenient, strict]) await liar.host.dial(host.addresses()[0] ?? '')
    await eventually('the liar sees subscribers', () => liar.pubsub.subscribers(topic).length === 2)
    for (let i = 0; i < 5; i++) await liar.pubsub.publish(topic, Uint8Array.of(0xff, i))
    await eventually('both have rejected', () => lenient.rejected() === 5 && strict.rejected() === 5)
    await eventually('the strict one notices', () => strict.pubsub.score(liar.host.peerId) < SCORE_THRESHOLDS.graylist)
    expect(lenient.pubsub.score(liar.host.peerId)).toBeGreaterThanOrEqual(0)
  })
})
