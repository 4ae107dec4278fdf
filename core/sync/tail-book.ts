import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import type { BehindBeat } from './beat-exchange.ts'
import { uniqueKeys } from './offer.ts'

const MAX_ENTRIES = 20_000

/** A tail that a peer didn't have it is asked for again after a day. */
const ASK_AGAIN_MS = 86_400_000

/** Whom to ask, and about which authors. */
export interface TailQuestion {
  readonly peerId: string
  readonly authors: readonly Uint8Array[]
}

/** Which peers were asked for tails that beats name and that aren't held (BEA8). */
export class TailBook {
  readonly #clock: Clock
  /** When it was asked, by peer and tail. */
  readonly #asked = new LruMap<string, number>(MAX_ENTRIES)

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  /** That peer lacks these tails. Answers which of the others to ask for those that are lacking here too. */
  note(peerId: string, behind: readonly BehindBeat[], others: readonly string[]): TailQuestion[] {
    const open = behind.filter(({ heldSeq, beatSeq }) => heldSeq < beatSeq)
    for (const tail of open) this.#take(peerId, tail)
    return others
      .filter((other) => other !== peerId)
      .map((other) => ({
        peerId: other,
        authors: uniqueKeys(open.filter((tail) => this.#take(other, tail)).map(({ author }) => author)),
      }))
      .filter(({ authors }) => authors.length > 0)
  }

  /** False when that peer was asked for it within a day. */
  #take(peerId: string, { author, device, beatSeq }: BehindBeat): boolean {
    const key = `${peerId} ${toHex(author)} ${toHex(device)} ${beatSeq}`
    const nowMs = this.#clock.now()
    const askedMs = this.#asked.peek(key)
    if (askedMs !== undefined && nowMs - askedMs < ASK_AGAIN_MS) return false
    this.#asked.set(key, nowMs)
    return true
  }
}
