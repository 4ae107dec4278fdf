/**
 * From the answer to `posts.create` to the post being stored at each of 1, 10 and 30 subscribers, all real nodes in
 * processes of their own that follow the writer and know its address. A subscriber's event stream says that it is stored,
 * so one hop to the bench is in every figure; it is in the floor's as well: the same record over a bare libp2p stream to
 * as many processes, verified and inserted (`latency-floor.ts`). Each post waits until the one before has arrived
 * everywhere and a second has passed: the figure is that of an empty queue. Loopback only.
 *
 *     node bench/latency.ts [--rounds 20] [--most 30]
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { NodeClient } from '../core/contract/client.ts'
import { alternate, inGroups, percentile, printFigure, printMachine, readNumber, readRounds } from './harness.ts'
import { LatencyFloor } from './latency-floor.ts'
import { NodeCrowd } from './node-crowd.ts'

const ROUNDS = readRounds(20)
const MOST = readNumber('--most', 30, { least: 1, most: 30 })
const CROWDS = [1, 10, 30].filter((crowd) => crowd <= MOST)
/** Posts that aren't counted, after each time that some came in: meshes form, code is compiled. */
const WARM_UP = 3
/** Gossip forwards 60 records a minute of an author; after this long nothing waits any more. */
const PAUSE_MS = 1_000
const ARRIVAL_LIMIT_MS = 30_000
const SHARES = [0.5, 0.95, 0.99]

/** Says when something new of somebody else stands in a node's home timeline. */
class HomeWatch {
  #onHome: (() => void) | null = null

  async start(client: NodeClient): Promise<void> {
    const events = await client.events.subscribe()
    const follow = async () => {
      for await (const event of events) if (event.type === 'home' && !event.own) this.#onHome?.()
    }
    // Ends with its connection.
    follow().catch(() => {})
  }

  /** The moment of the next. @throws Error when there is none in half a minute */
  next(): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('a post has not arrived')), ARRIVAL_LIMIT_MS)
      this.#onHome = () => {
        clearTimeout(timer)
        this.#onHome = null
        resolve(performance.now())
      }
    })
  }
}

printMachine()
const crowd = await NodeCrowd.open()
const floor = await LatencyFloor.start()
const subscribers: HomeWatch[] = []
try {
  const writer = await crowd.start('start', 'writer', [])
  let posts = 0
  const post = async () => {
    const text = `A post of usual length, as people write them here: ${++posts}`
    const [answeredAt, ...arrivals] = await Promise.all([
      writer.client.posts.create({ text }).then(() => performance.now()),
      ...subscribers.map((subscriber) => subscriber.next()),
    ])
    return arrivals.map((at) => at - answeredAt)
  }
  const addSubscriber = async (number: number) => {
    const { client } = await crowd.start('start', `subscriber-${number}`, writer.ready.addresses)
    const watch = new HomeWatch()
    await client.follows.add({ profile: writer.ready.profile as string })
    await watch.start(client)
    await floor.addReader()
    return watch
  }
  for (const size of CROWDS) {
    const before = subscribers.length
    subscribers.push(...(await inGroups(size - before, (index) => addSubscriber(before + index))))
    const [ours, bare]: [number[], number[]] = [[], []]
    const measure = async (into: number[], run: () => Promise<number[]>) => {
      await pause(PAUSE_MS)
      into.push(...(await run()))
    }
    for (let i = 0; i < WARM_UP; i++) await Promise.all([measure([], post), measure([], () => floor.write())])
    await alternate(ROUNDS, {
      posts: () => measure(ours, post),
      'the floor': () => measure(bare, () => floor.write()),
    })
    for (const share of SHARES) {
      printFigure({
        figure: `latency.${size}.p${share * 100}`,
        unit: 'ms',
        value: percentile(ours, share),
        floor: { name: 'a bare stream, verified and inserted', value: percentile(bare, share) },
        samples: ours.length,
      })
    }
  }
} finally {
  await Promise.all([crowd.close(), floor.stop()])
}
