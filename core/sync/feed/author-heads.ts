import { sha256 } from '../../identity/hash.ts'
import type { LogReader } from '../../store/log-reader.ts'
import { concatBytes } from '../../util/bytes.ts'
import type { Clock } from '../../util/clock.ts'
import { LruMap } from '../../util/lru-map.ts'
import { readHeads } from '../buckets.ts'
import { prefixOf } from './interest-set.ts'

/** Authors whose heads are remembered: a few hundred bytes each. */
const MAX_HEADS = 50_000
/** What is held can also change without a word, by letting go of old texts: no head is believed for longer. */
const MAX_AGE_MS = 10 * 60_000
/** Authors that are looked up at once. */
const PAGE_AUTHORS = 256
const PREFIX_BYTES = 8
const HASH_BYTES = 8

interface KnownHead {
  /** Null where nothing is held, or a device has signed two histories. */
  readonly digest: Uint8Array | null
  readonly atMs: number
}

export interface AuthorHeadsComponents {
  readonly reader: LogReader
  readonly clock: Clock
}

/**
 * What is held of each author in 8 bytes (SYN6), remembered until something of that author comes. By the first 8 bytes
 * of the address, as an interest names them.
 */
export class AuthorHeads {
  readonly #reader: LogReader
  readonly #clock: Clock
  readonly #known = new LruMap<bigint, KnownHead>(MAX_HEADS)
  /** Authors that changed while something was being read. */
  readonly #touched = new Set<bigint>()
  #reads = 0

  constructor(components: AuthorHeadsComponents) {
    this.#reader = components.reader
    this.#clock = components.clock
  }

  /** To be called with every author of whom something has been committed. */
  noteChanged(author: Uint8Array): void {
    const prefix = prefixOf(author)
    this.#known.delete(prefix)
    if (this.#reads > 0) this.#touched.add(prefix)
  }

  /** Forgets these, so that they are read anew. */
  forget(prefixes: BigUint64Array): void {
    for (const prefix of prefixes) this.#known.delete(prefix)
  }

  /** First 8 bytes of sha256 over the salt and what is held of these authors, ascending (FEE7). */
  async hash(prefixes: BigUint64Array, salt: Uint8Array): Promise<Uint8Array> {
    const digests = await this.#digestsOf(prefixes)
    return sha256(concatBytes(salt, ...digests.filter((digest) => digest !== null))).subarray(0, HASH_BYTES)
  }

  async #digestsOf(prefixes: BigUint64Array): Promise<(Uint8Array | null)[]> {
    const since = this.#clock.now() - MAX_AGE_MS
    const digests = new Map<bigint, Uint8Array | null>()
    const unknown: bigint[] = []
    for (const prefix of prefixes) {
      const known = this.#known.get(prefix)
      if (known !== undefined && known.atMs >= since) digests.set(prefix, known.digest)
      else unknown.push(prefix)
    }
    for (let i = 0; i < unknown.length; i += PAGE_AUTHORS) {
      for (const [prefix, digest] of await this.#read(unknown.slice(i, i + PAGE_AUTHORS))) digests.set(prefix, digest)
    }
    return Array.from(prefixes, (prefix) => digests.get(prefix) ?? null)
  }

  async #read(prefixes: readonly bigint[]): Promise<Map<bigint, Uint8Array | null>> {
    this.#reads++
    try {
      const found = await this.#reader.findByPrefix(prefixes.map(bytesOf))
      const digests = new Map(prefixes.map((prefix): [bigint, Uint8Array | null] => [prefix, null]))
      for (const { author, digest } of await readHeads(this.#reader, found)) digests.set(prefixOf(author), digest)
      const atMs = this.#clock.now()
      for (const [prefix, digest] of digests) if (!this.#touched.has(prefix)) this.#known.set(prefix, { digest, atMs })
      return digests
    } finally {
      this.#reads--
      if (this.#reads === 0) this.#touched.clear()
    }
  }
}

function bytesOf(prefix: bigint): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, prefix)
  return bytes
}
