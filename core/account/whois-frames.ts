/**
 * The frames of `/palabre/whois/1` as values and as bytes (RCV4): DAG-CBOR arrays whose first element says what they
 * are. Decoding checks everything that one frame alone can get wrong.
 */
import { type CborMap, type CborValue, decodeCbor, encodeCbor, isCborArray, isCborMap } from '../codec/dag-cbor.ts'
import { MAX_OPERATION_BYTES } from '../identity/operation.ts'
import { isWhoisErrorCode, WhoisError, type WhoisErrorCode } from './whois-error.ts'
import { MAX_ANSWER_OPERATIONS, MAX_WHOIS_FRAME_BYTES, MAX_WHOIS_FRAME_ITEMS } from './whois-limits.ts'

/** Whose chain is wanted. */
export type WhoisQuestion =
  /** One that names this sha256 of the words' key or of a paper key, of an address that begins with `addressStart`. */
  | { readonly by: 'authority'; readonly keyHash: Uint8Array; readonly addressStart: Uint8Array }
  /** That of this address, or the one that lists this device: 32 bytes. */
  | { readonly by: 'key'; readonly key: Uint8Array }

export type WhoisFrame =
  | {
      readonly type: 'ask'
      readonly version: number
      /** The network's signature domain. */
      readonly network: string
      readonly question: WhoisQuestion
      /** Extensions; unknown keys are ignored. */
      readonly extensions: CborMap
    }
  /** A part of one chain, genesis first; further parts of it follow at once. */
  | { readonly type: 'chain'; readonly address: Uint8Array; readonly operations: readonly Uint8Array[] }
  /** False: something was left out because of a limit. */
  | { readonly type: 'end'; readonly isComplete: boolean }
  | { readonly type: 'error'; readonly code: WhoisErrorCode }

const TYPES = ['ask', 'chain', 'end', 'error'] as const
const KINDS = ['authority', 'key'] as const

const KEY_BYTES = 32
const MAX_NETWORK_LENGTH = 64

export function encodeWhoisFrame(frame: WhoisFrame): Uint8Array {
  return encodeCbor([TYPES.indexOf(frame.type), ...elementsOf(frame)])
}

/** @throws WhoisError `bad-frame`, and nothing else. */
export function decodeWhoisFrame(bytes: Uint8Array): WhoisFrame {
  if (bytes.byteLength > MAX_WHOIS_FRAME_BYTES) throw bad(`${bytes.byteLength} bytes, limit ${MAX_WHOIS_FRAME_BYTES}`)
  let value: CborValue
  try {
    value = decodeCbor(bytes, { maxItems: MAX_WHOIS_FRAME_ITEMS })
  } catch (error) {
    throw new WhoisError('bad-frame', `a frame is not canonical: ${String(error)}`, { cause: error })
  }
  if (!isCborArray(value) || typeof value[0] !== 'number') throw bad('not an array that starts with its type')
  const type = TYPES[value[0]]
  if (type === undefined) throw bad(`type ${value[0]} is unknown`)
  return READERS[type](value)
}

function elementsOf(frame: WhoisFrame): CborValue[] {
  switch (frame.type) {
    case 'ask': {
      const { version, network, question, extensions } = frame
      const [key, start] =
        question.by === 'key' ? [question.key, new Uint8Array()] : [question.keyHash, question.addressStart]
      return [version, network, KINDS.indexOf(question.by), key, start, extensions]
    }
    case 'chain':
      return [frame.address, [...frame.operations]]
    case 'end':
      return [frame.isComplete]
    case 'error':
      return [frame.code]
  }
}

const READERS: Record<(typeof TYPES)[number], (value: readonly CborValue[]) => WhoisFrame> = {
  ask: (value) => {
    const [, version, network, kind, key, start, extensions] = value
    // Later versions may append elements.
    if (value.length < 7) throw bad('a question has seven elements')
    if (typeof version !== 'number') throw bad('the version is no number')
    if (typeof network !== 'string' || network.length > MAX_NETWORK_LENGTH) throw bad('the network is no short text')
    if (!isCborMap(extensions)) throw bad('the extensions are no map')
    return { type: 'ask', version, network, question: readQuestion(kind, key, start), extensions }
  },
  chain: (value) => {
    const [, address, operations] = value
    if (value.length !== 3 || !isCborArray(operations)) throw bad('a chain has three elements')
    if (operations.length === 0 || operations.length > MAX_ANSWER_OPERATIONS) throw bad('a chain frame is empty')
    return { type: 'chain', address: readKey(address), operations: operations.map(readOperation) }
  },
  end: (value) => {
    const [, isComplete] = value
    if (value.length !== 2 || typeof isComplete !== 'boolean') throw bad('an End has two elements')
    return { type: 'end', isComplete }
  },
  error: (value) => {
    const [, code] = value
    if (typeof code !== 'string' || !isWhoisErrorCode(code)) throw bad('an Error names no known code')
    return { type: 'error', code }
  },
}

function readQuestion(
  kind: CborValue | undefined,
  key: CborValue | undefined,
  start: CborValue | undefined,
): WhoisQuestion {
  const by = typeof kind === 'number' ? KINDS[kind] : undefined
  if (by === undefined) throw bad('the kind of question is unknown')
  if (!(start instanceof Uint8Array) || start.length > KEY_BYTES) throw bad('the start of the address is too long')
  if (by === 'authority') return { by, keyHash: readKey(key), addressStart: start }
  if (start.length > 0) throw bad('a question about a key says no start of an address')
  return { by, key: readKey(key) }
}

function readKey(value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== KEY_BYTES) throw bad(`expected ${KEY_BYTES} bytes`)
  return value
}

function readOperation(value: CborValue): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > MAX_OPERATION_BYTES) throw bad('an operation is too long')
  return value
}

function bad(message: string): WhoisError {
  return new WhoisError('bad-frame', `a frame is malformed: ${message}`)
}
