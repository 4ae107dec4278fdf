import { rm } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

describe('a recovered account', () => {
  /** The seed of every test; each has people of its own. */
  const common = new TestSquare()
  let seed: TestPeer
  let square: TestSquare
  beforeAll(async () => {
    seed = await common.add({ role: 'seed' })
  })
  afterAll(() => common.close())
  beforeEach(() => {
    square = new TestSquare()
    square.watch()
  })
  afterEach(() => square.close())

  async function lose(peer: TestPeer): Promise<void> {
    await peer.stop()
    await rm(peer.dataDir, { recursive: true })
  }

  async function isHeld(peer: TestPeer): Promise<void> {
    await eventually('the seed keeps all of it', async () => {
      const { storage } = await peer.api.network.status()
      return storage.ownRecords > 0 && storage.ownUnheld === 0
    })
  }

  async function recovered(secret: string, peers: string[]): Promise<TestPeer> {
    const next = await square.add({ peers })
    await next.api.recovery.start({ secret })
    await eventually('the account is back', async () => (await next.api.recovery.status()).step === 'done')
    return next
  }

  async function story() {
    const peers = [await seed.address()]
    const [friend, first] = await Promise.all([square.add({ name: 'Aya', peers }), square.add({ name: 'Nour', peers })])
    const profile = await first.profile()
    const { words } = await clientOf(first.node, 'web').account.words()
    await friend.api.follows.add({ profile })
    const { id } = await first.api.posts.create({ text: 'from the first' })
    await isHeld(first)
    await friend.seesAtHome('from the first')
    return { peers, friend, first, profile, id, secret: (words ?? []).join(' ') }
  }

  it('goes on writing: seeds keep it, and who followed sees the same person (RCV9)', async () => {
    const { peers, friend, first, profile, id, secret } = await story()
    await lose(first)
    const second = await recovered(secret, peers)
    const post = await second.api.posts.create({ text: 'from the second' })
    await seed.holdsPost(post.id)
    expect(await friend.seesAtHome('from the second')).toMatchObject({ author: profile, name: 'Nour' })
    await isHeld(second)
    await second.api.posts.delete({ id })
    await eventually('what the first wrote is deleted', async () => {
      return (await friend.api.posts.get({ id })).state === 'deleted'
    })
    await second.api.profiles.update({ name: 'Nour again' })
    await eventually('the friend sees the new name', async () => {
      return (await friend.api.profiles.get({ profile })).name === 'Nour again'
    })
  })

  it('comes back a second time with the records of both computers (RCV11)', async () => {
    const { peers, first, secret } = await story()
    await lose(first)
    const second = await recovered(secret, peers)
    await second.api.posts.create({ text: 'from the second' })
    await isHeld(second)
    await lose(second)
    const third = await recovered(secret, peers)
    for (const text of ['from the first', 'from the second']) await third.seesAtHome(text)
    expect((await third.api.recovery.means()).devices.active).toBe(3)
  })

  it('speaks for its device that was not lost after all, both hear each other', async () => {
    const { peers, first, secret } = await story()
    const second = await recovered(secret, peers)
    await second.api.posts.create({ text: 'from the second' })
    await first.seesAtHome('from the second')
    await first.api.posts.create({ text: 'from the first again' })
    await second.seesAtHome('from the first again')
  })

  it('by the paper key writes too, and hears of what a thief of the words did no more (RCV10)', async () => {
    const { peers, friend, first, secret } = await story()
    const { paper } = await clientOf(first.node, 'web').recovery.makePaper({ secret })
    // The chain goes with what is written next, which the seed acknowledges.
    await first.api.posts.create({ text: 'with a paper key' })
    await isHeld(first)
    await lose(first)
    const thief = await recovered(secret, peers)
    await thief.api.posts.create({ text: 'from the thief' })
    await friend.seesAtHome('from the thief')
    const thiefDevice = await thief.peerId()
    const owner = await recovered(paper, peers)
    const { words } = await clientOf(owner.node, 'web').account.words()
    await owner.api.devices.revoke({ peerId: thiefDevice, secret: (words ?? []).join(' '), lastSeq: 0 })
    await owner.api.posts.create({ text: 'from the owner' })
    await friend.seesAtHome('from the owner')
    await eventually('the friend sees nothing of the thief', async () => {
      const { items } = await friend.api.timeline.home({})
      return items.every(({ text }) => text !== 'from the thief')
    })
    await friend.seesAtHome('from the first')
  })
})
