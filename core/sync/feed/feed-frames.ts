/**
 * The frames of `/palabre/feed/1` as values and as bytes (FEE2): DAG-CBOR arrays whose first element says what they
 * are. Decoding checks everything that one frame alone can get wrong.
 */
import { type CborValue, encodeCbor } from '../../codec/dag-cbor.ts'
import { MAX_SEQ } from '../../record/limits.ts'
import type { SeqDigest } from '../../store/log-reader.ts'
import { isSyncErrorCode, type SyncErrorCode } from '../errors.ts'
import {
  badFrame,
  expectLength,
  readArray,
  readBoolean,
  readBytes,
  readFrame,
  readNumber,
  readShortText,
} from '../frame-values.ts'
import { MAX_FRAME_OPERATIONS, MAX_FRAME_RECORDS } from '../limits.ts'
import { packPrefixes, unpackPrefixes } from './interest-set.ts'
import { MAX_FRAME_PLACES } from './limits.ts'

/** New records of one log, each by its place and the digest of what is held there (SYN6). */
export interface NamedLog {
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly seqs: readonly SeqDigest[]
}

export type FeedFrame =
  /** Of the reader: 16-byte nonce that salts the heads; whether new records come whole or by name; it has no seed. */
  | {
      readonly type: 'hello'
      readonly version: number
      readonly network: string
      readonly nonce: Uint8Array
      readonly isWhole: boolean
      readonly isAlone: boolean
    }
  /** Of the reader. */
  | {
      readonly type: 'interest'
      readonly added: BigUint64Array
      readonly removed: BigUint64Array
      readonly isLast: boolean
    }
  | { readonly type: 'mode'; readonly isWhole: boolean }
  | { readonly type: 'ack'; readonly number: number }
  /** Of the side that serves. */
  | { readonly type: 'welcome'; readonly version: number; readonly network: string }
  | {
      readonly type: 'news'
      readonly number: number
      readonly operations: readonly Uint8Array[]
      readonly records: readonly Uint8Array[]
    }
  | { readonly type: 'names'; readonly number: number; readonly logs: readonly NamedLog[] }
  /** What is held of the interest, in 8 bytes (FEE7). */
  | { readonly type: 'heads'; readonly number: number; readonly hash: Uint8Array }
  | { readonly type: 'error'; readonly code: SyncErrorCode }

export type FeedFrameOf<T extends FeedFrame['type']> = Extract<FeedFrame, { readonly type: T }>

const TYPES = ['hello', 'interest', 'mode', 'ack', 'welcome', 'news', 'names', 'heads', 'error'] as const

const KEY_BYTES = 32
const NONCE_BYTES = 16
const DIGEST_BYTES = 8
const MAX_NETWORK_LENGTH = 64

export function encodeFeedFrame(frame: FeedFrame): Uint8Array {
  return encodeCbor([TYPES.indexOf(frame.type), ...elementsOf(frame)])
}

/** @throws SyncError `bad-frame`, and nothing else. */
export function decodeFeedFrame(bytes: Uint8Array): FeedFrame {
  const { type, value } = readFrame(bytes, TYPES)
  return READERS[type](value)
}

function elementsOf(frame: FeedFrame): CborValue[] {
  switch (frame.type) {
    case 'hello':
      return [frame.version, frame.network, frame.nonce, frame.isWhole, frame.isAlone]
    case 'interest':
      return [packPrefixes(frame.added), packPrefixes(frame.removed), frame.isLast]
    case 'mode':
      return [frame.isWhole]
    case 'ack':
      return [frame.number]
    case 'welcome':
      return [frame.version, frame.network]
    case 'news':
      return [frame.number, [...frame.operations], [...frame.records]]
    case 'names':
      return [
        frame.number,
        frame.logs.map(({ author, device, seqs }) => [
          author,
          device,
          seqs.flatMap(({ seq, digest }): CborValue[] => [seq, digest]),
        ]),
      ]
    case 'heads':
      return [frame.number, frame.hash]
    case 'error':
      return [frame.code]
  }
}

const READERS: Record<(typeof TYPES)[number], (value: readonly CborValue[]) => FeedFrame> = {
  hello: (value) => {
    // Later versions may append elements.
    if (value.length < 5) throw badFrame('a Hello has five elements')
    return {
      type: 'hello',
      version: readNumber(value[1]),
      network: readShortText(value[2], MAX_NETWORK_LENGTH),
      nonce: readBytes(value[3], NONCE_BYTES),
      isWhole: readBoolean(value[4]),
      isAlone: value.length > 5 && readBoolean(value[5]),
    }
  },
  interest: (value) => {
    expectLength(value, 4)
    const added = unpackPrefixes(readBytes(value[1]))
    const removed = unpackPrefixes(readBytes(value[2]))
    if (added === undefined || removed === undefined) throw badFrame('prefixes are not ascending')
    return { type: 'interest', added, removed, isLast: readBoolean(value[3]) }
  },
  mode: (value) => {
    expectLength(value, 2)
    return { type: 'mode', isWhole: readBoolean(value[1]) }
  },
  ack: (value) => {
    expectLength(value, 2)
    return { type: 'ack', number: readNumber(value[1]) }
  },
  welcome: (value) => {
    if (value.length < 3) throw badFrame('a Welcome has three elements')
    return { type: 'welcome', version: readNumber(value[1]), network: readShortText(value[2], MAX_NETWORK_LENGTH) }
  },
  news: (value) => {
    expectLength(value, 4)
    const operations = readArray(value[2], MAX_FRAME_OPERATIONS).map((item) => readBytes(item))
    const records = readArray(value[3], MAX_FRAME_RECORDS).map((item) => readBytes(item))
    if (operations.length + records.length === 0) throw badFrame('there is no news in it')
    return { type: 'news', number: readNumber(value[1]), operations, records }
  },
  names: (value) => {
    expectLength(value, 3)
    const logs = readArray(value[2], MAX_FRAME_PLACES).map(readNamed)
    const places = logs.reduce((sum, { seqs }) => sum + seqs.length, 0)
    if (places === 0 || places > MAX_FRAME_PLACES) throw badFrame(`${places} places are named`)
    return { type: 'names', number: readNumber(value[1]), logs }
  },
  heads: (value) => {
    expectLength(value, 3)
    return { type: 'heads', number: readNumber(value[1]), hash: readBytes(value[2], DIGEST_BYTES) }
  },
  error: (value) => {
    const code = value[1]
    if (typeof code !== 'string' || !isSyncErrorCode(code)) throw badFrame('an Error names no known code')
    return { type: 'error', code }
  },
}

function readNamed(value: CborValue): NamedLog {
  const [author, device, flat] = readArray(value, 3)
  const pairs = readArray(flat, 2 * MAX_FRAME_PLACES)
  if (pairs.length === 0 || pairs.length % 2 !== 0) throw badFrame('places come in pairs')
  const seqs: SeqDigest[] = []
  for (let i = 0; i < pairs.length; i += 2) {
    const seq = readNumber(pairs[i])
    if (seq < 1 || seq > MAX_SEQ) throw badFrame(`there is no seq ${seq}`)
    seqs.push({ seq, digest: readBytes(pairs[i + 1], DIGEST_BYTES) })
  }
  return { author: readBytes(author, KEY_BYTES), device: readBytes(device, KEY_BYTES), seqs }
}
