import { encodeCbor } from '../codec/dag-cbor.ts'
import { sha256 } from '../identity/hash.ts'
import { compareBytes, concatBytes, equalBytes } from '../util/bytes.ts'
import { LruMap } from '../util/lru-map.ts'
import { NO_DIGESTS } from './buckets.ts'
import type { SyncFrame } from './frames.ts'
import type { Interest } from './incoming.ts'
import { INTEREST_HASH_BYTES } from './limits.ts'

const KEY_BYTES = 32
/** Of an interest in one frame: 34 bytes each. */
const KEYS_PER_FRAME = 1_500
const MAX_PEERS = 5_000
/** Keys of all peers' interests that are remembered: 13 MB. */
const MAX_KEYS = 400_000
/** A shorter interest is sent each time. */
const MIN_KEYS = 8

/** The keys in frames, but not the last frame; none where a hash stands for them. */
export function keyFrames({ everyone, keys }: Asked, known: Uint8Array | null): SyncFrame[] {
  if (known !== null) return []
  return Array.from({ length: Math.ceil(keys.length / KEYS_PER_FRAME) }, (_, i): SyncFrame => {
    const page = keys.slice(i * KEYS_PER_FRAME, (i + 1) * KEYS_PER_FRAME)
    return { type: 'interest', everyone, keys: page, ...NO_DIGESTS, known: null, isLast: false }
  })
}

/** First 16 bytes of sha256 over the DAG-CBOR of `[everyone, keys]`, keys ascending (SYN5). */
export function hashInterest(everyone: boolean, keys: readonly Uint8Array[]): Uint8Array {
  return sha256(encodeCbor([everyone, keys.toSorted(compareBytes)])).subarray(0, INTEREST_HASH_BYTES)
}

type Asked = Pick<Interest, 'everyone' | 'keys'>

interface Remembered {
  readonly hash: Uint8Array
  readonly everyone: boolean
  /** One after the other. */
  readonly keys: Uint8Array
}

/**
 * The interests of earlier sessions (SYN5): what a peer asked for last time needn't be said again key by key. Both
 * sides forget at a restart, and a peer that has forgotten is told everything.
 */
export class InterestBook {
  /** Hashes of own interests, by the peer that was told in a session that ended well. */
  readonly #told = new LruMap<string, Uint8Array>(MAX_PEERS)
  /** Others' interests. */
  readonly #heard = new LruMap<string, Remembered>(MAX_PEERS)
  readonly #onHeard: (peerId: string, asked: Asked) => void
  #keys = 0

  constructor(init: { readonly onHeard?: (peerId: string, asked: Asked) => void } = {}) {
    this.#onHeard = init.onHeard ?? (() => {})
  }

  /** Its hash, when that peer was told this very interest the last time. */
  findTold(peerId: string, { everyone, keys }: Asked): Uint8Array | null {
    const told = this.#told.peek(peerId)
    if (told === undefined) return null
    return equalBytes(told, hashInterest(everyone, keys)) ? told : null
  }

  noteTold(peerId: string, { everyone, keys }: Asked): void {
    if (keys.length >= MIN_KEYS) this.#told.set(peerId, hashInterest(everyone, keys))
    else this.#told.delete(peerId)
  }

  /** That peer doesn't know it any more. */
  forgetTold(peerId: string): void {
    this.#told.delete(peerId)
  }

  noteHeard(peerId: string, { everyone, keys }: Asked): void {
    this.#onHeard(peerId, { everyone, keys })
    this.#drop(peerId)
    if (keys.length < MIN_KEYS || keys.length > MAX_KEYS) return
    this.#heard.set(peerId, { hash: hashInterest(everyone, keys), everyone, keys: concatBytes(...keys) })
    this.#keys += keys.length
    for (const oldest of this.#heard.keys()) {
      if (this.#keys <= MAX_KEYS && this.#heard.size < MAX_PEERS) break
      this.#drop(oldest)
    }
  }

  /** Finds the keys that this peer means; undefined when they aren't known here. */
  finderOf(peerId: string): (everyone: boolean, hash: Uint8Array) => readonly Uint8Array[] | undefined {
    return (everyone, hash) => {
      const heard = this.#heard.get(peerId)
      if (heard === undefined || heard.everyone !== everyone || !equalBytes(heard.hash, hash)) return undefined
      return Array.from({ length: heard.keys.length / KEY_BYTES }, (_, i) => {
        return heard.keys.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES)
      })
    }
  }

  #drop(peerId: string): void {
    const heard = this.#heard.peek(peerId)
    if (heard === undefined) return
    this.#keys -= heard.keys.length / KEY_BYTES
    this.#heard.delete(peerId)
  }
}
