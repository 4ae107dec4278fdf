import { concatBytes } from '../../util/bytes.ts'
import { ByteView, checkPixels, hasText, latin1 } from './byte-view.ts'
import { cleanColourProfile } from './colour-profile.ts'
import type { Dimensions, MediaFormat } from './format.ts'

/**
 * WebP, RFC 9649: a RIFF container; one VP8 or VP8L chunk, or VP8X with optional ones around them. Browsers don't turn a
 * WebP by its EXIF, so its orientation goes with the rest of it and the picture looks the same everywhere.
 */

const FRAME_HEADER_BYTES = 16
const FLAG_ICC = 0x20
const FLAG_EXIF = 0x08
const FLAG_XMP = 0x04

interface Chunk {
  readonly name: string
  readonly data: Uint8Array
}

/** Chunks from `from` to `to`; each is padded to an even length. */
function* walk(view: ByteView, from: number, to: number): Generator<Chunk> {
  let offset = from
  while (offset < to) {
    const name = view.text(offset, 4)
    const length = view.u32le(offset + 4)
    const end = offset + 8 + length
    if (end > to) view.damaged('a chunk is longer than the file')
    yield { name, data: view.bytes.subarray(offset + 8, end) }
    offset = end + (length % 2)
  }
}

function readBitstreamSize(chunk: Chunk): Dimensions {
  const view = new ByteView(chunk.data, 'WebP')
  if (chunk.name === 'VP8L') {
    if (view.u8(0) !== 0x2f) view.damaged('its picture has no signature')
    const bits = view.u32le(1)
    return checkPixels((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
  }
  if (view.u24le(3) !== 0x2a019d) view.damaged('its picture has no signature')
  return checkPixels(view.u16le(6) & 0x3fff, view.u16le(8) & 0x3fff)
}

function isBitstream({ name }: Chunk): boolean {
  return name === 'VP8 ' || name === 'VP8L'
}

interface Summary extends Dimensions {
  readonly chunks: readonly Chunk[]
  /** Offset behind the container. */
  readonly end: number
}

function summarise(view: ByteView): Summary {
  const end = 8 + view.u32le(4)
  view.need(0, end)
  const chunks = [...walk(view, 12, end)]
  const [first] = chunks
  if (first === undefined) return view.damaged('it is empty')
  if (isBitstream(first)) return { ...readBitstreamSize(first), chunks, end }
  if (first.name !== 'VP8X') return view.damaged('it starts with a chunk that is no picture')

  const header = new ByteView(first.data, 'WebP')
  const canvas = checkPixels(header.u24le(4) + 1, header.u24le(7) + 1)
  let pictures = 0
  for (const chunk of chunks) {
    if (isBitstream(chunk)) {
      const size = readBitstreamSize(chunk)
      if (size.width !== canvas.width || size.height !== canvas.height)
        view.damaged('picture and canvas differ in size')
      pictures++
    } else if (chunk.name === 'ANMF') {
      const frame = new ByteView(chunk.data, 'WebP')
      const inner = [...walk(frame, FRAME_HEADER_BYTES, frame.length)].filter(isBitstream)
      if (inner.length !== 1) view.damaged('a frame has no picture')
      readBitstreamSize(inner[0] as Chunk)
      pictures++
    }
  }
  if (pictures === 0) view.damaged('it has no picture')
  return { ...canvas, chunks, end }
}

function encodeChunk(name: string, data: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, data.length, true)
  return concatBytes(latin1(name), length, data, new Uint8Array(data.length % 2))
}

/** A frame of an animation: its header, its alpha and its picture. */
function cleanFrame(data: Uint8Array): Uint8Array {
  const view = new ByteView(data, 'WebP')
  const inner = [...walk(view, FRAME_HEADER_BYTES, data.length)].filter(
    (chunk) => isBitstream(chunk) || chunk.name === 'ALPH',
  )
  return concatBytes(data.subarray(0, FRAME_HEADER_BYTES), ...inner.map(({ name, data }) => encodeChunk(name, data)))
}

export const webp: MediaFormat = {
  type: 'image/webp',

  matches: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),

  measure(bytes) {
    const view = new ByteView(bytes, 'WebP')
    const { width, height, end } = summarise(view)
    view.endsAt(end)
    return { width, height }
  },

  strip(bytes) {
    const summary = summarise(new ByteView(bytes, 'WebP'))
    // Without VP8X the first chunk is the whole picture.
    const chunks = isBitstream(summary.chunks[0] as Chunk) ? summary.chunks.slice(0, 1) : summary.chunks
    const profileChunk = chunks.find(({ name }) => name === 'ICCP')
    const profile = profileChunk === undefined ? null : cleanColourProfile(profileChunk.data)
    const parts: Uint8Array[] = []
    for (const chunk of chunks) {
      const { name, data } = chunk
      if (name === 'VP8X') {
        const header = data.slice(0, 10)
        const kept = (header[0] as number) & ~(FLAG_ICC | FLAG_EXIF | FLAG_XMP)
        header[0] = kept | (profile === null ? 0 : FLAG_ICC)
        parts.push(encodeChunk(name, header))
        if (profile !== null) parts.push(encodeChunk('ICCP', profile))
      } else if (name === 'ANIM' || name === 'ALPH' || isBitstream(chunk)) parts.push(encodeChunk(name, data))
      else if (name === 'ANMF') parts.push(encodeChunk(name, cleanFrame(data)))
    }
    const body = concatBytes(latin1('WEBP'), ...parts)
    const size = new Uint8Array(4)
    new DataView(size.buffer).setUint32(0, body.length, true)
    return concatBytes(latin1('RIFF'), size, body)
  },
}
