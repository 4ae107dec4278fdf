import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { FramedStream } from '../../core/net/framed-stream.ts'
import { encodePost, KIND } from '../../core/record/kinds/kind-table.ts'
import { MAX_FRAME_BYTES, SYNC_LIMITS, SYNC_PROTOCOL } from '../../core/sync/limits.ts'
import { type SyncEvent, SyncService } from '../../core/sync/sync-service.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { type MadeRecord, TEST_EPOCH_MS, TestAuthor } from '../harness/authors.ts'
import { type MemoryHost, MemoryNetwork } from '../harness/memory-hosts.ts'
import { MutatingDuplex } from '../harness/mutating-duplex.ts'
import { FUZZ_IS_LONG, FUZZ_TIMEOUT_MS, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { portsOf, rememberingPorts, squareSession } from '../harness/square-sync.ts'
import { TestSquare } from '../harness/test-square.ts'
import { eventually } from '../harness/wait.ts'

const SEED = fuzzSeed('sync served')
const FRAMES = FUZZ_IS_LONG ? 100_000 : 1_000
const ATTACKERS = 4
/** One attack in so many has a new post to bring. */
const NEWS_IN = FUZZ_IS_LONG ? 8 : 1
/** Between two visits of the honest peer. */
const VISIT_MS = FUZZ_IS_LONG ? 500 : 50
/** An attack that has spoiled what the other side waits for ends itself. */
const ATTACK_LIMITS = { ...SYNC_LIMITS, idleMs: 40, quietMs: 20 }
const MAX_GROWTH_BYTES = 100 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function memoryInUse(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function serve(host: MemoryHost, square: TestSquare, me: TestAuthor): SyncService {
  const ports = portsOf(square)
  return new SyncService(
    { host: host.peerHost, door: ports, reader: ports, book: ports, logger: silentLogger },
    { network: 'palabre', role: 'peer', device: me.device.publicKey, profile: () => me.address },
  )
}

it(
  `a node under ${FRAMES} spoiled frames of sync goes on, stays small, and serves an honest peer (F6), seed ${SEED}`,
  async () => {
    const [me, ana, bea] = ['Me', 'Ana', 'Bea'].map((name) => new TestAuthor(name)) as [
      TestAuthor,
      TestAuthor,
      TestAuthor,
    ]
    const network = new MemoryNetwork({ windowBytes: 256 * 1024 })
    const [victimHost, honestHost] = [network.host('victim'), network.host('honest')]
    const [victim, near] = [me, me].map(
      () => new TestSquare({ pins: [me, ana, bea].map(({ address }) => address) }),
    ) as [TestSquare, TestSquare]
    const honest = new TestSquare({ me: bea, pins: [ana.address] })
    const service = serve(victimHost, victim, me)
    const honestService = serve(honestHost, honest, bea)
    network.join(victimHost, honestHost)
    await service.start()
    await honestService.start()
    const codes = new Map<string, number>()
    service.subscribe((event: SyncEvent) => {
      if (event.type === 'done') codes.set('none', (codes.get('none') ?? 0) + 1)
      if (event.type !== 'failed') return
      const code = event.error.isRemote ? 'remote' : event.error.code
      codes.set(code, (codes.get(code) ?? 0) + 1)
      if (code === 'unavailable') throw event.error
    })

    let spoiled = 0
    let atRest = 0
    let served = 0
    near.ingest({ operations: [me, ana, bea].map(({ genesis }) => genesis) })
    const remembered: Uint8Array[] = []
    // Only what the victim does costs what it costs: the attackers ask their own store again when it has changed.
    const generator = rememberingPorts(near)
    let last: MadeRecord | null = null
    // Not kept by the author: that would be the test's own growth.
    const nextPost = () => {
      const seq: number = (last?.header.seq ?? 0) + 1
      const body = encodePost({ salt: ana.salt(), text: `post ${seq}` })
      last = ana.signAt(KIND.post, body, { seq, prev: last?.id ?? null, ts: TEST_EPOCH_MS + seq })
      return last
    }
    const attack = async (number: number) => {
      const choice = new SeededChoice(SEED + number)
      const host = network.host(`attacker ${number}`)
      network.join(victimHost, host)
      while (spoiled < FRAMES) {
        // Few of the sessions end well, so that there is always something that the victim lacks.
        if (choice.below(NEWS_IN) === 0) {
          near.ingest({ records: [nextPost()] })
          generator.forget()
        }
        const stream = await host.openStream('victim', SYNC_PROTOCOL)
        const framed = new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES })
        const duplex = new MutatingDuplex(framed, { choice, remembered })
        const { signal } = new AbortController()
        const init = { isInitiator: true, limits: ATTACK_LIMITS, ports: generator.ports }
        const session = squareSession(near, duplex, init)
        await session.run(signal).catch((error: Error) => stream.abort(error))
        spoiled += duplex.mutated
        // What the test's own stores remember of their events isn't growth either.
        for (const { events } of [near, victim, honest]) events.length = 0
        // What is loaded and remembered once isn't growth.
        if (atRest === 0 && spoiled > FRAMES / 10) atRest = memoryInUse()
      }
    }
    const visit = async () => {
      while (spoiled < FRAMES) {
        const { id } = bea.post(`visit ${served}`)
        honest.ingest({ records: bea.records.slice(-1) })
        await eventually('the honest peer is served', async () => {
          const summary = await honestService.sync('victim').catch(() => null)
          if (summary === null) await pause(5)
          return summary !== null
        })
        expect(victim.square.listHeld([bea.address])[0]?.tip?.seq, `after ${id}`).toBe(bea.records.length)
        served++
        await pause(VISIT_MS)
      }
    }
    const stackLines = Error.stackTraceLimit
    // Each spoiled frame ends in an error or two, whose stacks nobody reads.
    Error.stackTraceLimit = 0
    const startedAt = process.cpuUsage()
    await Promise.all([...Array.from({ length: ATTACKERS }, (_, i) => attack(i)), visit()])
    Error.stackTraceLimit = stackLines
    const { user, system } = process.cpuUsage(startedAt)
    const cpuMs = (user + system) / 1_000
    process.stderr.write(
      `${spoiled} frames, ${served} visits, ${(cpuMs / spoiled).toFixed(2)} ms of computing a frame\n`,
    )

    expect(spoiled).toBeGreaterThanOrEqual(FRAMES)
    expect(served).toBeGreaterThan(FUZZ_IS_LONG ? 100 : 5)
    expect(memoryInUse() - atRest).toBeLessThan(MAX_GROWTH_BYTES)
    // The attacks got everywhere: refused at every step, and some sessions ended well all the same.
    const seldom = FUZZ_IS_LONG ? ['truncated', 'invalid-record', 'bad-ack'] : []
    for (const code of ['none', 'bad-frame', 'unexpected-frame', ...seldom]) {
      expect(codes.get(code), code).toBeGreaterThan(0)
    }
    expect([...codes.keys()]).not.toContain('unavailable')
    await eventually('every session has ended', () => service.sessions === 0)
    await Promise.all([service.stop(), honestService.stop()])
    expect(victim.square.integrityCheck()).toEqual([])
  },
  2 * FUZZ_TIMEOUT_MS,
)

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
