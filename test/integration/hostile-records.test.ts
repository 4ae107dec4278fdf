import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeMessage } from '../../core/gossip/message.ts'
import { formatTopic, shardOf } from '../../core/gossip/shards.ts'
import { resolveChain } from '../../core/identity/chain.ts'
import { linkDevice } from '../../core/identity/change.ts'
import { encodeOperation } from '../../core/identity/operation.ts'
import { encodeRecord, withoutBody } from '../../core/record/encode-record.ts'
import { TestAuthor } from '../harness/authors.ts'
import { type GossipNode, startGossipOver } from '../harness/gossip-peer.ts'
import { type RawGossip, startRawGossip } from '../harness/raw-gossip.ts'
import { portsOf } from '../harness/square-sync.ts'
import { TestSquare } from '../harness/test-square.ts'
import { eventually } from '../harness/wait.ts'

/** Records of one author in one message; a gossip message holds at most 64. */
const MESSAGE_RECORDS = 64

describe('gossip from a hostile peer and an honest one, into a real store', () => {
  let me: TestAuthor
  let ben: TestAuthor
  let store: TestSquare
  let reader: GossipNode
  let honest: RawGossip
  let liar: RawGossip

  const topicOf = ({ address }: TestAuthor) => formatTopic(shardOf(address))
  const texts = () => store.square.home({ limit: 100 }).items.map(({ text }) => text)
  const scoreOf = (peer: RawGossip) => reader.pubsub.score(peer.host.peerId)

  async function send(
    peer: RawGossip,
    author: TestAuthor,
    message: { operations?: readonly Uint8Array[]; records?: readonly Uint8Array[] },
  ): Promise<void> {
    const topic = topicOf(author)
    await eventually('the reader listens', () => peer.pubsub.subscribers(topic).includes(reader.host.peerId))
    await peer.pubsub.publish(topic, encodeMessage({ operations: [], records: [], ...message }))
  }

  /** The good record arrives from the honest peer, which has lost nothing. */
  async function expectUnharmed(text: string): Promise<void> {
    await eventually(`"${text}" is shown`, () => texts().includes(text))
    expect(scoreOf(honest)).toBeGreaterThanOrEqual(0)
    expect(reader.host.connections().map(({ peerId }) => peerId)).toContain(honest.host.peerId)
    expect(store.square.integrityCheck()).toEqual([])
  }

  beforeEach(async () => {
    me = new TestAuthor('Me')
    ben = new TestAuthor('Ben')
    me.follow(ben)
    store = new TestSquare({ me })
    store.ingest({ operations: [ben.genesis], records: me.records })
    reader = await startGossipOver('reader', portsOf(store))
    honest = await startRawGossip('honest')
    liar = await startRawGossip('liar')
    for (const { host } of [honest, liar]) await host.dial(reader.host.addresses()[0] ?? '')
  })
  afterEach(async () => {
    await Promise.all([reader, honest, liar].map((peer) => peer.stop()))
  })

  it('takes no null body for an answer, and the body when it comes (LOG2, GOS8)', async () => {
    const post = ben.post('with its text')
    await send(liar, ben, { records: [encodeRecord(withoutBody(post, { reason: 'withheld' }))] })
    await eventually('it is ignored', () => reader.gossip.counts.ignored === 1)
    expect(texts()).toEqual([])
    await send(honest, ben, { records: [post.bytes] })
    await expectUnharmed('with its text')
    expect(reader.gossip.counts.rejected).toBe(0)
  })

  it('makes who sends a bad signature pay, and takes the good copy (GOS4, GOS9)', async () => {
    const post = ben.post('signed by Ben')
    const spoiled = encodeRecord({ ...post, signature: new Uint8Array(64).fill(3) })
    await send(liar, ben, { records: [spoiled] })
    await eventually('it is rejected', () => reader.gossip.counts.rejected === 1)
    await send(honest, ben, { records: [post.bytes] })
    await eventually('the liar pays', () => scoreOf(liar) < 0)
    await expectUnharmed('signed by Ben')
  })

  it("makes who lists others' keys pay, and leaves them to their owner (IDN8, GOS9)", async () => {
    const thief = new TestAuthor('Thief')
    const state = resolveChain([thief.operation])
    if (state === null) throw new Error('no genesis')
    const stolen = encodeOperation(linkDevice(state, ben.entry, thief.device))
    await send(liar, thief, { operations: [thief.genesis, stolen] })
    await eventually('it is rejected', () => reader.gossip.counts.rejected === 1)
    await send(honest, ben, { records: [ben.post('with my own key').bytes] })
    await eventually('the liar pays', () => scoreOf(liar) < 0)
    await expectUnharmed('with my own key')
    expect(store.square.findAuthorOfDevice(ben.device.publicKey)).toEqual(new Uint8Array(ben.address))
  })

  it('holds what an honest peer brought while another floods it (LOG12)', async () => {
    const cleo = new TestAuthor('Cleo')
    store.ingest({ records: [me.follow(cleo)] }, { kind: 'own' })
    const early = cleo.post('before my chain')
    await send(honest, cleo, { records: [early.bytes] })
    await eventually('it is held', () => reader.gossip.counts.ignored === 1)
    const stranger = new TestAuthor('stranger')
    const flood = Array.from({ length: 4 * MESSAGE_RECORDS }, (_, i) => stranger.post(`flood ${i}`).bytes)
    for (let from = 0; from < flood.length; from += MESSAGE_RECORDS) {
      await send(liar, stranger, { records: flood.slice(from, from + MESSAGE_RECORDS) })
    }
    await eventually('all is held or let go', () => reader.gossip.counts.ignored === 5)
    await send(honest, cleo, { operations: [cleo.genesis] })
    await expectUnharmed('before my chain')
    expect(reader.gossip.counts.rejected).toBe(0)
  })

  it('looks at no more chains of a flood than one peer may bring (GOS7)', async () => {
    const flooder = { kind: 'gossip', peer: liar.host.peerId } as const
    const growing = (name: string) => {
      const large = new TestAuthor(name)
      const operations = [large.operation]
      for (let i = 0; i < 12; i++) {
        const state = resolveChain(operations)
        if (state === null) throw new Error('no genesis')
        operations.push(linkDevice(state, large.another(`${name} ${i}`).entry, large.device))
      }
      return operations.map((operation) => encodeOperation(operation))
    }
    // What the liar has sent a moment ago: its budget is spent.
    let isSpent = false
    for (let i = 0; i < 40 && !isSpent; i++) {
      const { operations } = store.ingest({ operations: growing(`sybil ${i}`) }, flooder)
      isSpent = operations.some(({ verdict }) => verdict.verdict === 'drop' && verdict.reason === 'quota')
    }
    expect(isSpent).toBe(true)
    const more = new TestAuthor('one more')
    const rest = Array.from({ length: 10 }, (_, i) => growing(`rest ${i}`)).flat()
    store.ingest({ operations: rest }, flooder)
    await send(liar, more, { operations: [more.genesis] })
    await eventually('it is judged', () => reader.gossip.counts.ignored === 1)
    expect(store.square.findGenesis(more.address)).toBeNull()
    await send(honest, ben, { records: [ben.post('undisturbed').bytes] })
    await expectUnharmed('undisturbed')
    expect(reader.gossip.counts.rejected).toBe(0)
  })
})
