import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

let square: TestSquare
let seed: TestPeer
let nour: TestPeer
let aya: TestPeer

/** Two people who know only the seed. */
async function open(): Promise<void> {
  square = new TestSquare()
  seed = await square.add({ role: 'seed' })
  const peers = [await seed.address()]
  ;[nour, aya] = await Promise.all([square.add({ peers, name: 'Nour' }), square.add({ peers, name: 'Aya' })])
}

describe('a square of two peers and a seed', () => {
  beforeAll(async () => {
    await open()
    await aya.follow(nour)
  })
  beforeEach(() => square.watch())
  afterAll(() => square.close())

  it('brings a post from one to the other, who know only the seed', async () => {
    const { id } = await nour.api.posts.create({ text: 'first words' })
    const post = await aya.seesAtHome('first words')
    expect(post).toMatchObject({ id, author: await nour.profile(), name: 'Nour', holding: null })
    const own = await eventually('the seed keeps it', async () => {
      const { holding } = await nour.api.posts.get({ id })
      return holding?.cause === 'held' ? holding : null
    })
    expect(own.seeds.map(({ peerId }) => peerId)).toEqual([await seed.peerId()])
  })

  it('purges a deleted post on all three, from search too', async () => {
    const { id } = await nour.api.posts.create({ text: 'regrettable xylophone' })
    await aya.seesAtHome('regrettable xylophone')
    await seed.holdsPost(id)
    expect((await aya.api.search.posts({ query: 'xylophone' })).items).toHaveLength(1)
    expect(await nour.api.posts.delete({ id })).toEqual({ id })
    for (const peer of [nour, aya, seed]) {
      const post = await eventually('the deletion', async () => {
        const found = await peer.api.posts.get({ id })
        return found.state === 'deleted' ? found : null
      })
      expect(post.text).toBe('')
      expect(post.deletedAt).not.toBeNull()
      expect((await peer.api.search.posts({ query: 'xylophone' })).items).toEqual([])
    }
    expect((await aya.api.timeline.home({})).items.find((post) => post.id === id)?.text ?? '').toBe('')
    await expect(aya.api.posts.delete({ id })).rejects.toMatchObject({ code: 'not-owner' })
  })

  it('says with whom what is held of an author was compared (SYN6)', async () => {
    const profile = await nour.profile()
    await nour.api.posts.create({ text: 'something to compare' })
    await aya.seesAtHome('something to compare')
    const { counts, compared } = await eventually('a comparison', async () => {
      const found = await aya.api.profiles.get({ profile })
      return found.compared === null ? null : found
    })
    expect(counts.missing).toBe(0)
    expect(compared?.peers).toBe(1)
    expect(Math.abs(Date.now() - (compared?.at ?? 0))).toBeLessThan(120_000)
  })

  it('counts replies, reactions and reposts on the other side', async () => {
    await nour.follow(aya)
    const { id } = await nour.api.posts.create({ text: 'what do you think?' })
    await aya.seesAtHome('what do you think?')
    const reply = await aya.api.posts.create({ text: 'a lot', reply: id })
    await aya.api.reactions.add({ id, emoji: '🌳' })
    await aya.api.reposts.add({ id })
    await aya.api.reposts.add({ id })
    await eventually('all counts', async () => {
      const { counts } = await nour.api.posts.get({ id })
      return counts.replies === 1 && counts.reactions === 1 && counts.reposts === 1
    })
    // Gossip may bring the reply before sync brings who wrote it.
    const thread = await eventually('the name of who replied', async () => {
      const found = await nour.api.threads.get({ id })
      return found.replies[0]?.post.name === '' ? null : found
    })
    expect(thread.replies).toMatchObject([{ depth: 1, post: { id: reply.id, text: 'a lot', name: 'Aya' } }])
    expect((await aya.api.posts.get({ id })).mine).toEqual({ reaction: '🌳', reposted: true })
    await aya.api.reactions.remove({ id })
    await aya.api.reposts.remove({ id })
    await eventually('the counts to fall', async () => {
      const { counts } = await nour.api.posts.get({ id })
      return counts.reactions === 0 && counts.reposts === 0
    })
  })

  it('names the seed in the profile and in the link', async () => {
    const view = await eventually('the home seed', async () => {
      const found = await nour.api.profiles.get({})
      return found.seeds.length === 1 ? found : null
    })
    expect(view.seeds).toEqual([{ peerId: await seed.peerId(), addresses: [await seed.address()] }])
    expect(view.link).toContain(`?a=/ip4/127.0.0.1/tcp/`)
    const late = await square.add({ name: 'Late' })
    await nour.api.posts.create({ text: 'found by link' })
    await late.api.follows.add({ profile: view.link })
    await late.seesAtHome('found by link')
  })
})

describe('a square whose peers come and go', () => {
  beforeEach(async () => {
    await open()
    square.watch()
  })
  afterEach(() => square.close())

  it('follows the peer ID of a device', async () => {
    await nour.api.posts.create({ text: 'by device' })
    await aya.api.follows.add({ profile: await nour.peerId(), addresses: [await nour.address()] })
    await aya.seesAtHome('by device')
    expect((await aya.api.follows.list()).items).toMatchObject([{ profile: await nour.profile(), state: 'following' }])
  })

  it('delivers to who was away from who is away now', async () => {
    await aya.follow(nour)
    await aya.stop()
    const { id } = await nour.api.posts.create({ text: 'while you slept' })
    await nour.stop()
    await aya.start()
    expect((await aya.seesAtHome('while you slept')).id).toBe(id)
  })

  it('hands unsent records over while it stops', async () => {
    await aya.follow(nour)
    const ids: string[] = []
    for (let i = 0; i < 20; i++) ids.push((await nour.api.posts.create({ text: `last words ${i}` })).id)
    await nour.stop()
    for (const id of ids) expect(await seed.holdsPost(id)).toMatchObject({ state: 'shown' })
  })

  it('keeps everything over a restart', async () => {
    await aya.follow(nour)
    const { id } = await nour.api.posts.create({ text: 'still here' })
    await aya.seesAtHome('still here')
    const unknown = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'
    expect((await aya.api.follows.add({ profile: unknown })).state).toBe('pending')
    const account = await aya.api.account.get()
    for (const peer of [seed, nour, aya]) await peer.stop()
    await aya.start({ peers: [] })
    expect(await aya.api.account.get()).toEqual(account)
    expect((await aya.api.timeline.home({})).items.map((post) => post.id)).toEqual([id])
    expect((await aya.api.follows.list()).items.map(({ profile, state }) => ({ profile, state }))).toEqual(
      expect.arrayContaining([
        { profile: unknown, state: 'pending' },
        { profile: await nour.node.listening.then(({ profile }) => profile), state: 'following' },
      ]),
    )
  })
})
