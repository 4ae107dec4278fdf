/**
 * From `posts.create` answering the writer's call to the post standing in a follower's home timeline: two peers and a
 * seed, each a process of its own, asked over their local sockets. Both know only the seed. The follower subscribes to
 * events and asks for its timeline at every hint, as the window does. The floor is the same call against the writer's own
 * timeline: what the API itself costs. Loopback only.
 *
 * Each round posts twice, and gossip forwards 60 records a minute of an author: with 30 rounds and more the last posts
 * come by sync, and the figure is that of another way.
 *
 *     node bench/post-to-timeline.ts [--rounds 28]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalConnection } from '../core/node/local-client.ts'
import { eventually } from '../test/harness/wait.ts'
import { alternate, median, percentile, printFigure, printMachine, readRounds } from './harness.ts'
import { PeerProcess } from './peer-process.ts'

type Client = LocalConnection['client']

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
const running: PeerProcess[] = []

async function start(command: 'start' | 'seed', name: string, options: readonly string[]): Promise<PeerProcess> {
  const peer = await PeerProcess.start(command, join(folder, name), options)
  running.push(peer)
  return peer
}

async function isAtHome(client: Client, text: string): Promise<boolean> {
  const { items } = await client.timeline.home({ limit: 5 })
  return items.some((post) => post.text === text)
}

/** Resolves when the text stands in the timeline; looks at every hint, and now and then without one. */
async function untilAtHome(client: Client, text: string, signal: AbortSignal): Promise<void> {
  const events = await client.events.subscribe(undefined, { signal })
  if (await isAtHome(client, text)) return
  for await (const event of events) {
    if ((event.type === 'home' || event.type === 'posts') && (await isAtHome(client, text))) return
  }
  throw new Error('the events ended')
}

async function measure(writer: Client, reader: Client, text: string): Promise<number> {
  const stop = new AbortController()
  try {
    const arrived = untilAtHome(reader, text, AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]))
    const startedAt = performance.now()
    await writer.posts.create({ text })
    await arrived
    return performance.now() - startedAt
  } finally {
    stop.abort()
  }
}

printMachine()
try {
  const seed = await start('seed', 'seed', [])
  const author = await start('start', 'author', ['--name', 'Author', '--peer', seed.address])
  const follower = await start('start', 'follower', ['--name', 'Follower', '--peer', seed.address])
  const [write, read, own] = await Promise.all([author.connect(), follower.connect(), author.connect()])
  await read.client.follows.add({ profile: author.ready.profile as string })
  await write.client.posts.create({ text: 'the first one' })
  await eventually('the follow works', () => isAtHome(read.client, 'the first one'))

  const others: number[] = []
  const mine: number[] = []
  await alternate(readRounds(28), {
    'the follower’s timeline': async () => {
      others.push(await measure(write.client, read.client, `theirs ${others.length}`))
      process.stderr.write(`  ${Math.round(others.at(-1) ?? 0)} ms\n`)
    },
    'the writer’s own timeline': async () => {
      mine.push(await measure(write.client, own.client, `mine ${mine.length}`))
    },
  })
  const floor = (share: number) => ({ name: 'own timeline', value: percentile(mine, share) })
  const samples = others.length
  printFigure({ figure: 'post.p50', unit: 'ms', value: median(others), floor: floor(0.5), samples })
  printFigure({ figure: 'post.p95', unit: 'ms', value: percentile(others, 0.95), floor: floor(0.95), samples })
  await Promise.all([write, read, own].map((connection) => connection.close()))
} finally {
  await Promise.all(running.map((peer) => peer.stop()))
  await rm(folder, { recursive: true, force: true })
}
