/**
 * Canonical DAG-CBOR, and nothing else: one value has one encoding, so that whoever re-encodes a value gets the bytes
 * that were signed. Rules CBR1 … CBR12 in docs/protocol/records.md; RFC 8949 for the encoding, the DAG-CBOR
 * specification of IPLD for the subset.
 *
 * Encoding is left to @ipld/dag-cbor after a check that the value is one that the decoder takes. Decoding is ours,
 * because that library's decoder also takes unsorted keys, short floats, `undefined` and bad UTF-8.
 *
 * The decoder reads once, from left to right, and stops at the first fault. A length is held against the bytes that
 * are left, and a count against the limits, before anything is allocated for it.
 */
import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'

/** What is wrong with bytes that claim to be canonical DAG-CBOR (CBR rules). */
export type CodecFault =
  | 'bad-cbor'
  | 'key-order'
  | 'duplicate-key'
  | 'bad-utf8'
  | 'too-deep'
  | 'too-many-items'
  | 'bad-link'

/** Bytes that aren't canonical DAG-CBOR within the limits. `offset` is where the fault was seen. */
export class CodecError extends Error {
  readonly code = 'codec'
  readonly reason: CodecFault
  readonly offset: number

  constructor(reason: CodecFault, offset: number, detail: string) {
    super(`${reason} at byte ${offset}: ${detail}`)
    this.name = 'CodecError'
    this.reason = reason
    this.offset = offset
  }
}

/** Whole numbers are 0 … 2^53 − 1. */
export type CborValue = null | boolean | number | string | Uint8Array | CID | readonly CborValue[] | CborMap

/** A decoded map has no prototype, so that a key like `__proto__` is a key like any other. */
export interface CborMap {
  readonly [key: string]: CborValue
}

export interface CodecLimits {
  /** Most arrays and maps inside one another, the outermost counted as 1. */
  readonly maxDepth: number
  /** Most values in all: the outermost, every element of an array and every value of a map; keys are not counted. */
  readonly maxItems: number
  /** Longest key of a map, in bytes of UTF-8. */
  readonly maxKeyBytes: number
}

/** Limits of records and of what they hold (CBR10, CBR11). */
export const RECORD_CODEC_LIMITS: CodecLimits = { maxDepth: 6, maxItems: 256, maxKeyBytes: 32 }

/** A link's byte string: 0x00 and the CID. */
const LINK_BYTES = 37

/** Up to here text is put together in our own code. */
const SHORT_TEXT_BYTES = 16

/** Up to here bytes are copied one by one: keys and hashes, at a third of what `slice` takes. */
const SHORT_COPY_BYTES = 64

const textEncoder = new TextEncoder()
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Decodes exactly one value that fills `bytes`. Byte strings and links are copies: a small value never keeps a large
 * buffer alive. Maps have no prototype.
 * @throws CodecError, and nothing else
 */
export function decodeCbor(bytes: Uint8Array, limits: Partial<CodecLimits> = {}): CborValue {
  return new Decoder(bytes, limits).decode()
}

/**
 * Encodes canonically. Keys are sorted; entries whose value is `undefined` are not allowed.
 * @throws TypeError for a value that the decoder would refuse whatever the limits: floats, negative or unsafe
 *   numbers, text that is not well-formed, links that aren't 36 bytes, anything that isn't a CborValue
 */
export function encodeCbor(value: CborValue): Uint8Array<ArrayBuffer> {
  assertEncodable(value, 0)
  return new Uint8Array(encode(value))
}

/** True for a map, false for arrays, byte strings, links and everything else. */
export function isCborMap(value: CborValue | undefined): value is CborMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof CID)
  )
}

/** True for an array; narrows the read-only type, which Array.isArray doesn't. */
export function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value)
}

class Decoder {
  readonly #bytes: Uint8Array
  readonly #maxDepth: number
  readonly #maxKeyBytes: number
  #itemsLeft: number
  #offset = 0

  constructor(bytes: Uint8Array, limits: Partial<CodecLimits>) {
    // A Node.js Buffer's slice is a view and its class would leak into what is decoded.
    this.#bytes =
      bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#maxDepth = limits.maxDepth ?? RECORD_CODEC_LIMITS.maxDepth
    this.#maxKeyBytes = limits.maxKeyBytes ?? RECORD_CODEC_LIMITS.maxKeyBytes
    this.#itemsLeft = limits.maxItems ?? RECORD_CODEC_LIMITS.maxItems
  }

