import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { linkNodes } from '../harness/link-nodes.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

/** The seed of every test; each has people of its own. */
const common = new TestSquare()
let seed: TestPeer
let square: TestSquare
let laptop: TestPeer
let phone: TestPeer
let words: string

/** The texts of a profile as this node shows them, newest first. */
async function textsOf(peer: TestPeer, profile: string): Promise<string[]> {
  return (await peer.api.timeline.profile({ profile })).items.map(({ text }) => text)
}

beforeAll(async () => {
  seed = await common.add({ role: 'seed' })
})
afterAll(() => common.close())
beforeEach(async () => {
  square = new TestSquare()
  square.watch()
  ;[laptop, phone] = await Promise.all([square.add({ peers: [await seed.address()], name: 'Nour' }), square.add()])
  words = ((await clientOf(laptop.node, 'web').account.words()).words ?? []).join(' ')
  await linkNodes(laptop, phone, 'phone')
})
afterEach(() => square.close())

describe('two devices of one account', () => {
  it('write one timeline, on both and for a follower (IDN12)', async () => {
    const profile = await laptop.profile()
    const aya = await square.add({ peers: [await seed.address()], name: 'Aya' })
    await aya.api.follows.add({ profile })
    await laptop.api.posts.create({ text: 'from the laptop' })
    await phone.api.posts.create({ text: 'from the phone' })
    for (const peer of [laptop, phone, aya]) {
      await eventually('both posts', async () => (await textsOf(peer, profile)).length === 2)
      expect((await textsOf(peer, profile)).sort()).toEqual(['from the laptop', 'from the phone'])
    }
    expect(await aya.seesAtHome('from the phone')).toMatchObject({ author: profile, name: 'Nour' })
    expect((await aya.api.follows.list()).items).toHaveLength(1)
    const { items } = await laptop.api.devices.list()
    expect(items.map(({ name, records }) => [name, records > 0])).toEqual([
      ['Linux', true],
      ['phone', true],
    ])
  })

  it('lets either delete what the other wrote', async () => {
    const { id } = await laptop.api.posts.create({ text: 'regrettable' })
    await phone.holdsPost(id)
    await phone.api.posts.delete({ id })
    await eventually('the deletion', async () => (await laptop.api.posts.get({ id })).state === 'deleted')
  })

  it('hides what a revoked device writes, shows it again when that is taken back (IDN18)', async () => {
    const profile = await laptop.profile()
    const aya = await square.add({ peers: [await seed.address()], name: 'Aya' })
    await aya.api.follows.add({ profile })
    await phone.api.posts.create({ text: 'from the phone' })
    await aya.seesAtHome('from the phone')
    await eventually('it is here too', async () => (await textsOf(laptop, profile)).includes('from the phone'))
    await laptop.api.devices.revoke({ peerId: await phone.peerId(), secret: words, lastSeq: 0 })
    for (const peer of [laptop, phone, aya]) {
      await eventually('nothing of the phone', async () => (await textsOf(peer, profile)).length === 0)
    }
    await eventually('the phone knows', async () => {
      const { items } = await phone.api.devices.list()
      return items.some(({ isThis, status, hidden }) => isThis && status === 'sealed' && hidden > 0)
    })
    await expect(phone.api.posts.create({ text: 'still here' })).rejects.toMatchObject({ code: 'device-sealed' })
    await laptop.api.devices.restore({ peerId: await phone.peerId(), secret: words })
    for (const peer of [laptop, phone, aya]) {
      await eventually('it is back', async () => (await textsOf(peer, profile)).includes('from the phone'))
    }
    await eventually('the phone may write', () => phone.api.posts.create({ text: 'again' }).catch(() => null))
  })

  it('keeps what a device wrote that has retired, and nothing after (IDN17)', async () => {
    const profile = await laptop.profile()
    await phone.api.posts.create({ text: 'from the phone' })
    await phone.api.devices.retire()
    await expect(phone.api.posts.create({ text: 'too late' })).rejects.toMatchObject({ code: 'device-retired' })
    await eventually('the post stays', async () => (await textsOf(laptop, profile)).includes('from the phone'))
    await eventually('the laptop knows', async () => (await laptop.api.devices.list()).items[1]?.status === 'retired')
    await expect(laptop.api.devices.retire()).rejects.toMatchObject({ code: 'last-device' })
  })
})
