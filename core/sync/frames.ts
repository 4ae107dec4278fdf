/**
 * The frames of `/palabre/sync/1` as values and as bytes (SYN2, SYN3 …): DAG-CBOR arrays whose first element says what
 * they are. Decoding checks everything that one frame alone can get wrong; what depends on the course of the session
 * is the session's.
 */
import { type CborMap, type CborValue, encodeCbor, isCborMap, utf8Length } from '../codec/dag-cbor.ts'
import type { SignedBeat } from '../record/beat.ts'
import { MAX_NAME_BYTES, MAX_SEQ, SIGNATURE_BYTES } from '../record/limits.ts'
import type { SeqDigest, SeqRange } from '../store/log-reader.ts'
import { isSyncErrorCode, type SyncErrorCode } from './errors.ts'
import {
  badFrame,
  expectLength,
  readArray,
  readBoolean,
  readBytes,
  readFrame,
  readNumber,
  readShortText,
} from './frame-values.ts'
import {
  AUTHOR_DIGEST_BYTES,
  BUCKET_DIGEST_BYTES,
  INTEREST_HASH_BYTES,
  MAX_BUCKETS,
  MAX_FRAME_OPERATIONS,
  MAX_FRAME_RECORDS,
  MAX_MARKS,
  MAX_RANGES,
  MAX_SCOPE,
} from './limits.ts'
import { isSketchLength, MAX_DIFFERING } from './sketch.ts'

export interface HelloFrame {
  readonly type: 'hello'
  readonly version: number
  /** The network's signature domain. */
  readonly network: string
  /** 16 random bytes. */
  readonly nonce: Uint8Array
  /** The sender's clock, milliseconds since 1970. */
  readonly clockMs: number
  readonly role: 'peer' | 'seed'
  /** Authors that the session is about; null for everything. The answering side says null. */
  readonly scope: readonly Uint8Array[] | null
  /** 32-byte address of the account that runs there. */
  readonly profile: Uint8Array | null
  /** Extensions; unknown keys are ignored. `name` is what the other side calls itself (SYN3). */
  readonly capabilities: CborMap
}

/** What the other side calls itself; '' where it says nothing, or nothing that fits. A claim, as every name is. */
export function claimedName(hello: Pick<HelloFrame, 'capabilities'>): string {
  const { name } = hello.capabilities
  return typeof name === 'string' && utf8Length(name) <= MAX_NAME_BYTES ? name : ''
}

export interface LogRanges {
  readonly device: Uint8Array
  readonly ranges: readonly SeqRange[]
}

export interface OfferedLog extends LogRanges {
  /** Descending: the highest seq of which something is held, then others that were signed more than once. */
  readonly marks: readonly SeqDigest[]
  /** The newest beat of the device that the sender holds, whatever it holds of the log; null for none. */
  readonly beat: SignedBeat | null
}

export interface OfferEntry {
  readonly author: Uint8Array
  /** First 8 bytes of the digest of the chain that the sender holds. */
  readonly chain: Uint8Array
  /** The key that was asked for, where it is a device of this author. */
  readonly alias: Uint8Array | null
  readonly logs: readonly OfferedLog[]
}

export interface NeedEntry {
  readonly author: Uint8Array
  readonly needsChain: boolean
  readonly logs: readonly LogRanges[]
}

export type SyncFrame =
  | HelloFrame
  | {
      readonly type: 'interest'
      readonly everyone: boolean
      readonly keys: readonly Uint8Array[]
      /** Of what the sender holds of what it asks for, 4 bytes a bucket; only in the last frame, empty for none. */
      readonly digests: Uint8Array
      /** Of the same, as a table (sketch.ts); only with digests, empty for none. */
      readonly sketch: Uint8Array
      /** Hash of the interest of an earlier session that stands for the keys; only in a frame that is the first and last. */
      readonly known: Uint8Array | null
      readonly isLast: boolean
    }
  | {
      readonly type: 'have'
      readonly entries: readonly OfferEntry[]
      /** Which buckets of the other side's digests are alike here, one bit each; only in the last frame, empty for none. */
      readonly alike: Uint8Array
      /** Which of the other side's authors are not, by their digests; only in the last frame, null where buckets say it. */
      readonly differing: Uint8Array | null
      readonly isLast: boolean
    }
  | { readonly type: 'need'; readonly entries: readonly NeedEntry[]; readonly isLast: boolean }
  | { readonly type: 'operations'; readonly number: number; readonly items: readonly Uint8Array[] }
  | { readonly type: 'records'; readonly number: number; readonly items: readonly Uint8Array[] }
  | { readonly type: 'ack'; readonly number: number; readonly kept: Uint8Array }
  | { readonly type: 'done'; readonly operations: number; readonly records: number; readonly isComplete: boolean }
  | { readonly type: 'error'; readonly code: SyncErrorCode }

