import { afterEach, describe, expect, it } from 'vitest'
import { formatTopic, shardOf } from '../../core/gossip/shards.ts'
import { GossipAttacker, type Storm } from '../harness/gossip-attacker.ts'
import { type GossipPeer, type GossipPeerInit, startGossipPeer } from '../harness/gossip-peer.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { eventually } from '../harness/wait.ts'

const author = fakeKey('author')
const device = fakeKey('device')
const topic = formatTopic(shardOf(author))
/** Written during each storm. */
const RECORDS = 12
const IS_LONG = process.env.PALABRE_LONG === '1'
/** Sybils that join every mesh and pass nothing on; with those that storm there are twenty for each honest neighbour. */
const SILENT = IS_LONG ? 32 : 12
/** A few in the fast tier: the others take a machine that is busy half a minute each. */
const FAST: readonly Storm[] = ['garbage', 'iwant', 'subscriptions', 'no frames']

/** What each kind of storm is banned for. */
const STORMS = {
  garbage: 'gossip-score',
  'one author': 'message-flood',
  'known messages': 'message-flood',
  ihave: 'control-flood',
  iwant: 'control-flood',
  subscriptions: 'control-flood',
  'empty frames': 'control-flood',
  'no frames': 'broken-gossip',
} as const satisfies Partial<Record<Storm, string>>
const KINDS = (Object.keys(STORMS) as (keyof typeof STORMS)[]).filter((storm) => IS_LONG || FAST.includes(storm))

const started: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()))
})

async function startPeer(name: string, init: GossipPeerInit = {}): Promise<GossipPeer> {
  const peer = await startGossipPeer(name, init)
  started.push(peer)
  return peer
}

const addressOf = ({ host }: GossipPeer) => host.addresses()[0] ?? ''

async function join(victim: GossipPeer, name: string): Promise<GossipAttacker> {
  const attacker = await GossipAttacker.start(name)
  started.push(attacker)
  await attacker.join(addressOf(victim))
  return attacker
}

describe('gossip under attack (F18)', () => {
  it('goes on through a peer around which many attack for each that is honest, and bans who storms (GOS9, GOS11)', async () => {
    const [writer, victim, reader] = [await startPeer('writer'), await startPeer('victim'), await startPeer('reader')]
    const silent: GossipAttacker[] = []
    for (let i = 0; i < SILENT; i++) silent.push(await join(victim, `silent ${i}`))
    await writer.host.dial(addressOf(victim))
    await victim.host.dial(addressOf(reader))
    // Of those that it has dialled itself, two are always in a mesh, however many others push in.
    await eventually('the reader is in the mesh', () => victim.pubsub.mesh(topic).includes(reader.host.peerId))
    await eventually('the writer sees the victim', () => writer.pubsub.subscribers(topic).length === 1)
    writer.square.fill(author, device, 0)
    let written = 0
    const stormers = new Map<string, Storm>()
    for (const storm of KINDS) {
      const attacker = await join(victim, storm)
      stormers.set(attacker.peerId, storm)
      await eventually('the victim counts it among its peers', () => victim.pubsub.peers().includes(attacker.peerId))
      const storming = attacker.storm(storm)
      for (let i = 0; i < RECORDS; i++) {
        writer.gossip.announce([{ author, record: writer.square.put(author, device, ++written) }])
        await writer.gossip.flush()
      }
      await storming
    }
    await eventually('nearly all has arrived', () => reader.square.seqs(author, device).length >= 0.99 * written)
    await eventually('who storms is banned', () => victim.bans.list().length === KINDS.length)
    const reasons = Object.fromEntries(victim.bans.list().map(({ peerId, reason }) => [stormers.get(peerId), reason]))
    expect(Object.keys(reasons).sort()).toEqual([...KINDS].sort())
    for (const storm of KINDS) {
      // On a fast machine so much garbage comes that its amount is noticed before its score has fallen.
      const expected = storm === 'garbage' ? [STORMS[storm], 'message-flood'] : [STORMS[storm]]
      expect(expected).toContain(reasons[storm])
    }
    // Who says nothing does nothing wrong.
    expect(silent.every(({ isConnected }) => isConnected)).toBe(true)
    expect([writer, reader].every(({ host }) => victim.host.isConnected(host.peerId))).toBe(true)
  })

  it('bears an RPC that is too large, and not many (GOS11)', async () => {
    const victim = await startPeer('victim')
    const attacker = await GossipAttacker.start('attacker')
    started.push(attacker)
    let times = 0
    while (victim.bans.list().length === 0) {
      await attacker.join(addressOf(victim)).catch(() => {})
      await eventually('the victim counts it among its peers', () => victim.pubsub.peers().includes(attacker.peerId))
      void attacker.storm('oversized')
      await eventually('it is out', () => !victim.host.isConnected(attacker.peerId) && !attacker.isConnected)
      times++
    }
    expect(times).toBe(5)
    expect(victim.bans.list().map(({ reason }) => reason)).toEqual(['broken-gossip'])
  })

  it('ends no storm of lists and broken frames without the guard: the control', async () => {
    const victim = await startPeer('victim', { isUnguarded: true })
    const stormers = [await join(victim, 'subscriptions'), await join(victim, 'no frames')]
    void stormers[0]?.storm('subscriptions')
    void stormers[1]?.storm('no frames')
    // More than the guard bears.
    await eventually('enough was sent', () => stormers.every(({ sent }) => sent > 200))
    expect(victim.bans.list()).toEqual([])
    expect(stormers.every(({ isConnected }) => isConnected)).toBe(true)
  })
})
