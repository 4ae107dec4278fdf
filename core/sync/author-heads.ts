import { encodeCbor } from '../codec/dag-cbor.ts'
import { sha256 } from '../identity/hash.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import type { HeldLog, LogReader } from '../store/log-reader.ts'
import { compareBytes, concatBytes, equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import { chainDigest } from './offer.ts'

/** Authors whose heads are remembered: a few hundred bytes each. */
export const MAX_HEADS = 50_000
/** What is held can also change without a word, by letting go of old texts: no head is believed for longer. */
const MAX_AGE_MS = 10 * 60_000
/** Authors that are looked up at once. */
const PAGE_AUTHORS = 256
const PREFIX_BYTES = 8
const DIGEST_BYTES = 8
const DAY_MS = 86_400_000

/** What is held of one author in 8 bytes; null where that isn't compared: a device has signed two histories. */
export interface AuthorHead {
  readonly author: Uint8Array
  readonly digest: Uint8Array | null
}

interface KnownHead {
  /** Null where nothing is held. */
  readonly head: AuthorHead | null
  readonly atMs: number
}

export interface AuthorHeadsComponents {
  readonly reader: LogReader
  readonly clock: Clock
}

/**
 * What is held of each author in 8 bytes (SYN6), remembered until something of that author comes: to read it of
 * thousands takes a second, and every session and feed asks for it.
 */
export class AuthorHeads {
  readonly #reader: LogReader
  readonly #clock: Clock
  /** By the first 8 bytes of the address, as an interest names them. */
  readonly #known = new LruMap<bigint, KnownHead>(MAX_HEADS)
  /** Authors that changed while something was being read. */
  readonly #touched = new Set<bigint>()
  #reads = 0

  constructor(components: AuthorHeadsComponents) {
    this.#reader = components.reader
    this.#clock = components.clock
  }

  /** To be called with everything that is committed, before anybody asks again. */
  noteIngested(event: IngestedEvent): void {
    for (const { author } of event.records) this.#noteChanged(author)
    for (const author of event.identities) this.#noteChanged(author)
    for (const { author } of event.gaps) this.#noteChanged(author)
    for (const { author } of event.beats) this.#noteChanged(author)
  }

  #noteChanged(author: Uint8Array): void {
    const prefix = prefixOf(author)
    this.#known.delete(prefix)
    if (this.#reads > 0) this.#touched.add(prefix)
  }

  /** Of those of the authors of whom anything is held, in the order given. */
  async headsOf(authors: readonly Uint8Array[]): Promise<AuthorHead[]> {
    const heads = new Map<string, AuthorHead>()
    const unknown: Uint8Array[] = []
    for (const author of authors) {
      const known = this.#find(prefixOf(author))
      const isKnown = known?.head != null && equalBytes(known.head.author, author)
      if (isKnown) heads.set(toHex(author), known.head as AuthorHead)
      else unknown.push(author)
    }
    for (let i = 0; i < unknown.length; i += PAGE_AUTHORS) {
      for (const head of await this.#read(unknown.slice(i, i + PAGE_AUTHORS), [])) heads.set(toHex(head.author), head)
    }
    return authors.flatMap((author) => heads.get(toHex(author)) ?? [])
  }

  /**
   * First 8 bytes of sha256 over the salt and what is held of the authors whose addresses begin so, ascending (FEE7).
   */
  async hash(prefixes: BigUint64Array, salt: Uint8Array): Promise<Uint8Array> {
    const digests = new Map<bigint, Uint8Array | null>()
    const unknown: bigint[] = []
    for (const prefix of prefixes) {
      const known = this.#find(prefix)
      if (known === undefined) unknown.push(prefix)
      else digests.set(prefix, known.head?.digest ?? null)
    }
    for (let i = 0; i < unknown.length; i += PAGE_AUTHORS) {
      const page = unknown.slice(i, i + PAGE_AUTHORS)
      const found = await this.#reader.findByPrefix(page.map(bytesOf))
      for (const { author, digest } of await this.#read(found, page)) digests.set(prefixOf(author), digest)
    }
    const said = Array.from(prefixes, (prefix) => digests.get(prefix) ?? null).filter((digest) => digest !== null)
    return cut(sha256(concatBytes(salt, ...said)))
  }

  #find(prefix: bigint): KnownHead | undefined {
    const known = this.#known.get(prefix)
    return known !== undefined && known.atMs >= this.#clock.now() - MAX_AGE_MS ? known : undefined
  }

  /** Reads, and remembers also that nothing is held of those that begin so. */
  async #read(authors: readonly Uint8Array[], prefixes: readonly bigint[]): Promise<AuthorHead[]> {
    this.#reads++
    try {
      const heads = await readHeads(this.#reader, authors)
      const atMs = this.#clock.now()
      const found = new Map<bigint, AuthorHead | null>(prefixes.map((prefix) => [prefix, null]))
      for (const head of heads) found.set(prefixOf(head.author), head)
      for (const [prefix, head] of found) if (!this.#touched.has(prefix)) this.#known.set(prefix, { head, atMs })
      return heads
    } finally {
      this.#reads--
      if (this.#reads === 0) this.#touched.clear()
    }
  }
}

/** The first 8 bytes of an address as one number. */
export function prefixOf(address: Uint8Array): bigint {
  return new DataView(address.buffer, address.byteOffset, address.byteLength).getBigUint64(0)
}

async function readHeads(reader: LogReader, authors: readonly Uint8Array[]): Promise<AuthorHead[]> {
  const [held, chains] = await Promise.all([reader.listHeld(authors), reader.listOperations(authors)])
  const logs = Map.groupBy(held, ({ author }) => toHex(author))
  return chains.flatMap(({ author, operations }) => {
    if (operations.length === 0) return []
    const own = logs.get(toHex(author)) ?? []
    return [{ author, digest: own.some(({ isForked }) => isForked) ? null : headDigest(author, operations, own) }]
  })
}

function headDigest(author: Uint8Array, operations: readonly Uint8Array[], logs: readonly HeldLog[]): Uint8Array {
  const said = logs
    .filter(({ ranges }) => ranges.length > 0)
    .toSorted((a, b) => compareBytes(a.device, b.device))
    .map((log) => [log.device, log.ranges.flat(), log.tip?.digest ?? null, beatMark(log)])
  return cut(sha256(encodeCbor([author, chainDigest(operations), said])))
}

/**
 * Of a beat the day and how far it goes beyond what is held: a device that says once more on one day that nothing is new
 * makes no difference, a tail that only one side knows of does.
 */
function beatMark({ beat, ranges }: HeldLog): [day: number, seq: number] | null {
  if (beat === null) return null
  const heldTo = ranges.at(-1)?.[1] ?? 0
  return [Math.floor(beat.ts / DAY_MS), beat.seq > heldTo ? beat.seq : 0]
}

function bytesOf(prefix: bigint): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, prefix)
  return bytes
}

function cut(hash: Uint8Array): Uint8Array {
  return hash.subarray(0, DIGEST_BYTES)
}
