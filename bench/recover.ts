/**
 * An account of 10,000 records back on a new computer by its words: from `recovery.start` with a seed's address to the
 * last record in the store. The floor is a node that pins the same author and gets the same records from the same seed
 * by sync alone: from `network.connect` to the last one. The difference is finding the chain, waiting for others who may
 * know more (half a second on the local network, two elsewhere), signing in and sealing the vault. Loopback only, each
 * node a process of its own.
 *
 *     node bench/recover.ts [--rounds 3]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wordsFromEntropy } from '../core/identity/words.ts'
import type { LocalConnection } from '../core/node/local-client.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { openSquare } from '../core/node/square.ts'
import { packBytes } from '../core/node/square-calls.ts'
import { systemClock } from '../core/util/clock.ts'
import { silentLogger } from '../core/util/logger.ts'
import { TestAuthor } from '../test/harness/authors.ts'
import { alternate, median, printFigure, printMachine, readRounds } from './harness.ts'
import { PeerProcess } from './peer-process.ts'

type Client = LocalConnection['client']

const RECORDS = 10_000
const BATCH = 500
const POLL_MS = 25
const DEADLINE_MS = 10 * 60_000

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))
const { domain } = await loadNetworkDescriptor('local')
const author = new TestAuthor('Nour', { network: domain })
let nodes = 0

/** The directory of a seed that holds all of it. */
async function fillSeed(dataDir: string): Promise<void> {
  // The first start makes the vault: records without one are refused.
  await (await PeerProcess.start('seed', dataDir, [])).stop()
  author.describe({ name: 'Nour' })
  while (author.records.length < RECORDS)
    author.post(`post ${author.records.length}, as long as people write them here`)
  const square = openSquare(
    { clock: systemClock, logger: silentLogger, onIngested: () => {} },
    { dataDir, domain, role: 'seed', admit: 'all', pins: [], account: null },
  )
  for (let i = 0; i < RECORDS; i += BATCH) {
    const records = author.records.slice(i, i + BATCH).map(({ bytes }) => bytes)
    square.ingest(packBytes([author.genesis]), packBytes(records), { kind: 'import' })
  }
  if (square.stats().records !== RECORDS) throw new Error(`the seed holds ${square.stats().records} records`)
  square.close()
}

/** A new node; `begin` starts the clock, the last record stops it. */
async function measure(options: readonly string[], begin: (client: Client) => Promise<unknown>): Promise<number> {
  const peer = await PeerProcess.start('start', join(folder, `node ${nodes++}`), options)
  const { client, close } = await peer.connect()
  try {
    const startedAt = performance.now()
    await begin(client)
    for (;;) {
      const { storage } = await client.network.status()
      if (storage.records >= RECORDS) return performance.now() - startedAt
      if (performance.now() - startedAt > DEADLINE_MS) throw new Error(`${storage.records} records and no more`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  } finally {
    await close()
    await peer.stop()
  }
}

printMachine()
let seed: PeerProcess | null = null
try {
  process.stderr.write(`signing ${RECORDS} records\n`)
  await fillSeed(join(folder, 'seed'))
  seed = await PeerProcess.start('seed', join(folder, 'seed'), [])
  const { address } = seed
  const secret = wordsFromEntropy(author.wordsEntropy).join(' ')
  const recovered: number[] = []
  const synced: number[] = []
  await alternate(readRounds(3), {
    'recovered by words': async () => {
      recovered.push(await measure([], (client) => client.recovery.start({ secret, addresses: [address] })))
      process.stderr.write(`  ${Math.round(recovered.at(-1) ?? 0)} ms\n`)
    },
    'plain sync': async () => {
      synced.push(await measure(['--pin', author.profile], (client) => client.network.connect({ address })))
      process.stderr.write(`  ${Math.round(synced.at(-1) ?? 0)} ms\n`)
    },
  })
  const floor = { name: 'plain sync', value: median(synced) }
  printFigure({ figure: 'recover.words', unit: 'ms', value: median(recovered), floor, samples: recovered.length })
} finally {
  await seed?.stop()
  await rm(folder, { recursive: true, force: true })
}
