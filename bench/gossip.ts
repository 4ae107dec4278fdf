/**
 * Gossip with 20 nodes in one process, our stack beside raw gossipsub: how much arrives, and after how long. Both run on
 * the same hosts' transport, the same ring with chords, the same number and size of messages; the raw one has the
 * library's own defaults, no validation and no scoring of ours, and is the floor. Loopback only.
 *
 *     node bench/gossip.ts [--rounds 3]
 */
import { gossipsub } from '@libp2p/gossipsub'
import { formatTopic, shardOf } from '../core/gossip/shards.ts'
import { createHost, type Host } from '../core/net/host.ts'
import { LOCAL_LIMITS } from '../core/net/net-limits.ts'
import { silentLogger } from '../core/util/logger.ts'
import { type GossipPeer, startGossipPeer } from '../test/harness/gossip-peer.ts'
import { fakeKey } from '../test/harness/memory-square.ts'
import { eventually } from '../test/harness/wait.ts'
import { alternate, median, percentile, printFigure, printMachine, readRounds } from './harness.ts'

const NODES = 20
const CHORDS = [1, 3, 7]
const MESSAGES = 200
const GAP_MS = 25
const BODY_BYTES = 400
/** What isn't there by then counts as lost. */
const PATIENCE_MS = 10_000

interface Outcome {
  /** Milliseconds from sending to arrival, one for each message and receiver. */
  readonly delays: number[]
  readonly expected: number
}

const author = fakeKey('author')
const device = fakeKey('device')
const topic = formatTopic(shardOf(author))

async function dialRing(hosts: readonly Host<Record<string, unknown>>[]): Promise<void> {
  for (const [i, host] of hosts.entries()) {
    for (const step of CHORDS) await host.dial(hosts[(i + step) % hosts.length]?.addresses()[0] ?? '')
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

async function runOurs(): Promise<Outcome> {
  const peers = await Promise.all(Array.from({ length: NODES }, (_, i) => startGossipPeer(`peer ${i}`)))
  try {
    await dialRing(peers.map((peer) => peer.host))
    await eventually('everybody has a mesh', () => peers.every(({ pubsub }) => pubsub.mesh(topic).length >= 4))
    const [writer, ...readers] = peers as [GossipPeer, ...GossipPeer[]]
    writer.square.fill(author, device, 0)
    const sentAt = new Map<string, number>()
    const delays: number[] = []
    for (const { square } of readers) {
      const seen = new Set<string>()
      const ingest = square.ingest.bind(square)
      square.ingest = async (batch, source) => {
        const result = await ingest(batch, source)
        for (const record of batch.records) {
          const key = Buffer.from(record).toString('latin1')
          const at = sentAt.get(key)
          if (at !== undefined && !seen.has(key)) delays.push(performance.now() - at)
          seen.add(key)
        }
        return result
      }
    }
    for (let seq = 1; seq <= MESSAGES; seq++) {
      const record = writer.square.put(author, device, seq, BODY_BYTES)
      sentAt.set(Buffer.from(record).toString('latin1'), performance.now())
      writer.gossip.announce([{ author, record }])
      await pause(GAP_MS)
    }
    const expected = MESSAGES * readers.length
    await eventually('all has arrived', () => delays.length >= expected, PATIENCE_MS).catch(() => {})
    return { delays, expected }
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()))
  }
}

async function startRaw(index: number) {
  const services = { pubsub: gossipsub({ allowPublishToZeroTopicPeers: true }) }
  const host = await createHost(
    { logger: silentLogger },
    {
      privateKey: fakeKey(`raw ${index}`),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: services as never,
    },
  )
  const { pubsub } = host.services as unknown as { pubsub: ReturnType<(typeof services)['pubsub']> }
  pubsub.subscribe(topic)
  return { host, pubsub }
}

/** Not in the library's types. */
function meshSize(pubsub: object): number {
  return (pubsub as { mesh: Map<string, Set<string>> }).mesh.get(topic)?.size ?? 0
}

async function runRaw(): Promise<Outcome> {
  const peers = await Promise.all(Array.from({ length: NODES }, (_, i) => startRaw(i)))
  try {
    await dialRing(peers.map((peer) => peer.host))
    await eventually('everybody has a mesh', () => peers.every(({ pubsub }) => meshSize(pubsub) >= 4))
    const [writer, ...readers] = peers
    const sentAt: number[] = []
    const delays: number[] = []
    for (const { pubsub } of readers) {
      pubsub.addEventListener('message', ({ detail }) => {
        const index = new DataView(detail.data.buffer, detail.data.byteOffset).getUint32(0)
        delays.push(performance.now() - (sentAt[index] as number))
      })
    }
    for (let index = 0; index < MESSAGES; index++) {
      const data = new Uint8Array(BODY_BYTES + 100)
      new DataView(data.buffer).setUint32(0, index)
      sentAt[index] = performance.now()
      await writer?.pubsub.publish(topic, data)
      await pause(GAP_MS)
    }
    const expected = MESSAGES * readers.length
    await eventually('all has arrived', () => delays.length >= expected, PATIENCE_MS).catch(() => {})
    return { delays, expected }
  } finally {
    await Promise.all(peers.map((peer) => peer.host.stop()))
  }
}

printMachine()
const outcomes: { ours: Outcome[]; raw: Outcome[] } = { ours: [], raw: [] }
await alternate(readRounds(3), {
  ours: async () => {
    outcomes.ours.push(await runOurs())
  },
  raw: async () => {
    outcomes.raw.push(await runRaw())
  },
})

const share = ({ delays, expected }: Outcome) => (100 * delays.length) / expected
const figures: readonly [string, 'ms' | '%', (outcome: Outcome) => number][] = [
  ['gossip.delivered', '%', share],
  ['gossip.p50', 'ms', ({ delays }) => percentile(delays, 0.5)],
  ['gossip.p99', 'ms', ({ delays }) => percentile(delays, 0.99)],
]
for (const [figure, unit, measure] of figures) {
  printFigure({
    figure,
    unit,
    value: figure === 'gossip.delivered' ? Math.min(...outcomes.ours.map(measure)) : median(outcomes.ours.map(measure)),
    floor: { name: 'raw gossipsub', value: median(outcomes.raw.map(measure)) },
    samples: outcomes.ours.reduce((sum, outcome) => sum + outcome.expected, 0),
  })
}
process.exit(0)
