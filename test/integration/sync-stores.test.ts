import { describe, expect, it, onTestFinished } from 'vitest'
import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import type { SquareInit } from '../../core/node/square-calls.ts'
import { SquareClient } from '../../core/node/square-client.ts'
import { encodeFollow, encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { SYNC_LIMITS } from '../../core/sync/limits.ts'
import { SyncSession } from '../../core/sync/session.ts'
import type { SyncSessionInit } from '../../core/sync/session-init.ts'
import type { SyncSummary } from '../../core/sync/summary.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { TestAuthor } from '../harness/authors.ts'
import { beatBytes } from '../harness/beats.ts'
import { createMemoryDuplex } from '../harness/memory-duplex.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

async function openStore(init: Partial<SquareInit> = {}): Promise<SquareClient> {
  const store = await SquareClient.open(
    { logger: silentLogger },
    { dataDir: makeTempDir(), domain: 'palabre', role: 'peer', admit: 'all', pins: [], account: null, ...init },
  )
  onTestFinished(() => store.close())
  return store
}

/** A store of somebody who follows these people. */
async function openFollower(me: TestAuthor, ...others: TestAuthor[]): Promise<SquareClient> {
  const store = await openStore({ account: me.account })
  await store.ingest({ operations: others.map(({ genesis }) => genesis), records: [] }, { kind: 'import' })
  for (const other of others) {
    await store.publish([{ kind: KIND.follow, body: me.follow(other).body as Uint8Array }])
  }
  return store
}

function sessionOf(store: SquareClient, duplex: FrameDuplex, init: Partial<SyncSessionInit>) {
  return new SyncSession(
    { door: store, reader: store, book: store, duplex, clock: systemClock, random: systemRandom },
    {
      peerId: 'other',
      isInitiator: false,
      network: 'palabre',
      role: 'peer',
      profile: null,
      name: '',
      device: new Uint8Array(32),
      scope: null,
      limits: SYNC_LIMITS,
      ...init,
    },
  )
}
async function sync(
  first: SquareClient,
  second: SquareClient,
  init: { first?: Partial<SyncSessionInit>; second?: Partial<SyncSessionInit> } = {},
): Promise<[SyncSummary, SyncSummary]> {
  const [near, far] = createMemoryDuplex()
  const { signal } = new AbortController()
  return await Promise.all([
    sessionOf(first, near, { ...init.first, isInitiator: true }).run(signal),
    sessionOf(second, far, { ...init.second }).run(signal),
  ])
}

async function textsOf(store: SquareClient, author: TestAuthor): Promise<string[]> {
  return (await store.profilePosts(author.profile, { limit: 500 })).items.map(({ text }) => text)
}

describe('sync between real stores', () => {
  it('carries an author through a seed to a follower, whole and in order', async () => {
    const [ana, bea] = [new TestAuthor('Ana'), new TestAuthor('Bea')]
    const home = await openStore({ account: ana.account })
    const seed = await openStore({ role: 'seed' })
    const follower = await openFollower(bea, ana)
    for (let i = 1; i <= 120; i++) {
      await home.publish([{ kind: KIND.post, body: encodePost({ salt: ana.salt(), text: `post ${i}` }) }])
    }
    const [sent] = await sync(home, seed, { first: { device: ana.device.publicKey }, second: { role: 'seed' } })
    expect(sent).toMatchObject({ sentRecords: 120, keptRecords: 120, isComplete: true })
    expect((await home.stats()).ownUnheld).toBe(0)
    const [received] = await sync(follower, seed)
    expect(received).toMatchObject({ newRecords: 120, isComplete: true })
    expect((await follower.home({ limit: 500 })).items.map(({ text }) => text)).toEqual(
      Array.from({ length: 120 }, (_, i) => `post ${120 - i}`),
    )
    expect((await sync(follower, seed))[0]).toMatchObject({ receivedRecords: 0, receivedOperations: 0, sentRecords: 0 })
  })

  it('fills gaps, and carries a deletion with its body gone', async () => {
    const [ana, bea] = [new TestAuthor('Ana'), new TestAuthor('Bea')]
    const posts = Array.from({ length: 30 }, (_, i) => ana.post(`post ${i}`))
    const removed = posts[4]
    if (removed === undefined) throw new Error('no such post')
    ana.delete(removed)
    const seed = await openStore({ role: 'seed' })
    const all = ana.records.map(({ bytes }) => bytes)
    await seed.ingest({ operations: [ana.genesis], records: all }, { kind: 'import' })
    const follower = await openFollower(bea, ana)
    const some = posts.filter((_, i) => i % 7 === 2 || i === 4).map(({ bytes }) => bytes)
    await follower.ingest({ operations: [], records: some }, { kind: 'gossip', peer: 'x' })
    expect(await textsOf(follower, ana)).toContain('post 4')
    await sync(follower, seed)
    const held = await follower.listHeld([ana.address])
    expect(held).toMatchObject([{ ranges: [[1, 31]] }])
    const page = await follower.profilePosts(ana.profile, { limit: 500 })
    expect(page.items.filter(({ state }) => state === 'shown')).toHaveLength(29)
    expect(page.items.some(({ text }) => text === 'post 4')).toBe(false)
  })

  it('brings what each of two followers wrote to the other, in one session', async () => {
    const [ana, bea] = [new TestAuthor('Ana'), new TestAuthor('Bea')]
    const first = await openFollower(ana, bea)
    const second = await openFollower(bea, ana)
    await first.publish([{ kind: KIND.post, body: encodePost({ salt: ana.salt(), text: 'from Ana' }) }])
    await second.publish([{ kind: KIND.post, body: encodePost({ salt: bea.salt(), text: 'from Bea' }) }])
    await sync(first, second)
    expect(await textsOf(first, bea)).toEqual(['from Bea'])
    expect(await textsOf(second, ana)).toEqual(['from Ana'])
  })

  it('finds the chain of somebody who is about to be followed, by address and by device', async () => {
    const [ana, bea] = [new TestAuthor('Ana'), new TestAuthor('Bea')]
    const seed = await openStore({ role: 'seed' })
    for (const author of [ana, bea]) {
      const records = [author.post(`hello from ${author.name}`).bytes]
      await seed.ingest({ operations: [author.genesis], records }, { kind: 'import' })
    }
    const reader = await openStore({ account: new TestAuthor('Cem').account })
    await reader.addPendingFollows([ana.address], [])
    await reader.addPendingFollows([bea.device.publicKey], [])
    await sync(reader, seed)
    expect(await reader.findGenesis(ana.address)).toEqual(ana.genesisHash)
    expect(await reader.findGenesis(bea.address)).toEqual(bea.genesisHash)
    expect(await textsOf(reader, ana)).toEqual(['hello from Ana'])
  })

  it('takes a log that begins far above what is held', async () => {
    const [ana, bea] = [new TestAuthor('Ana'), new TestAuthor('Bea')]
    const seed = await openStore({ role: 'seed' })
    const body = encodeFollow({
      salt: ana.salt(),
      subject: { address: bea.address, genesis: bea.genesisHash.slice(0, 8) },
      on: true,
    })
    const late = ana.signAt(KIND.follow, body, { seq: 50_000, prev: new Uint8Array(32), ts: 1_767_225_600_000 })
    await seed.ingest({ operations: [ana.genesis], records: [ana.post('first').bytes, late.bytes] }, { kind: 'import' })
    const follower = await openFollower(bea, ana)
    await sync(follower, seed)
    expect(await follower.listHeld([ana.address])).toMatchObject([
      {
        ranges: [
          [1, 1],
          [50_000, 50_000],
        ],
      },
    ])
  })
})

describe('a seed that keeps the newest posts of somebody back', () => {
  /** Ana has written thirty posts; the seed offers 25 of them, and Bea follows her through it. */
  async function frozenTail() {
    const [ana, bea] = [new TestAuthor('Ana'), new TestAuthor('Bea')]
    for (let i = 1; i <= 30; i++) ana.post(`post ${i}`)
    const all = ana.records.map(({ bytes }) => bytes)
    const open = async (count: number, role: 'peer' | 'seed' = 'seed') => {
      const store = await openStore({ role, pins: [ana.address] })
      await store.ingest({ operations: [ana.genesis], records: all.slice(0, count) }, { kind: 'import' })
      return store
    }
    const reader = await openFollower(bea, ana)
    const viewOf = () => reader.profile(ana.profile)
    return { ana, reader, frozen: await open(25), witness: await open(25, 'peer'), whole: await open(30), viewOf }
  }

  it('is found out by a beat that came another way, and a third source repairs it (BEA7, BEA8)', async () => {
    const { ana, reader, frozen, witness, whole, viewOf } = await frozenTail()
    await witness.ingestBeats([beatBytes(ana)], { kind: 'import' })
    await sync(reader, frozen)
    expect(await viewOf()).toMatchObject({
      counts: { posts: 25, missing: 0 },
      completeAsOf: ana.records[24]?.header.ts,
    })
    const [fromWitness] = await sync(reader, witness)
    expect(await viewOf()).toMatchObject({ counts: { posts: 25, missing: 5 }, completeAsOf: null })
    expect(fromWitness.behindBeat).toMatchObject([{ author: ana.address, offeredSeq: 25, beatSeq: 30, heldSeq: 25 }])
    const [fromFrozen] = await sync(reader, frozen, { second: { peerId: 'reader' } })
    expect(fromFrozen.behindBeat).toMatchObject([{ author: ana.address, offeredSeq: 25, beatSeq: 30, heldSeq: 25 }])
    await sync(reader, whole)
    expect(await viewOf()).toMatchObject({
      counts: { posts: 30, missing: 0 },
      completeAsOf: ana.records[29]?.header.ts,
    })
  })

  it('is not seen without the beat: the control (BEA7)', async () => {
    const { ana, reader, frozen, witness, viewOf } = await frozenTail()
    await sync(reader, frozen)
    const [summary] = await sync(reader, witness)
    expect(summary.behindBeat).toEqual([])
    expect(await viewOf()).toMatchObject({
      counts: { posts: 25, missing: 0 },
      completeAsOf: ana.records[24]?.header.ts,
    })
  })
})
