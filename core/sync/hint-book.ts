import { toHex } from '../util/bytes.ts'
import type { Logger } from '../util/logger.ts'
import { MAX_SCOPE } from './limits.ts'

export interface HintBookComponents {
  readonly wanted: { filterWanted(authors: readonly Uint8Array[]): Promise<readonly Uint8Array[]> }
  readonly logger: Logger
}

export interface HintBookInit {
  /** Wait for further hints. */
  readonly delayMs: number
  /** Shortest time between two rounds. */
  readonly pauseMs: number
  /** Authors to ask about, and the peer that hinted at them, '' for nobody in particular. */
  readonly onDue: (authors: readonly Uint8Array[], peerId: string) => void
}

/**
 * Hints that somebody's log has more than is held: gossip brings them one by one, strangers' among them. They are
 * gathered, held against what is wanted, and acted on in rounds, so that no stream of records becomes a stream of
 * sessions. At most a scope's worth waits per round; what comes on top is found by the next full sync.
 */
export class HintBook {
  readonly #components: HintBookComponents
  readonly #init: HintBookInit
  readonly #waiting = new Map<string, { author: Uint8Array; peerId: string }>()
  #timer: NodeJS.Timeout | null = null
  #isStopped = false

  constructor(components: HintBookComponents, init: HintBookInit) {
    this.#components = components
    this.#init = init
  }

  note(authors: readonly Uint8Array[], peerId: string): void {
    for (const author of authors) {
      if (this.#waiting.size < MAX_SCOPE) this.#waiting.set(toHex(author), { author, peerId })
    }
    this.#arm(this.#init.delayMs)
  }

  stop(): void {
    this.#isStopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#waiting.clear()
  }

  #arm(delayMs: number): void {
    if (this.#isStopped || this.#timer !== null) return
    this.#timer = setTimeout(() => void this.#round(), delayMs)
  }

  async #round(): Promise<void> {
    const hints = [...this.#waiting.values()]
    this.#waiting.clear()
    try {
      const wanted = new Set((await this.#components.wanted.filterWanted(hints.map(({ author }) => author))).map(toHex))
      const due = hints.filter(({ author }) => wanted.has(toHex(author)))
      for (const [peerId, group] of Map.groupBy(due, (hint) => hint.peerId)) {
        if (!this.#isStopped) {
          this.#init.onDue(
            group.map(({ author }) => author),
            peerId,
          )
        }
      }
    } catch (error) {
      this.#components.logger.debug({ error: String(error) }, 'hints of gossip could not be looked at')
    }
    this.#timer = null
    // The pause stands even when nothing was wanted: it is what bounds the work.
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#rest(), this.#init.pauseMs)
  }

  #rest(): void {
    this.#timer = null
    if (this.#waiting.size > 0) this.#arm(0)
  }
}
