/**
 * What both sides hold alike needs no words (SYN6): a side that asks for authors says in a few bytes what it holds of
 * them, bucket by bucket, and is told only about the buckets in which the other side holds something else. The buckets
 * and their digests are salted with the nonce of the side that asks, so that nobody can prepare logs that look alike.
 */
import { encodeCbor } from '../codec/dag-cbor.ts'
import { sha256 } from '../identity/hash.ts'
import type { HeldLog, LogReader } from '../store/log-reader.ts'
import { compareBytes, concatBytes, toHex } from '../util/bytes.ts'
import { BUCKET_DIGEST_BYTES, MAX_BUCKETS } from './limits.ts'
import { chainDigest } from './offer.ts'

const DAY_MS = 86_400_000

/** Authors that are looked up at once. */
const PAGE_AUTHORS = 256

/** What is held of one author in 8 bytes; null where that isn't compared: a device has signed two histories, say. */
interface AuthorHead {
  readonly author: Uint8Array
  readonly digest: Uint8Array | null
}

/** What a side says it holds alike, and who stands in each bucket. */
export interface BucketDigests {
  /** 8 bytes a bucket; empty for none. */
  readonly digests: Uint8Array
  /** Authors by bucket, without those that count as nothing. */
  readonly members: readonly (readonly Uint8Array[])[]
}

/** Authors in hex, and one bit a bucket, the first in the lowest bit of the first byte. */
export interface AlikeBuckets {
  readonly authors: Set<string>
  /** Empty where no bucket is alike. */
  readonly bits: Uint8Array
}

export const NO_DIGESTS: BucketDigests = { digests: new Uint8Array(), members: [] }

/**
 * Digests of the buckets, 8 bytes each, of what is held of these authors: about √(40 n) buckets for n of them. Authors
 * with a log that is to be named in any case count as nothing.
 */
export async function digestBuckets(
  reader: LogReader,
  authors: readonly Uint8Array[],
  salt: Uint8Array,
  isNamed: (log: HeldLog) => boolean = () => false,
): Promise<BucketDigests> {
  const heads = await readHeads(reader, authors, isNamed)
  const count = Math.min(MAX_BUCKETS, Math.max(1, Math.ceil(Math.sqrt(40 * heads.length))))
  const buckets = bucketsOf(heads, count, salt)
  return {
    digests: concatBytes(...buckets.map((bucket) => digestOf(bucket, salt))),
    members: buckets.map((bucket) => bucket.flatMap(({ author, digest }) => (digest === null ? [] : [author]))),
  }
}

/** Of these authors those of whom the other side holds what is held here, as its digests say. */
export async function findAlike(
  reader: LogReader,
  authors: readonly Uint8Array[],
  other: { readonly digests: Uint8Array; readonly salt: Uint8Array },
): Promise<AlikeBuckets> {
  const { digests, salt } = other
  const count = digests.length / BUCKET_DIGEST_BYTES
  const alike: AlikeBuckets = { authors: new Set(), bits: new Uint8Array(Math.ceil(count / 8)) }
  if (count === 0) return alike
  for (const [i, bucket] of bucketsOf(await readHeads(reader, authors), count, salt).entries()) {
    const said = digests.subarray(i * BUCKET_DIGEST_BYTES, (i + 1) * BUCKET_DIGEST_BYTES)
    if (compareBytes(digestOf(bucket, salt), said) !== 0) continue
    alike.bits[i >> 3] = (alike.bits[i >> 3] as number) | (1 << (i & 7))
    for (const { author, digest } of bucket) if (digest !== null) alike.authors.add(toHex(author))
  }
  return alike
}

/** Authors of the buckets whose bits are set. Undefined for bits that don't fit. */
export function membersOf({ members }: BucketDigests, bits: Uint8Array): Uint8Array[] | undefined {
  if (bits.length !== Math.ceil(members.length / 8)) return undefined
  return members.flatMap((authors, i) => (((bits[i >> 3] as number) >> (i & 7)) & 1 ? authors : []))
}

/** All authors that anything is held of, at most `maxAuthors`; successive sessions of a large store begin elsewhere. */
export async function listEveryone(reader: LogReader, start: Uint8Array, maxAuthors: number): Promise<Uint8Array[]> {
  const authors: Uint8Array[] = []
  for (const isFirstPass of [true, false]) {
    let after: Uint8Array | null = isFirstPass ? start : null
    for (;;) {
      const page = await reader.listAuthors(after, PAGE_AUTHORS)
      const part = isFirstPass ? page : page.filter((author) => compareBytes(author, start) <= 0)
      authors.push(...part)
      if (authors.length >= maxAuthors) return authors.slice(0, maxAuthors)
      after = page.at(-1) ?? null
      if (after === null || part.length < page.length) break
    }
  }
  return authors
}

async function readHeads(
  reader: LogReader,
  authors: readonly Uint8Array[],
  isNamed: (log: HeldLog) => boolean = () => false,
): Promise<AuthorHead[]> {
  const heads: AuthorHead[] = []
  for (let i = 0; i < authors.length; i += PAGE_AUTHORS) {
    const page = authors.slice(i, i + PAGE_AUTHORS)
    const [held, chains] = await Promise.all([reader.listHeld(page), reader.listOperations(page)])
    const logs = Map.groupBy(held, ({ author }) => toHex(author))
    for (const { author, operations } of chains) {
      if (operations.length === 0) continue
      const own = logs.get(toHex(author)) ?? []
      const isCompared = !own.some((log) => log.isForked || isNamed(log))
      heads.push({ author, digest: isCompared ? headDigest(author, operations, own) : null })
    }
  }
  return heads
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

function bucketsOf(heads: readonly AuthorHead[], count: number, salt: Uint8Array): AuthorHead[][] {
  const buckets = Array.from({ length: count }, (): AuthorHead[] => [])
  for (const head of heads) {
    const hash = sha256(concatBytes(salt, head.author))
    buckets[new DataView(hash.buffer, hash.byteOffset).getUint32(0) % count]?.push(head)
  }
  return buckets
}

function digestOf(bucket: readonly AuthorHead[], salt: Uint8Array): Uint8Array {
  const digests = bucket.flatMap(({ digest }) => digest ?? []).toSorted(compareBytes)
  return cut(sha256(concatBytes(salt, ...digests)))
}

function cut(hash: Uint8Array): Uint8Array {
  return hash.subarray(0, BUCKET_DIGEST_BYTES)
}