const TYPES = ['hello', 'interest', 'have', 'need', 'operations', 'records', 'ack', 'done', 'error'] as const

const KEY_BYTES = 32
const NONCE_BYTES = 16
/** Of a chain, and of the records of one seq. */
const DIGEST_BYTES = 8
const MAX_NETWORK_LENGTH = 64

export function encodeFrame(frame: SyncFrame): Uint8Array {
  return encodeCbor([TYPES.indexOf(frame.type), ...elementsOf(frame)])
}

/** @throws SyncError `bad-frame`, and nothing else. */
export function decodeFrame(bytes: Uint8Array): SyncFrame {
  const { type, value } = readFrame(bytes, TYPES)
  return READERS[type](value)
}

function elementsOf(frame: SyncFrame): CborValue[] {
  switch (frame.type) {
    case 'hello':
      return [
        frame.version,
        frame.network,
        frame.nonce,
        frame.clockMs,
        frame.role === 'seed' ? 1 : 0,
        frame.scope === null ? null : [...frame.scope],
        frame.profile,
        frame.capabilities,
      ]
    case 'interest':
      return [frame.everyone, [...frame.keys], frame.digests, frame.sketch, frame.known, frame.isLast]
    case 'have':
      return [
        frame.entries.map(({ author, chain, alias, logs }) => [author, chain, alias, logs.map(toOffered)]),
        frame.alike,
        frame.differing,
        frame.isLast,
      ]
    case 'need':
      return [frame.entries.map(({ author, needsChain, logs }) => [author, needsChain, logs.map(toLog)]), frame.isLast]
    case 'operations':
    case 'records':
      return [frame.number, [...frame.items]]
    case 'ack':
      return [frame.number, frame.kept]
    case 'done':
      return [frame.operations, frame.records, frame.isComplete]
    case 'error':
      return [frame.code]
  }
}

function toLog({ device, ranges }: LogRanges): CborValue {
  return [device, ranges.flat()]
}

function toOffered({ device, ranges, marks, beat }: OfferedLog): CborValue {
  const said = beat === null ? null : [beat.seq, beat.head, beat.ts, beat.signature]
  return [device, ranges.flat(), marks.flatMap(({ seq, digest }) => [seq, digest]), said]
}

const READERS: Record<(typeof TYPES)[number], (value: readonly CborValue[]) => SyncFrame> = {
  hello: (value) => {
    const [, version, network, nonce, clockMs, role, scope, profile, capabilities] = value
    // Later versions may append elements.
    if (value.length < 9) throw badFrame('a Hello has nine elements')
    if (role !== 0 && role !== 1) throw badFrame('the role is neither 0 nor 1')
    if (!isCborMap(capabilities)) throw badFrame('the capabilities are no map')
    return {
      type: 'hello',
      version: readNumber(version),
      network: readShortText(network, MAX_NETWORK_LENGTH),
      nonce: readBytes(nonce, NONCE_BYTES),
      clockMs: readNumber(clockMs),
      role: role === 1 ? 'seed' : 'peer',
      scope: scope === null ? null : readArray(scope, MAX_SCOPE).map((key) => readBytes(key, KEY_BYTES)),
      profile: profile === null ? null : readBytes(profile, KEY_BYTES),
      capabilities,
    }
  },
  interest: (value) => {
    const keys = readArray(value[2]).map((key) => readBytes(key, KEY_BYTES))
    const digests = readBytes(value[3])
    const sketch = readBytes(value[4])
    const known = value[5] === null ? null : readBytes(value[5], INTEREST_HASH_BYTES)
    const isLast = readLast(value, 7)
    if (known !== null && (!isLast || keys.length > 0)) throw badFrame('a known interest has no keys')
    const isWhole = digests.length % BUCKET_DIGEST_BYTES === 0 && digests.length <= MAX_BUCKETS * BUCKET_DIGEST_BYTES
    if (!isWhole || (digests.length > 0 && !isLast)) throw badFrame('digests come whole, with the last frame')
    const hasFittingSketch = isSketchLength(sketch.length) && (sketch.length === 0 || digests.length > 0)
    if (!hasFittingSketch) throw badFrame('a sketch comes whole, with digests')
    return { type: 'interest', everyone: readBoolean(value[1]), keys, digests, sketch, known, isLast }
  },
  have: (value) => {
    const entries = readArray(value[1]).map((entry) => {
      const [author, chain, alias, logs] = readArray(entry, 4)
      return {
        author: readBytes(author, KEY_BYTES),
        chain: readBytes(chain, DIGEST_BYTES),
        alias: alias === null ? null : readBytes(alias, KEY_BYTES),
        logs: readOffered(logs),
      }
    })
    const alike = readBytes(value[2])
    const differing = value[3] === null ? null : readBytes(value[3])
    const isLast = readLast(value, 5)
    const saysBuckets = alike.length > 0
    if (alike.length > MAX_BUCKETS / 8 || ((saysBuckets || differing !== null) && !isLast))
      throw badFrame('what is alike comes with the last frame')
    if (differing !== null && (saysBuckets || !areDigests(differing))) throw badFrame('digests of authors come whole')
    return { type: 'have', entries, alike, differing, isLast }
  },
  need: (value) => {
    const entries = readArray(value[1]).map((entry) => {
      const [author, needsChain, logs] = readArray(entry, 3)
      return { author: readBytes(author, KEY_BYTES), needsChain: readBoolean(needsChain), logs: readLogs(logs) }
    })
    return { type: 'need', entries, isLast: readLast(value, 3) }
  },
  operations: (value) => ({ type: 'operations', ...readData(value, MAX_FRAME_OPERATIONS) }),
  records: (value) => ({ type: 'records', ...readData(value, MAX_FRAME_RECORDS) }),
  ack: (value) => {
    expectLength(value, 3)
    return { type: 'ack', number: readNumber(value[1]), kept: readBytes(value[2]) }
  },
  done: (value) => {
    expectLength(value, 4)
    const [, operations, records, isComplete] = value
    return {
      type: 'done',
      operations: readNumber(operations),
      records: readNumber(records),
      isComplete: readBoolean(isComplete),
    }
  },
  error: (value) => {
    const code = value[1]
    if (typeof code !== 'string' || !isSyncErrorCode(code)) throw badFrame('an Error names no known code')
    return { type: 'error', code }
  },
}

