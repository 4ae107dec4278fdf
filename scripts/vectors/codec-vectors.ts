import { CID } from 'multiformats/cid'
import { type CborValue, CodecError, decodeCbor } from '../../core/codec/dag-cbor.ts'
import { fromHex, toHex } from '../../core/util/bytes.ts'
import type { VectorFile } from './vector-file.ts'

export interface CodecVector {
  readonly name: string
  readonly rule: string
  readonly hex: string
  /** `value` as JSON, with {"$bytes": hex} for byte strings and {"$link": text} for links. */
  readonly expect: { readonly value: unknown } | { readonly reason: string }
}

const CID_HEX = '0155122066687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925'
const zeros = (count: number) => '00'.repeat(count)

/** Pairs: what is taken, and its neighbours that aren't. */
const CASES: readonly (readonly [name: string, rule: string, hex: string, reason?: string])[] = [
  ['0', 'CBR3', '00'],
  ['23', 'CBR3', '17'],
  ['24', 'CBR3', '1818'],
  ['23 in two bytes', 'CBR3', '1817', 'bad-cbor'],
  ['256', 'CBR3', '190100'],
  ['255 in three bytes', 'CBR3', '1900ff', 'bad-cbor'],
  ['65,536', 'CBR3', '1a00010000'],
  ['65,535 in five bytes', 'CBR3', '1a0000ffff', 'bad-cbor'],
  ['2^32', 'CBR3', '1b0000000100000000'],
  ['2^32 − 1 in nine bytes', 'CBR3', '1b00000000ffffffff', 'bad-cbor'],
  ['2^53 − 1', 'CBR4', '1b001fffffffffffff'],
  ['2^53', 'CBR4', '1b0020000000000000', 'bad-cbor'],
  ['2^64 − 1', 'CBR4', '1bffffffffffffffff', 'bad-cbor'],
  ['−1', 'CBR4', '20', 'bad-cbor'],
  ['a reserved form of a number', 'CBR3', '1c', 'bad-cbor'],
  ['false', 'CBR5', 'f4'],
  ['true', 'CBR5', 'f5'],
  ['null', 'CBR5', 'f6'],
  ['undefined', 'CBR5', 'f7', 'bad-cbor'],
  ['simple value 0', 'CBR5', 'e0', 'bad-cbor'],
  ['simple value 32', 'CBR5', 'f820', 'bad-cbor'],
  ['1.0 as a half float', 'CBR5', 'f93c00', 'bad-cbor'],
  ['1.0 as a float', 'CBR5', 'fa3f800000', 'bad-cbor'],
  ['1.1 as a double', 'CBR5', 'fb3ff199999999999a', 'bad-cbor'],
  ['a break without a beginning', 'CBR2', 'ff', 'bad-cbor'],
  ['empty bytes', 'CBR1', '40'],
  ['three bytes', 'CBR1', '43010203'],
  ['bytes cut short', 'CBR1', '430102', 'bad-cbor'],
  ['bytes of 2^53 − 1 that are not there', 'CBR1', '5b001fffffffffffff', 'bad-cbor'],
  ['bytes of indefinite length', 'CBR2', '5f4101ff', 'bad-cbor'],
  ['a byte-string length longer than needed', 'CBR3', '580100', 'bad-cbor'],
  ['empty text', 'CBR6', '60'],
  ['é in UTF-8', 'CBR6', '62c3a9'],
  ['an emoji', 'CBR6', '64f09f8cbf'],
  ['a byte order mark, kept', 'CBR6', '64efbbbf61'],
  ['a zero in text', 'CBR6', '6100'],
  ['an overlong slash', 'CBR6', '62c0af', 'bad-utf8'],
  ['half a surrogate pair', 'CBR6', '63eda080', 'bad-utf8'],
  ['a code point above U+10FFFF', 'CBR6', '64f4908080', 'bad-utf8'],
  ['a character cut short', 'CBR6', '61c3', 'bad-utf8'],
  ['long text with a bad byte', 'CBR6', `7818${'61'.repeat(23)}ff`, 'bad-utf8'],
  ['text of indefinite length', 'CBR2', '7f6161ff', 'bad-cbor'],
  ['an empty array', 'CBR1', '80'],
  ['[1, [2]]', 'CBR1', '82018102'],
  ['an array cut short', 'CBR1', '8201', 'bad-cbor'],
  ['an array of indefinite length', 'CBR2', '9f01ff', 'bad-cbor'],
  ['an array of 2^32 elements that are not there', 'CBR11', '9b0000000100000000', 'too-many-items'],
  ['an array of 200 elements that are not there', 'CBR1', '98c8', 'bad-cbor'],
  ['an empty map', 'CBR7', 'a0'],
  ['keys in order', 'CBR7', 'a3616100616200626161f6'],
  ['shorter key after a longer one', 'CBR7', 'a2626161f6616100', 'key-order'],
  ['same length, wrong order', 'CBR7', 'a2616200616100', 'key-order'],
  ['a key twice', 'CBR8', 'a2616100616100', 'duplicate-key'],
  ['a key twice with one between, out of order first', 'CBR7', 'a3616100616200616100', 'key-order'],
  ['the keys __proto__ and constructor', 'CBR7', 'a2695f5f70726f746f5f5f006b636f6e7374727563746f7201'],
  ['an empty key', 'CBR7', 'a16000'],
  ['a number as key', 'CBR7', 'a10000', 'bad-cbor'],
  ['bytes as key', 'CBR7', 'a1416100', 'bad-cbor'],
  ['a key that is not UTF-8', 'CBR6', 'a161ff00', 'bad-utf8'],
  ['a key of 32 bytes', 'CBR9', `a17820${'61'.repeat(32)}00`],
  ['a key of 33 bytes', 'CBR9', `a17821${'61'.repeat(33)}00`, 'bad-cbor'],
  ['a map of indefinite length', 'CBR2', 'bf616100ff', 'bad-cbor'],
  ['six levels', 'CBR10', '818181818180'],
  ['seven levels', 'CBR10', '81818181818180', 'too-deep'],
  ['seven levels of maps', 'CBR10', `${'a16161'.repeat(6)}a0`, 'too-deep'],
  ['256 values', 'CBR11', `98ff${zeros(255)}`],
  ['257 values', 'CBR11', `990100${zeros(256)}`, 'too-many-items'],
  ['values of two arrays together', 'CBR11', `8298c8${zeros(200)}9836${zeros(54)}`, 'too-many-items'],
  ['a link', 'CBR12', `d82a582500${CID_HEX}`],
  ['a link inside a map', 'CBR12', `a16163d82a582500${CID_HEX}`],
  ['a link without its first zero', 'CBR12', `d82a5824${CID_HEX}`, 'bad-link'],
  ['a link that begins with 01', 'CBR12', `d82a582501${CID_HEX}`, 'bad-link'],
  ['a link of a byte more', 'CBR12', `d82a582600${CID_HEX}00`, 'bad-link'],
  ['a link with a CIDv0', 'CBR12', `d82a582300${CID_HEX.slice(4)}`, 'bad-link'],
  ['a link with a hash length of 31', 'CBR12', `d82a582500${CID_HEX.replace('01551220', '0155121f')}`, 'bad-link'],
  ['a link with version 2', 'CBR12', `d82a582500${CID_HEX.replace('0155', '0255')}`, 'bad-link'],
  ['a link whose codec takes two bytes', 'CBR12', `d82a582500${CID_HEX.replace('01551220', '01d50112')}`, 'bad-link'],
  ['a link as text', 'CBR12', 'd82a6161', 'bad-link'],
  ['a link tag in a longer form', 'CBR3', `d9002a582500${CID_HEX}`, 'bad-cbor'],
  ['tag 1', 'CBR12', 'c101', 'bad-cbor'],
  ['nothing', 'CBR1', '', 'bad-cbor'],
  ['two values', 'CBR1', '0000', 'bad-cbor'],
]

