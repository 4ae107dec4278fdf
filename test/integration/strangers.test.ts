import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000

let square: TestSquare

beforeEach(() => {
  square = new TestSquare()
  square.watch()
})
afterEach(() => square.close())

/** Its profile names a seed, as others see it. */
async function isAtHome(peer: TestPeer, seed: TestPeer) {
  const profile = await peer.profile()
  await eventually('the seed knows whose home it is', async () => {
    const { seeds } = await seed.api.profiles.get({ profile })
    return seeds.length > 0 || null
  })
}

const noticesOf = async (peer: TestPeer) => (await peer.api.notifications.list({})).items

describe('people who do not follow each other', () => {
  it(
    'see in a thread what strangers answer, by the seeds, from the root on (INB4, INB7)',
    async () => {
      const seed = await square.add({ role: 'seed' })
      const peers = [await seed.address()]
      const aya = await square.add({ peers, name: 'Aya' })
      const ben = await square.add({ peers, name: 'Ben' })
      const { id } = await aya.api.posts.create({ text: 'who was there? #Tout' })
      await seed.holdsPost(id)
      // Ben has opened it by its link: the thread index brings him the root.
      await eventually('the root at Ben', () => ben.api.threads.get({ id }).catch(() => null))
      const answer = await ben.api.posts.create({ text: 'I was', reply: id })
      await seed.holdsPost(answer.id)
      // Cleo comes when all has been said.
      const cleo = await square.add({ peers, name: 'Cleo' })
      await eventually('a seed', async () => (await cleo.api.network.status()).seeds || null)
      const thread = await eventually('the thread at Cleo', async () => {
        const one = await cleo.api.threads.get({ id }).catch(() => null)
        return one !== null && one.answers === 'asked' && one.replies.length > 0 ? one : null
      })
      expect(thread.replies.map(({ post }) => [post.text, post.name])).toEqual([['I was', 'Ben']])
      expect(thread).toMatchObject({ seedsAsked: 1, post: { name: 'Aya' } })
      expect((await cleo.api.follows.list()).items).toEqual([])
      // A tag is found the same way, by whoever holds nothing with it.
      const dan = await square.add({ peers, name: 'Dan' })
      const tagged = await eventually('the tag at Dan', async () => {
        const one = await dan.api.timeline.tag({ tag: 'tout' })
        return one.items.length > 0 ? one : null
      })
      expect(tagged.items.map(({ text }) => text)).toEqual(['who was there? #Tout'])
      // And without a seed it is said that nobody can be asked.
      const alone = await square.add({ name: 'Eve' })
      expect(await alone.api.timeline.tag({ tag: 'tout' })).toMatchObject({ items: [], answers: 'nobody' })
    },
    TIMEOUT_MS,
  )

  it(
    'get what was said to them while they were away, from the seed that their profile names (INB1, INB6, INB8)',
    async () => {
      const seed = await square.add({ role: 'seed' })
      const peers = [await seed.address()]
      const aya = await square.add({ peers, name: 'Aya' })
      const ben = await square.add({ peers, name: 'Ben' })
      const { id } = await aya.api.posts.create({ text: 'I am off' })
      await seed.holdsPost(id)
      await isAtHome(aya, seed)
      await eventually('the root at Ben', () => ben.api.threads.get({ id }).catch(() => null))
      await aya.stop()
      const answer = await ben.api.posts.create({ text: 'come back soon', reply: id })
      await ben.api.reactions.add({ id })
      await seed.holdsPost(answer.id)
      await ben.stop()
      await aya.start()
      const kinds = await eventually('both notices', async () => {
        const items = await noticesOf(aya)
        return items.length >= 2 ? items.map(({ kind }) => kind).toSorted() : null
      })
      expect(kinds).toEqual(['reaction', 'reply'])
    },
    TIMEOUT_MS,
  )
})
