/**
 * The data that the other side sends (SYN8, SYN9): frames go to the door as they come, at most a window of them at a
 * time, and are acknowledged in order once they are committed. While one is written the signatures of the next ones are
 * judged.
 */
import type { IngestBatch, IngestOutcome, IngestResult } from '../ingest/door.ts'
import { decodeRecord } from '../record/decode-record.ts'
import { toHex } from '../util/bytes.ts'
import { SyncError } from './errors.ts'
import { overBudget } from './incoming.ts'
import { MAX_FORKS, WINDOW_FRAMES } from './limits.ts'

/** Records that were not kept and are remembered as having come, in one session. */
const MAX_DECLINED = 100_000

export interface DataFrame {
  readonly type: 'operations' | 'records'
  readonly number: number
  readonly items: readonly Uint8Array[]
}

/** Records of a session that came so far, and were judged. */
export interface IntakeProgress {
  readonly received: number
  /** Of those, on this disk now. */
  readonly kept: number
  /** Of those, not held before. */
  readonly fresh: number
}

export interface IntakeInit {
  readonly ingest: (batch: IngestBatch) => Promise<IngestResult>
  /** In the order of frames; `kept` as in an Ack. May throw. */
  readonly acknowledge: (number: number, kept: Uint8Array) => void
  /** What was wrong with a frame after it was read. */
  readonly fail: (error: unknown) => void
  readonly onProgress?: ((progress: IntakeProgress) => void) | undefined
}

export class Intake {
  readonly #init: IntakeInit
  /** Authors, in hex, whose chains were asked for. */
  readonly #askedChains = new Set<string>()
  #neededRecords = 0
  #nextNumber = 1
  #openFrames = 0
  #receivedOperations = 0
  #receivedRecords = 0
  #judgedRecords = 0
  #keptRecords = 0
  #newRecords = 0
  /** By author and device in hex. */
  readonly #declined = new Map<string, Set<number>>()
  #declinedRecords = 0
  #newOperations = 0
  #settled: Promise<void> = Promise.resolve()

  constructor(init: IntakeInit) {
    this.#init = init
  }

  get neededRecords(): number {
    return this.#neededRecords
  }

  get receivedOperations(): number {
    return this.#receivedOperations
  }

  get receivedRecords(): number {
    return this.#receivedRecords
  }

  /** Of those taken in, not held before. */
  get newRecords(): number {
    return this.#newRecords
  }

  /** Numbers of records that came and that this side did not keep: by author and device in hex. */
  get declined(): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#declined
  }

  get newOperations(): number {
    return this.#newOperations
  }

  /** Rejects when a frame that came was wrong, resolves when all that came are acknowledged. */
  get settled(): Promise<void> {
    return this.#settled
  }

  /** So much is asked for, and nothing else may come. */
  expect(records: number, chains: readonly Uint8Array[]): void {
    this.#neededRecords += records
    for (const author of chains) this.#askedChains.add(toHex(author))
  }

  /** Returns as soon as the frame is on its way. @throws SyncError `bad-frame`, `window`, `budget` */
  take(frame: DataFrame): void {
    const { type, number, items } = frame
    if (number !== this.#nextNumber) throw new SyncError('bad-frame', 'data frames are not numbered in order')
    this.#nextNumber++
    this.#openFrames++
    if (this.#openFrames > WINDOW_FRAMES) throw new SyncError('window', 'more data came than the window allows')
    if (type === 'records') this.#receivedRecords += items.length
    else this.#receivedOperations += items.length
    if (this.#receivedRecords > MAX_FORKS * this.#neededRecords) throw overBudget('records than were asked for')
    const batch = { operations: type === 'operations' ? items : [], records: type === 'records' ? items : [] }
    const ingesting = this.#init.ingest(batch)
    ingesting.catch(() => {})
    this.#settled = this.#settled.then(async () => this.#note(frame, (await ingesting)[type]))
    this.#settled.catch(this.#init.fail)
  }

  #note({ type, number, items }: DataFrame, outcomes: readonly IngestOutcome[]): void {
    const invalid = outcomes.find(({ verdict }) => verdict.verdict === 'reject')
    if (invalid !== undefined && invalid.verdict.verdict === 'reject') {
      throw new SyncError('invalid-record', `the other side sent something invalid: ${invalid.verdict.reason}`)
    }
    if (type === 'records') {
      this.#noteDeclined(items, outcomes)
      this.#newRecords += outcomes.filter(({ isNew }) => isNew).length
      this.#keptRecords += outcomes.filter(({ isKept }) => isKept).length
      this.#judgedRecords += outcomes.length
      this.#init.onProgress?.({ received: this.#judgedRecords, kept: this.#keptRecords, fresh: this.#newRecords })
    } else if (outcomes.some(({ author }) => author !== null && !this.#askedChains.has(toHex(author)))) {
      throw new SyncError('unexpected-author', 'the other side sends a chain that was not asked for')
    }
    if (type === 'operations') this.#newOperations += outcomes.filter(({ isNew }) => isNew).length
    this.#openFrames--
    const kept = new Uint8Array(Math.ceil(outcomes.length / 8))
    outcomes.forEach(({ isKept }, i) => {
      if (isKept) kept[i >> 3] = (kept[i >> 3] as number) | (1 << (i & 7))
    })
    this.#init.acknowledge(number, kept)
  }

  #noteDeclined(items: readonly Uint8Array[], outcomes: readonly IngestOutcome[]): void {
    for (const [i, { isKept, verdict }] of outcomes.entries()) {
      if (isKept || (verdict.verdict !== 'hold' && verdict.verdict !== 'drop')) continue
      if (this.#declinedRecords++ >= MAX_DECLINED) return
      const decoded = decodeRecord(items[i] as Uint8Array)
      if (!decoded.ok) continue
      const { author, device, seq } = decoded.record.header
      const name = toHex(author) + toHex(device)
      const seqs = this.#declined.get(name) ?? new Set()
      this.#declined.set(name, seqs.add(seq))
    }
  }
}
