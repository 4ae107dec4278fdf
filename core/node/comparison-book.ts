import type { SyncEvent } from '../sync/sync-service.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'

const MAX_AUTHORS = 20_000
/** Peers remembered for one author. */
const MAX_PEERS = 8
/** Longer ago, a comparison says little about now. */
const MAX_AGE_MS = 24 * 3_600_000

/** When what is held of an author was last compared, and with how many peers within a day. */
export interface Comparison {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly peers: number
}

/**
 * With whom what is held of an author was compared, since this start: peers that said they hold nothing that isn't held
 * here. A peer may lie; so it is said how many they were.
 */
export class ComparisonBook {
  readonly #clock: Clock
  /** By author, in hex: peer ID → when; the latest last. */
  readonly #seen = new LruMap<string, Map<string, number>>(MAX_AUTHORS)

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  noteSync(event: SyncEvent): void {
    if (event.type !== 'done') return
    const now = this.#clock.now()
    for (const author of event.summary.compared) {
      const name = toHex(author)
      const peers = this.#seen.get(name) ?? new Map<string, number>()
      peers.delete(event.peerId)
      peers.set(event.peerId, now)
      const [oldest] = peers.keys()
      if (peers.size > MAX_PEERS && oldest !== undefined) peers.delete(oldest)
      this.#seen.set(name, peers)
    }
  }

  /** Null when nobody was asked within a day. */
  of(author: Uint8Array): Comparison | null {
    const since = this.#clock.now() - MAX_AGE_MS
    const times = [...(this.#seen.peek(toHex(author))?.values() ?? [])].filter((at) => at >= since)
    return times.length === 0 ? null : { at: Math.max(...times), peers: times.length }
  }
}
