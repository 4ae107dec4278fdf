/**
 * What it costs two seeds to find out that they hold nearly the same: 5,000 authors of whom none differ, 3, 40 or 200, between
 * real stores over a stream whose frames travel in steps of half a round trip. Control is every byte of every frame of
 * the session that is no record; what the connection adds (noise, yamux, TCP) is not in it.
 *
 *     node bench/delta.ts [--authors 5000] [--posts 4]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSquare, type Square } from '../core/node/square.ts'
import { packBytes } from '../core/node/square-calls.ts'
import { AuthorHeads } from '../core/sync/author-heads.ts'
import { SYNC_LIMITS } from '../core/sync/limits.ts'
import { SyncSession } from '../core/sync/session.ts'
import { systemClock } from '../core/util/clock.ts'
import { silentLogger } from '../core/util/logger.ts'
import { systemRandom } from '../core/util/random.ts'
import { TestAuthor } from '../test/harness/authors.ts'
import { portsOf } from '../test/harness/square-sync.ts'
import { type SteppedEnd, SteppedLink } from '../test/harness/stepped-link.ts'
import { printFigure, printMachine, readNumber } from './harness.ts'

const AUTHORS = readNumber('--authors', 5_000, { least: 100, most: 20_000 })
const POSTS = readNumber('--posts', 4, { least: 1, most: 100 })
const DOMAIN = 'palabre'
const RECORDS = 5
const BATCH = 512
const EPOCH_MS = Date.now() - 30 * 86_400_000

interface Side {
  readonly square: Square
  readonly heads: AuthorHeads
}

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))

function openSide(name: string): Side {
  let heads: AuthorHeads | null = null
  const square = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: (event) => heads?.noteIngested(event) },
    { dataDir: join(folder, name), domain: DOMAIN, role: 'seed', admit: 'all', pins: [], account: null },
  )
  heads = new AuthorHeads({ reader: portsOf({ square }), clock: systemClock })
  return { square, heads }
}

/** The newest records of these authors, `count` of each. */
function take({ square }: Side, authors: readonly TestAuthor[], count: number): void {
  square.ingest(packBytes(authors.map(({ genesis }) => genesis)), packBytes([]), { kind: 'import' })
  const records = authors.flatMap((author) => author.records.slice(-count).map(({ bytes }) => bytes))
  for (let i = 0; i < records.length; i += BATCH) {
    square.ingest(packBytes([]), packBytes(records.slice(i, i + BATCH)), { kind: 'import' })
  }
}

async function meet(near: Side, far: Side) {
  const link = new SteppedLink()
  const { signal } = new AbortController()
  const run = ({ square, heads }: Side, duplex: SteppedEnd, isInitiator: boolean) => {
    const ports = portsOf({ square })
    const [door, reader, book] = [ports, ports, ports]
    return new SyncSession(
      { door, reader, book, heads, duplex, clock: systemClock, random: systemRandom },
      {
        peerId: 'other',
        isInitiator,
        network: DOMAIN,
        role: 'seed',
        profile: null,
        name: '',
        device: new Uint8Array(32),
        scope: null,
        limits: SYNC_LIMITS,
      },
    ).run(signal)
  }
  const summaries = await link.run(Promise.all([run(near, link.ends[0], true), run(far, link.ends[1], false)]))
  const written = link.ends.flatMap(({ writtenBytes }) => [...writtenBytes])
  const control = written.reduce((sum, [type, bytes]) => (type === RECORDS ? sum : sum + bytes), 0)
  const steps = link.ends.map(({ read }) => read.filter(({ type }) => type === RECORDS).at(-1)?.step ?? 0)
  return { control, steps, moved: summaries.reduce((sum, { newRecords }) => sum + newRecords, 0) }
}

try {
  printMachine()
  const authors = Array.from({ length: AUTHORS }, (_, i) => {
    const author = new TestAuthor(`author ${i}`, { network: DOMAIN, ts: EPOCH_MS })
    for (let n = 0; n < POSTS; n++) author.post(`post ${n} of ${i}`)
    return author
  })
  const [near, far] = [openSide('near'), openSide('far')]
  for (const side of [near, far]) take(side, authors, POSTS)
  for (const differing of [0, 3, 40, 200]) {
    const some = authors.filter((_, i) => i % Math.ceil(AUTHORS / Math.max(1, differing)) === 17).slice(0, differing)
    for (const author of some) author.post('one more')
    // Each side is ahead of the other in turn.
    take(
      near,
      some.filter((_, i) => i % 2 === 0),
      1,
    )
    take(
      far,
      some.filter((_, i) => i % 2 === 1),
      1,
    )
    const { control, steps, moved } = await meet(near, far)
    if (moved !== differing) throw new Error(`${moved} of ${differing} records moved`)
    printFigure({ figure: `delta.${differing}.control`, unit: 'bytes', value: control, samples: 1 })
    if (differing === 0) continue
    // From the step in which a side heard the other first.
    printFigure({
      figure: `delta.${differing}.trips.initiator`,
      unit: 'count',
      value: (steps[0] ?? 0) / 2,
      samples: 1,
    })
    printFigure({
      figure: `delta.${differing}.trips.answerer`,
      unit: 'count',
      value: ((steps[1] ?? 0) - 1) / 2,
      samples: 1,
    })
  }
  near.square.close()
  far.square.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
