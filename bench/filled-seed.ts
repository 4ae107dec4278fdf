import { openSquare } from '../core/node/square.ts'
import { packBytes } from '../core/node/square-calls.ts'
import { systemClock } from '../core/util/clock.ts'
import { silentLogger } from '../core/util/logger.ts'
import { TestAuthor } from '../test/harness/authors.ts'
import { PeerProcess } from './peer-process.ts'

const BATCH = 512
const EPOCH_MS = Date.now() - 30 * 86_400_000
const TEXT =
  'as long as people write them here, about one hundred and forty characters with all the words that a search finds'

export interface SeedPeopleInit {
  readonly people: number
  /** Of each; `post 1 of 0, …` is the first. */
  readonly posts: number
  /** Of the network. */
  readonly domain: string
}

/** Everybody introduces themselves first and never again: the profile stands at the old end of the log. */
export function writePeople({ people, posts, domain }: SeedPeopleInit): TestAuthor[] {
  return Array.from({ length: people }, (_, i) => {
    const author = new TestAuthor(`author ${i}`, { network: domain, ts: EPOCH_MS })
    author.describe({ name: `author ${i}` })
    for (let n = 1; n <= posts; n++) author.post(`post ${n} of ${i}, ${TEXT}`)
    return author
  })
}

/** A seed's data directory that holds all they wrote. */
export async function fillSeed(dataDir: string, domain: string, authors: readonly TestAuthor[]): Promise<void> {
  // The first start makes the vault: records without one are refused.
  await (await PeerProcess.start('seed', dataDir, [])).stop()
  const square = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: () => {} },
    { dataDir, domain, role: 'seed', admit: 'all', pins: [], account: null },
  )
  square.ingest(packBytes(authors.map(({ genesis }) => genesis)), packBytes([]), { kind: 'import' })
  const records = authors.flatMap((author) => author.records.map(({ bytes }) => bytes))
  for (let i = 0; i < records.length; i += BATCH) {
    square.ingest(packBytes([]), packBytes(records.slice(i, i + BATCH)), { kind: 'import' })
  }
  square.close()
}
