/**
 * From spawning the process to the first page of the timeline over the local socket, and to the ready line (it listens);
 * with an empty account and with 2,000 posts; and after a kill −9; with --records also beside as many records of others,
 * whose home timeline it shows. The floor is Node.js starting and doing nothing. Loopback only.
 *
 *     node bench/start.ts [--rounds 5] [--records 100000]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parsePeerId } from '../core/identity/peer-id.ts'
import { connectLocal } from '../core/node/local-client.ts'
import { fillSquare } from './filled-square.ts'
import { alternate, median, printFigure, printMachine, readNumber, readRounds } from './harness.ts'
import { endProcess, PeerProcess, spawnPeer } from './peer-process.ts'

const POSTS = 2_000
const PAGE = 50
const TIMEOUT_MS = 60_000
/** Often enough to be exact, seldom enough not to slow down what is measured. */
const POLL_MS = 10

interface Start {
  readonly pageMs: number
  readonly readyMs: number
}

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-'))

async function firstPage(dataDir: string): Promise<void> {
  const end = Date.now() + TIMEOUT_MS
  while (Date.now() < end) {
    const connection = await connectLocal(dataDir).catch(() => null)
    if (connection === null) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      continue
    }
    try {
      await connection.client.timeline.home({ limit: PAGE })
      return
    } finally {
      await connection.close()
    }
  }
  throw new Error('the node does not answer')
}

/** One start; ended by the signal once both moments have come. */
async function measure(dataDir: string, endWith: 'SIGTERM' | 'SIGKILL'): Promise<Start> {
  const { child, startedAt } = spawnPeer('start', dataDir, [])
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const ready = new Promise<number>((resolve, reject) => {
    lines.once('line', () => resolve(performance.now() - startedAt))
    child.once('exit', () => reject(new Error('the node ended')))
  })
  const page = firstPage(dataDir).then(() => performance.now() - startedAt)
  const [pageMs, readyMs] = await Promise.all([page, ready])
  await endProcess(child, endWith)
  return { pageMs, readyMs }
}

async function measureNothing(): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  return performance.now() - startedAt
}

async function prepare(name: string, posts: number): Promise<string> {
  const dataDir = join(folder, name)
  const peer = await PeerProcess.start('start', dataDir, ['--name', 'Bench'])
  const { client, close } = await peer.connect()
  for (let i = 0; i < posts; i++) {
    await client.posts.create({ text: `Post number ${i}, about the weather, the harvest and the price of bread.` })
  }
  await close()
  await peer.stop()
  return dataDir
}

/** An account beside whose own records lie many of others. */
async function fill(dataDir: string, records: number): Promise<string> {
  const peer = await PeerProcess.start('start', dataDir, ['--name', 'Bench'])
  const me = parsePeerId(peer.ready.profile ?? '')
  await peer.stop()
  if (me === undefined) throw new Error('the node has no account')
  fillSquare({ path: join(dataDir, 'square.db'), records, me }, (written) =>
    process.stderr.write(`\r${written} of ${records} records`),
  )
  process.stderr.write('\n')
  return dataDir
}

printMachine()
try {
  const records = readNumber('--records', 0, { least: 0, most: 10_000_000 })
  const filled = records === 0 ? null : await fill(join(folder, 'filled'), records)
  const empty = await prepare('empty', 0)
  const full = await prepare('full', POSTS)
  const starts: Record<'empty' | 'full' | 'killed' | 'filled', Start[]> = {
    empty: [],
    full: [],
    killed: [],
    filled: [],
  }
  const nothing: number[] = []
  await alternate(readRounds(5), {
    'an empty account': async () => {
      starts.empty.push(await measure(empty, 'SIGTERM'))
    },
    [`${POSTS} posts`]: async () => {
      starts.full.push(await measure(full, 'SIGKILL'))
      // The data directory was left by a kill: lock, socket and journals still lie there.
      starts.killed.push(await measure(full, 'SIGTERM'))
    },
    ...(filled !== null && {
      [`${records} records of others`]: async () => {
        starts.filled.push(await measure(filled, 'SIGTERM'))
      },
    }),
    'Node.js alone': async () => {
      nothing.push(await measureNothing())
    },
  })
  const floor = { name: 'Node.js alone', value: median(nothing) }
  for (const [name, list] of Object.entries(starts)) {
    const samples = list.length
    if (samples === 0) continue
    const pageMs = median(list.map((start) => start.pageMs))
    const readyMs = median(list.map((start) => start.readyMs))
    printFigure({ figure: `start.${name}.page`, unit: 'ms', value: pageMs, floor, samples })
    printFigure({ figure: `start.${name}.ready`, unit: 'ms', value: readyMs, floor, samples })
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
