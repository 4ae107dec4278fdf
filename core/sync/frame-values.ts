/** Reading the values of a frame: what isn't as it must be is a malformed frame, and nothing else (SYN2, FEE2). */
import { type CborValue, decodeCbor, isCborArray } from '../codec/dag-cbor.ts'
import { SyncError } from './errors.ts'
import { MAX_FRAME_BYTES, MAX_FRAME_ITEMS } from './limits.ts'

/** The array that a frame is, and the type that its first element names. @throws SyncError `bad-frame` */
export function readFrame<T extends string>(
  bytes: Uint8Array,
  types: readonly T[],
): { readonly type: T; readonly value: readonly CborValue[] } {
  if (bytes.byteLength > MAX_FRAME_BYTES) throw badFrame(`${bytes.byteLength} bytes, limit ${MAX_FRAME_BYTES}`)
  let value: CborValue
  try {
    value = decodeCbor(bytes, { maxItems: MAX_FRAME_ITEMS })
  } catch (error) {
    throw new SyncError('bad-frame', `a frame is not canonical: ${String(error)}`, { cause: error })
  }
  if (!isCborArray(value) || typeof value[0] !== 'number') throw badFrame('not an array that starts with its type')
  const type = types[value[0]]
  if (type === undefined) throw badFrame(`type ${value[0]} is unknown`)
  return { type, value }
}

export function readArray(value: CborValue | undefined, length = Number.POSITIVE_INFINITY): readonly CborValue[] {
  if (!isCborArray(value) || value.length > length) throw badFrame('an array is missing or too long')
  return value
}

export function readBytes(value: CborValue | undefined, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array) || (length !== undefined && value.length !== length)) {
    throw badFrame(length === undefined ? 'bytes are missing' : `expected ${length} bytes`)
  }
  return value
}

export function readNumber(value: CborValue | undefined): number {
  if (typeof value !== 'number') throw badFrame('a number is missing')
  return value
}

export function readBoolean(value: CborValue | undefined): boolean {
  if (typeof value !== 'boolean') throw badFrame('a boolean is missing')
  return value
}

/** At most this many UTF-16 units. */
export function readShortText(value: CborValue | undefined, maxLength: number): string {
  if (typeof value !== 'string' || value.length > maxLength) throw badFrame('a short text is missing')
  return value
}

export function expectLength(value: readonly CborValue[], length: number): void {
  if (value.length !== length) throw badFrame(`expected ${length} elements, got ${value.length}`)
}

export function badFrame(message: string): SyncError {
  return new SyncError('bad-frame', `a frame is malformed: ${message}`)
}
