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

/** A — B — C without any seed: A and C listen nowhere, C follows A, B neither of them. */
async function openLine(discovers: boolean) {
  const b = await square.add({ name: 'Bo', discovers })
  const peers = [await b.address()]
  const a = await square.add({ peers, listen: [], name: 'Aya', discovers })
  const c = await square.add({ peers, listen: [], name: 'Cleo', discovers })
  await a.api.posts.create({ text: 'here I am' })
  await c.follow(a)
  return { a, b, c }
}

async function hasSynced(one: TestPeer, other: TestPeer): Promise<boolean> {
  const peerId = await other.peerId()
  const peer = (await one.api.network.status()).peers.find((found) => found.peerId === peerId)
  return peer !== undefined && peer.syncedAt !== null
}

describe('a line of desktops in an outage (FEE10, FEE11)', () => {
  it(
    'carries what the one at the end follows, and keeps it for when they come back',
    async () => {
      const { a, b, c } = await openLine(true)
      await eventually('direct mode', async () => (await b.api.network.status()).direct)
      // What comes before Bo has heard whom its neighbours follow is passed on and not kept.
      await eventually('Bo keeps what Aya writes', async () => {
        const { id: live } = await a.api.posts.create({ text: 'while all are here' })
        await c.holdsPost(live)
        return await b.api.posts.get({ id: live }).catch(() => null)
      })
      await c.stop()
      const { id } = await a.api.posts.create({ text: 'while Cleo was away' })
      await b.holdsPost(id)
      await a.stop()
      await c.start()
      await c.seesAtHome('while Cleo was away')
      const { items } = await b.api.timeline.home({})
      expect(items.map(({ text }) => text)).toEqual([])
    },
    TIMEOUT_MS,
  )

  it(
    'carries nothing where nobody takes note of an outage: the control',
    async () => {
      const { a, b, c } = await openLine(false)
      await c.stop()
      const { id } = await a.api.posts.create({ text: 'while Cleo was away' })
      await a.stop()
      await c.start()
      await eventually('Cleo and Bo have synced', () => hasSynced(c, b))
      await expect(b.api.posts.get({ id })).rejects.toMatchObject({ code: 'not-found' })
      await expect(c.api.posts.get({ id })).rejects.toMatchObject({ code: 'not-found' })
    },
    TIMEOUT_MS,
  )
})
