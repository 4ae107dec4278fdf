import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkNodes } from '../harness/link-nodes.ts'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

let square: TestSquare
let laptop: TestPeer
let phone: TestPeer
let aya: TestPeer

const homeOf = async (peer: TestPeer) => (await peer.api.timeline.home()).items.map(({ text }) => text)
const sees = (peer: TestPeer, text: string) => eventually(text, async () => (await homeOf(peer)).includes(text))
const misses = (peer: TestPeer, text: string) =>
  eventually(`no ${text}`, async () => !(await homeOf(peer)).includes(text))

beforeEach(async () => {
  square = new TestSquare()
  square.watch()
  const seed = await square.add({ role: 'seed' })
  const peers = [await seed.address()]
  ;[laptop, phone, aya] = await Promise.all([
    square.add({ peers, name: 'Nour' }),
    square.add(),
    square.add({ peers, name: 'Aya' }),
  ])
  await linkNodes(laptop, phone, 'phone')
  await laptop.api.follows.add({ profile: await aya.profile() })
  await aya.api.follows.add({ profile: await laptop.profile() })
  await Promise.all([aya.api.posts.create({ text: 'from Aya' }), laptop.api.posts.create({ text: 'from Nour' })])
  await Promise.all([sees(laptop, 'from Aya'), sees(phone, 'from Aya'), sees(aya, 'from Nour')])
})
afterEach(() => square.close())

describe('people who are not to be seen', () => {
  it('are muted on all devices of the account, and see nothing of it themselves', async () => {
    const profile = await aya.profile()
    await phone.api.moderation.mute({ profile })
    await Promise.all([misses(phone, 'from Aya'), misses(laptop, 'from Aya')])
    expect((await laptop.api.moderation.list()).muted.map((person) => person.profile)).toEqual([profile])
    expect((await aya.api.profiles.get({ profile: await laptop.profile() })).silences).toBeUndefined()
    expect(await homeOf(aya)).toContain('from Nour')
    await laptop.api.moderation.unmute({ profile })
    await Promise.all([sees(phone, 'from Aya'), sees(laptop, 'from Aya')])
  })

  it('are blocked in public: both see nothing of each other, until that is taken back', async () => {
    const profile = await aya.profile()
    await laptop.api.moderation.block({ profile })
    await Promise.all([misses(laptop, 'from Aya'), misses(phone, 'from Aya'), misses(aya, 'from Nour')])
    expect((await aya.api.profiles.get({ profile: await laptop.profile() })).silences).toEqual(['blocks-me'])
    expect((await phone.api.profiles.get({ profile })).silences).toEqual(['blocked'])
    await phone.api.moderation.unblock({ profile })
    await Promise.all([sees(laptop, 'from Aya'), sees(phone, 'from Aya'), sees(aya, 'from Nour')])
  })
})
