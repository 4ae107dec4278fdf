import type { IngestedEvent } from '../../ingest/door.ts'
import { toHex } from '../../util/bytes.ts'
import type { RecordPlace } from '../outgoing.ts'
import { MAX_QUEUED_CHAINS, MAX_QUEUED_PLACES } from './limits.ts'

/** Some seqs of one log in a row, ascending. */
export interface LogRun {
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly from: number
  readonly to: number
}

/**
 * What is new and hasn't been said to one reader yet: places, never texts, so that a reader who takes nothing costs
 * little. What doesn't fit any more is left out, and that is remembered (FEE6).
 */
export class NewsQueue {
  readonly #chains = new Map<string, Uint8Array>()
  /** To be sent whole, and to be named only. */
  readonly #whole: RecordPlace[] = []
  readonly #named: RecordPlace[] = []
  #hasSkipped = false

  get hasNews(): boolean {
    return this.#chains.size + this.#whole.length > 0
  }

  get hasNames(): boolean {
    return this.#named.length > 0
  }

  /** Something was left out since `takeSkipped`. */
  get hasSkipped(): boolean {
    return this.#hasSkipped
  }

  takeSkipped(): void {
    this.#hasSkipped = false
  }

  noteSkipped(): void {
    this.#hasSkipped = true
  }

  addChain(author: Uint8Array): void {
    if (this.#chains.size < MAX_QUEUED_CHAINS) this.#chains.set(toHex(author), author)
    else this.#hasSkipped = true
  }

  addRecords(records: IngestedEvent['records'], isWhole: boolean): void {
    const places = isWhole ? this.#whole : this.#named
    for (const { author, device, seq } of records) {
      if (this.#whole.length + this.#named.length < MAX_QUEUED_PLACES) places.push({ author, device, seq })
      else this.#hasSkipped = true
    }
  }

  takeChain(): Uint8Array | undefined {
    const [name] = this.#chains.keys()
    if (name === undefined) return undefined
    const author = this.#chains.get(name)
    this.#chains.delete(name)
    return author
  }

  /** The next seqs of one log, at most `limit`. */
  takeRun(limit: number): LogRun | undefined {
    const first = this.#whole[0]
    if (first === undefined) return undefined
    const name = toHex(first.device)
    let length = 1
    for (; length < Math.min(limit, this.#whole.length); length++) {
      const place = this.#whole[length] as RecordPlace
      if (place.seq !== first.seq + length || toHex(place.device) !== name) break
    }
    this.#whole.splice(0, length)
    return { author: first.author, device: first.device, from: first.seq, to: first.seq + length - 1 }
  }

  /** Puts back what there was no room for. */
  restoreRun({ author, device, from, to }: LogRun): void {
    const places: RecordPlace[] = []
    for (let seq = from; seq <= to; seq++) places.push({ author, device, seq })
    this.#whole.unshift(...places)
  }

  /** Places by log, at most `limit` in all. */
  takeNames(limit: number): { author: Uint8Array; device: Uint8Array; seqs: number[] }[] {
    const logs = new Map<string, { author: Uint8Array; device: Uint8Array; seqs: number[] }>()
    for (const { author, device, seq } of this.#named.splice(0, limit)) {
      const log = logs.get(toHex(author) + toHex(device)) ?? { author, device, seqs: [] }
      log.seqs.push(seq)
      logs.set(toHex(author) + toHex(device), log)
    }
    return [...logs.values()]
  }
}