function areDigests(bytes: Uint8Array): boolean {
  return bytes.length % AUTHOR_DIGEST_BYTES === 0 && bytes.length <= MAX_DIFFERING * AUTHOR_DIGEST_BYTES
}

function readData(value: readonly CborValue[], maxItems: number): { number: number; items: Uint8Array[] } {
  expectLength(value, 3)
  const items = readArray(value[2], maxItems).map((item) => readBytes(item))
  if (items.length === 0) throw badFrame('a data frame is empty')
  return { number: readNumber(value[1]), items }
}

function readLogs(value: CborValue | undefined): LogRanges[] {
  return readArray(value).map((log) => {
    const [device, flat] = readArray(log, 2)
    return { device: readBytes(device, KEY_BYTES), ranges: readRanges(flat) }
  })
}

function readOffered(value: CborValue | undefined): OfferedLog[] {
  return readArray(value).map((log) => {
    const [device, ranges, marks, beat] = readArray(log, 4)
    return {
      device: readBytes(device, KEY_BYTES),
      ranges: readRanges(ranges),
      marks: readMarks(marks),
      beat: readBeat(beat),
    }
  })
}

/** The shape alone: what it says is judged at the door. */
function readBeat(value: CborValue | undefined): SignedBeat | null {
  if (value === null) return null
  const [seq, head, ts, signature] = readArray(value, 4)
  return {
    seq: readNumber(seq),
    head: readBytes(head, KEY_BYTES),
    ts: readNumber(ts),
    signature: readBytes(signature, SIGNATURE_BYTES),
  }
}

/** Strictly descending seqs, a digest each (SYN6). */
function readMarks(value: CborValue | undefined): SeqDigest[] {
  const flat = readArray(value, 2 * MAX_MARKS)
  if (flat.length % 2 !== 0) throw badFrame('marks come in pairs')
  const marks: SeqDigest[] = []
  let last = MAX_SEQ + 1
  for (let i = 0; i < flat.length; i += 2) {
    const seq = readNumber(flat[i])
    if (seq < 1 || seq >= last) throw badFrame('marks are not descending')
    marks.push({ seq, digest: readBytes(flat[i + 1], DIGEST_BYTES) })
    last = seq
  }
  return marks
}

/** Ascending and disjoint, 1 … 2^32 − 1 (SYN6). */
function readRanges(value: CborValue | undefined): SeqRange[] {
  const flat = readArray(value, 2 * MAX_RANGES)
  if (flat.length === 0 || flat.length % 2 !== 0) throw badFrame('ranges come in pairs')
  const ranges: SeqRange[] = []
  let last = 0
  for (let i = 0; i < flat.length; i += 2) {
    const from = readNumber(flat[i])
    const to = readNumber(flat[i + 1])
    if (from <= last || to < from || to > MAX_SEQ) throw badFrame('ranges are not ascending and disjoint')
    ranges.push([from, to])
    last = to
  }
  return ranges
}

function readLast(value: readonly CborValue[], length: number): boolean {
  expectLength(value, length)
  return readBoolean(value[length - 1])
}
