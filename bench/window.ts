/**
 * The window in Chromium, its home timeline open, while 10,000 records arrive from a seed over TCP: the longest task of
 * its main thread, by the clock and by what it computed itself, and how long frames took. The floor is the same window
 * before anything comes. Loopback only, each node a process of its own.
 *
 *     node bench/window.ts [--rounds 3] [--people 50] [--posts 200]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { buildRenderer } from '../scripts/build.ts'
import type { TestAuthor } from '../test/harness/authors.ts'
import { launchBrowser } from '../test/harness/chromium.ts'
import { fillSeed, writePeople } from './filled-seed.ts'
import { median, percentile, printFigure, printMachine, readNumber, readRounds } from './harness.ts'
import { PeerProcess } from './peer-process.ts'

const PEOPLE = readNumber('--people', 50, { least: 1, most: 1_000 })
const POSTS = readNumber('--posts', 200, { least: 1, most: 10_000 })
const IDLE_MS = 5_000
const POLL_MS = 500
const DEADLINE_MS = 10 * 60_000

/** In the page: counts from `begin` on. Tasks of 50 ms and more are all that a page is told of. */
const WATCH = `
  window.watched = { tasks: [], frames: [] }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.watched.tasks.push(duration)
  }).observe({ type: 'longtask' })
  let before = performance.now()
  const frame = (now) => {
    window.watched.frames.push(now - before)
    before = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame((now) => { before = now; requestAnimationFrame(frame) })`

interface Watched {
  readonly tasks: readonly number[]
  readonly frames: readonly number[]
  /** What the longest task of the page's main thread computed itself, ms. */
  readonly computedMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** µs that the thread computed. */
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** Watches while `act` runs. */
async function watch(browser: Browser, page: Page, act: () => Promise<void>): Promise<Watched> {
  await page.evaluate('window.watched = { tasks: [], frames: [] }')
  await browser.startTracing(page, { categories: ['__metadata', 'devtools.timeline', 'toplevel'] })
  await act()
  const watched = (await page.evaluate('window.watched')) as Omit<Watched, 'computedMs'>
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  return { ...watched, computedMs: longestComputed(traceEvents) }
}

/** The browser has other pages and threads: the main threads of renderers are called so in the trace. */
function longestComputed(events: readonly TraceEvent[]): number {
  const mains = new Set(
    events.flatMap(({ name, args, pid, tid }) =>
      name === 'thread_name' && args.name === 'CrRendererMain' ? [`${pid}/${tid}`] : [],
    ),
  )
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mains.has(`${pid}/${tid}`),
  )
  if (tasks.length === 0) throw new Error('the trace has no tasks')
  return Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1_000
}

async function arrive(browser: Browser, authors: readonly TestAuthor[], address: string, dataDir: string) {
  const peer = await PeerProcess.start('start', dataDir, ['--name', 'Bench'])
  const { client, close } = await peer.connect()
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  try {
    for (const { profile } of authors) await client.follows.add({ profile })
    const page = await context.newPage()
    await page.goto(peer.ready.url as string)
    await page.getByRole('main').waitFor()
    await page.evaluate(WATCH)
    await pause(IDLE_MS)
    const idle = await watch(browser, page, () => pause(IDLE_MS))
    const wanted = PEOPLE * (POSTS + 1)
    const busy = await watch(browser, page, async () => {
      await client.network.connect({ address })
      const end = Date.now() + DEADLINE_MS
      while ((await client.network.status()).storage.records < wanted) {
        if (Date.now() > end) throw new Error('not everything has come')
        await pause(POLL_MS)
      }
      await page.locator('article[data-post]').first().waitFor()
      await pause(POLL_MS * 4)
    })
    return { idle, busy }
  } finally {
    await context.close()
    await close()
    await peer.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

printMachine()
const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
let seed: PeerProcess | null = null
let browser: Browser | null = null
try {
  await buildRenderer()
  const { domain } = await loadNetworkDescriptor('local')
  process.stderr.write(`signing ${PEOPLE * POSTS} posts\n`)
  const authors = writePeople({ people: PEOPLE, posts: POSTS, domain })
  const seedDir = join(folder, 'seed')
  await fillSeed(seedDir, domain, authors)
  seed = await PeerProcess.start('seed', seedDir, [])
  browser = await launchBrowser()
  const rounds = readRounds(3)
  const all: { idle: Watched; busy: Watched }[] = []
  for (let round = 0; round < rounds; round++) {
    const one = await arrive(browser, authors, seed.address, join(folder, `node ${round}`))
    all.push(one)
    const { tasks, computedMs } = one.busy
    process.stderr.write(
      `round ${round + 1}: ${tasks.length} long tasks, the longest computed ${Math.round(computedMs)} ms\n`,
    )
  }
  const figure = (name: string, unit: 'ms' | 'count', of: (watched: Watched) => number) =>
    printFigure({
      figure: `window.${name}`,
      unit,
      value: median(all.map(({ busy }) => of(busy))),
      floor: { name: 'nothing comes', value: median(all.map(({ idle }) => of(idle))) },
      samples: rounds,
    })
  figure('task.longest', 'ms', ({ tasks }) => Math.max(0, ...tasks))
  figure('task.longest.computed', 'ms', ({ computedMs }) => computedMs)
  figure('task.long', 'count', ({ tasks }) => tasks.length)
  figure('frame.p50', 'ms', ({ frames }) => median(frames))
  figure('frame.p95', 'ms', ({ frames }) => percentile(frames, 0.95))
} finally {
  await browser?.close()
  await seed?.stop()
  await rm(folder, { recursive: true, force: true })
}
