import { describe, expect, it } from 'vitest'
import { FramedStream } from '../../core/net/framed-stream.ts'
import { packBytes } from '../../core/node/square-calls.ts'
import { encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { MAX_FRAME_BYTES, SYNC_PROTOCOL } from '../../core/sync/limits.ts'
import { chainDigest } from '../../core/sync/offer.ts'
import { type MadeRecord, TEST_EPOCH_MS, type TestAuthor } from '../harness/authors.ts'
import { beatBytes } from '../harness/beats.ts'
import { keeperOf, OwedWorld } from '../harness/owed-world.ts'
import { HELLO, ScriptedSyncPeer } from '../harness/scripted-sync-peer.ts'
import { hiding, withholding } from '../harness/short-ports.ts'
import { eventually } from '../harness/wait.ts'

const MINUTE_MS = 60_000
const POSTS = 1_000

async function open(init: { readonly isRepairing?: boolean; readonly posts?: number } = {}): Promise<OwedWorld> {
  const world = new OwedWorld(init)
  for (let i = 1; i <= (init.posts ?? POSTS); i++) world.ben.post(`number ${i}`)
  await world.start()
  return world
}

/** `count` records of Ben's device that follow this one and aren't those of his log. */
function branch(ben: TestAuthor, from: MadeRecord, count: number, name: string): MadeRecord[] {
  const records: MadeRecord[] = []
  for (let i = 1; i <= count; i++) {
    const last = records.at(-1) ?? from
    const body = encodePost({ salt: ben.salt(), text: `${name} ${i}` })
    const seq = last.header.seq + 1
    records.push(ben.signAt(KIND.post, body, { seq, prev: last.id, ts: TEST_EPOCH_MS + 1_000 * seq }))
  }
  return records
}

describe('a seed that keeps back 1 of 1,000 records', () => {
  /** The seed that keeps #500 back, one that holds nothing, and a friend who has it all, met in this order. */
  async function openThree(init: { readonly isRepairing?: boolean; readonly isHonest?: boolean } = {}) {
    const world = await open(init)
    const { ben } = world
    const isWithheld = (seq: number) => seq === 500 && init.isHonest !== true
    const seed = await world.add('seed', 'seed', (test) => withholding(test, isWithheld))
    const empty = await world.add('empty', 'seed')
    const friend = await world.add('friend', 'peer')
    for (const peer of [seed, empty, friend]) await world.meet(peer)
    for (const { test } of [seed, friend]) test.ingestAll(ben)
    // The seed says by gossip that there is something: it is asked, and one other seed.
    const [seeds, friends] = [world.sessionsWith('seed'), world.sessionsWith('friend')]
    world.scheduler.requestAuthors([ben.address], 'seed')
    await eventually('the seed is asked', () => world.sessionsWith('seed') > seeds)
    return { ...{ world, seed, empty, friend }, friends }
  }

  it('is named, and another source is asked at once, which brings it (SYN17, SYN18)', async () => {
    const { world } = await openThree()
    await eventually('all is here', () => world.held()[0]?.[1] === POSTS)
    expect(world.held()).toEqual([[1, POSTS]])
    expect(await world.evidence()).toMatchObject([
      {
        kind: 'withheld',
        peers: [{ peerId: 'seed', name: 'name of seed' }],
        author: { profile: world.ben.profile },
        count: 1,
        seqs: [[500, 500]],
        state: 'repaired',
        from: { peerId: 'friend', name: 'name of friend' },
      },
    ])
    expect(world.keeper.owes('seed')).toBe(true)
    expect(world.keeper.owes('friend')).toBe(false)
  })

  it('leaves it missing where nobody else is asked: the control (SYN18)', async () => {
    const { world, friends } = await openThree({ isRepairing: false })
    expect(world.held()).toEqual([
      [1, 499],
      [501, POSTS],
    ])
    expect(await world.evidence()).toMatchObject([{ kind: 'withheld', state: 'open', from: null }])
    expect(world.sessionsWith('friend')).toBe(friends)
    expect(world.reader.square.profile(world.ben.profile).counts.missing).toBe(1)
    expect(await world.keeper.owedBy(world.ben.address)).toMatchObject([{ peerId: 'seed', name: 'name of seed' }])
  })

  it('is no such seed when it sends everything, and nobody else is asked: the control (SYN17)', async () => {
    const { world, friends } = await openThree({ isHonest: true })
    expect(world.held()).toEqual([[1, POSTS]])
    expect(await world.evidence()).toEqual([])
    expect(world.sessionsWith('friend')).toBe(friends)
  })

  it('is settled when it sends it after all, and remembered across a restart until then (SYN17)', async () => {
    let isLiar = true
    const world = await open({ posts: 20 })
    const seed = await world.add('seed', 'seed', (test) => withholding(test, (seq) => isLiar && seq === 7))
    seed.test.ingestAll(world.ben)
    await world.meet(seed)
    expect(await world.evidence()).toMatchObject([{ state: 'open', seqs: [[7, 7]] }])
    await world.keeper.stop()
    const again = keeperOf(world.reader)
    again.start()
    await again.settled()
    expect(await again.list()).toMatchObject([{ state: 'open', peers: [{ peerId: 'seed', name: 'name of seed' }] }])
    isLiar = false
    world.reader.listeners.add((event) => again.noteIngested(event))
    await world.syncAll(seed)
    await again.settled()
    expect(await again.list()).toMatchObject([{ state: 'settled', seqs: [[7, 7]] }])
    await again.stop()
  })

  it('is named when it says that it does not hold it, and another source fills the hole (SYN17, SYN18)', async () => {
    const world = await open()
    const seed = await world.add('seed', 'seed', (test) => hiding(test, [[500, 500]]))
    const friend = await world.add('friend', 'peer')
    await world.meet(friend)
    for (const { test } of [seed, friend]) test.ingestAll(world.ben)
    await world.meet(seed)
    await eventually('all is here', () => world.held().length === 1 && world.held()[0]?.[1] === POSTS)
    await world.syncAll(seed, friend)
    expect(await world.evidence()).toEqual([])
    world.reader.clock.advance(10 * MINUTE_MS)
    await world.syncAll(seed, friend)
    expect(await world.evidence()).toMatchObject([
      { kind: 'hole', peers: [{ peerId: 'seed' }], seqs: [[500, 500]], state: 'open', from: { peerId: 'friend' } },
    ])
    expect(world.keeper.owes('seed')).toBe(false)
  })
})

describe('a seed whose end of a log is frozen', () => {
  async function openTwo(frozen: boolean) {
    const world = await open({ posts: 940 })
    const seed = await world.add('seed', 'seed', (test) => (frozen ? hiding(test, [[941, POSTS]]) : {}))
    const friend = await world.add('friend', 'peer')
    for (const { test } of [seed, friend]) test.ingestAll(world.ben)
    for (const peer of [seed, friend]) await world.meet(peer)
    for (let i = 941; i <= POSTS; i++) world.ben.post(`number ${i}`)
    friend.test.ingest({ records: world.ben.records.slice(940) })
    for (let round = 0; round < 3; round++) {
      await world.syncAll(seed, friend)
      world.reader.clock.advance(10 * MINUTE_MS)
    }
    await world.syncAll(seed, friend)
    return world
  }

  it('is named, with who has the rest, which is here (SYN17)', async () => {
    const world = await openTwo(true)
    expect(world.held()).toEqual([[1, POSTS]])
    expect(await world.evidence()).toMatchObject([
      { kind: 'frozen', peers: [{ peerId: 'seed' }], count: 60, seqs: [[941, POSTS]], from: { peerId: 'friend' } },
    ])
  })

  it('is no such seed when it takes what it is offered: the control (SYN17)', async () => {
    const world = await openTwo(false)
    expect(world.held()).toEqual([[1, POSTS]])
    expect(await world.evidence()).toEqual([])
  })
})

describe('a seed that hands on a beat and not the records below it', () => {
  /** Ben has written 20 posts and says so; the seed, who has the beat, holds the first 15. */
  async function openTail() {
    const world = await open({ posts: 20 })
    const { ben } = world
    const seed = await world.add('seed', 'seed')
    seed.test.ingest({ operations: [ben.genesis], records: ben.records.slice(0, 15) })
    const { ts } = ben.records[19]?.header ?? { ts: 0 }
    seed.test.square.ingestBeats(packBytes([beatBytes(ben, { ts })]), { kind: 'import' })
    await world.meet(seed)
    return { world, seed, ben }
  }
  const tail = { kind: 'tail', peers: [{ peerId: 'seed' }], count: 5, seqs: [[16, 20]] }

  it('is named after ten minutes, though both hold the same, and not before (SYN17, BEA8)', async () => {
    const { world, seed } = await openTail()
    world.reader.clock.advance(9 * MINUTE_MS)
    await world.syncAll(seed)
    expect(await world.evidence()).toEqual([])
    world.reader.clock.advance(MINUTE_MS)
    await world.syncAll(seed)
    expect(await world.evidence()).toMatchObject([{ ...tail, state: 'open', from: null }])
    expect(await world.keeper.owedBy(world.ben.address)).toMatchObject([{ peerId: 'seed' }])
    expect(world.keeper.owes('seed')).toBe(false)
    await world.syncAll(seed)
    expect(await world.evidence()).toMatchObject([{ ...tail, state: 'open' }])
  })

  it('has caught up when it brings them, which is said (SYN17)', async () => {
    const { world, seed, ben } = await openTail()
    world.reader.clock.advance(10 * MINUTE_MS)
    await world.syncAll(seed)
    seed.test.ingestAll(ben)
    await world.syncAll(seed)
    await eventually('it is settled', async () => (await world.evidence())[0]?.state === 'settled')
    expect(await world.evidence()).toMatchObject([{ ...tail, from: { peerId: 'seed' } }])
    expect(world.held()).toEqual([[1, 20]])
  })

  it('is made up for by another peer, who is named (SYN17)', async () => {
    const { world, seed, ben } = await openTail()
    world.reader.clock.advance(10 * MINUTE_MS)
    await world.syncAll(seed)
    const friend = await world.add('friend', 'peer')
    friend.test.ingestAll(ben)
    await world.meet(friend)
    await eventually('it is repaired', async () => (await world.evidence())[0]?.state === 'repaired')
    expect(await world.evidence()).toMatchObject([{ ...tail, from: { peerId: 'friend' } }])
    expect(world.held()).toEqual([[1, 20]])
  })

  it('is not named for a beat that it got a moment ago (SYN17, BEA8)', async () => {
    const world = await open({ posts: 20 })
    const { ben, reader } = world
    const seed = await world.add('seed', 'seed')
    seed.test.ingest({ operations: [ben.genesis], records: ben.records.slice(0, 15) })
    await world.meet(seed)
    world.reader.clock.advance(24 * 60 * MINUTE_MS)
    const { ts } = ben.records[19]?.header ?? { ts: 0 }
    reader.square.ingestBeats(packBytes([beatBytes(ben, { ts })]), { kind: 'import' })
    await world.syncAll(seed)
    await world.syncAll(seed)
    expect(await world.evidence()).toEqual([])
    world.reader.clock.advance(10 * MINUTE_MS)
    await world.syncAll(seed)
    expect(await world.evidence()).toMatchObject([tail])
  })
})

describe('a seed that serves a device with two histories', () => {
  async function openFork(isForked: boolean) {
    const world = await open({ posts: 30 })
    const { ben } = world
    const fork = branch(ben, ben.records[19] as MadeRecord, 5, 'otherwise')
    const seed = await world.add('seed', 'seed')
    const friend = await world.add('friend', 'peer')
    seed.test.ingest({ operations: [ben.genesis], records: [...ben.records.slice(0, 20), ...(isForked ? fork : [])] })
    friend.test.ingestAll(ben)
    await world.meet(friend)
    await world.meet(seed)
    return { world, seed, friend, fork }
  }

  it('is told with the device, the number and who brought the second; both are kept (SYN17, LOG3)', async () => {
    const { world, seed, friend } = await openFork(true)
    await world.syncAll(seed, friend)
    const held = await eventually('both histories', () => {
      const all = world.reader.square.readLog(world.ben.address, world.ben.device.publicKey, [1, 100], 10_000_000)
      return all.length === 35 ? all : null
    })
    expect(new Set(held.map(({ seq }) => seq)).size).toBe(30)
    expect(await world.evidence()).toMatchObject([
      {
        kind: 'fork',
        peers: [{ peerId: 'seed' }],
        author: { profile: world.ben.profile },
        count: 5,
        seqs: [[21, 25]],
      },
    ])
    expect(world.keeper.owes('seed')).toBe(false)
    await world.keeper.stop()
    // The store knows of it by itself, though not who brought it.
    world.reader.square.setState('evidence', null)
    const again = keeperOf(world.reader)
    again.start()
    await again.settled()
    expect(await again.list()).toMatchObject([{ kind: 'fork', peers: [], count: 5 }])
    await again.stop()
  })

  it('is nothing where there is one history: the control (SYN17)', async () => {
    const { world, seed, friend } = await openFork(false)
    await world.syncAll(seed, friend)
    expect(await world.evidence()).toEqual([])
  })
})

describe('a peer that lies about others', () => {
  it('brings nobody but itself into the book (SYN17)', async () => {
    const world = await open({ posts: 40 })
    const { ben } = world
    const seed = await world.add('seed', 'seed')
    seed.test.ingestAll(ben)
    await world.meet(seed)
    const liar = world.network.host('liar')
    await liar.handle(SYNC_PROTOCOL, async (stream) => {
      const peer = new ScriptedSyncPeer(new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES }))
      const none = { keys: [], isLast: true }
      await peer.send({ ...HELLO, role: 'seed', capabilities: { name: 'name of seed' } })
      await peer.send({
        type: 'interest',
        known: null,
        everyone: true,
        ...none,
        digests: new Uint8Array(400).fill(9),
        sketch: new Uint8Array(),
      })
      const logs = [{ device: ben.device.publicKey, ranges: [[41, 90]] as const, marks: [], beat: null }]
      const entries = [{ author: ben.address, chain: chainDigest([ben.genesis]), alias: null, logs }]
      await peer.send({ type: 'have', entries, alike: new Uint8Array(), differing: null, isLast: true })
      await peer.next('need')
      await peer.send({ type: 'need', entries: [], isLast: true })
      await peer.send({ type: 'done', operations: 0, records: 0, isComplete: true })
      await peer.end()
      await peer.drain()
    })
    await world.meet({ host: liar, test: seed.test })
    const sessions = world.sessionsWith('seed')
    world.reader.clock.advance(10 * MINUTE_MS)
    await world.syncAll({ host: liar, test: seed.test }, seed)
    expect(sessions).toBeGreaterThan(0)
    const evidence = await world.evidence()
    expect(evidence.map(({ kind }) => kind).sort()).toEqual(['hole', 'withheld'])
    for (const { peers } of evidence) expect(peers.map(({ peerId }) => peerId)).toEqual(['liar'])
    // The seed is still asked first, and Ben is complete but for what the liar says there is.
    expect(world.keeper.owes('seed')).toBe(false)
    expect(world.held()).toEqual([[1, 40]])
  })
})
