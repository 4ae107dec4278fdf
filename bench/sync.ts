/**
 * Catching up between two processes over TCP: an empty seed gets 50,000 posts of 100 authors from another one, and one
 * that lacks 10 or 1,000 of them gets those, at the tail of the logs or scattered. The floor is the least that one thread
 * can do for the same records: it reads them from a bare TCP connection, verifies each signature with `crypto.verify`
 * and inserts each into SQLite, 256 in a transaction. Loopback only, each node a process of its own.
 *
 *     node bench/sync.ts [--rounds 3] [--posts 50000]
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatRecordId } from '../core/codec/cid.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { openSquare } from '../core/node/square.ts'
import { packBytes } from '../core/node/square-calls.ts'
import { systemClock } from '../core/util/clock.ts'
import { silentLogger } from '../core/util/logger.ts'
import { type MadeRecord, TestAuthor } from '../test/harness/authors.ts'
import { CountingProxy } from './counting-proxy.ts'
import { alternate, median, printFigure, printMachine, readNumber, readRounds } from './harness.ts'
import { PeerProcess } from './peer-process.ts'
import { measureFloor } from './sync-floor.ts'

const AUTHORS = 100
const POSTS = readNumber('--posts', 50_000, { least: AUTHORS, most: 1_000_000 })
const BATCH = 512
const POLL_MS = 10
const DEADLINE_MS = 10 * 60_000
const EPOCH_MS = Date.now() - 30 * 86_400_000

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
const { domain } = await loadNetworkDescriptor('local')
let places = 0

const TEXT =
  'as long as people write them here, about one hundred and forty characters with all the words that a search finds'

function write(): { authors: TestAuthor[]; records: MadeRecord[] } {
  const authors = Array.from({ length: AUTHORS }, (_, i) => {
    const author = new TestAuthor(`author ${i}`, { network: domain, ts: EPOCH_MS })
    for (let n = 0; n < POSTS / AUTHORS; n++) author.post(`post ${n} of ${i}, ${TEXT}`)
    return author
  })
  // In the order of their times, as they would have come.
  const records = authors.flatMap((author) => author.records).toSorted((a, b) => a.header.ts - b.header.ts)
  return { authors, records }
}

/** A seed's directory with a vault and these records. */
async function fill(authors: readonly TestAuthor[], records: readonly MadeRecord[]): Promise<string> {
  const dataDir = join(folder, `seed ${places++}`)
  // The first start makes the vault: records without one are refused.
  await (await PeerProcess.start('seed', dataDir, [])).stop()
  const square = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: () => {} },
    { dataDir, domain, role: 'seed', admit: 'all', pins: [], account: null },
  )
  const operations = packBytes(authors.map(({ genesis }) => genesis))
  square.ingest(operations, packBytes([]), { kind: 'import' })
  for (let i = 0; i < records.length; i += BATCH) {
    const part = records.slice(i, i + BATCH).map(({ bytes }) => bytes)
    square.ingest(packBytes([]), packBytes(part), { kind: 'import' })
  }
  const held = square.stats().records
  square.close()
  if (held !== records.length) throw new Error(`the seed holds ${held} of ${records.length} records`)
  return dataDir
}

interface Measured {
  readonly ms: number
  /** Until the newest post of every author could be read. */
  readonly newestMs: number
  readonly peakMB: number
}

