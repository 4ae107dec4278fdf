/** Canonical DAG-CBOR judged without our decoder: the library's decode → re-encode → compare, and the limits once more. */
import { decode, encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { equalBytes, utf8 } from '../../core/util/bytes.ts'

/** A canonical value within CBR1 … CBR12; undefined otherwise. */
export function canonicalValue(bytes: Uint8Array, maxItems = 256): { readonly value: unknown } | undefined {
  try {
    const value = decode<unknown>(bytes)
    const facts = { items: 0 }
    const isSame = equalBytes(encode(value), bytes)
    return isSame && isWithin(value, 0, facts) && facts.items <= maxItems ? { value } : undefined
  } catch {
    return undefined
  }
}

function isWithin(value: unknown, depth: number, facts: { items: number }): boolean {
  facts.items++
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || value instanceof Uint8Array)
    return true
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)
  if (value instanceof CID) return isLinkAllowed(value)
  if (typeof value !== 'object' || depth >= 6) return false
  if (Array.isArray(value)) return value.every((element) => isWithin(element, depth + 1, facts))
  return Object.entries(value).every(([key, entry]) => utf8(key).length <= 32 && isWithin(entry, depth + 1, facts))
}

/** CBR12: version, codec, hash function and hash length a byte each. */
export function isLinkAllowed({ version, code, multihash }: CID): boolean {
  return version === 1 && code < 0x80 && multihash.code < 0x80 && multihash.size === 32
}

export function isByteString(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

export function isPlainMap(value: unknown): value is Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && !(value instanceof Uint8Array) && !(value instanceof CID)
}
