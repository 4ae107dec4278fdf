import type { HoldReason } from '../record/verdict.ts'
import type { IngestSource } from './door.ts'

export interface HeldInput {
  /** Wire bytes. */
  readonly bytes: Uint8Array
  readonly source: IngestSource
  readonly reason: HoldReason
  /** Hex of the author's address. */
  readonly author: string
  readonly arrivedMs: number
  /** For `future-timestamp`: from this time on it may come in. */
  readonly dueMs: number
}

interface Holder {
  readonly inputs: Map<string, HeldInput>
  bytes: number
}

export interface HoldPoolInit {
  readonly maxRecordsPerPeer: number
  readonly maxBytesPerPeer: number
  readonly maxRecords: number
}

const DEFAULTS: HoldPoolInit = { maxRecordsPerPeer: 64, maxBytesPerPeer: 1_048_576, maxRecords: 4_096 }

/**
 * Records that can't be judged yet: their author's chain is unknown, or their time hasn't come. Each delivering peer
 * has room for 64 records or 1 MiB; when a peer's room is full its oldest goes, when all is full the oldest of the
 * peer that holds most. What goes is not lost for good: sync asks again.
 */
export class HoldPool {
  readonly #init: HoldPoolInit
  readonly #holders = new Map<string, Holder>()
  readonly #byAuthor = new Map<string, Set<string>>()
  #count = 0

  constructor(init: Partial<HoldPoolInit> = {}) {
    this.#init = { ...DEFAULTS, ...init }
  }

  get size(): number {
    return this.#count
  }

  /** `key` is the hash of all wire bytes, so that nobody's bad copy takes a good one's place. */
  add(key: string, input: HeldInput): void {
    const peer = input.source.peer ?? ''
    const holder = this.#holders.get(peer) ?? { inputs: new Map<string, HeldInput>(), bytes: 0 }
    if (holder.inputs.has(key)) return
    this.#holders.set(peer, holder)
    holder.inputs.set(key, input)
    holder.bytes += input.bytes.length
    this.#count++
    const waiting = this.#byAuthor.get(input.author) ?? new Set<string>()
    waiting.add(peer)
    this.#byAuthor.set(input.author, waiting)
    while (holder.inputs.size > this.#init.maxRecordsPerPeer || holder.bytes > this.#init.maxBytesPerPeer) {
      this.#evictOldest(peer, holder)
    }
    while (this.#count > this.#init.maxRecords) this.#evictFromLargest()
  }

  /** Takes out what waits for this author's chain or log, all reasons but time. */
  takeByAuthor(author: string): HeldInput[] {
    const peers = this.#byAuthor.get(author)
    if (peers === undefined) return []
    return this.#take([...peers], (input) => input.author === author && input.reason !== 'future-timestamp')
  }

  /** Takes out what may come in at this time. */
  takeDue(nowMs: number): HeldInput[] {
    return this.#take([...this.#holders.keys()], (input) => input.reason === 'future-timestamp' && input.dueMs <= nowMs)
  }

  #take(peers: readonly string[], isWanted: (input: HeldInput) => boolean): HeldInput[] {
    const taken: HeldInput[] = []
    for (const peer of peers) {
      const holder = this.#holders.get(peer)
      if (holder === undefined) continue
      for (const [key, input] of holder.inputs) {
        if (!isWanted(input)) continue
        taken.push(input)
        this.#drop(peer, holder, key, input)
      }
    }
    return taken.sort((a, b) => a.arrivedMs - b.arrivedMs)
  }

  #evictOldest(peer: string, holder: Holder): void {
    for (const [key, input] of holder.inputs) {
      this.#drop(peer, holder, key, input)
      return
    }
  }

  #evictFromLargest(): void {
    let largest: [string, Holder] | undefined
    for (const entry of this.#holders) {
      if (largest === undefined || entry[1].inputs.size > largest[1].inputs.size) largest = entry
    }
    if (largest !== undefined) this.#evictOldest(...largest)
  }

  #drop(peer: string, holder: Holder, key: string, input: HeldInput): void {
    holder.inputs.delete(key)
    holder.bytes -= input.bytes.length
    this.#count--
    if (holder.inputs.size === 0) this.#holders.delete(peer)
    if ([...holder.inputs.values()].some((other) => other.author === input.author)) return
    const peers = this.#byAuthor.get(input.author)
    peers?.delete(peer)
    if (peers?.size === 0) this.#byAuthor.delete(input.author)
  }
}
