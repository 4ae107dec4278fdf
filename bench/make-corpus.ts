/**
 * Writes a made-up past of a network as an archive (docs/protocol/archive.md), for benches and to try a large store:
 *
 *     node bench/make-corpus.ts --authors 5000 --posts 1000000 --seed 1 --out corpus.car [--network local]
 *
 * The same numbers give the same bytes. Memory doesn't grow with the posts; signing takes every core.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { ArchiveWriter } from '../core/archive/archive-writer.ts'
import { loadNetworkDescriptor } from '../core/node/network-descriptor.ts'
import { packBytes, unpackBytes } from '../core/node/square-calls.ts'
import { KIND } from '../core/record/kinds/kind-table.ts'
import {
  type CorpusAuthor,
  type CorpusDraft,
  type CorpusInit,
  completeDraft,
  draftCorpus,
} from '../test/harness/corpus.ts'
import type { SignerAnswer, SignerJob } from './corpus-signer.ts'
import { readNumber } from './harness.ts'

const AUTHORS_AT_ONCE = 50
const DRAFTS_AT_ONCE = 1_000
/** Jobs that wait for each thread. */
const MAX_WAITING = 3
const PROGRESS_MS = 2_000

const { values } = parseArgs({
  options: {
    authors: { type: 'string' },
    posts: { type: 'string' },
    seed: { type: 'string' },
    out: { type: 'string', default: 'corpus.car' },
    network: { type: 'string', default: 'local' },
  },
})
const init: CorpusInit = {
  authors: readNumber('--authors', 500, { least: 1, most: 1_000_000 }),
  posts: readNumber('--posts', 10_000, { least: 1, most: 100_000_000 }),
  seed: readNumber('--seed', 1, { least: 0, most: 2 ** 32 - 1 }),
  network: (await loadNetworkDescriptor(values.network)).domain,
}

class Signers {
  readonly #workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./corpus-signer.ts', import.meta.url), { workerData: init }),
  )
  readonly #pending = new Map<number, PromiseWithResolvers<SignerAnswer>>()
  #lastJob = 0

  constructor() {
    for (const worker of this.#workers) {
      worker.on('message', (answer: SignerAnswer) => {
        this.#pending.get(answer.job)?.resolve(answer)
        this.#pending.delete(answer.job)
      })
      worker.on('error', (error) => {
        for (const { reject } of this.#pending.values()) reject(error)
      })
    }
  }

  /** Jobs that may wait at once. */
  get room(): number {
    return this.#workers.length * MAX_WAITING
  }

  async makeAuthors(from: number, to: number): Promise<readonly CorpusAuthor[]> {
    return (await this.#ask((job) => ({ job, makeAuthors: { from, to } }))).authors ?? []
  }

  async sign(drafts: readonly CorpusDraft[], authors: readonly CorpusAuthor[]): Promise<readonly Uint8Array[]> {
    const keys = drafts.map(({ by }) => (authors[by] as CorpusAuthor).device.secretKey)
    const { signatures } = await this.#ask((job) => ({
      job,
      keys,
      inputs: packBytes(drafts.map(({ input }) => input)),
    }))
    const list = signatures === undefined ? [] : unpackBytes(signatures)
    return drafts.map((draft, i) => completeDraft(draft, list[i] as Uint8Array))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #ask(make: (job: number) => SignerJob): Promise<SignerAnswer> {
    const job = ++this.#lastJob
    const pending = Promise.withResolvers<SignerAnswer>()
    this.#pending.set(job, pending)
    this.#workers[job % this.#workers.length]?.postMessage(make(job))
    return pending.promise
  }
}

/** Parts of at most so many. */
function* partsOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let part: T[] = []
  for (const item of items) {
    part.push(item)
    if (part.length < size) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

/** Starts at most `room` at once; answers come in order. */
async function* inOrder<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>, room: number): AsyncGenerator<R> {
  const waiting: Promise<R>[] = []
  for (const item of items) {
    waiting.push(work(item))
    if (waiting.length >= room) yield await (waiting.shift() as Promise<R>)
  }
  for (const one of waiting) yield await one
}

const startedMs = performance.now()
let toldMs = startedMs
function tell(what: string, isLast = false): void {
  const nowMs = performance.now()
  if (!isLast && nowMs - toldMs < PROGRESS_MS) return
  toldMs = nowMs
  process.stderr.write(`${what}, ${((nowMs - startedMs) / 1_000).toFixed(0)} s\n`)
}

const signers = new Signers()
const writer = await ArchiveWriter.create({ path: values.out, network: init.network ?? '' })
try {
  const ranges = [...partsOf(Array(init.authors).keys(), AUTHORS_AT_ONCE)]
  const authors: CorpusAuthor[] = []
  const made = (range: number[]) => signers.makeAuthors(range[0] as number, (range.at(-1) as number) + 1)
  for await (const part of inOrder(ranges, made, signers.room)) {
    authors.push(...part)
    await writer.add(part.map(({ genesis }) => genesis))
    tell(`${authors.length} of ${init.authors} authors`)
  }
  let records = 0
  let posts = 0
  const drafts = partsOf(draftCorpus(init, authors), DRAFTS_AT_ONCE)
  const signed = async (part: CorpusDraft[]) => ({ part, wires: await signers.sign(part, authors) })
  for await (const { part, wires } of inOrder(drafts, signed, signers.room)) {
    await writer.add(wires)
    records += wires.length
    posts += part.filter(({ record }) => record.header.kind === KIND.post).length
    tell(`${posts} of ${init.posts} posts, ${records} records`)
  }
  await writer.finish()
  const seconds = (performance.now() - startedMs) / 1_000
  tell(`${values.out}: ${init.authors} authors, ${posts} posts, ${records} records`, true)
  console.log(JSON.stringify({ out: values.out, ...init, records, seconds: Math.round(seconds) }))
} catch (error) {
  await writer.abandon()
  throw error
} finally {
  await signers.stop()
}
