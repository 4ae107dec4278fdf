/**
 * The first page of a thread with many answers, ten of them by people whom the reader follows, in the store's own code and in
 * this process. The floor is the least that telling its answers can cost: an indexed join of the same rows, five columns.
 * `--beside FOLDER` reads the same records with another checkout's code in turns. No network.
 *
 *     node bench/thread.ts [--answers 5000] [--rounds 30] [--beside FOLDER]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { formatRecordId } from '../core/codec/cid.ts'
import { SquareDatabase } from '../core/store/square-database.ts'
import { ManualClock } from '../core/util/clock.ts'
import { silentLogger } from '../core/util/logger.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../test/harness/authors.ts'
import { percentile, printFigure, printMachine, readNumber, readRounds } from './harness.ts'

const NEAR = 10
const WRITERS = 200
const BATCH = 500

const answers = readNumber('--answers', 5_000, { least: 100, most: 50_000 })
const rounds = readRounds(30)
const given = process.argv.indexOf('--beside')
const beside = given < 0 ? null : resolve(process.argv[given + 1] as string)
const here = resolve(import.meta.dirname, '..')

const me = new TestAuthor('Me')
const writers = Array.from({ length: WRITERS }, (_, i) => new TestAuthor(`Writer ${i}`))
const root = me.post('root')
const near = writers.slice(0, NEAR)
const said = [
  ...near.map((writer) => me.follow(writer)),
  root,
  ...Array.from({ length: answers }, (_, i) => {
    const writer = (i < NEAR ? near[i] : writers[NEAR + (i % (WRITERS - NEAR))]) as TestAuthor
    return writer.reply(root, `answer ${i}, as long as people write when they say something`)
  }),
]

interface Opened {
  readonly read: () => { readonly replies: readonly unknown[] } | null
  readonly close: () => void
}

async function open(checkout: string, dataDir: string): Promise<Opened> {
  const load = (path: string) => import(pathToFileURL(join(checkout, path)).href)
  const { openSquare } = (await load('core/node/square.ts')) as typeof import('../core/node/square.ts')
  const { packBytes } = (await load('core/node/square-calls.ts')) as typeof import('../core/node/square-calls.ts')
  const square = openSquare(
    { clock: new ManualClock(TEST_EPOCH_MS + 86_400_000), logger: silentLogger, onIngested: () => undefined },
    {
      ...{ domain: 'palabre', role: 'peer', admit: 'all', dataDir, account: me.account },
      pins: writers.map(({ address }) => address),
    },
  )
  const source = { kind: 'sync', peer: 'peer' } as const
  square.ingest(packBytes(writers.map(({ genesis }) => genesis)), packBytes([]), source)
  for (let i = 0; i < said.length; i += BATCH) {
    square.ingest(packBytes([]), packBytes(said.slice(i, i + BATCH).map(({ bytes }) => bytes)), source)
  }
  const id = formatRecordId(root.id)
  return { read: () => square.thread(id, { strangers: 'none', depth: 3, limit: 50 }), close: () => square.close() }
}

printMachine()
const folders = [
  await mkdtemp(join(tmpdir(), 'palabre-bench-')),
  await mkdtemp(join(tmpdir(), 'palabre-bench-')),
] as const
const mine = await open(here, folders[0])
const theirs = beside === null ? null : await open(beside, folders[1])
const bare = new SquareDatabase({ path: join(folders[0], 'square.db') })
const join5 = bare.db.prepare(
  `SELECT record.record_key, record.id, record.author_id, record.sort_ms, post.parent_id
   FROM post JOIN record USING (record_key) WHERE post.root_id = ?`,
)
try {
  const samples = { bare: [] as number[], thread: [] as number[], beside: [] as number[] }
  const time = (into: number[], work: () => unknown) => {
    const startedAt = performance.now()
    work()
    into.push(performance.now() - startedAt)
  }
  for (let round = 0; round < rounds; round++) {
    time(samples.bare, () => join5.all(root.id))
    time(samples.thread, mine.read)
    if (theirs !== null) time(samples.beside, theirs.read)
  }
  for (const [share, suffix] of [
    [0.5, 'p50'],
    [0.99, 'p99'],
  ] as const) {
    const floor = { name: 'bare', value: percentile(samples.bare, share) }
    for (const name of ['thread', 'beside'] as const) {
      if (samples[name].length === 0) continue
      const value = percentile(samples[name], share)
      printFigure({ figure: `thread.${name}.${suffix}`, unit: 'ms', value, samples: rounds, floor })
    }
  }
} finally {
  bare.close()
  mine.close()
  theirs?.close()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}
