/**
 * The way of gossiped messages to the door: a few at once, the others wait in turns, first of the peers that brought
 * them, then of the authors whose they say they are (GOS7). Whoever floods waits behind themselves; what has to go for
 * want of room is the flooder's oldest, and sync brings it later.
 */
import type { IngestBatch, IngestDoor, IngestResult } from '../ingest/door.ts'
import { claimedAuthor } from '../record/decode-record.ts'
import { bytesName } from '../store/bytes-name.ts'
import { type FairEntry, FairQueue } from '../util/fair-queue.ts'

/** Messages that wait for the door, and their bytes (GOS7). */
export const MAX_PENDING_MESSAGES = 256
export const MAX_PENDING_BYTES = 4 * 1024 * 1024

/** Messages inside the door at once: enough that it never waits for the next one. */
export const MESSAGES_AT_ONCE = 8

/** No message counts as less: looking at it costs more than its bytes. */
const LEAST_COST_BYTES = 1_024

interface Waiting extends FairEntry {
  readonly enter: (isWelcome: boolean) => void
}

export class FairIntake {
  readonly #door: IngestDoor
  readonly #queue = new FairQueue<Waiting>({ maxEntries: MAX_PENDING_MESSAGES, maxCost: MAX_PENDING_BYTES })
  #inside = 0

  constructor(components: { readonly door: IngestDoor }) {
    this.#door = components.door
  }

  /** What the door says; null for a message that had to give way. @throws what the door throws */
  async ingest(batch: IngestBatch, peerId: string, bytes: number): Promise<IngestResult | null> {
    if (this.#inside < MESSAGES_AT_ONCE) this.#inside++
    else if (!(await this.#wait(batch, peerId, bytes))) return null
    try {
      return await this.#door.ingest(batch, { kind: 'gossip', peer: peerId })
    } finally {
      this.#leave()
    }
  }

  #wait({ records }: IngestBatch, lane: string, bytes: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const author = records[0] === undefined ? null : claimedAuthor(records[0])
    const part = author === null ? '' : bytesName(author)
    const gone = this.#queue.add({ lane, part, cost: Math.max(bytes, LEAST_COST_BYTES), enter: resolve })
    for (const { enter } of gone) enter(false)
    return promise
  }

  #leave(): void {
    const next = this.#queue.take()
    if (next === undefined) this.#inside--
    else next.enter(true)
  }
}
