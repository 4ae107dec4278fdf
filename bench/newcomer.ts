/**
 * A newcomer: a node with a new account that follows many people and then reaches one seed, over one TCP connection.
 * Measured is from `network.connect` until something stands in the home timeline, until the name and the newest posts of
 * everybody can be read, and until all that they ever wrote is here; and how long a page of the home timeline takes
 * meanwhile. Loopback only, each node a process of its own.
 *
 *     node bench/newcomer.ts [--rounds 3] [--people 150] [--posts 200]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatRecordId } from '../core/codec/cid.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import type { MadeRecord, TestAuthor } from '../test/harness/authors.ts'
import { fillSeed, writePeople } from './filled-seed.ts'
import { median, percentile, printFigure, printMachine, readNumber, readRounds } from './harness.ts'
import { PeerProcess } from './peer-process.ts'

const PEOPLE = readNumber('--people', 150, { least: 1, most: 1_000 })
const POSTS = readNumber('--posts', 200, { least: 20, most: 10_000 })
const NEWEST = 20
const POLL_MS = 100
const DEADLINE_MS = 10 * 60_000

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
const { domain } = await loadNetworkDescriptor('local')

interface Measured {
  /** Each from `network.connect`. */
  readonly firstMs: number
  readonly namesMs: number
  readonly newestMs: number
  readonly allMs: number
  readonly pagesMs: readonly number[]
}

type Client = Awaited<ReturnType<PeerProcess['connect']>>['client']

async function hasName(client: Client, { profile, name }: TestAuthor): Promise<boolean> {
  return (await client.profiles.get({ profile })).name === name
}

/** The last to come of the newest posts, since they come newest first. */
async function hasNewest(client: Client, { records }: TestAuthor): Promise<boolean> {
  const post = records.at(-NEWEST) as MadeRecord
  const found = await client.posts.get({ id: formatRecordId(post.id) }).catch(() => null)
  return found !== null
}

/** Those of whom it hasn't come yet. */
async function without(
  authors: readonly TestAuthor[],
  isHere: (author: TestAuthor) => Promise<boolean>,
): Promise<TestAuthor[]> {
  const found = await Promise.all(authors.map(isHere))
  return authors.filter((_, i) => found[i] === false)
}

/** @throws Error unless the newest posts of everybody are all there */
async function checkNewest(client: Client, authors: readonly TestAuthor[]): Promise<void> {
  for (const { profile, name } of authors) {
    const { items } = await client.timeline.profile({ profile, limit: NEWEST })
    const isWhole = items.length === NEWEST && items.every(({ text }, i) => text.startsWith(`post ${POSTS - i} of `))
    if (!isWhole) throw new Error(`the newest posts of ${name} are not there`)
  }
}

async function arrive(authors: readonly TestAuthor[], address: string, dataDir: string): Promise<Measured> {
  const peer = await PeerProcess.start('start', dataDir, ['--name', 'Newcomer'])
  const { client, close } = await peer.connect()
  try {
    for (const { profile } of authors) await client.follows.add({ profile })
    let [unnamed, silent] = [authors, authors]
    const pagesMs: number[] = []
    const ends = { first: 0, names: 0, newest: 0 }
    const startedAt = performance.now()
    const since = () => performance.now() - startedAt
    await client.network.connect({ address })
    for (;;) {
      const askedAt = performance.now()
      const { items } = await client.timeline.home({ limit: NEWEST })
      pagesMs.push(performance.now() - askedAt)
      if (ends.first === 0 && items.length > 0) ends.first = since()
      unnamed = await without(unnamed, (author) => hasName(client, author))
      if (ends.names === 0 && unnamed.length === 0) ends.names = since()
      silent = await without(silent, (author) => hasNewest(client, author))
      if (ends.newest === 0 && silent.length === 0) ends.newest = since()
      const { storage } = await client.network.status()
      const allMs = since()
      // The own profile record and a follow for each.
      const isAll = storage.records >= PEOPLE * (POSTS + 2) + 1 && items.length === NEWEST
      if (isAll && ends.names > 0 && ends.newest > 0) {
        await checkNewest(client, authors)
        return { firstMs: ends.first, namesMs: ends.names, newestMs: ends.newest, allMs, pagesMs }
      }
      if (allMs > DEADLINE_MS) throw new Error(`${storage.records} records and no more`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  } finally {
    await close()
    await peer.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

printMachine()
let seed: PeerProcess | null = null
try {
  process.stderr.write(`signing ${PEOPLE * POSTS} posts\n`)
  const authors = writePeople({ people: PEOPLE, posts: POSTS, domain })
  process.stderr.write('filling the seed\n')
  const dataDir = join(folder, 'seed')
  await fillSeed(dataDir, domain, authors)
  seed = await PeerProcess.start('seed', dataDir, [])
  const rounds = readRounds(3)
  const measured: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    const one = await arrive(authors, seed.address, join(folder, `newcomer ${round}`))
    measured.push(one)
    const { firstMs, namesMs, newestMs, allMs, pagesMs } = one
    const said = { firstMs, namesMs, newestMs, allMs, slowestPageMs: Math.max(...pagesMs) }
    process.stderr.write(
      `  ${JSON.stringify(said, (_key, value) => (typeof value === 'number' ? Math.round(value) : value))}\n`,
    )
  }
  const figure = (name: string, values: readonly number[]) =>
    printFigure({ figure: `newcomer.${name}`, unit: 'ms', value: median(values), samples: values.length })
  figure(
    'first',
    measured.map(({ firstMs }) => firstMs),
  )
  figure(
    'names',
    measured.map(({ namesMs }) => namesMs),
  )
  figure(
    'newest',
    measured.map(({ newestMs }) => newestMs),
  )
  figure(
    'all',
    measured.map(({ allMs }) => allMs),
  )
  const pages = measured.flatMap(({ pagesMs }) => pagesMs)
  figure('page', pages)
  printFigure({ figure: 'newcomer.page.p95', unit: 'ms', value: percentile(pages, 0.95), samples: pages.length })
} finally {
  await seed?.stop()
  await rm(folder, { recursive: true, force: true })
}
