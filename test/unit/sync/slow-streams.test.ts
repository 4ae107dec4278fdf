import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FramedStream } from '../../../core/net/framed-stream.ts'
import type { PeerStream } from '../../../core/net/peer-host.ts'
import { encodeFrame, type SyncFrame } from '../../../core/sync/frames.ts'
import {
  MAX_FRAME_BYTES,
  SEED_SESSIONS,
  SYNC_LIMITS,
  SYNC_PROTOCOL,
  type SyncLimits,
} from '../../../core/sync/limits.ts'
import { type SyncEvent, SyncService } from '../../../core/sync/sync-service.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { MemoryNetwork } from '../../harness/memory-hosts.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'
import { HELLO, ScriptedSyncPeer } from '../../harness/scripted-sync-peer.ts'
import { eventually } from '../../harness/wait.ts'

const GUESTS = 1_000
const MEGABYTE = 1024 * 1024
/** What a stream takes in flight, as between hosts. */
const WINDOW_BYTES = 256 * 1024
const GUEST_SLOTS = (SEED_SESSIONS * 3) / 4

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function usedBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const framed = (stream: PeerStream) => new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES })

/** A seed that holds some records, and a network on which guests come. */
async function startSeed(limits: Partial<SyncLimits> = {}) {
  const network = new MemoryNetwork({ windowBytes: WINDOW_BYTES })
  const host = network.host('seed')
  const square = new MemorySquare()
  square.everyone = true
  square.fill(fakeKey('ana'), fakeKey('ana phone'), 200, 4_000)
  const start = async (at: typeof host, held: MemorySquare, role: 'peer' | 'seed', own: SyncLimits) => {
    const ports = { door: held, reader: held, book: held, logger: silentLogger, host: at.peerHost }
    const init = { network: 'palabre', role, device: fakeKey(at.peerId), profile: () => null, limits: own }
    const service = new SyncService(ports, init)
    await service.start()
    onTestFinished(() => service.stop())
    return service
  }
  const service = await start(host, square, 'seed', { ...SYNC_LIMITS, ...limits })
  const events: SyncEvent[] = []
  service.subscribe((event) => events.push(event))
  const streams: PeerStream[] = []
  onTestFinished(() => {
    for (const stream of streams) stream.abort(new Error('the test is over'))
  })
  const open = async (name: string): Promise<PeerStream> => {
    const guest = network.host(name)
    network.join(guest, host)
    const stream = await guest.openStream('seed', SYNC_PROTOCOL)
    streams.push(stream)
    return stream
  }
  /** A peer that wants the records of the seed. */
  const welcome = async (name: string) => {
    const guest = network.host(name)
    const held = new MemorySquare()
    held.wanted.push(fakeKey('ana'))
    const peer = await start(guest, held, 'peer', SYNC_LIMITS)
    network.join(guest, host)
    return { peer, count: () => held.seqs(fakeKey('ana'), fakeKey('ana phone')).length }
  }
  return { service, events, open, welcome }
}

/** About 200 kB: a greeting and the beginning of a long interest. */
const GREETING = [
  HELLO,
  ...Array.from({ length: 4 }, (_, i): SyncFrame => {
    const keys = Array.from({ length: 1_500 }, (_key, at) => fakeKey(`key ${i} ${at}`))
    return {
      type: 'interest',
      everyone: true,
      keys,
      digests: new Uint8Array(),
      sketch: new Uint8Array(),
      known: null,
      isLast: false,
    }
  }),
].map(encodeFrame)

/** A piece of an interest that never ends. */
function dripOf(i: number): SyncFrame {
  const keys = [fakeKey(`drip ${i}`)]
  return {
    type: 'interest',
    everyone: true,
    keys,
    digests: new Uint8Array(),
    sketch: new Uint8Array(),
    known: null,
    isLast: false,
  }
}

/** Says what it has to say and reads nothing. */
async function greet(stream: PeerStream): Promise<void> {
  for (const frame of GREETING) await framed(stream).writeFrame(frame)
}

