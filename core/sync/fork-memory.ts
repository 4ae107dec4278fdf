import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'

const MAX_ENTRIES = 20_000

/** What a peer didn't have it is asked for again after a day. */
const ASK_AGAIN_MS = 86_400_000

/** What one session asks for of forks; `has` speaks of this session and of those before. */
export interface ForkNotes {
  has(what: string): boolean
  add(what: string): void
}

/**
 * What was asked of which peer about forks: a log whose branches end in nothing, or a peer that says it holds other
 * records and doesn't send them, would otherwise be asked in every session.
 */
export class ForkMemory {
  readonly #clock: Clock
  /** When it was asked, by peer and what. */
  readonly #asked = new LruMap<string, number>(MAX_ENTRIES)

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  /** Notes of one session; remembered only by `keep`, when the session has ended well. */
  of(peerId: string): ForkNotes & { keep(): void } {
    const added = new Set<string>()
    return {
      has: (what) => {
        const askedMs = this.#asked.peek(`${peerId} ${what}`)
        return added.has(what) || (askedMs !== undefined && this.#clock.now() - askedMs < ASK_AGAIN_MS)
      },
      add: (what) => void added.add(what),
      keep: () => {
        for (const what of added) this.#asked.set(`${peerId} ${what}`, this.#clock.now())
      },
    }
  }
}
