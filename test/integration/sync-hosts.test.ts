import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { parsePeerId } from '../../core/identity/peer-id.ts'
import { FramedStream } from '../../core/net/framed-stream.ts'
import { createHost } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import type { PeerStream } from '../../core/net/peer-host.ts'
import { decodeFrame, encodeFrame } from '../../core/sync/frames.ts'
import { toHex } from '../../core/util/bytes.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey } from '../harness/memory-square.ts'
import { HELLO } from '../harness/scripted-sync-peer.ts'
import { type SyncPeer, type SyncPeerInit, startSyncPeer } from '../harness/sync-peer.ts'
import { eventually } from '../harness/wait.ts'

const started: SyncPeer[] = []

async function start(name: string, init: SyncPeerInit = {}): Promise<SyncPeer> {
  const peer = await startSyncPeer(name, init)
  started.push(peer)
  return peer
}

async function holds(peer: SyncPeer, other: SyncPeer, count: number): Promise<void> {
  await eventually(`${peer.name} holds ${count} records of ${other.name}`, () => {
    return peer.square.seqs(other.author, other.device).length === count
  })
}

/** A host that has no sync of ours. */
async function startBareHost() {
  const logger = silentLogger
  const [privateKey, listen] = [fakeKey('bare'), ['/ip4/127.0.0.1/tcp/0']]
  return await createHost({ logger }, { privateKey, listen, limits: LOCAL_LIMITS, isLocal: true, services: {} })
}

const framed = (stream: PeerStream) => new FramedStream(stream, { maxFrameBytes: 65_536 })

/** The first frame that the other side says. */
async function greeting(stream: PeerStream) {
  const bytes = await framed(stream).readFrame()
  return bytes === null ? null : decodeFrame(bytes)
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((peer) => peer.stop()))
})

