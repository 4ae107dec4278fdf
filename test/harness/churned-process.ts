/**
 * A seed in a process of its own, to which others come and from which they go: `churned-process.ts DATA whole|leaking`.
 * Answers each line with what it holds then. The leaking one is the control: of each peer that comes it keeps a listener
 * with 64 KiB of that peer's, and an open file.
 */
import { openSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { queryObjects, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRouterClient } from '@orpc/server'
import { createNode } from '../../core/node/create-node.ts'
import { loadNetworkDescriptor } from '../../core/node/network-descriptor.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TokenBucket } from '../../core/util/token-bucket.ts'

const KEPT_BYTES = 64 * 1024
const LOOK_EVERY_MS = 50

const [dataDir = '', how = 'whole'] = process.argv.slice(2)
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const node = await createNode(
  {
    role: 'seed',
    name: null,
    dataDir,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    announce: [],
    peers: [],
    network: await loadNetworkDescriptor('local'),
    pins: [],
    admit: 'all',
  },
  { logger: silentLogger },
)
await node.start()
const client = createRouterClient(node.router, { context: { carrier: 'local' } })
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
say({ address: (await node.listening).addresses[0] })

let near = new Set<string>()
async function look(): Promise<number> {
  const { peers } = await client.network.status()
  const now = new Set(peers.map(({ peerId }) => peerId))
  if (how === 'leaking') {
    for (const peerId of now) if (!near.has(peerId)) keep(peerId)
  }
  near = now
  return now.size
}

function keep(peerId: string): void {
  const kept = new Uint8Array(KEPT_BYTES).fill(peerId.length)
  process.on('SIGUSR2', () => kept.fill(0))
  openSync('/dev/null', 'r')
}

process.setMaxListeners(0)
setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS)
for await (const _ of createInterface({ input: process.stdin })) {
  const peers = await look()
  // Twice: what a finalizer lets go of is gone with the second.
  collectGarbage()
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  say({
    peers,
    heapBytes: heapUsed + external,
    residentBytes: rss,
    files: readdirSync('/proc/self/fd').length,
    signals: queryObjects(AbortSignal, { format: 'count' }),
    buckets: queryObjects(TokenBucket, { format: 'count' }),
  })
}
await node.stop()
