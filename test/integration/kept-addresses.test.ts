import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000

let square: TestSquare

beforeEach(() => {
  square = new TestSquare()
  square.watch()
})
afterEach(() => square.close())

const portOf = async (peer: TestPeer): Promise<string> => `/tcp/${/\/tcp\/(\d+)/u.exec(await peer.address())?.[1]}`

/** The link that a node makes for somebody says where it believes them to be. */
async function knowsPlace(peer: TestPeer, whom: TestPeer): Promise<boolean> {
  const { link } = await peer.api.profiles.get({ profile: await whom.profile() })
  return decodeURIComponent(link).includes(await portOf(whom))
}

/** An invitation may name this node itself. */
async function invitesToItself(peer: TestPeer): Promise<boolean> {
  const { items } = await peer.api.invitations.seeds()
  return items.some(({ kind }) => kind === 'own')
}

it(
  'who keeps the addresses back takes the card back, and is handed on to nobody; the control is who doesn’t (DSC13)',
  async () => {
    const nour = await square.add({ name: 'Nour', discovers: true })
    const lea = await square.add({ name: 'Léa', discovers: true })
    const peers = [await nour.address(), await lea.address()]
    const aya = await square.add({ name: 'Aya', peers, discovers: true })
    for (const friend of [nour, lea]) {
      await aya.follow(friend)
      await eventually('a card', async () => (await knowsPlace(aya, friend)) || null)
    }
    expect((await nour.api.network.status()).sharesAddresses).toBe(true)
    expect(await knowsPlace(nour, nour)).toBe(true)
    expect(await invitesToItself(nour)).toBe(true)

    await nour.api.settings.update({ sharesAddresses: false })
    await eventually('the card taken back', async () => !(await knowsPlace(aya, nour)) || null)
    expect(await knowsPlace(aya, lea)).toBe(true)
    expect((await nour.api.network.status()).sharesAddresses).toBe(false)
    expect(await knowsPlace(nour, nour)).toBe(false)
    expect(await invitesToItself(nour)).toBe(false)

    await nour.api.posts.create({ text: 'read me, but don’t ask where I am' })
    await aya.seesAtHome('read me, but don’t ask where I am')
    const zoe = await square.add({ name: 'Zoé', peers: [await aya.address()], discovers: true })
    await zoe.follow(nour)
    await zoe.follow(lea)
    await zoe.seesAtHome('read me, but don’t ask where I am')
    await eventually('Léa, by her card', async () => (await zoe.isConnectedTo(lea)) || null)
    expect(await knowsPlace(zoe, nour)).toBe(false)

    await nour.api.settings.update({ sharesAddresses: true })
    await eventually('the card again', async () => (await knowsPlace(aya, nour)) || null)
  },
  TIMEOUT_MS,
)