/** From `network.connect` to the last record, on a seed with this directory; it is gone afterwards. */
async function catchUp(dataDir: string, address: string, newest: readonly string[]): Promise<Measured> {
  const peer = await PeerProcess.start('seed', dataDir, [])
  const { client, close } = await peer.connect()
  try {
    const startedAt = performance.now()
    await client.network.connect({ address })
    let newestMs = 0
    let waiting = [...newest]
    for (;;) {
      if (waiting.length > 0) {
        const found = await Promise.all(waiting.map((id) => client.posts.get({ id }).catch(() => null)))
        waiting = waiting.filter((_, i) => found[i] === null)
        if (waiting.length === 0) newestMs = performance.now() - startedAt
      }
      const { storage } = await client.network.status()
      const ms = performance.now() - startedAt
      if (storage.records >= POSTS && waiting.length === 0) return { ms, newestMs, peakMB: await peer.peakMemoryMB() }
      if (ms > DEADLINE_MS) throw new Error(`${storage.records} records and no more`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  } finally {
    await close()
    await peer.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** A directory of its own with the records of another one. */
async function copyOf(filled: string): Promise<string> {
  const dataDir = await emptySeed()
  for (const file of ['square.db', 'media.db']) await cp(join(filled, file), join(dataDir, file))
  return dataDir
}

async function emptySeed(): Promise<string> {
  const dataDir = join(folder, `seed ${places++}`)
  await (await PeerProcess.start('seed', dataDir, [])).stop()
  return dataDir
}

printMachine()
let source: PeerProcess | null = null
try {
  process.stderr.write(`signing ${POSTS} posts\n`)
  const { authors, records } = write()
  const newest = authors.map((author) => formatRecordId((author.records.at(-1) as MadeRecord).id))
  process.stderr.write('filling seeds\n')
  const whole = await fill(authors, records)
  const every = (n: number) => records.filter((_, i) => i % Math.floor(records.length / n) !== 0)
  const partial: Record<string, { dataDir: string; missing: number; bytes: number }> = {}
  for (const [name, held] of [
    ['tail10', records.slice(0, -10)],
    ['scattered10', every(10)],
    ['tail1000', records.slice(0, -1_000)],
    ['scattered1000', every(1_000)],
  ] as const) {
    const here = new Set(held)
    const bytes = records.filter((record) => !here.has(record)).reduce((sum, record) => sum + record.bytes.length, 0)
    partial[name] = { dataDir: await fill(authors, held), missing: records.length - held.length, bytes }
  }
  source = await PeerProcess.start('seed', whole, [])
  const { address } = source
  const wire = records.map(({ bytes, header }) => ({ bytes, device: header.device }))
  const own = wire.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const rates = { sync: [] as number[], floor: [] as number[] }
  const bulk: Measured[] = []
  const rounds = readRounds(3)
  await alternate(rounds, {
    sync: async () => {
      const measured = await catchUp(await emptySeed(), address, newest)
      bulk.push(measured)
      rates.sync.push((POSTS / measured.ms) * 1_000)
      process.stderr.write(
        `  ${Math.round(rates.sync.at(-1) ?? 0)}/s, newest after ${Math.round(measured.newestMs)} ms\n`,
      )
    },
    floor: async () => {
      rates.floor.push((POSTS / (await measureFloor(records, domain))) * 1_000)
      process.stderr.write(`  ${Math.round(rates.floor.at(-1) ?? 0)}/s\n`)
    },
  })
  const floor = { name: 'bare TCP, verify, insert', value: median(rates.floor) }
  printFigure({ figure: 'sync.bulk', unit: 'records/s', value: median(rates.sync), floor, samples: rounds })
  printFigure({
    figure: 'sync.newest',
    unit: 'ms',
    value: median(bulk.map(({ newestMs }) => newestMs)),
    samples: rounds,
  })
  printFigure({ figure: 'sync.memory', unit: 'MB', value: median(bulk.map(({ peakMB }) => peakMB)), samples: rounds })

  const counted = await CountingProxy.to(address)
  await catchUp(await emptySeed(), counted.address, newest)
  const bytes = { name: "the records' own bytes", value: own / POSTS }
  printFigure({ figure: 'sync.bytes', unit: 'bytes', value: counted.bytes / POSTS, floor: bytes, samples: 1 })
  await counted.close()

  for (const [name, { dataDir, missing, bytes: lacked }] of Object.entries(partial)) {
    const times: number[] = []
    const spans: number[] = []
    const share = records.slice(-missing)
    await alternate(rounds, {
      [name]: async () => {
        times.push((await catchUp(await copyOf(dataDir), address, [])).ms)
      },
      floor: async () => {
        spans.push(await measureFloor(share, domain))
      },
    })
    const least = { name: 'bare TCP, verify, insert', value: median(spans) }
    printFigure({ figure: `sync.${name}`, unit: 'ms', value: median(times), floor: least, samples: rounds })
    const proxy = await CountingProxy.to(address)
    await catchUp(await copyOf(dataDir), proxy.address, [])
    const control = proxy.bytes - lacked
    printFigure({ figure: `sync.${name}.control`, unit: 'bytes', value: control, samples: 1 })
    await proxy.close()
  }
} finally {
  await source?.stop()
  await rm(folder, { recursive: true, force: true })
}
