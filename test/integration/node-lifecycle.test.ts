import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NodeEvent } from '../../core/contract/views.ts'
import { createNode } from '../../core/node/create-node.ts'
import { loadNetworkDescriptor } from '../../core/node/network-descriptor.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { noisePng } from '../harness/media/noise-png.ts'
import { clientOf, type TestPeer, TestSquare } from '../harness/square.ts'
import { eventually } from '../harness/wait.ts'

/** Generous: machines are busy. */
const STOP_MS = 30_000

describe('a node', () => {
  let square: TestSquare
  beforeEach(() => {
    square = new TestSquare()
    square.watch()
  })
  afterEach(() => square.close())

  /** Whatever the stream says until an event of that type comes. */
  async function nextOf<T extends NodeEvent['type']>(
    stream: AsyncIterator<NodeEvent, unknown, void>,
    type: T,
  ): Promise<Extract<NodeEvent, { type: T }>> {
    for (;;) {
      const { value, done } = await stream.next()
      if (done === true) throw new Error(`the stream ended before ${type}`)
      const event = value as NodeEvent
      if (event.type === type) return event as Extract<NodeEvent, { type: T }>
    }
  }

  it('answers before it listens, and stops in the middle of that', async () => {
    // The pause before the network lasts until this test has seen what it looks for, however busy the machine is.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const peer = await square.add({ name: 'Nour' })
    expect((await peer.api.network.status()).state).toBe('starting')
    const { id } = await peer.api.posts.create({ text: 'offline' })
    expect((await peer.api.timeline.home({})).items).toMatchObject([{ id, holding: { cause: 'offline', seeds: [] } }])
    vi.runOnlyPendingTimers()
    vi.useRealTimers()
    const startedAt = performance.now()
    await Promise.all([peer.stop(), peer.node.stop()])
    await peer.node.stop()
    expect(performance.now() - startedAt).toBeLessThan(STOP_MS)
    await expect(peer.api.posts.create({ text: 'late' })).rejects.toMatchObject({ code: 'stopping' })
    await expect(peer.node.listening).rejects.toMatchObject({ code: 'stopping' })
  })

  it('stops without ever having been started', async () => {
    const peer = await square.add()
    await peer.stop()
    const config = { role: 'peer', name: null, listen: [], announce: [], peers: [], pins: [], admit: 'all' } as const
    const network = await loadNetworkDescriptor('local')
    const node = await createNode({ ...config, network, dataDir: peer.dataDir }, { logger: silentLogger })
    await node.stop()
  })

  it('ignores a name where there is an account', async () => {
    const peer = await square.add({ name: 'Nour' })
    const account = await peer.api.account.get()
    await peer.stop()
    await peer.start({ name: 'Somebody else' })
    expect(await peer.api.account.get()).toEqual(account)
    await expect(peer.api.account.create({ name: 'Third' })).rejects.toMatchObject({ code: 'account-exists' })
  })

  it('works without an account until one is made', async () => {
    const peer = await square.add()
    await expect(peer.api.account.get()).rejects.toMatchObject({ code: 'no-account' })
    await expect(peer.api.posts.create({ text: 'x' })).rejects.toMatchObject({ code: 'no-account' })
    expect((await peer.api.timeline.home({})).items).toEqual([])
    const stream = await peer.api.events.subscribe()
    const { peerId } = await peer.node.listening
    const account = await peer.api.account.create({ name: 'Nour' })
    expect(account.device.peerId).toBe(peerId)
    await nextOf(stream, 'account')
    expect((await peer.api.profiles.get({})).name).toBe('Nour')
    const { words } = await clientOf(peer.node, 'web').account.words()
    expect(words).toHaveLength(24)
    await stream.return?.()
  })

  it('says why it cannot listen, and goes on answering', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => blocker.once('listening', resolve))
    const address = blocker.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const peer = await square.add({ name: 'Nour', listen: [`/ip4/127.0.0.1/tcp/${port}`] })
    await expect(peer.node.listening).rejects.toMatchObject({ code: 'network-failed' })
    await peer.api.posts.create({ text: 'still here' })
    const status = await peer.api.network.status()
    expect(status).toMatchObject({ state: 'offline', unreachable: [{ address: 'this computer' }] })
    await expect(peer.api.network.connect({ address: '/ip4/127.0.0.1/tcp/1' })).rejects.toMatchObject({
      code: 'unreachable',
    })
    blocker.close()
  })

  it('refuses addresses that lead nowhere or off the machine', async () => {
    const peer = await square.add()
    for (const [address, code] of [
      ['/ip4/127.0.0.1/tcp/1', 'unreachable'],
      ['/ip4/192.0.2.1/tcp/4001', 'unreachable'],
      ['localhost:4001', 'bad-request'],
    ] as const) {
      await expect(peer.api.network.connect({ address })).rejects.toMatchObject({ code })
    }
  })

  it('goes on with the previous vault when the vault is damaged', async () => {
    const peer = await square.add({ name: 'Nour' })
    const account = await peer.api.account.get()
    await peer.stop()
    await writeFile(join(peer.dataDir, 'vault'), 'damaged')
    await peer.start()
    expect(await peer.api.account.get()).toEqual(account)
    await peer.api.posts.create({ text: 'same keys' })
  })

  it('brings pictures and tells of them', async () => {
    const nour = await square.add({ name: 'Nour' })
    const aya = await square.add({ name: 'Aya', peers: [await nour.address()] })
    const stream = await aya.api.events.subscribe()
    await aya.api.follows.add({ profile: await nour.profile() })
    do await nextOf(stream, 'follows')
    while ((await aya.api.follows.list()).items[0]?.state !== 'following')
    const bytes = noisePng(20, 10)
    const media = await clientOf(nour.node, 'web').media.upload({
      bytes: new Blob([new Uint8Array(bytes)]),
      alt: 'noise',
    })
    expect(media).toMatchObject({ type: 'image/png', width: 20, height: 10, alt: 'noise' })
    await nour.api.posts.create({ text: 'look', media: [media] })
    expect(await nextOf(stream, 'home')).toMatchObject({ own: false })
    for (;;) if ((await nextOf(stream, 'media')).state === 'here') break
    expect((await aya.seesAtHome('look')).media).toMatchObject([{ cid: media.cid, state: 'here', alt: 'noise' }])
    expect(await aya.node.readMedia(media.cid)).toEqual({ type: 'image/png', bytes: new Uint8Array(bytes) })
    expect(await aya.node.readMedia('bafkreinothing')).toBeNull()
    await aya.stop()
    expect((await stream.next()).done).toBe(true)
  })

  describe('as a seed that admits pinned authors only', () => {
    async function addPinningSeed(pin: (author: TestPeer) => Promise<string>): Promise<[TestPeer, TestPeer, TestPeer]> {
      const nour = await square.add({ name: 'Nour' })
      const aya = await square.add({ name: 'Aya' })
      const seed = await square.add({ role: 'seed', admit: 'pinned', pins: [await pin(nour)] })
      const address = await seed.address()
      for (const peer of [nour, aya]) await peer.api.network.connect({ address })
      return [nour, aya, seed]
    }

    it('keeps those and nobody else', async () => {
      const [nour, aya, seed] = await addPinningSeed((author) => author.profile())
      const stranger = await aya.api.posts.create({ text: 'not kept' })
      const pinned = await nour.api.posts.create({ text: 'kept for good' })
      await seed.holdsPost(pinned.id)
      await eventually('the seed has heard of the stranger', async () => {
        const { peers } = await aya.api.network.status()
        return peers.some(({ syncedAt }) => syncedAt !== null)
      })
      await expect(seed.api.posts.get({ id: stranger.id })).rejects.toMatchObject({ code: 'not-found' })
    })

    it('finds the author of a pinned device', async () => {
      const [nour, , seed] = await addPinningSeed((author) => author.peerId())
      const { id } = await nour.api.posts.create({ text: 'by device' })
      await seed.holdsPost(id)
      expect((await seed.api.network.status()).storage.authors).toBe(1)
    })
  })
})
