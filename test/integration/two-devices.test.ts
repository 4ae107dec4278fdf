import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkNodes } from '../harness/link-nodes.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

let square: TestSquare
let seed: TestPeer
let laptop: TestPeer
let phone: TestPeer
let reader: TestPeer
let aya: TestPeer

/** What a person can see of the account anywhere, and what only its devices see. */
async function publicState(peer: TestPeer, profile: string) {
  const view = await peer.api.profiles.get({ profile })
  const { items } = await peer.api.timeline.profile({ profile, limit: 100 })
  const posts = items.map(({ id, text, editedAt, state, counts }) => ({ id, text, editedAt, state, counts }))
  return { name: view.name, bio: view.bio, counts: { ...view.counts, followers: 0 }, posts }
}

async function ownState(peer: TestPeer) {
  const follows = (await peer.api.follows.list()).items.map(({ profile, state }) => [profile, state]).sort()
  const mutes = await peer.api.private.list({ edge: 'mute' })
  const devices = (await peer.api.devices.list()).items.map(({ peerId, name, status, forked }) => {
    return [peerId, name, status, forked]
  })
  const home = (await peer.api.timeline.home({ limit: 100 })).items.map(({ id, mine }) => [id, mine])
  return { follows, mutes, devices: devices.sort(), home }
}

beforeEach(async () => {
  square = new TestSquare()
  square.watch()
  seed = await square.add({ role: 'seed' })
  const peers = [await seed.address()]
  ;[laptop, reader, aya] = await Promise.all([
    square.add({ name: 'Nour', peers }),
    square.add({ name: 'Reader', peers }),
    square.add({ name: 'Aya', peers }),
  ])
  phone = await square.add({ peers })
  await linkNodes(laptop, phone, 'phone')
})
afterEach(() => square.close())

