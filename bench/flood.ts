/**
 * Gossip under attack (F18): a writer and a reader with a seed between them, all with the whole network of a real node and
 * a real store, in one process. In another one 41 attackers around the seed: 31 that join every mesh and pass
 * nothing on, and one of each kind of storm, among them a flood of rightly signed posts of one author, each as fast as
 * the connection takes it. How much of what the writer says is with the reader at the end of a minute, and after how
 * long each attacker is out. The floor is the same without attackers. Loopback only.
 *
 *     node bench/flood.ts [--rounds 1]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { encodePost, KIND } from '../core/record/kinds/kind-table.ts'
import { toHex } from '../core/util/bytes.ts'
import { systemRandom } from '../core/util/random.ts'
import { TestAuthor } from '../test/harness/authors.ts'
import { type Flood, GossipAttacker, STORMS, type Storm } from '../test/harness/gossip-attacker.ts'
import { eventually } from '../test/harness/wait.ts'
import { WorldNode } from '../test/harness/world.ts'
import { median, percentile, printFigure, printMachine, readRounds } from './harness.ts'

const SILENT = 31
const WINDOW_MS = 60_000
const GAP_MS = 500
/** What is said in the last moment has that long to arrive. */
const GRACE_MS = 5_000
const FLOOD_POSTS = 2_000

interface Outcome {
  /** Milliseconds from writing to arrival. */
  readonly delays: readonly number[]
  readonly written: number
  /** Growth of this process's resident memory at its most, MB. */
  readonly grownMB: number
  /** Storm → milliseconds until its attacker was out. */
  readonly out: ReadonlyMap<string, number>
  /** By way: how the posts came to the reader. */
  readonly ways: Readonly<Record<string, number>>
}

type Said = { readonly type: 'ready' } | { readonly type: 'out'; readonly storm: string; readonly ms: number }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The other process: everybody who attacks that address. */
async function attack(address: string): Promise<void> {
  const author = new TestAuthor('flooder')
  const posts = Array.from({ length: FLOOD_POSTS }, (_, i) => author.post(`flood ${i}`).bytes)
  const flood: Flood = {
    author: author.address,
    chain: [author.genesis],
    record: (n) => posts[n % posts.length] as Uint8Array,
  }
  for (let i = 0; i < SILENT; i++) await (await GossipAttacker.start(`silent ${i}`)).join(address)
  const stormers: [Storm, GossipAttacker][] = []
  for (const storm of Object.keys(STORMS) as Storm[]) {
    const attacker = await GossipAttacker.start(storm)
    await attacker.join(address)
    stormers.push([storm, attacker])
  }
  process.send?.({ type: 'ready' } satisfies Said)
  await Promise.all(
    stormers.map(async ([storm, attacker]) => {
      const began = performance.now()
      await attacker.storm(storm, flood)
      process.send?.({ type: 'out', storm, ms: performance.now() - began } satisfies Said)
    }),
  )
}

async function run(isAttacked: boolean): Promise<Outcome> {
  const [writer, seed, reader] = [
    new WorldNode(new TestAuthor('writer')),
    new WorldNode(new TestAuthor('seed'), { role: 'seed' }),
    new WorldNode(new TestAuthor('reader')),
  ]
  const nodes = [writer, seed, reader]
  for (const node of nodes) {
    node.meet(nodes.map(({ author }) => author))
    await node.start()
  }
  reader.follow([writer.author])
  const out = new Map<string, number>()
  process.stderr.write(`${isAttacked ? 'attacked' : 'quiet'}\n`)
  const attackers = isAttacked ? fork(import.meta.filename, ['--attack', seed.address]) : null
  attackers?.on('message', (said: Said) => {
    if (said.type === 'out') out.set(said.storm, said.ms)
  })
  try {
    if (attackers !== null) await once(attackers, 'message')
    for (const { stack } of [writer, reader]) stack.keep(seed.address)
    const isConnected = () => [writer, reader].every(({ stack }) => stack.host.isConnected(seed.stack.host.peerId))
    await eventually('both are connected', isConnected)
    process.stderr.write('connected\n')
    return await write(writer, reader, { out, forMs: isAttacked ? WINDOW_MS : WINDOW_MS / 4 })
  } finally {
    attackers?.kill()
    await Promise.all(nodes.map((node) => node.stop()))
    for (const node of nodes) node.remove()
  }
}

async function write(
  writer: WorldNode,
  reader: WorldNode,
  { out, forMs }: { readonly out: ReadonlyMap<string, number>; readonly forMs: number },
): Promise<Outcome> {
  const sentAt = new Map<string, number>()
  const delays = new Map<string, number>()
  const before = process.memoryUsage().rss
  let most = before
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss)
    for (const [id, at] of sentAt) {
      if (!delays.has(id) && reader.arrivals.has(id)) delays.set(id, performance.now() - at)
    }
  }
  const looking = setInterval(look, 5)
  const end = performance.now() + forMs
  while (performance.now() < end) {
    const body = encodePost({ salt: systemRandom(8), text: `post ${sentAt.size}` })
    sentAt.set(toHex(writer.publish(KIND.post, body).id), performance.now())
    await pause(GAP_MS)
  }
  await eventually('all has arrived', () => delays.size === sentAt.size, GRACE_MS).catch(() => {})
  clearInterval(looking)
  const ways: Record<string, number> = {}
  for (const id of sentAt.keys()) {
    const way = reader.arrivals.get(id) ?? 'lost'
    ways[way] = (ways[way] ?? 0) + 1
  }
  return { delays: [...delays.values()], written: sentAt.size, grownMB: (most - before) / 2 ** 20, out, ways }
}

const attacked = process.argv.indexOf('--attack')
if (attacked >= 0) {
  await attack(process.argv[attacked + 1] ?? '')
  // The silent ones stay.
} else {
  printMachine()
  const share = ({ delays, written }: Outcome) => (100 * delays.length) / written
  for (let round = readRounds(1); round > 0; round--) {
    const quiet = await run(false)
    const busy = await run(true)
    process.stderr.write(`${JSON.stringify({ written: busy.written, ways: busy.ways, out: [...busy.out] })}\n`)
    const samples = busy.written
    const floor = (value: number) => ({ name: 'nobody attacks', value })
    printFigure({ figure: 'flood.delivered', unit: '%', value: share(busy), floor: floor(share(quiet)), samples })
    for (const [name, of] of [['p50', 0.5] as const, ['p99', 0.99] as const]) {
      const value = percentile(busy.delays, of)
      printFigure({ figure: `flood.${name}`, unit: 'ms', value, floor: floor(percentile(quiet.delays, of)), samples })
    }
    printFigure({ figure: 'flood.memory', unit: 'MB', value: busy.grownMB, floor: floor(quiet.grownMB), samples: 1 })
    const times = [...busy.out.values()]
    const out = Object.keys(STORMS).length
    printFigure({ figure: 'flood.out', unit: '%', value: (100 * times.length) / out, samples: out })
    printFigure({ figure: 'flood.out.p50', unit: 'ms', value: median(times), samples: times.length })
    printFigure({ figure: 'flood.out.worst', unit: 'ms', value: Math.max(...times), samples: times.length })
  }
  process.exit(0)
}
