import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import type { LogShare } from './offer.ts'
import type { Shortfall } from './shortfall.ts'

/** What was asked of others is asked again after so long: every peer is synced with in any case. */
const OWED_AGAIN_MS = 10 * 60_000
const HOLE_AGAIN_MS = 24 * 3_600_000
const MAX_ASKED = 4_096

/** Peers whose shortfalls led to something or to nothing. */
const MAX_PEERS = 1_024
/** After so many vain ones in a row the next 255 shortfalls of that peer are passed over. */
const MAX_VAIN = 8

/**
 * Whom to ask others about after a session in which a peer kept something back or showed a hole (SYN18). A peer can
 * offer what doesn't exist: what was asked once isn't asked again soon, and shortfalls of a peer that led to nothing new
 * are passed over, twice as many each time.
 */
export class Repairs {
  readonly #clock: Clock
  /** When it was asked, by log and ranges. */
  readonly #asked = new LruMap<string, number>(MAX_ASKED)
  readonly #standing = new LruMap<string, { vain: number; muted: number }>(MAX_PEERS)

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  /** Authors that other peers are to be asked about now, each once. */
  listDue(peerId: string, { owed, holes }: Pick<Shortfall, 'owed' | 'holes'>): Uint8Array[] {
    const due = [
      ...owed.filter((share) => this.#isDue(share, OWED_AGAIN_MS)),
      ...holes.filter((share) => this.#isDue(share, HOLE_AGAIN_MS)),
    ]
    if (due.length === 0) return []
    const standing = this.#standing.get(peerId) ?? { vain: 0, muted: 0 }
    this.#standing.set(peerId, standing)
    if (standing.muted > 0) {
      standing.muted--
      return []
    }
    standing.muted = 2 ** standing.vain - 1
    standing.vain = Math.min(standing.vain + 1, MAX_VAIN)
    for (const share of due) this.#asked.set(nameOf(share), this.#clock.now())
    return [...new Map(due.map(({ author }) => [toHex(author), author])).values()]
  }

  /** Asking others after a session with that peer brought something. */
  noteFound(peerId: string): void {
    this.#standing.delete(peerId)
  }

  #isDue(share: LogShare, againMs: number): boolean {
    const askedMs = this.#asked.peek(nameOf(share))
    return askedMs === undefined || this.#clock.now() - askedMs >= againMs
  }
}

function nameOf({ author, device, ranges }: LogShare): string {
  return `${toHex(author)}${toHex(device)} ${ranges.join(' ')}`
}