describe('sync between hosts', () => {
  it('speaks /palabre/sync/1 on a stream of its own that either side opens (SYN1)', async () => {
    const [ana, bea] = [await start('ana'), await start('bea')]
    const bare = await startBareHost()
    onTestFinished(() => bare.stop())
    const opened = Promise.withResolvers<PeerStream>()
    await bare.handle('/palabre/sync/1', async (stream) => opened.resolve(stream), { maxInbound: 1, maxOutbound: 1 })
    await ana.manager.connect(bare.addresses()[0] as string)
    expect(await greeting(await opened.promise)).toMatchObject({ type: 'hello', version: 1 })
    await bare.dial(bea.address())
    const stream = await bare.openStream(bea.host.peerId, '/palabre/sync/1')
    await framed(stream).writeFrame(encodeFrame(HELLO))
    expect(await greeting(stream)).toMatchObject({ type: 'hello', version: 1 })
    await expect(bare.openStream(bea.host.peerId, '/palabre/sync/2')).rejects.toThrow()
  })

  it('catches up with what was written while a peer was away, author gone (SYN14)', async () => {
    const seed = await start('seed', { role: 'seed' })
    const ana = await start('ana')
    ana.write(200, 1_000)
    ana.manager.keep(seed.address())
    await holds(seed, ana, 200)
    await ana.stop()
    const bea = await start('bea')
    bea.square.wanted.push(ana.author)
    bea.manager.keep(seed.address())
    await holds(bea, ana, 200)
    expect(bea.events.some((event) => event.type === 'progress')).toBe(true)
  })

  it('pushes new own records to a connected seed, which acknowledges them (SYN10, SYN14)', async () => {
    const seed = await start('seed', { role: 'seed' })
    const ana = await start('ana')
    ana.manager.keep(seed.address())
    await eventually('the first session ends', () => ana.events.some((event) => event.type === 'done'))
    ana.write(3)
    await holds(seed, ana, 3)
    const noted = await eventually('the seed acknowledges', () => {
      const seqs = ana.square.noted.filter(({ isSeed }) => isSeed).flatMap((note) => note.seqs)
      return seqs.length >= 3 ? seqs : null
    })
    expect(new Set(noted)).toEqual(new Set([1, 2, 3]))
    expect(ana.square.noted[0]?.peerId).toBe(seed.host.peerId)
  })

  it('asks who is connected for a follow (SYN14)', async () => {
    const seed = await start('seed', { role: 'seed' })
    const ana = await start('ana')
    ana.write(5)
    ana.manager.keep(seed.address())
    await holds(seed, ana, 5)
    const bea = await start('bea')
    bea.manager.keep(seed.address())
    await eventually('the first session ends', () => bea.events.some((event) => event.type === 'done'))
    bea.square.wanted.push(ana.author)
    bea.scheduler.requestAuthors([ana.author])
    await holds(bea, ana, 5)
  })

  it('asks another peer for a tail that one knows of by a beat and does not hold (BEA8)', async () => {
    const ana = fakeKey('ana')
    const device = fakeKey('ana phone')
    // Nothing is synced by the clock: whoever is asked a second time is asked because of the beat.
    const times = { fullEveryMs: 600_000, stepInMs: 600_000 }
    const [reader, witness, whole] = [await start('reader', { times }), await start('witness'), await start('whole')]
    for (const { square } of [reader, witness, whole]) {
      square.fill(ana, device, 15)
      square.wanted.push(ana)
    }
    reader.manager.keep(whole.address())
    await eventually('the first session ends', () => reader.events.some((event) => event.type === 'done'))
    for (let seq = 16; seq <= 20; seq++) whole.square.put(ana, device, seq)
    witness.square.newest.set(toHex(device), { seq: 20, head: ana, ts: 1, signature: new Uint8Array(64) })
    expect(reader.square.seqs(ana, device)).toHaveLength(15)
    reader.manager.keep(witness.address())
    await eventually('the tail comes', () => reader.square.seqs(ana, device).length === 20)
    const behind = reader.events.flatMap((event) => (event.type === 'done' ? event.summary.behindBeat : []))
    expect(behind).toContainEqual({ author: ana, device, offeredSeq: 15, beatSeq: 20, heldSeq: 15 })
  })

  it('lets both sides start at the same time and goes on with one (SYN12)', async () => {
    const ana = await start('ana')
    const bea = await start('bea')
    ana.square.wanted.push(bea.author)
    bea.square.wanted.push(ana.author)
    ana.write(50, 2_000)
    bea.write(50, 2_000)
    await ana.manager.connect(bea.address())
    ana.scheduler.requestEverything()
    bea.scheduler.requestEverything()
    await holds(ana, bea, 50)
    await holds(bea, ana, 50)
  })

  it('hands over unsent records at a clean stop, within two seconds (SYN15)', async () => {
    const seed = await start('seed', { role: 'seed' })
    const ana = await start('ana', { times: { pushDelayMs: 600_000 } })
    ana.manager.keep(seed.address())
    await eventually('the first session ends', () => ana.events.some((event) => event.type === 'done'))
    ana.write(2)
    await expect(ana.scheduler.flush(AbortSignal.timeout(20_000))).resolves.toBe(true)
    expect(seed.square.seqs(ana.author, ana.device)).toEqual([1, 2])
  })

  it('gives up handing over when nobody takes it in time (SYN15)', async () => {
    const ana = await start('ana')
    ana.write(2)
    await expect(ana.scheduler.flush(AbortSignal.timeout(50))).resolves.toBe(false)
  })

  it('waits for a slow reader and holds little for it (SYN9)', async () => {
    const seed = await start('seed', { role: 'seed' })
    let isOpen = false
    const waiting: (() => void)[] = []
    seed.square.beforeIngest = async () => {
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve))
    }
    const ana = await start('ana')
    ana.write(600, 4_000)
    const sentBefore = ana.host.traffic().sentBytes
    ana.manager.keep(seed.address())
    await eventually('the seed has something to do', () => waiting.length > 0)
    expect(ana.host.traffic().sentBytes - sentBefore).toBeLessThan(600_000)
    isOpen = true
    for (const resume of waiting) resume()
    await holds(seed, ana, 600)
  })

  it('takes nobody for the owner of a profile whose held chain does not list the device (SYN3)', async () => {
    const ana = await start('ana')
    const honest = await start('honest')
    const liar = await start('liar', { profile: () => honest.author })
    const key = parsePeerId(honest.host.peerId)
    if (key === undefined) throw new Error('no peer ID')
    ana.square.fill(honest.author, key, 1)
    for (const other of [honest, liar]) await ana.manager.connect(other.address())
    const profileOf = (peer: SyncPeer) => {
      const hello = ana.events.find((event) => event.type === 'hello' && event.peerId === peer.host.peerId)
      return hello?.type === 'hello' ? { profile: hello.hello.profile } : null
    }
    expect(await eventually('the honest one greets', () => profileOf(honest))).toEqual({ profile: honest.author })
    expect(await eventually('the liar greets', () => profileOf(liar))).toEqual({ profile: null })
  })

  it('refuses another network (SYN3)', async () => {
    const ana = await start('ana', { network: 'elsewhere' })
    const bea = await start('bea')
    await ana.manager.connect(bea.address())
    const failed = await eventually('it fails', () => bea.events.find((event) => event.type === 'failed'))
    expect(failed).toMatchObject({ error: { code: 'wrong-network' } })
  })
})
