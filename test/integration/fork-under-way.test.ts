import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LinkStatus } from '../../core/contract/accounts.ts'
import { linkNodes, meetNodes } from '../harness/link-nodes.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

let square: TestSquare
let seed: TestPeer
let peers: string[]

beforeEach(async () => {
  square = new TestSquare()
  square.watch()
  seed = await square.add({ role: 'seed' })
  peers = [await seed.address()]
})
afterEach(() => square.close())

async function copyOf(dataDir: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'palabre-copy-'))
  await cp(dataDir, copy, { recursive: true })
  return copy
}

async function texts(peer: TestPeer, profile: string): Promise<string[]> {
  return (await peer.api.timeline.profile({ profile, limit: 100 })).items.map(({ text }) => text).sort()
}

async function deviceOf(peer: TestPeer): Promise<string> {
  return (await peer.api.account.get()).device.peerId
}

async function ended(peer: TestPeer): Promise<LinkStatus> {
  return await eventually('the linking has ended', async () => {
    const status = await peer.api.link.status()
    return status.step === 'done' || status.step === 'failed' ? status : null
  })
}

/** Nour's computer, and a copy of its data directory that runs as well; both have met the seed. */
async function twice() {
  const first = await square.add({ name: 'Nour', peers })
  await first.api.posts.create({ text: 'before' })
  // What it signs by itself is signed once, and not by both.
  await eventually('it names the seed', async () => (await first.api.profiles.get({})).seeds.length > 0)
  const [profile, device] = [await first.profile(), await deviceOf(first)]
  await first.stop()
  const copy = await square.add({ dataDir: await copyOf(first.dataDir), peers })
  await first.start({ peers })
  for (const peer of [first, copy]) {
    await eventually('it has met the seed', async () => {
      return (await peer.api.network.status()).peers.some(({ syncedAt }) => syncedAt !== null)
    })
  }
  return { first, copy, profile, device }
}

/** Both sign the same number: each finds out, and takes a key of its own. */
async function collide(...both: [TestPeer, TestPeer]): Promise<void> {
  await Promise.all(both.map((peer, i) => peer.api.posts.create({ text: `at one moment ${i}` })))
}

describe('a copied data directory that is noticed', () => {
  it('while a device is being linked: that linking ends and says so, the next one works (LOG10, LNK10)', async () => {
    const { first, copy, profile, device } = await twice()
    const phone = await square.add()
    await meetNodes(first, phone, 'phone')
    await collide(first, copy)
    await eventually('it has a new key', async () => (await deviceOf(first)) !== device)
    for (const peer of [first, phone]) {
      const { step, failure } = await ended(peer)
      expect(step).toBe('failed')
      expect(['broken', 'cancelled']).toContain(failure)
    }
    await expect(phone.api.account.get()).rejects.toMatchObject({ code: 'no-account' })
    await linkNodes(first, phone, 'phone')
    expect(await phone.profile()).toBe(profile)
    const all = ['at one moment 0', 'at one moment 1', 'before']
    for (const peer of [first, copy, phone, seed]) {
      await eventually('everything that either wrote', async () => {
        return JSON.stringify(await texts(peer, profile)) === JSON.stringify(all)
      })
    }
    const phoneId = await deviceOf(phone)
    const added = (await first.api.devices.list()).items.find(({ peerId }) => peerId === phoneId)
    expect(added).toMatchObject({ status: 'active', addedBy: [await deviceOf(first)] })
  })

  it('while the account is moving: the new device has it whole or not at all (LOG10, LNK8)', async () => {
    const { first, copy, profile, device } = await twice()
    const phone = await square.add()
    await meetNodes(first, phone, 'phone')
    await Promise.all([
      collide(first, copy),
      phone.api.link.confirm({ matches: true }).catch(() => {}),
      first.api.link.confirm({ matches: true }).catch(() => {}),
    ])
    await eventually('it has a new key', async () => (await deviceOf(first)) !== device)
    await Promise.all([ended(first), ended(phone)])
    const hasAccount = await phone.api.account.get().then(
      () => true,
      () => false,
    )
    expect((await phone.api.link.status()).step === 'done').toBe(hasAccount)
    // Listed already or not: a second time is served.
    if (!hasAccount) await linkNodes(first, phone, 'phone')
    await phone.api.posts.create({ text: 'from the phone' })
    for (const peer of [first, copy, phone, seed]) {
      await eventually('everything that anybody wrote', async () => (await texts(peer, profile)).length === 4)
    }
    const items = await eventually('all four devices', async () => {
      const { items: listed } = await first.api.devices.list()
      return listed.length === 4 ? listed : null
    })
    expect(items.map(({ status, contested }) => [status, contested])).toEqual(Array(4).fill(['active', false]))
  })

  it('while an account comes back: it goes on under a new key and ends whole (LOG10, RCV11)', async () => {
    const lost = await square.add({ name: 'Nour', peers })
    const words = ((await clientOf(lost.node, 'web').account.words()).words ?? []).join(' ')
    const profile = await lost.profile()
    for (let i = 0; i < 30; i++) await lost.api.posts.create({ text: `post ${i}` })
    await eventually('the seed keeps it', async () => (await lost.api.network.status()).storage.ownUnheld === 0)
    await lost.stop()
    const fresh = await square.add({ peers })
    await fresh.stop()
    const copy = await square.add({ dataDir: await copyOf(fresh.dataDir), peers })
    await copy.api.recovery.start({ secret: words })
    await eventually('the copy has it', async () => (await copy.api.recovery.status()).step === 'done')
    const device = await deviceOf(copy)
    await fresh.start()
    await fresh.api.recovery.start({ secret: words })
    await eventually('the account is coming back', async () => (await fresh.api.recovery.status()).step === 'restoring')
    expect(await deviceOf(fresh)).toBe(device)
    await collide(fresh, copy)
    await eventually('it has a new key', async () => (await deviceOf(fresh)) !== device)
    await eventually('it is back', async () => (await fresh.api.recovery.status()).step === 'done')
    expect(await fresh.api.recovery.status()).toMatchObject({ by: 'words', profile, failure: null })
    for (const peer of [fresh, copy, seed]) {
      await eventually('everything', async () => (await texts(peer, profile)).length === 32)
    }
    await fresh.stop()
    await fresh.start()
    expect((await fresh.api.account.get()).profile).toBe(profile)
    await fresh.api.posts.create({ text: 'goes on' })
    await seed.holdsPost((await fresh.api.timeline.profile({ profile })).items[0]?.id ?? '')
  })
})