describe('two devices of one person', () => {
  it('are one person to everybody, and agree on everything after having been apart', async () => {
    const profile = await laptop.profile()
    await reader.api.follows.add({ profile })
    const { id: first } = await laptop.api.posts.create({ text: 'written together' })
    const { id: ayas } = await aya.api.posts.create({ text: 'a post of Aya’s' })
    await Promise.all([phone.holdsPost(first), reader.seesAtHome('written together')])
    await laptop.api.follows.add({ profile: await aya.profile() })
    await eventually('both follow Aya', async () => {
      const lists = await Promise.all([laptop, phone].map((peer) => peer.api.follows.list()))
      return lists.every(({ items }) => items.some(({ state }) => state === 'following'))
    })
    await Promise.all([laptop.seesAtHome('a post of Aya’s'), phone.seesAtHome('a post of Aya’s')])

    const [readers, phoneId] = [await reader.profile(), await phone.peerId()]

    // Apart: the one is off while the other is on, and hears of nothing that the first one says.
    await laptop.stop()
    await Promise.all([seed.stop(), reader.stop(), aya.stop()])
    const { id: fromPhone } = await phone.api.posts.create({ text: 'from the phone, alone' })
    await phone.api.posts.edit({ id: first, text: 'written together, said by the phone' })
    await phone.api.reactions.add({ id: ayas, emoji: '🌳' })
    await phone.api.private.put({ edge: 'mute', subject: 'aa', value: 'by the phone' })
    await phone.api.private.put({ edge: 'mute', subject: 'bb', value: 'by the phone' })
    await phone.api.profiles.update({ bio: 'said by the phone' })
    await phone.stop()
    await laptop.start()
    const { id: fromLaptop } = await laptop.api.posts.create({ text: 'from the laptop, alone' })
    await laptop.api.posts.edit({ id: first, text: 'written together, said by the laptop' })
    await laptop.api.reactions.add({ id: ayas, emoji: '❤' })
    await laptop.api.follows.add({ profile: readers })
    await laptop.api.private.put({ edge: 'mute', subject: 'aa', value: 'by the laptop' })
    await laptop.api.profiles.update({ bio: 'said by the laptop' })
    await laptop.api.devices.rename({ peerId: phoneId, name: 'Nour’s phone' })

    await seed.start()
    const peers = [await seed.address()]
    await Promise.all([phone, reader, aya].map((peer) => peer.start({ peers })))
    await laptop.api.network.connect({ address: peers[0] as string })
    await Promise.all([phone, seed, reader].flatMap((peer) => [peer.holdsPost(fromLaptop), peer.holdsPost(fromPhone)]))
    await Promise.all([laptop.holdsPost(fromPhone), laptop.holdsPost(fromLaptop)])

    await eventually('all nodes hold the same of this person', async () => {
      const states = await Promise.all([laptop, phone, seed, reader].map((peer) => publicState(peer, profile)))
      return new Set(states.map((state) => JSON.stringify(state))).size === 1
    })
    await eventually('both devices see the same', async () => {
      const [one, two] = await Promise.all([ownState(laptop), ownState(phone)])
      return JSON.stringify(one) === JSON.stringify(two)
    })
    const state = await publicState(reader, profile)
    expect(state.posts.map(({ text }) => text).sort()).toEqual([
      'from the laptop, alone',
      'from the phone, alone',
      'written together, said by the laptop',
    ])
    expect(state).toMatchObject({ name: 'Nour', bio: 'said by the laptop', counts: { missing: 0 } })
    const { mutes, devices } = await ownState(phone)
    expect(Object.fromEntries(mutes.items.map(({ subject, value }) => [subject, value]))).toEqual({
      aa: 'by the laptop',
      bb: 'by the phone',
    })
    expect(devices.map(([, , status, forked]) => [status, forked])).toEqual([
      ['active', false],
      ['active', false],
    ])
    expect((await reader.api.posts.history({ id: first })).items).toHaveLength(3)
  }, 180_000)

  it('hides what a stolen one says from everybody once it is revoked, and gives it back when that was wrong', async () => {
    const profile = await laptop.profile()
    await reader.api.follows.add({ profile })
    const { id: before } = await phone.api.posts.create({ text: 'before the theft' })
    await Promise.all([laptop, reader].map((peer) => peer.holdsPost(before)))
    const stolen = (await phone.api.devices.list()).items.find(({ isThis }) => isThis)
    const words = (await wordsOf(laptop)).join(' ')
    const lastSeq = stolen?.records ?? 0
    const { id: after } = await phone.api.posts.create({ text: 'by the thief' })
    await Promise.all([laptop, seed, reader].map((peer) => peer.holdsPost(after)))

    const peerId = await phone.peerId()
    await expect(laptop.api.devices.revoke({ peerId, secret: 'abandon '.repeat(24).trim() })).rejects.toMatchObject({
      code: 'wrong-secret',
    })
    await laptop.api.devices.revoke({ peerId, secret: words, lastSeq })
    await Promise.all(
      [laptop, seed, reader, phone].map((peer) =>
        eventually('the thief is silent', async () => {
          const { items } = await peer.api.timeline.profile({ profile })
          return items.length === 1 && items[0]?.text === 'before the theft'
        }),
      ),
    )
    await expect(phone.api.posts.create({ text: 'by the thief again' })).rejects.toMatchObject({
      code: 'device-sealed',
    })

    await laptop.api.devices.restore({ peerId, secret: words })
    await Promise.all([seed, reader].map((peer) => peer.holdsPost(after)))
    await eventually('the phone may write again', () =>
      phone.api.posts.create({ text: 'it was only under the sofa' }).catch(() => null),
    )
    await reader.seesAtHome('it was only under the sofa')
  }, 120_000)
})

/** The words while they wait to be confirmed, as the window shows them. */
async function wordsOf(peer: TestPeer): Promise<readonly string[]> {
  const { words } = await clientOf(peer.node, 'web').account.words()
  if (words === null) throw new Error('no words wait to be confirmed')
  return words
}