async function firstWord(stream: PeerStream): Promise<unknown> {
  return await new ScriptedSyncPeer(framed(stream)).next('error').catch((error: unknown) => error)
}

describe('a seed with a thousand slow streams', () => {
  it('refuses those beyond its slots as busy, and begins sessions of its own (SYN12)', async () => {
    const { service, open, welcome } = await startSeed()
    const streams = await Promise.all(Array.from({ length: GUESTS }, (_, i) => open(`guest ${i}`)))
    expect(service.sessions).toBe(GUEST_SLOTS)
    for (const stream of streams.slice(GUEST_SLOTS)) {
      expect(await firstWord(stream)).toMatchObject({ code: 'busy' })
      stream.abort(new Error('refused'))
    }
    const honest = await welcome('honest')
    await service.sync('honest')
    expect(honest.count()).toBe(200)
  })

  it('serves who comes afterwards, and ends the others as stalled (SYN11, SYN12)', async () => {
    const { service, events, open, welcome } = await startSeed({ idleMs: 600_000, quietMs: 50 })
    await Promise.all(Array.from({ length: GUESTS }, (_, i) => open(`guest ${i}`)))
    const honest = await welcome('honest')
    await eventually('the honest peer is served', async () => {
      await honest.peer.sync('seed').catch(() => {})
      return honest.count() === 200
    })
    const codes = events.flatMap((event) => (event.type === 'failed' ? [event.error.code] : []))
    expect(new Set(codes)).toEqual(new Set(['stalled']))
    // The control: with the patience of ten minutes the others are still there.
    expect(service.sessions).toBeGreaterThan(GUEST_SLOTS / 2)
  })

  it('takes the places of those that drip, when somebody needs one (SYN12)', async () => {
    const limits = { idleMs: 600_000, quietMs: 600_000, minBytesPerSecond: 100_000 }
    for (const [slowAfterMs, isServed] of [
      [50, true],
      [600_000, false],
    ] as const) {
      const { open, welcome } = await startSeed({ ...limits, slowAfterMs })
      const streams = await Promise.all(Array.from({ length: GUEST_SLOTS }, (_, i) => open(`guest ${i}`)))
      const frames = [HELLO, ...Array.from({ length: 400 }, (_, i) => dripOf(i))].map(encodeFrame)
      let next = 0
      const drip = setInterval(() => {
        const frame = frames[next++]
        if (frame === undefined) return
        for (const stream of streams) {
          framed(stream)
            .writeFrame(frame)
            .catch(() => {})
        }
      }, 20)
      onTestFinished(() => clearInterval(drip))
      const honest = await welcome('honest')
      const attempts = async () => {
        await honest.peer.sync('seed').catch(() => {})
        return honest.count() === 200
      }
      if (isServed) await eventually('the honest peer is served', attempts)
      else for (let i = 0; i < 20; i++) expect(await attempts()).toBe(false)
      clearInterval(drip)
    }
  })

  it('is free of all of them when nothing has moved for the idle time (SYN11)', async () => {
    const { service, events, open } = await startSeed({ idleMs: 100 })
    await Promise.all(Array.from({ length: GUESTS }, (_, i) => open(`guest ${i}`)))
    await eventually('all sessions end', () => service.sessions === 0)
    const failed = events.flatMap((event) => (event.type === 'failed' ? [event.error.code] : []))
    expect(failed).toEqual(Array.from({ length: GUEST_SLOTS }, () => 'stalled'))
  })

  it('keeps less than 100 MB for them, whatever they have sent (SYN11, SYN12)', async () => {
    const { service, open } = await startSeed()
    const before = usedBytes()
    const streams = await Promise.all(Array.from({ length: GUESTS }, (_, i) => open(`guest ${i}`)))
    const said = await Promise.allSettled(streams.map(greet))
    expect(said.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(GUESTS / 2)
    await eventually('the memory is free', () => usedBytes() - before < 100 * MEGABYTE)
    expect(service.sessions).toBe(GUEST_SLOTS)
    expect(streams).toHaveLength(GUESTS)
  })
})
