/**
 * What both sides hold alike needs no words (SYN6): a side that asks for authors says in a few bytes what it holds of
 * them, and is told only about those of whom the other side holds something else. A sketch tells a few differences
 * exactly; where there are more, a digest for each bucket of authors tells in which of them they are. All of it is salted
 * with the nonce of the side that asks, so that nobody can prepare logs that look alike.
 */
import { sha256 } from '../identity/hash.ts'
import type { LogReader } from '../store/log-reader.ts'
import { compareBytes, concatBytes, equalBytes, toHex } from '../util/bytes.ts'
import type { AuthorHead, AuthorHeads } from './author-heads.ts'
import { AUTHOR_DIGEST_BYTES, BUCKET_DIGEST_BYTES, MAX_BUCKETS } from './limits.ts'
import { sketchOf, solveSketch } from './sketch.ts'

/** Authors that are looked up at once. */
const PAGE_AUTHORS = 256

/** What a side says of the authors that it asks for. */
export interface HeldDigests {
  /** 4 bytes a bucket; empty for none. */
  readonly digests: Uint8Array
  /** Of the authors' digests; empty for none. */
  readonly sketch: Uint8Array
}

/** The same, with who stands in each bucket, without those that count as nothing. */
export interface Buckets extends HeldDigests {
  readonly members: readonly (readonly ComparedHead[])[]
}

export type ComparedHead = AuthorHead & { readonly digest: Uint8Array }

/** What the other side answers: `differing` where its sketch told all, else `alike`. */
export interface Comparison {
  /** One bit a bucket that is alike, the first in the lowest bit of the first byte; empty for none. */
  readonly alike: Uint8Array
  /** 8-byte digests of authors of whom something else is held here, one after the other; null where that isn't known. */
  readonly differing: Uint8Array | null
}

export const NO_DIGESTS: HeldDigests = { digests: new Uint8Array(), sketch: new Uint8Array() }
export const NO_BUCKETS: Buckets = { ...NO_DIGESTS, members: [] }
export const NO_COMPARISON: Comparison = { alike: new Uint8Array(), differing: null }

/**
 * What is held of these authors: a sketch, and digests of about √(20 n) buckets for n of them. An author who is to be
 * named in any case counts as nothing.
 */
export async function summarize(
  known: Pick<AuthorHeads, 'headsOf'>,
  authors: readonly Uint8Array[],
  salt: Uint8Array,
  named: Uint8Array | null = null,
): Promise<Buckets> {
  const heads = await known.headsOf(authors)
  const compared = listCompared(heads).filter(({ author }) => named === null || !equalBytes(author, named))
  const count = Math.min(MAX_BUCKETS, Math.max(1, Math.ceil(Math.sqrt(20 * heads.length))))
  const members = bucketsOf(compared, count, salt)
  return {
    digests: concatBytes(...members.map((bucket) => digestOf(bucket, salt))),
    sketch: sketchOf(
      compared.map(({ digest }) => digest),
      salt,
    ),
    members,
  }
}

/** Of these authors those of whom the other side holds what is held here, and what to answer it. */
export async function compare(
  known: Pick<AuthorHeads, 'headsOf'>,
  authors: readonly Uint8Array[],
  other: HeldDigests & { readonly salt: Uint8Array },
): Promise<{ readonly authors: readonly Uint8Array[]; readonly answer: Comparison }> {
  if (other.digests.length === 0) return { authors: [], answer: NO_COMPARISON }
  const heads = listCompared(await known.headsOf(authors))
  const difference = solveSketch(
    other.sketch,
    heads.map(({ digest }) => digest),
    other.salt,
  )
  if (difference === null) return compareBuckets(heads, other)
  const ours = new Set(difference.ours.map(toHex))
  const alike = heads.filter(({ digest }) => !ours.has(toHex(digest)))
  return {
    authors: alike.map(({ author }) => author),
    answer: { alike: new Uint8Array(), differing: concatBytes(...difference.theirs) },
  }
}

function compareBuckets(
  heads: readonly ComparedHead[],
  { digests, salt }: HeldDigests & { readonly salt: Uint8Array },
) {
  const count = digests.length / BUCKET_DIGEST_BYTES
  const bits = new Uint8Array(Math.ceil(count / 8))
  const authors = bucketsOf(heads, count, salt).flatMap((bucket, i) => {
    const said = digests.subarray(i * BUCKET_DIGEST_BYTES, (i + 1) * BUCKET_DIGEST_BYTES)
    if (!equalBytes(digestOf(bucket, salt), said)) return []
    bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7))
    return bucket.map(({ author }) => author)
  })
  return { authors, answer: { alike: bits, differing: null } }
}

/** Authors that the other side calls alike. Undefined for an answer that doesn't fit. */
export function listAlike({ members }: Buckets, { alike, differing }: Comparison): Uint8Array[] | undefined {
  if (differing === null) {
    if (alike.length === 0) return []
    if (alike.length !== Math.ceil(members.length / 8)) return undefined
    return members.flatMap((bucket, i) =>
      ((alike[i >> 3] as number) >> (i & 7)) & 1 ? bucket.map(({ author }) => author) : [],
    )
  }
  const left = new Map(members.flat().map((head) => [toHex(head.digest), head.author]))
  for (let i = 0; i < differing.length; i += AUTHOR_DIGEST_BYTES) {
    if (!left.delete(toHex(differing.subarray(i, i + AUTHOR_DIGEST_BYTES)))) return undefined
  }
  return [...left.values()]
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

function listCompared(heads: readonly AuthorHead[]): ComparedHead[] {
  return heads.flatMap(({ author, digest }) => (digest === null ? [] : [{ author, digest }]))
}

function bucketsOf(heads: readonly ComparedHead[], count: number, salt: Uint8Array): ComparedHead[][] {
  const buckets = Array.from({ length: count }, (): ComparedHead[] => [])
  for (const head of heads) {
    const hash = sha256(concatBytes(salt, head.author))
    buckets[new DataView(hash.buffer, hash.byteOffset).getUint32(0) % count]?.push(head)
  }
  return buckets
}

function digestOf(bucket: readonly ComparedHead[], salt: Uint8Array): Uint8Array {
  const digests = bucket.map(({ digest }) => digest).toSorted(compareBytes)
  return sha256(concatBytes(salt, ...digests)).subarray(0, BUCKET_DIGEST_BYTES)
}
