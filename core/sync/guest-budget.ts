import type { Clock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import type { Interest } from './incoming.ts'

/** A session costs one, and one more for each hundred authors asked for. So much at once, and a second, for each peer. */
const PER_PEER = { capacity: 3_000, refillPerSecond: 5 } as const
const AUTHORS_PER_TOKEN = 100
/** Whoever asks for everyone pays for so many: what is held of them is looked up all the same. */
const EVERYONE = 5_000

/** What one session of a peer may ask for. */
export interface GuestSession {
  /** False where so many further keys don't fit with those of all other sessions. */
  mayHold(keys: number): boolean
  /** False where the whole interest is more than is served to that peer at the moment. */
  mayServe(interest: Interest): boolean
  end(): void
}

/**
 * What peers may ask for in sessions (SYN12): each in the sessions that it begins over time, and all together at once,
 * so that no crowd of interests fills the memory.
 */
export class GuestBudget {
  readonly #maxInterests: number
  readonly #buckets: KeyedBuckets
  #held = 0

  constructor(components: { readonly clock: Clock }, init: { readonly maxInterests: number }) {
    this.#buckets = new KeyedBuckets(components, PER_PEER)
    this.#maxInterests = init.maxInterests
  }

  /** Keys in the interests of all sessions now. */
  get held(): number {
    return this.#held
  }

  /** False when that peer has begun too many sessions of late. */
  mayBegin(peerId: string): boolean {
    return this.#buckets.take(peerId)
  }

  /** A session with that peer; only those that it began are charged. */
  begin(peerId: string, isGuest: boolean): GuestSession {
    let held = 0
    return {
      mayHold: (keys) => {
        if (this.#held + keys > this.#maxInterests) return false
        held += keys
        this.#held += keys
        return true
      },
      mayServe: ({ everyone, keys }) => {
        const price = (everyone ? EVERYONE : keys.length) / AUTHORS_PER_TOKEN
        return !isGuest || price === 0 || this.#buckets.take(peerId, price)
      },
      end: () => {
        this.#held -= held
        held = 0
      },
    }
  }
}
