import { UnsupportedMediaError } from '../errors.ts'
import { ByteView, checkPixels, hasText } from './byte-view.ts'
import type { Dimensions, MediaFormat } from './format.ts'

/** AVIF: ISO base media boxes (ISO/IEC 14496-12), items and properties of HEIF (23008-12). Read, never rewritten. */

const BRANDS = ['avif', 'avis']
const MAX_BOXES = 4_096

interface Box {
  readonly name: string
  readonly body: number
  readonly end: number
}

/** The boxes that fill `from` to `to` without a gap. */
function readBoxes(view: ByteView, from: number, to: number): Box[] {
  const boxes: Box[] = []
  let offset = from
  while (offset < to) {
    if (boxes.length >= MAX_BOXES) view.damaged('it holds too many boxes')
    let size = view.u32be(offset)
    let body = offset + 8
    if (size === 1) {
      size = view.u32be(offset + 8) * 2 ** 32 + view.u32be(offset + 12)
      body += 8
    } else if (size === 0) size = to - offset
    if (size < body - offset || offset + size > to) view.damaged('a box is longer than what holds it')
    boxes.push({ name: view.text(offset + 4, 4), body, end: offset + size })
    offset += size
  }
  return boxes
}

function findBox(view: ByteView, boxes: readonly Box[], name: string): Box {
  return boxes.find((box) => box.name === name) ?? view.damaged(`its ${name} box is missing`)
}

/** Indices (from 1) into `ipco` of the item's properties. */
function readAssociations(view: ByteView, box: Box, item: number): number[] {
  const version = view.u8(box.body)
  const isWide = (view.u8(box.body + 3) & 1) === 1
  const count = view.u32be(box.body + 4)
  let offset = box.body + 8
  for (let i = 0; i < count && offset < box.end; i++) {
    const id = version === 0 ? view.u16be(offset) : view.u32be(offset)
    offset += version === 0 ? 2 : 4
    const length = view.u8(offset++)
    if (id === item) {
      return Array.from({ length }, (_, k) =>
        isWide ? view.u16be(offset + 2 * k) & 0x7fff : view.u8(offset + k) & 0x7f,
      )
    }
    offset += isWide ? 2 * length : length
  }
  return []
}

function measure(bytes: Uint8Array): Dimensions {
  const view = new ByteView(bytes, 'AVIF')
  const meta = findBox(view, readBoxes(view, 0, view.length), 'meta')
  const inMeta = readBoxes(view, meta.body + 4, meta.end)
  const primary = findBox(view, inMeta, 'pitm')
  const item = view.u8(primary.body) === 0 ? view.u16be(primary.body + 4) : view.u32be(primary.body + 4)
  const properties = findBox(view, inMeta, 'iprp')
  const inProperties = readBoxes(view, properties.body, properties.end)
  const container = findBox(view, inProperties, 'ipco')
  const all = readBoxes(view, container.body, container.end)
  // Every size in the file counts: a decoder may be made to decode any item.
  for (const box of all) if (box.name === 'ispe') checkPixels(view.u32be(box.body + 4), view.u32be(box.body + 8))

  const own = readAssociations(view, findBox(view, inProperties, 'ipma'), item).map((index) => all[index - 1])
  const extent = own.find((box) => box?.name === 'ispe')
  if (extent === undefined) return view.damaged('its picture has no size')
  const size = { width: view.u32be(extent.body + 4), height: view.u32be(extent.body + 8) }
  const rotation = own.find((box) => box?.name === 'irot')
  const isOnSide = rotation !== undefined && (view.u8(rotation.body) & 1) === 1
  return isOnSide ? { width: size.height, height: size.width } : size
}

export const avif: MediaFormat = {
  type: 'image/avif',

  matches: (bytes) => hasText(bytes, 4, 'ftyp') && BRANDS.some((brand) => hasText(bytes, 8, brand)),

  measure,

  strip() {
    throw new UnsupportedMediaError(
      'unsupported',
      'the metadata of an AVIF file cannot be removed here: add it in the app, or save it as JPEG, PNG or WebP',
    )
  },
}
