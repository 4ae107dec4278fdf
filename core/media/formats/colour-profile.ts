import { concatBytes } from '../../util/bytes.ts'
import { hasText, latin1 } from './byte-view.ts'

/**
 * ICC profiles carry texts, dates, makers and serial numbers beside the colours. `cleanColourProfile` builds a new one
 * that holds only the numbers a display needs, so that a wide-gamut photograph keeps its colours and nothing names the
 * device. ICC.1:2022 §7 (header, tag table), §9.2 (tags).
 */

const HEADER_BYTES = 128
const MAX_PROFILE_BYTES = 256 * 1024
const MAX_TAGS = 64
/** Colorants, curves, white point, adaptation: matrix and grey profiles. Look-up tables are left out with all texts. */
const KEPT_TAGS = ['wtpt', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC', 'kTRC', 'chad']
const KEPT_TYPES = ['XYZ ', 'curv', 'para', 'sf32']
/** Size, version, class, spaces, signature, rendering intent, illuminant; date, makers, flags, ids stay zero. */
const KEPT_HEADER: readonly (readonly [from: number, to: number])[] = [
  [8, 24],
  [36, 40],
  [64, 80],
]

/** A profile with the same colours and nothing else; null when it isn't a matrix or grey profile that can be cleaned. */
export function cleanColourProfile(profile: Uint8Array): Uint8Array | null {
  if (profile.length < HEADER_BYTES + 4 || profile.length > MAX_PROFILE_BYTES || !hasText(profile, 36, 'acsp'))
    return null
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength)
  const count = view.getUint32(HEADER_BYTES)
  if (count > MAX_TAGS || HEADER_BYTES + 4 + 12 * count > profile.length) return null

  const tags: { name: string; data: Uint8Array }[] = []
  for (let i = 0; i < count; i++) {
    const entry = HEADER_BYTES + 4 + 12 * i
    const name = String.fromCharCode(...profile.subarray(entry, entry + 4))
    const offset = view.getUint32(entry + 4)
    const size = view.getUint32(entry + 8)
    if (!KEPT_TAGS.includes(name) || tags.some((tag) => tag.name === name)) continue
    if (size < 8 || offset + size > profile.length) return null
    const data = exactTag(profile.slice(offset, offset + size))
    if (data === null) return null
    tags.push({ name, data })
  }
  const has = (name: string): boolean => tags.some((tag) => tag.name === name)
  const isMatrix = ['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'].every(has)
  if (!isMatrix && !has('kTRC')) return null
  return encodeProfile(profile, tags)
}

/** The tag cut to the length its type needs, reserved bytes zero: what lies behind would be a hiding place. */
function exactTag(data: Uint8Array): Uint8Array | null {
  const type = String.fromCharCode(...data.subarray(0, 4))
  if (!KEPT_TYPES.includes(type)) return null
  const view = new DataView(data.buffer)
  let length = data.length
  if (type === 'XYZ ') length = 20
  else if (type === 'sf32') length = 8 + 36
  else if (data.length < 12) return null
  else if (type === 'curv') length = 12 + 2 * view.getUint32(8)
  else {
    const parameters = [1, 3, 4, 5, 7][view.getUint16(8)]
    if (parameters === undefined) return null
    length = 12 + 4 * parameters
    view.setUint16(10, 0)
  }
  if (length > data.length) return null
  view.setUint32(4, 0)
  return data.subarray(0, length)
}

function encodeProfile(original: Uint8Array, tags: readonly { name: string; data: Uint8Array }[]): Uint8Array {
  const tableBytes = 4 + 12 * tags.length
  const table = new Uint8Array(tableBytes)
  const tableView = new DataView(table.buffer)
  tableView.setUint32(0, tags.length)
  const parts: Uint8Array[] = []
  let offset = HEADER_BYTES + tableBytes
  for (const [i, tag] of tags.entries()) {
    table.set(latin1(tag.name), 4 + 12 * i)
    tableView.setUint32(8 + 12 * i, offset)
    tableView.setUint32(12 + 12 * i, tag.data.length)
    const padding = new Uint8Array((4 - (tag.data.length % 4)) % 4)
    parts.push(tag.data, padding)
    offset += tag.data.length + padding.length
  }
  const header = new Uint8Array(HEADER_BYTES)
  for (const [from, to] of KEPT_HEADER) header.set(original.subarray(from, to), from)
  new DataView(header.buffer).setUint32(0, offset)
  return concatBytes(header, table, ...parts)
}
