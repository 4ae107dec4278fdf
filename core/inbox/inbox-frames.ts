/**
 * The frames of `/palabre/inbox/1` as values and as bytes (INB2): DAG-CBOR arrays whose first element says what they are.
 * Decoding checks everything that one frame alone can get wrong.
 */
import { type CborMap, type CborValue, decodeCbor, encodeCbor, isCborArray, isCborMap } from '../codec/dag-cbor.ts'
import { MAX_OPERATION_BYTES } from '../identity/operation.ts'
import { MAX_RECORD_BYTES } from '../record/limits.ts'
import { InboxError, type InboxErrorCode, isInboxErrorCode } from './inbox-error.ts'
import {
  MAX_CURSOR_BYTES,
  MAX_FRAME_PARTS,
  MAX_INBOX_FRAME_BYTES,
  MAX_INBOX_FRAME_ITEMS,
  MAX_PUT_RECORDS,
  MAX_TAG_BYTES,
} from './inbox-limits.ts'

/** put: something for a person · collect: what is here for a person · answers: to a root · tag: posts that carry one. */
const PURPOSES = ['put', 'collect', 'answers', 'tag'] as const
export type InboxPurpose = (typeof PURPOSES)[number]

export type InboxFrame =
  | {
      readonly type: 'ask'
      readonly version: number
      /** The network's signature domain. */
      readonly network: string
      readonly purpose: InboxPurpose
      /** Address of the person, id of the root, or the folded tag in UTF-8. */
      readonly subject: Uint8Array
      /** Of collect: what came before this isn't asked for, milliseconds since 1970 by the answering side's clock; else 0. */
      readonly since: number
      /** Where the answer before ended; null for the newest. */
      readonly cursor: Uint8Array | null
      /** Extensions; unknown keys are ignored. */
      readonly extensions: CborMap
    }
  | { readonly type: 'operations'; readonly operations: readonly Uint8Array[] }
  | { readonly type: 'records'; readonly records: readonly Uint8Array[] }
  | {
      readonly type: 'end'
      /** Where to go on; null when that was all. */
      readonly next: Uint8Array | null
      /** Of collect: when the newest of it came, by the answering side's clock; else 0. */
      readonly until: number
      /** Of put: one byte for each record, 1 for what is kept or passed on; else empty. */
      readonly kept: Uint8Array
    }
  | { readonly type: 'error'; readonly code: InboxErrorCode }

const TYPES = ['ask', 'operations', 'records', 'end', 'error'] as const

const KEY_BYTES = 32
const MAX_NETWORK_LENGTH = 64

export function encodeInboxFrame(frame: InboxFrame): Uint8Array {
  return encodeCbor([TYPES.indexOf(frame.type), ...elementsOf(frame)])
}

/** @throws InboxError `bad-frame`, and nothing else. */
export function decodeInboxFrame(bytes: Uint8Array): InboxFrame {
  if (bytes.byteLength > MAX_INBOX_FRAME_BYTES) throw bad(`${bytes.byteLength} bytes, limit ${MAX_INBOX_FRAME_BYTES}`)
  let value: CborValue
  try {
    value = decodeCbor(bytes, { maxItems: MAX_INBOX_FRAME_ITEMS })
  } catch (error) {
    throw new InboxError('bad-frame', `a frame is not canonical: ${String(error)}`, { cause: error })
  }
  if (!isCborArray(value) || typeof value[0] !== 'number') throw bad('not an array that starts with its type')
  const type = TYPES[value[0]]
  if (type === undefined) throw bad(`type ${value[0]} is unknown`)
  return READERS[type](value)
}

function elementsOf(frame: InboxFrame): CborValue[] {
  switch (frame.type) {
    case 'ask': {
      const { version, network, purpose, subject, since, cursor, extensions } = frame
      return [version, network, PURPOSES.indexOf(purpose), subject, since, cursor, extensions]
    }
    case 'operations':
      return [[...frame.operations]]
    case 'records':
      return [[...frame.records]]
    case 'end':
      return [frame.next, frame.until, frame.kept]
    case 'error':
      return [frame.code]
  }
}

const READERS: Record<(typeof TYPES)[number], (value: readonly CborValue[]) => InboxFrame> = {
  ask: (value) => {
    const [, version, network, kind, subject, since, cursor, extensions] = value
    // Later versions may append elements.
    if (value.length < 8) throw bad('a question has eight elements')
    if (typeof version !== 'number') throw bad('the version is no number')
    if (typeof network !== 'string' || network.length > MAX_NETWORK_LENGTH) throw bad('the network is no short text')
    const purpose = typeof kind === 'number' ? PURPOSES[kind] : undefined
    if (purpose === undefined) throw bad('the purpose is unknown')
    if (!isCborMap(extensions)) throw bad('the extensions are no map')
    return {
      type: 'ask',
      version,
      network,
      purpose,
      subject: readSubject(purpose, subject),
      since: readTime(since),
      cursor: readCursor(cursor),
      extensions,
    }
  },
  operations: (value) => ({ type: 'operations', operations: readParts(value, MAX_OPERATION_BYTES) }),
  records: (value) => ({ type: 'records', records: readParts(value, MAX_RECORD_BYTES) }),
  end: (value) => {
    const [, next, until, kept] = value
    if (value.length !== 4) throw bad('an End has four elements')
    if (!(kept instanceof Uint8Array) || kept.length > MAX_PUT_RECORDS) throw bad('what was kept is no short bytes')
    return { type: 'end', next: readCursor(next), until: readTime(until), kept }
  },
  error: (value) => {
    const [, code] = value
    if (typeof code !== 'string' || !isInboxErrorCode(code)) throw bad('an Error names no known code')
    return { type: 'error', code }
  },
}

function readSubject(purpose: InboxPurpose, value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw bad('the subject is no bytes')
  const fits = purpose === 'tag' ? value.length > 0 && value.length <= MAX_TAG_BYTES : value.length === KEY_BYTES
  if (!fits) throw bad(`a subject of ${value.length} bytes`)
  return value
}

function readCursor(value: CborValue | undefined): Uint8Array | null {
  if (value === null) return null
  if (!(value instanceof Uint8Array) || value.length > MAX_CURSOR_BYTES) throw bad('a place to go on is no short bytes')
  return value
}

function readTime(value: CborValue | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw bad('a time is no number')
  return value
}

function readParts(value: readonly CborValue[], maxBytes: number): Uint8Array[] {
  const [, parts] = value
  if (value.length !== 2 || !isCborArray(parts)) throw bad('a frame of data has two elements')
  if (parts.length === 0 || parts.length > MAX_FRAME_PARTS) throw bad(`a frame of ${parts.length} parts`)
  return parts.map((part) => {
    if (!(part instanceof Uint8Array) || part.length > maxBytes) throw bad('a part is too long')
    return part
  })
}

function bad(message: string): InboxError {
  return new InboxError('bad-frame', `a frame is malformed: ${message}`)
}
