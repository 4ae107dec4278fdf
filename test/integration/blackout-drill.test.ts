import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Drill } from '../../core/contract/drill.ts'
import { openByOneSeed, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

const TIMEOUT_MS = 240_000
const BEFORE = 'before the drill'

let square: TestSquare

beforeEach(() => {
  square = new TestSquare()
  square.watch()
})
afterEach(() => square.close())

function hasDrill(peer: TestPeer, fits: (drill: Drill) => boolean): Promise<Drill> {
  return eventually('a drill that has come so far', async () => {
    const { drill } = await peer.api.drill.status()
    return drill !== null && fits(drill) ? drill : null
  })
}

describe('a drill without seeds', () => {
  it(
    'friends exchange directly, the report says so, and nothing is lost (RCH10)',
    async () => {
      const { seed, aya, nour } = await openByOneSeed(square, { discovers: true, text: BEFORE })
      await nour.follow(aya)
      await eventually('a connection between friends', async () => (await aya.isConnectedTo(nour)) || null)

      await aya.api.drill.start({ cut: 'seeds' })
      expect((await aya.api.network.status()).drill?.cut).toBe('seeds')
      await expect(aya.api.drill.start({})).rejects.toMatchObject({ code: 'busy' })
      await eventually('no seed', async () => ((await aya.api.network.status()).seeds === 0 ? true : null))
      await eventually('direct mode', async () => (await aya.api.network.status()).direct)
      await nour.api.posts.create({ text: 'without any seed' })
      await aya.seesAtHome('without any seed')
      const { id } = await aya.api.posts.create({ text: 'written in the drill' })
      await hasDrill(aya, ({ written, followed }) => written.held === 1 && followed.direct === 1)

      await aya.api.drill.stop()
      expect((await aya.api.network.status()).drill).toBeUndefined()
      await seed.holdsPost(id)
      const report = await hasDrill(aya, ({ state }) => state === 'ended')
      expect(report).toMatchObject({
        cut: 'seeds',
        seeds: { before: 1, lowest: 0, last: 0 },
        peers: { before: 1, last: 1 },
        firstPeerMs: 0,
        written: { count: 1, held: 1 },
        followed: { count: 1, direct: 1, carried: 0 },
      })
      expect(report.received).toBeGreaterThan(0)
      expect(report.directAfterMs).toBeGreaterThan(0)
      expect(report.own.holders).toBe(1)
      expect(report.seedsBackMs).not.toBeNull()
      expect(report.ways).toContainEqual({ way: 'people', count: 1 })
      expect(report.ways).toContainEqual({ way: 'seeds', count: 0 })

      await aya.stop()
      await aya.start()
      expect((await aya.api.drill.status()).drill).toEqual(report)
    },
    TIMEOUT_MS,
  )

  it(
    'who knows nobody but the seed reaches nobody: the control; what was written leaves afterwards (RCH10)',
    async () => {
      const { seed, aya, nour } = await openByOneSeed(square, { discovers: false, text: BEFORE })
      await aya.api.drill.start({ cut: 'seeds' })
      await eventually('nobody', async () => ((await aya.api.network.status()).peers.length === 0 ? true : null))
      await nour.api.posts.create({ text: 'does anybody hear me?' })
      const { id } = await aya.api.posts.create({ text: 'kept for later' })
      await aya.api.drill.stop()
      const report = await hasDrill(aya, ({ state }) => state !== 'running')
      expect(report).toMatchObject({
        peers: { before: 0, lowest: 0, last: 0 },
        seeds: { before: 1, lowest: 0, last: 0 },
        firstPeerMs: null,
        received: 0,
        sent: 0,
        written: { count: 1, held: 0 },
        own: { holders: 0 },
        followed: { count: 1, direct: 0, carried: 0 },
      })
      await seed.holdsPost(id)
      await aya.seesAtHome('does anybody hear me?')
    },
    TIMEOUT_MS,
  )

  it(
    'a friend whom only a neighbour keeps counts as carried, and the cut ends by itself (RCH10)',
    async () => {
      const { seed, aya, nour } = await openByOneSeed(square, { discovers: false, text: BEFORE })
      const peers = [await seed.address()]
      const neighbour = await square.add({ peers, name: 'Léa' })
      await neighbour.follow(nour)
      await neighbour.seesAtHome(BEFORE)
      await aya.api.network.connect({ address: await neighbour.address() })
      await aya.api.drill.start({ cut: 'seeds' })
      const { peers: met, followed } = await hasDrill(aya, (drill) => drill.followed.carried === 1)
      expect({ met, followed }).toMatchObject({ met: { last: 1 }, followed: { count: 1, direct: 0, carried: 1 } })

      await aya.api.drill.stop()
      await aya.api.drill.start({ cut: 'seeds', minutes: 0.05 })
      const report = await hasDrill(aya, ({ state, endsAt, startedAt }) => state === 'ended' && endsAt > startedAt)
      expect(report.endsAt - report.startedAt).toBeGreaterThanOrEqual(2_900)
      await eventually('the seed again', async () => ((await aya.api.network.status()).seeds === 1 ? true : null))
    },
    TIMEOUT_MS,
  )
})

describe('a drill without the internet', () => {
  it(
    'keeps who is near, cuts who isn’t, and lets them in again (RCH10)',
    async () => {
      const far = await square.add({ listen: ['/ip4/127.0.1.1/tcp/0'] })
      const near = await square.add()
      const aya = await square.add({ name: 'Aya', peers: [await far.address(), await near.address()] })
      await eventually('both', async () => ((await aya.isConnectedTo(far)) && (await aya.isConnectedTo(near))) || null)
      await aya.api.drill.start({ cut: 'internet' })
      await eventually('the far one gone', async () => !(await aya.isConnectedTo(far)) || null)
      await expect(aya.api.network.connect({ address: await far.address() })).rejects.toMatchObject({
        code: 'unreachable',
      })
      expect(await aya.isConnectedTo(near)).toBe(true)
      const { drill } = await aya.api.drill.stop()
      expect(drill).toMatchObject({ cut: 'internet', peers: { before: 2, lowest: 1, last: 1 } })
      await eventually('the far one again', async () => (await aya.isConnectedTo(far)) || null)
    },
    TIMEOUT_MS,
  )

  it('a seed refuses: others rely on it', async () => {
    const seed = await square.add({ role: 'seed' })
    await expect(seed.api.drill.start({})).rejects.toMatchObject({ code: 'bad-request' })
  })
})
