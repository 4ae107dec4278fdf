import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecoveryStatus } from '../../core/contract/accounts.ts'
import { formatPaperKey, generatePaperKey } from '../../core/identity/paper-key.ts'
import { noisePng } from '../harness/media/noise-png.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const POSTS = 40

describe('an account whose only computer is lost', () => {
  let square: TestSquare
  beforeEach(() => {
    square = new TestSquare()
    square.watch()
  })
  afterEach(() => square.close())

  async function wordsOf(peer: TestPeer): Promise<string> {
    const { words } = await clientOf(peer.node, 'web').account.words()
    return (words ?? []).join(' ')
  }

  async function until(peer: TestPeer, step: RecoveryStatus['step']): Promise<RecoveryStatus> {
    return await eventually(`the recovery is ${step}`, async () => {
      const status = await peer.api.recovery.status()
      if (status.step === 'failed' && step !== 'failed') throw new Error(`failed: ${status.failure}`)
      return status.step === step ? status : null
    })
  }

  async function isHeld(peer: TestPeer): Promise<void> {
    await eventually('the seed keeps all of it', async () => {
      const { storage } = await peer.api.network.status()
      return storage.ownRecords > 0 && storage.ownUnheld === 0
    })
  }

  /** Somebody with posts and a follow, all with the seed; then the directory is gone. */
  async function loseEverything(posts = 2) {
    const seed = await square.add({ role: 'seed' })
    const at = [await seed.address()]
    const friend = await square.add({ name: 'Aya', peers: at })
    const nour = await square.add({ name: 'Nour', peers: at })
    const [profile, words] = [await nour.profile(), await wordsOf(nour)]
    await friend.api.follows.add({ profile })
    await nour.api.follows.add({ profile: await friend.profile() })
    await eventually(
      'the follow is signed',
      async () => (await nour.api.follows.list()).items[0]?.state === 'following',
    )
    for (let i = 1; i <= posts; i++) await nour.api.posts.create({ text: `post ${i}` })
    await nour.api.profiles.update({ bio: 'under the lime tree' })
    await isHeld(nour)
    await friend.seesAtHome(`post ${posts}`)
    return { seed, at, friend, nour, profile, words }
  }

  async function lose(peer: TestPeer): Promise<void> {
    await peer.stop()
    await rm(peer.dataDir, { recursive: true })
  }

  it('comes back to another one by the 24 words, with everything that a seed kept (RCV8 … RCV11)', async () => {
    const { seed, at, friend, nour, profile, words } = await loseEverything(POSTS - 1)
    const bytes = new Blob([new Uint8Array(noisePng(20, 10))])
    const media = await clientOf(nour.node, 'web').media.upload({ bytes, alt: 'noise' })
    await nour.api.posts.create({ text: `post ${POSTS}`, media: [media] })
    await isHeld(nour)
    await eventually('the seed has the picture', async () => (await seed.node.readMedia(media.cid)) !== null)
    const { storage } = await nour.api.network.status()
    await lose(nour)
    const next = await square.add()
    expect(await next.api.recovery.status()).toMatchObject({ step: 'none', by: null })
    const started = await next.api.recovery.start({ secret: words, addresses: at, name: 'new laptop' })
    expect(started).toMatchObject({ step: 'looking', by: 'words', asked: 0 })
    const status = await until(next, 'done')
    expect(status).toMatchObject({
      by: 'words',
      profile,
      name: 'Nour',
      follows: 1,
      records: { held: storage.ownRecords, known: storage.ownRecords },
      privateState: 'none',
      guardians: null,
      failure: null,
    })
    const account = await next.api.account.get()
    expect(account).toMatchObject({ profile, name: 'Nour', wordsPending: false })
    expect(account.device.peerId).toBe(await next.peerId())
    expect(await next.api.profiles.get({})).toMatchObject({ name: 'Nour', bio: 'under the lime tree', isMe: true })
    expect((await next.api.timeline.profile({ profile, limit: 500 })).items).toHaveLength(POSTS)
    expect((await next.api.follows.list()).items).toMatchObject([{ name: 'Aya', state: 'following' }])
    await next.seesAtHome('post 1')
    await eventually('the picture is back', async () => (await next.node.readMedia(media.cid)) !== null)
    expect((await next.api.recovery.status()).media).toEqual({ held: 1, known: 1 })
    // A friend sees the person that they saw before.
    expect((await friend.api.follows.list()).items).toMatchObject([{ profile, name: 'Nour', state: 'following' }])
    expect(await next.api.recovery.means()).toMatchObject({
      devices: { active: 2 },
      words: { confirmed: true, rehearsedAt: expect.any(Number) },
      paper: { made: false },
      ready: 2,
    })
    await expect(next.api.recovery.start({ secret: words })).rejects.toMatchObject({ code: 'account-exists' })
  })

  it('is still that account after a stop in the middle, and after one at the end (RCV11)', async () => {
    const { seed, at, nour, profile, words } = await loseEverything()
    await lose(nour)
    const next = await square.add({ peers: at })
    await next.api.recovery.start({ secret: words })
    await eventually('the account is here', async () => (await next.api.recovery.status()).profile)
    await next.stop()
    await seed.stop()
    await next.start()
    expect((await next.api.account.get()).profile).toBe(profile)
    expect(await next.api.recovery.status()).toMatchObject({ by: 'words', profile })
    await seed.start()
    await next.api.network.connect({ address: await seed.address() })
    expect(await until(next, 'done')).toMatchObject({ name: 'Nour', follows: 1 })
    await next.stop()
    await next.start()
    expect((await next.api.account.get()).profile).toBe(profile)
  })

  it('comes back by the paper key, which gives it new words (RCV10)', async () => {
    const { at, nour, profile, words } = await loseEverything()
    const { paper } = await clientOf(nour.node, 'web').recovery.makePaper({ secret: words })
    expect((await nour.api.recovery.means()).paper).toEqual({ made: true })
    const next = await square.add({ peers: at })
    await next.api.recovery.start({ secret: paper.toLowerCase() })
    await until(next, 'done')
    expect(await next.api.account.get()).toMatchObject({ profile, wordsPending: true })
    const newWords = await wordsOf(next)
    expect(newWords.split(' ')).toHaveLength(24)
    const means = await next.api.recovery.means()
    expect(means).toMatchObject({ words: { confirmed: false }, paper: { made: false } })
    expect((await next.api.recovery.rehearse({ words })).result).toBe('other-account')
    expect((await next.api.recovery.rehearse({ words: newWords })).result).toBe('right')
    // The old words and the paper open nothing any more.
    for (const secret of [words, paper]) {
      const late = await square.add({ peers: at })
      await late.api.recovery.start({ secret })
      expect(await until(late, 'failed')).toMatchObject({ failure: 'not-an-authority', by: expect.any(String) })
    }
  })

  it('is looked for until it is found, or until that is cancelled (RCV8)', async () => {
    const { seed, nour, profile, words } = await loseEverything()
    await lose(nour)
    const address = await seed.address()
    await seed.stop()
    const stranger = await square.add({ role: 'seed' })
    const next = await square.add({ peers: [await stranger.address()] })
    await next.api.recovery.start({ secret: words, addresses: [address] })
    await eventually('the stranger was asked', async () => (await next.api.recovery.status()).asked === 1)
    expect((await next.api.recovery.status()).step).toBe('looking')
    expect(await next.api.recovery.cancel()).toMatchObject({ step: 'failed', failure: 'cancelled', asked: 1 })
    await next.api.recovery.start({ secret: words })
    await eventually('the stranger was asked again', async () => (await next.api.recovery.status()).asked === 1)
    await seed.start()
    await next.api.network.connect({ address: await seed.address() })
    expect((await until(next, 'done')).profile).toBe(profile)
  })

  it('is not found by what is no secret, and says so at once', async () => {
    const next = await square.add()
    const paper = formatPaperKey(generatePaperKey(fakeKey('address')))
    for (const secret of ['palabre', 'abandon '.repeat(24), `${paper}0`]) {
      expect(await next.api.recovery.start({ secret })).toMatchObject({ step: 'failed', failure: 'wrong-words' })
    }
    await expect(next.api.recovery.start({ secret: paper, addresses: ['here'] })).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(next.api.recovery.start({ secret: paper, name: 'é'.repeat(40) })).rejects.toMatchObject({
      code: 'too-long',
    })
    expect(await next.api.recovery.start({ secret: paper })).toMatchObject({ step: 'looking', by: 'paper' })
    await next.stop()
    await next.start()
    expect(await next.api.recovery.status()).toMatchObject({ step: 'none' })
    await expect(next.api.recovery.means()).rejects.toMatchObject({ code: 'no-account' })
    await expect(next.api.recovery.rehearse({ words: 'x' })).rejects.toMatchObject({ code: 'no-account' })
  })
})