export function codecVectors(): VectorFile<CodecVector> {
  return {
    description:
      'Canonical DAG-CBOR within the limits of a record, CBR1 to CBR12 of docs/protocol/records.md. "value" is what comes out, as JSON with {"$bytes": hex} for byte strings and {"$link": text} for links; "reason" is the first fault in reading order.',
    cases: CASES.map(([name, rule, hex, reason]) => ({ name, rule, hex, expect: expectation(hex, reason) })),
  }
}

function expectation(hex: string, reason: string | undefined): CodecVector['expect'] {
  if (reason !== undefined) return { reason }
  try {
    return { value: describeValue(decodeCbor(fromHex(hex) as Uint8Array)) }
  } catch (error) {
    if (error instanceof CodecError) throw new Error(`vector ${hex} is refused: ${error.message}`)
    throw error
  }
}

/** A decoded value as JSON can hold it. */
export function describeValue(value: CborValue): unknown {
  if (value instanceof Uint8Array) return { $bytes: toHex(value) }
  if (value instanceof CID) return { $link: value.toString() }
  if (Array.isArray(value)) return value.map(describeValue)
  if (typeof value !== 'object' || value === null) return value
  const described: Record<string, unknown> = Object.create(null)
  for (const [key, entry] of Object.entries(value)) described[key] = describeValue(entry)
  return described
}
