import { formatRecordId } from '../codec/cid.ts'
import type { NodeEvent } from '../contract/views.ts'
import type { OwnPublished } from '../ingest/own-log.ts'
import type { HoldingBook } from '../store/log-reader.ts'
import { toHex } from '../util/bytes.ts'
import { LruMap } from '../util/lru-map.ts'

/** Own records of this run that no seed has acknowledged yet. */
const MAX_TRAVELLING = 4_096

/**
 * The holding book, with a hint to whoever shows own posts when a seed has acknowledged some: the posts of this run by
 * their ids; those from before only once, because every sync says them again.
 */
export class HoldingNotes implements HoldingBook {
  readonly #book: HoldingBook
  readonly #events: { publish(event: NodeEvent): void }
  /** Ids of posts, by device and seq. */
  readonly #travelling = new LruMap<string, string>(MAX_TRAVELLING)
  readonly #onHeld: (peerId: string, device: Uint8Array, seqs: readonly number[]) => void
  #hasSaidAll = false

  constructor(
    components: { readonly book: HoldingBook; readonly events: { publish(event: NodeEvent): void } },
    init: { readonly onHeld?: (peerId: string, device: Uint8Array, seqs: readonly number[]) => void } = {},
  ) {
    this.#onHeld = init.onHeld ?? (() => {})
    this.#book = components.book
    this.#events = components.events
  }

  /** `device` has signed them. */
  notePublished(device: Uint8Array, published: readonly OwnPublished[]): void {
    for (const { seq, id } of published) this.#travelling.set(keyOf(device, seq), formatRecordId(id))
  }

  async noteHeld(peerId: string, isSeed: boolean, device: Uint8Array, seqs: readonly number[]): Promise<void> {
    await this.#book.noteHeld(peerId, isSeed, device, seqs)
    this.#onHeld(peerId, device, seqs)
    if (!isSeed) return
    const ids: string[] = []
    for (const seq of seqs) {
      const key = keyOf(device, seq)
      const id = this.#travelling.peek(key)
      if (id === undefined) continue
      this.#travelling.delete(key)
      ids.push(id)
    }
    if (!this.#hasSaidAll || ids.length > 100) {
      this.#hasSaidAll = true
      this.#events.publish({ type: 'posts', ids: [], all: true })
    } else if (ids.length > 0) {
      this.#events.publish({ type: 'posts', ids, all: false })
    }
  }
}

function keyOf(device: Uint8Array, seq: number): string {
  return `${toHex(device)} ${seq}`
}