  decode(): CborValue {
    if (this.#itemsLeft < 1) this.#fail('too-many-items', 0, 'no value is allowed')
    this.#itemsLeft--
    const value = this.#value(0)
    const left = this.#bytes.length - this.#offset
    if (left > 0) this.#fail('bad-cbor', this.#offset, `${left} bytes after the value`)
    return value
  }

  #value(depth: number): CborValue {
    const start = this.#offset
    const initial = this.#byte()
    const info = initial & 0x1f
    switch (initial >> 5) {
      case 0:
        return this.#argument(info, start)
      case 1:
        return this.#fail('bad-cbor', start, 'a negative number')
      case 2:
        return this.#copy(this.#argument(info, start), start)
      case 3:
        return this.#text(this.#argument(info, start), start)
      case 4:
        return this.#array(this.#argument(info, start), depth + 1, start)
      case 5:
        return this.#map(this.#argument(info, start), depth + 1, start)
      case 6:
        return this.#link(this.#argument(info, start), start)
      default:
        if (initial === 0xf4) return false
        if (initial === 0xf5) return true
        if (initial === 0xf6) return null
        return this.#fail('bad-cbor', start, 'a float, undefined or another simple value')
    }
  }

  /** The argument of the item that began at `start`, in its shortest form only. */
  #argument(info: number, start: number): number {
    if (info < 24) return info
    if (info > 27) return this.#fail('bad-cbor', start, 'an indefinite length or a reserved form')
    const width = 1 << (info - 24)
    const end = this.#skip(width, start)
    let argument = 0
    for (let i = end - width; i < end; i++) argument = argument * 256 + (this.#bytes[i] as number)
    const least = width === 1 ? 24 : 2 ** (width * 4)
    if (argument < least) this.#fail('bad-cbor', start, 'a number longer than needed')
    if (argument > Number.MAX_SAFE_INTEGER) this.#fail('bad-cbor', start, 'a number above 2^53 − 1')
    return argument
  }

