import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openByOneSeed, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000
const BEFORE = 'while the host was there'

let square: TestSquare

beforeEach(() => {
  square = new TestSquare()
  square.watch()
})
afterEach(() => square.close())

describe('when the host vanishes for good (F12)', () => {
  it(
    'old contacts go on, by what they remember of each other, also after a restart of both (DSC7, DSC8)',
    async () => {
      const { seed, aya, nour } = await openByOneSeed(square, { discovers: true, text: BEFORE })
      await eventually('a friend’s card and a connection to it', async () => (await aya.isConnectedTo(nour)) || null)
      await seed.stop()
      await nour.api.posts.create({ text: 'the host is gone' })
      await aya.seesAtHome('the host is gone')

      const listen = [(await nour.address()).replace(/\/p2p\/.*$/u, '')]
      await Promise.all([aya.stop(), nour.stop()])
      await Promise.all([aya.start({ peers: [] }), nour.start({ peers: [], listen })])
      await nour.api.posts.create({ text: 'after a restart' })
      await aya.seesAtHome('after a restart')
    },
    TIMEOUT_MS,
  )

  it(
    'says so: without a seed for a while, the node is in direct mode (DSC9)',
    async () => {
      const { seed, aya } = await openByOneSeed(square, { discovers: true, text: BEFORE })
      expect((await aya.api.network.status()).direct).toBeNull()
      const listen = [(await seed.address()).replace(/\/p2p\/.*$/u, '')]
      await seed.stop()
      const since = await eventually('direct mode', async () => (await aya.api.network.status()).direct)
      expect(Date.now() - since.since).toBeGreaterThanOrEqual(0)
      await seed.start({ listen })
      await eventually('the seed is back', async () => ((await aya.api.network.status()).direct === null ? true : null))
    },
    TIMEOUT_MS,
  )

  it(
    'a newcomer joins by the link of a friend, and reads what others wrote before (DSC8)',
    async () => {
      const { seed, aya, nour } = await openByOneSeed(square, { discovers: true, text: BEFORE })
      await eventually('a connection', async () => (await aya.isConnectedTo(nour)) || null)
      await seed.stop()
      await eventually('no seed', async () => ((await aya.api.network.status()).seeds === 0 ? true : null))
      const { link } = await aya.api.profiles.get({ profile: await aya.profile() })
      const lea = await square.add({ name: 'Léa', discovers: true })
      await lea.api.follows.add({ profile: link })
      await aya.api.posts.create({ text: 'welcome, Léa' })
      await lea.seesAtHome('welcome, Léa')
      // And by Aya, whom she knows, she finds Nour, of whom she has nothing but the name.
      await lea.follow(nour)
      await lea.seesAtHome(BEFORE)
      await nour.api.posts.create({ text: 'nice to meet you' })
      await lea.seesAtHome('nice to meet you')
    },
    TIMEOUT_MS,
  )

  it(
    'who remembers nobody hears nothing any more: the control',
    async () => {
      const { seed, aya, nour } = await openByOneSeed(square, { discovers: false, text: BEFORE })
      await seed.stop()
      const { id } = await nour.api.posts.create({ text: 'does anybody hear me?' })
      await eventually('Aya alone', async () => ((await aya.api.network.status()).peers.length === 0 ? true : null))
      expect(await aya.isConnectedTo(nour)).toBe(false)
      await expect(aya.api.posts.get({ id })).rejects.toMatchObject({ code: 'not-found' })
    },
    TIMEOUT_MS,
  )
})
