import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonSearch } from '../../core/contract/finding.ts'
import { type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000
/** A search that leads to nobody takes all the time that it has. */
const FRUITLESS_MS = 5_000

let square: TestSquare

beforeEach(() => {
  square = new TestSquare()
  square.watch()
})
afterEach(() => square.close())

const wayOf = (search: PersonSearch, way: string) => search.ways.find((one) => one.way === way)

describe('somebody of whom only the peer ID is known (DSC10)', () => {
  it(
    'is found by asking who is connected, and can be read without being followed',
    async () => {
      const seed = await square.add({ role: 'seed', discovers: true })
      const peers = [await seed.address()]
      const nour = await square.add({ peers, name: 'Nour', discovers: true })
      const { id } = await nour.api.posts.create({ text: 'found by a number' })
      await seed.holdsPost(id)
      const aya = await square.add({ peers, name: 'Aya', discovers: true })
      await eventually('a seed', async () => (await aya.api.network.status()).seeds || null)
      const search = await aya.find(await nour.profile())
      expect(search.state).toBe('found')
      expect(search.endedAt).toBeGreaterThanOrEqual(search.startedAt)
      expect(await aya.holdsPost(id)).toMatchObject({ text: 'found by a number', name: 'Nour' })
      expect((await aya.api.follows.list()).items).toEqual([])
    },
    TIMEOUT_MS,
  )

  it(
    'is found by the peer ID of a device as well',
    async () => {
      const nour = await square.add({ name: 'Nour', discovers: true })
      const aya = await square.add({ peers: [await nour.address()], name: 'Aya', discovers: true })
      await eventually('a connection', async () => (await aya.api.network.status()).peers[0] ?? null)
      const search = await aya.find(await nour.peerId())
      expect(search).toMatchObject({ state: 'found', profile: await nour.profile() })
    },
    TIMEOUT_MS,
  )

  it(
    'is found where nobody who is connected has met them, and no seed keeps their records',
    async () => {
      // Nour is known to one seed, Aya to another, and the seeds to one who keeps nobody's records.
      const middle = await square.add({ role: 'seed', admit: 'pinned', discovers: false })
      const seeds = [await middle.address()]
      const left = await square.add({ role: 'seed', peers: seeds, admit: 'pinned', discovers: true })
      const right = await square.add({ role: 'seed', peers: seeds, admit: 'pinned', discovers: true })
      const nour = await square.add({ peers: [await left.address()], name: 'Nour', discovers: true })
      const aya = await square.add({ peers: [await right.address()], name: 'Aya', discovers: true })
      for (const peer of [nour, aya]) {
        await eventually('a seed', async () => (await peer.api.network.status()).seeds || null)
      }
      const profile = await nour.profile()
      const search = await eventually('found', async () => {
        const one = await aya.find(profile)
        return one.state === 'found' ? one : null
      })
      expect(search.profile).toBe(profile)
    },
    TIMEOUT_MS,
  )

  it(
    'is found by a newcomer while the seed by which all the others came is gone',
    async () => {
      const seed = await square.add({ role: 'seed', discovers: true })
      const peers = [await seed.address()]
      const names = ['Nour', 'Léa', 'Noé']
      const people = await Promise.all(names.map((name) => square.add({ peers, name, discovers: true })))
      const [nour, lea, noe] = people as [TestPeer, TestPeer, TestPeer]
      // Léa stands between the two others.
      for (const other of [nour, noe]) {
        await lea.follow(other)
        await other.follow(lea)
      }
      await eventually('Léa has both', async () => (await lea.isConnectedTo(nour)) && (await lea.isConnectedTo(noe)))
      await seed.stop()
      const aya = await square.add({ peers: [await noe.address()], name: 'Aya', discovers: true })
      const search = await aya.find(await nour.profile())
      expect(search).toMatchObject({ state: 'found', profile: await nour.profile() })
    },
    TIMEOUT_MS,
  )

  it(
    'is not found where nobody has ever heard of them, and that is said, with what was tried',
    async () => {
      const nour = await square.add({ name: 'Nour', discovers: true })
      const peers = [await nour.address()]
      const aya = await square.add({ peers, name: 'Aya', discovers: true, searchLimitMs: FRUITLESS_MS })
      await eventually('a connection', async () => (await aya.api.network.status()).peers[0] ?? null)
      const search = await aya.find('12D3KooWHHNkN1b3sVR4a1tVZ4LTFNxsWoYJYbUfDHzQDT7rD2uD')
      expect(search.state).toBe('nothing')
      expect(wayOf(search, 'peers')).toEqual({ way: 'peers', state: 'nothing', asked: 1 })
      expect(wayOf(search, 'lan')?.state).toBe('off')
    },
    TIMEOUT_MS,
  )
})