  #text(length: number, start: number): string {
    const end = this.#skip(length, start)
    const from = end - length
    if (length > SHORT_TEXT_BYTES) return this.#utf8(from, end, start)
    // A call into the platform's decoder costs more than a short key or word.
    let text = ''
    for (let i = from; i < end; i++) {
      const byte = this.#bytes[i] as number
      if (byte >= 0x80) return this.#utf8(from, end, start)
      text += String.fromCharCode(byte)
    }
    return text
  }

  #utf8(from: number, end: number, start: number): string {
    try {
      return textDecoder.decode(this.#bytes.subarray(from, end))
    } catch {
      return this.#fail('bad-utf8', start, 'text is not valid UTF-8')
    }
  }

  #array(count: number, depth: number, start: number): CborValue[] {
    this.#enter(count, count, depth, start)
    const elements: CborValue[] = []
    for (let i = 0; i < count; i++) elements.push(this.#value(depth))
    return elements
  }

  #map(count: number, depth: number, start: number): CborMap {
    this.#enter(count, 2 * count, depth, start)
    const map: Record<string, CborValue> = Object.create(null)
    let previousStart = 0
    let previousLength = -1
    for (let i = 0; i < count; i++) {
      const keyStart = this.#offset
      const initial = this.#byte()
      if (initial >> 5 !== 3) this.#fail('bad-cbor', keyStart, 'a key that is not text')
      const length = this.#argument(initial & 0x1f, keyStart)
      if (length > this.#maxKeyBytes) {
        this.#fail('bad-cbor', keyStart, `a key of ${length} bytes, limit ${this.#maxKeyBytes}`)
      }
      const key = this.#text(length, keyStart)
      const textStart = this.#offset - length
      if (previousLength >= 0) {
        const order = this.#compareKeys(previousStart, previousLength, textStart, length)
        if (order === 0) this.#fail('duplicate-key', keyStart, `key ${JSON.stringify(key)} twice`)
        if (order > 0) this.#fail('key-order', keyStart, `key ${JSON.stringify(key)} stands too late`)
      }
      previousStart = textStart
      previousLength = length
      map[key] = this.#value(depth)
    }
    return map
  }

  /** Checks the container's depth and count against the limits and against the bytes that are left. */
  #enter(count: number, leastBytes: number, depth: number, start: number): void {
    if (depth > this.#maxDepth) this.#fail('too-deep', start, `limit ${this.#maxDepth}`)
    if (count > this.#itemsLeft) this.#fail('too-many-items', start, `${count} more than the limit leaves room for`)
    if (leastBytes > this.#bytes.length - this.#offset) this.#fail('bad-cbor', start, 'the bytes end too early')
    this.#itemsLeft -= count
  }

  #link(tag: number, start: number): CID {
    if (tag !== 42) this.#fail('bad-cbor', start, `tag ${tag}, only 42 (a link) is known`)
    const contentStart = this.#offset
    const initial = this.#byte()
    if (initial >> 5 !== 2) this.#fail('bad-link', contentStart, 'a link that is not a byte string')
    const length = this.#argument(initial & 0x1f, contentStart)
    const field = this.#copy(length, contentStart)
    const cid = field.subarray(1)
    if (length !== LINK_BYTES || field[0] !== 0 || !isLinkShaped(cid)) {
      this.#fail('bad-link', contentStart, 'a link is 0x00 and a CIDv1 of 36 bytes')
    }
    return CID.decode(cid)
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset]
    if (byte === undefined) return this.#fail('bad-cbor', this.#offset, 'the bytes end too early')
    this.#offset++
    return byte
  }

  /** Moves past the next `length` bytes; returns where they end. */
  #skip(length: number, start: number): number {
    const end = this.#offset + length
    if (end > this.#bytes.length) this.#fail('bad-cbor', start, 'the bytes end too early')
    this.#offset = end
    return end
  }

  #copy(length: number, start: number): Uint8Array {
    const end = this.#skip(length, start)
    const copy = new Uint8Array(length)
    if (length > SHORT_COPY_BYTES) copy.set(this.#bytes.subarray(end - length, end))
    else for (let i = 0, from = end - length; i < length; i++) copy[i] = this.#bytes[from + i] as number
    return copy
  }

  /** DAG-CBOR's order of keys: shorter first, then bytewise. */
  #compareKeys(aStart: number, aLength: number, bStart: number, bLength: number): number {
    if (aLength !== bLength) return aLength - bLength
    for (let i = 0; i < aLength; i++) {
      const difference = (this.#bytes[aStart + i] as number) - (this.#bytes[bStart + i] as number)
      if (difference !== 0) return difference
    }
    return 0
  }

  #fail(reason: CodecFault, offset: number, detail: string): never {
    throw new CodecError(reason, offset, detail)
  }
}

/** CIDv1 in 36 bytes: version, codec, hash function and hash length a byte each, 32 bytes of hash (CBR12). */
function isLinkShaped(cid: Uint8Array): boolean {
  const [version, codec = 0, hash = 0, length] = cid
  return cid.length === LINK_BYTES - 1 && version === 1 && codec < 0x80 && hash < 0x80 && length === 32
}

/** Deeper than anything that is ever encoded here; stops a value that holds itself. */
const MAX_ENCODE_DEPTH = 32

function assertEncodable(value: unknown, depth: number): void {
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
      throw new TypeError(`can't encode the number ${value}: only 0 … 2^53 − 1`)
    }
    return
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError("can't encode text with half a surrogate pair")
    return
  }
  if (value instanceof CID) {
    if (!isLinkShaped(value.bytes)) throw new TypeError(`can't encode the link ${value}: not a CIDv1 of 36 bytes`)
    return
  }
  if (typeof value !== 'object') throw new TypeError(`can't encode a value of type ${typeof value}`)
  if (depth >= MAX_ENCODE_DEPTH) throw new TypeError(`can't encode more than ${MAX_ENCODE_DEPTH} levels`)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) assertEncodable(value[i], depth + 1)
    return
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw new TypeError("can't encode an object of a class")
  for (const [key, entry] of Object.entries(value)) {
    if (!key.isWellFormed()) throw new TypeError("can't encode a key with half a surrogate pair")
    assertEncodable(entry, depth + 1)
  }
}

/** Bytes of a key or text as it is counted against limits. */
export function utf8Length(text: string): number {
  return textEncoder.encode(text).length
}
