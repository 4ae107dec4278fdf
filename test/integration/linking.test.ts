import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { linkNodes, linkStep, meetNodes } from '../harness/link-nodes.ts'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

/** The seed of every test; each has people of its own. */
const common = new TestSquare()
let seed: TestPeer
let square: TestSquare
let laptop: TestPeer

/** Names and states of the account's devices, as one of them lists them. */
async function devicesOf(peer: TestPeer): Promise<string[]> {
  const { items } = await peer.api.devices.list()
  return items.map(({ name, status, isThis }) => `${name} ${status}${isThis ? ' (this)' : ''}`).sort()
}

beforeAll(async () => {
  seed = await common.add({ role: 'seed' })
})
afterAll(() => common.close())
beforeEach(async () => {
  square = new TestSquare()
  square.watch()
  laptop = await square.add({ peers: [await seed.address()], name: 'Nour' })
})
afterEach(() => square.close())

describe('linking two nodes', () => {
  it('makes the account the new device’s own, with its records, follows and seeds (LNK8)', async () => {
    const aya = await square.add({ name: 'Aya', peers: [await laptop.address()] })
    await laptop.api.follows.add({ profile: await aya.profile(), addresses: [await aya.address()] })
    const { id } = await laptop.api.posts.create({ text: 'before the phone' })
    await aya.api.posts.create({ text: 'from a friend' })
    await laptop.seesAtHome('from a friend')
    const phone = await square.add()
    const { codes } = await meetNodes(laptop, phone, 'phone')
    expect(codes[0]).toMatch(/^\d{3} \d{3}$/)
    expect(codes[1]).toBe(codes[0])
    expect(await phone.api.link.status()).toMatchObject({ side: 'join', other: 'Nour', link: null })
    expect(await laptop.api.link.status()).toMatchObject({ side: 'offer', other: 'phone', link: null })
    await phone.api.link.confirm({ matches: true })
    expect(await phone.api.link.status()).toMatchObject({ step: 'confirming', code: codes[0] })
    await expect(phone.api.account.get()).rejects.toMatchObject({ code: 'no-account' })
    await laptop.api.link.confirm({ matches: true })
    await Promise.all([linkStep(laptop, 'done'), linkStep(phone, 'done')])

    expect(await phone.api.account.get()).toMatchObject({ profile: await laptop.profile(), name: 'Nour' })
    expect(await phone.api.account.get()).toMatchObject({ wordsPending: false })
    expect(await devicesOf(laptop)).toEqual(['Linux active (this)', 'phone active'])
    expect(await devicesOf(phone)).toEqual(['Linux active', 'phone active (this)'])
    const [, added] = (await laptop.api.devices.list()).items
    expect(added).toMatchObject({ peerId: await phone.peerId(), addedBy: [await laptop.peerId()] })
    await phone.holdsPost(id)
    await phone.seesAtHome('before the phone')
    await phone.seesAtHome('from a friend')
    await eventually('the seed is reached', async () => (await phone.api.network.status()).seeds === 1)

    await phone.stop()
    await phone.start()
    expect(await phone.profile()).toBe(await laptop.profile())
    expect(await devicesOf(phone)).toEqual(['Linux active', 'phone active (this)'])
  })

  it('tells whoever polls after an event, on both sides', async () => {
    const phone = await square.add()
    const events = await phone.api.events.subscribe()
    const seen = new Set<string>()
    const reading = (async () => {
      for await (const event of events) {
        seen.add(event.type)
        if (seen.has('devices') && seen.has('account') && seen.has('link')) return
      }
    })()
    await linkNodes(laptop, phone)
    await reading
    await events.return?.()
  })

  it('adds nothing when somebody else used the link first and the owner says no (LNK6)', async () => {
    const [thief, phone] = await Promise.all([square.add(), square.add()])
    const { link } = await meetNodes(laptop, thief)
    await phone.api.link.join({ link })
    expect(await linkStep(phone, 'failed')).toMatchObject({ failure: 'refused' })
    await thief.api.link.confirm({ matches: true })
    expect(await laptop.api.link.confirm({ matches: false })).toMatchObject({ step: 'failed', failure: 'declined' })
    expect(await linkStep(thief, 'failed')).toMatchObject({ failure: 'declined' })
    await phone.api.link.join({ link })
    expect(await linkStep(phone, 'failed')).toMatchObject({ failure: 'expired' })
    expect(await devicesOf(laptop)).toEqual(['Linux active (this)'])
    await expect(thief.api.account.get()).rejects.toMatchObject({ code: 'no-account' })
  })

  it('ends when the new device goes away, and works with a new link', async () => {
    const phone = await square.add()
    await meetNodes(laptop, phone)
    await phone.stop()
    expect(['broken', 'cancelled']).toContain((await linkStep(laptop, 'failed')).failure)
    await phone.start()
    await linkNodes(laptop, phone, 'phone')
    expect(await devicesOf(laptop)).toEqual(['Linux active (this)', 'phone active'])
  })

  it('links a third device from the second', async () => {
    const [phone, tablet] = await Promise.all([square.add(), square.add()])
    await linkNodes(laptop, phone, 'phone')
    await linkNodes(phone, tablet, 'tablet')
    expect(await devicesOf(tablet)).toEqual(['Linux active', 'phone active', 'tablet active (this)'])
    await eventually('the first hears of it', async () => (await devicesOf(laptop)).length === 3)
  })

  it('is called off from either side, and by a second offer (LNK10)', async () => {
    const phone = await square.add()
    await meetNodes(laptop, phone)
    expect(await phone.api.link.cancel()).toMatchObject({ step: 'failed', failure: 'cancelled' })
    expect(await linkStep(laptop, 'failed')).toMatchObject({ failure: 'cancelled' })
    expect(await laptop.api.link.cancel()).toMatchObject({ side: 'none', step: 'idle', failure: null })
    const { link } = await laptop.api.link.offer()
    await laptop.api.link.offer()
    await phone.api.link.join({ link: link as string })
    expect(await linkStep(phone, 'failed')).toMatchObject({ failure: 'refused' })
  })

  it('says why nothing comes of it', async () => {
    const phone = await square.add()
    await expect(phone.api.link.offer()).rejects.toMatchObject({ code: 'no-account' })
    await expect(phone.api.link.confirm({ matches: true })).rejects.toMatchObject({ code: 'bad-request' })
    expect(await phone.api.link.join({ link: 'palabre:link?d=nobody' })).toMatchObject({ failure: 'bad-link' })
    const { link } = await laptop.api.link.offer()
    expect(await laptop.api.link.join({ link: link as string })).toMatchObject({ failure: 'account-exists' })
    expect(await laptop.api.link.status()).toMatchObject({ side: 'offer', step: 'waiting', link })
    const nowhere = (link as string).replace(/\/tcp\/\d+/g, '/tcp/1').replace(/\/ws/g, '')
    await phone.api.link.join({ link: nowhere })
    expect(await linkStep(phone, 'failed')).toMatchObject({ failure: 'unreachable' })
  })
})
