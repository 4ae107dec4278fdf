import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { FramedStream } from '../../../core/net/framed-stream.ts'
import { MAX_FRAME_BYTES, SYNC_LIMITS, SYNC_PROTOCOL, type SyncLimits } from '../../../core/sync/limits.ts'
import { SyncScheduler } from '../../../core/sync/scheduler.ts'
import { SyncService } from '../../../core/sync/sync-service.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import {
  answerWith,
  drippingAuthor,
  LIES,
  type LieName,
  wantedAuthor,
  wantedDevice,
} from '../../harness/lying-peers.ts'
import { type MemoryHost, MemoryNetwork } from '../../harness/memory-hosts.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'

const HOUR_MS = 3_600_000
/** What the honest peer holds, and how long a batch of it takes to be written. */
const RECORDS = 1_500
const WRITE_MS = 10_000
/** So that a flood meets its budget early. */
const LIMITS: SyncLimits = { ...SYNC_LIMITS, maxAuthors: 500, maxLogs: 1_000 }
const NAMES = Object.keys(LIES) as LieName[]
const TWENTY = [...NAMES, ...NAMES]

interface Liar {
  readonly name: LieName
  readonly host: MemoryHost
}

/** A node with sync, lying peers and an honest one: the liars are connected first. */
async function startWorld(lies: readonly LieName[], limits: SyncLimits = LIMITS) {
  const network = new MemoryNetwork()
  const host = network.host('node')
  const square = new MemorySquare()
  square.wanted.push(wantedAuthor, ...lies.map((_, i) => drippingAuthor(i)))
  const end = Promise.withResolvers<void>()
  square.beforeIngest = () => Promise.race([end.promise, new Promise<void>((resolve) => setTimeout(resolve, WRITE_MS))])
  const ports = { door: square, reader: square, book: square, logger: silentLogger }
  const identity = { network: 'palabre', role: 'peer', profile: () => null } as const
  const service = new SyncService(
    { ...ports, host: host.peerHost },
    { ...identity, device: fakeKey('device of the node'), limits },
  )
  const scheduler = new SyncScheduler(
    { host, service, logger: silentLogger },
    { profile: () => null, jitter: () => 0.5 },
  )
  scheduler.start()
  await service.start()

  const honestHost = network.host('zoe')
  const held = new MemorySquare()
  held.fill(wantedAuthor, wantedDevice, RECORDS, 1_000)
  const honest = new SyncService(
    { door: held, reader: held, book: held, logger: silentLogger, host: honestHost.peerHost },
    { ...identity, device: fakeKey('device of zoe') },
  )
  await honest.start()
  const liars: Liar[] = []
  for (const [i, name] of lies.entries()) {
    const liar = network.host(`liar ${i}`)
    await liar.handle(SYNC_PROTOCOL, async (stream) => {
      await answerWith(name, new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES }), liar.opened, i)
    })
    liars.push({ name, host: liar })
  }
  onTestFinished(async () => {
    scheduler.stop()
    end.resolve()
    await Promise.all([service.stop(), honest.stop()])
  })
  for (const { host: liar } of liars) network.join(host, liar)
  network.join(host, honestHost)
  /** The honest peer gets one record more. */
  const write = () => void held.put(wantedAuthor, wantedDevice, RECORDS + 1)
  return { scheduler, square, write, liars, honestHost }
}

type World = Awaited<ReturnType<typeof startWorld>>

/** Lets time pass until the node holds all that the honest peer holds; answers how long that took, at most an hour. */
async function completeAfter({ square }: World): Promise<number> {
  for (let passedMs = 0; passedMs < HOUR_MS; passedMs += 1_000) {
    if (square.seqs(wantedAuthor, wantedDevice).length === RECORDS) return passedMs
    await vi.advanceTimersByTimeAsync(1_000)
  }
  return HOUR_MS
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a node among lying peers', () => {
  it('is complete as soon, and after as many sessions, as with the honest peer alone, twice at most (SYN12)', async () => {
    const alone = await startWorld([])
    const aloneMs = await completeAfter(alone)
    const among = await startWorld(TWENTY)
    const amongMs = await completeAfter(among)
    expect(aloneMs).toBeGreaterThan(2 * WRITE_MS)
    expect(amongMs).toBeLessThanOrEqual(2 * aloneMs)
    expect(among.honestHost.opened).toBeLessThanOrEqual(2 * alone.honestHost.opened)
  })

  it('gives the place of a silent peer to the next (SYN12)', async () => {
    const silent = Array.from({ length: 20 }, (): LieName => 'says nothing')
    const control = await startWorld(silent, { ...LIMITS, quietMs: LIMITS.idleMs })
    const patientMs = await completeAfter(control)
    const world = await startWorld(silent)
    expect(patientMs - (await completeAfter(world))).toBeGreaterThanOrEqual(2 * (LIMITS.idleMs - LIMITS.quietMs))
  })

  it('lets each in turn, however many rounds a peer asks for (SYN12)', async () => {
    const world = await startWorld(
      Array.from({ length: 20 }, (): LieName => 'is never done and gives one record a session'),
    )
    await completeAfter(world)
    for (const { host } of world.liars) expect(host.opened).toBeLessThanOrEqual(10)
  })

  it('begins few sessions an hour with each liar (SYN14)', async () => {
    const world = await startWorld(TWENTY)
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    const counts = Object.fromEntries(NAMES.map((name) => [name, 0]))
    for (const { name, host } of world.liars) counts[name] = Math.max(counts[name] ?? 0, host.opened)
    const { 'is never done and gives one record a session': drips, 'is always busy': refusals, ...others } = counts
    expect(drips).toBeLessThanOrEqual(115)
    expect(refusals).toBeLessThanOrEqual(80)
    for (const count of Object.values(others)) expect(count).toBeLessThanOrEqual(20)
    // The control: everybody had a turn, and the honest peer is still asked every 15 minutes.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(4)
    expect(world.honestHost.opened).toBeGreaterThanOrEqual(4)
    expect(vi.getTimerCount()).toBeLessThan(100)
  })

  it('follows hints of gossip less and less often where there is nothing behind them (SYN14)', async () => {
    const world = await startWorld(['is never done and moves nothing'])
    await completeAfter(world)
    const hint = async (peerId: string) => {
      for (let i = 0; i < HOUR_MS; i += 1_000) {
        world.scheduler.requestAuthors([wantedAuthor], peerId)
        await vi.advanceTimersByTimeAsync(1_000)
      }
    }
    await hint('liar 0')
    expect(world.liars[0]?.host.opened).toBeLessThanOrEqual(30)
    // The control: who hints at something is asked.
    const before = world.honestHost.opened
    world.write()
    world.scheduler.requestAuthors([wantedAuthor], 'zoe')
    await vi.advanceTimersByTimeAsync(2 * WRITE_MS)
    expect(world.honestHost.opened).toBeGreaterThan(before)
    expect(world.square.seqs(wantedAuthor, wantedDevice)).toHaveLength(RECORDS + 1)
  })
})
