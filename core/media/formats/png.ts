import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { concatBytes } from '../../util/bytes.ts'
import { ByteView, checkPixels, hasText, latin1 } from './byte-view.ts'
import { cleanColourProfile } from './colour-profile.ts'
import { encodeOrientation, orient, readOrientation } from './exif.ts'
import type { MediaFormat } from './format.ts'

/** PNG, W3C PNG (Third Edition): a signature, then chunks of length, name, data and CRC-32. Animated ones as well. */

const SIGNATURE = '\x89PNG\r\n\x1a\n'
/** Chunks that carry the picture or how to show it. Texts, dates, EXIF, unknown ones are left behind. */
const KEPT = ['IHDR PLTE IDAT IEND tRNS', 'gAMA cHRM sRGB sBIT bKGD pHYs cICP', 'acTL fcTL fdAT'].flatMap((names) =>
  names.split(' '),
)
const MAX_PROFILE_BYTES = 256 * 1024

interface Chunk {
  readonly name: string
  readonly start: number
  readonly data: Uint8Array
  readonly end: number
}

/** All chunks to IEND, which comes last; CRCs hold. Bytes behind that are not looked at. */
function* walk(view: ByteView): Generator<Chunk> {
  let offset = SIGNATURE.length
  while (true) {
    const length = view.u32be(offset)
    view.need(offset, 12 + length)
    const name = view.text(offset + 4, 4)
    const end = offset + 12 + length
    const checked = view.bytes.subarray(offset + 4, end - 4)
    if (crc32(checked) !== view.u32be(end - 4)) view.damaged(`the checksum of a chunk is wrong`)
    yield { name, start: offset, data: checked.subarray(4), end }
    if (name === 'IEND') return
    offset = end
  }
}

function summarise(view: ByteView): {
  width: number
  height: number
  orientation: number
  chunks: Chunk[]
  end: number
} {
  const chunks = [...walk(view)]
  const [header] = chunks
  if (header?.name !== 'IHDR' || header.data.length !== 13) return view.damaged('its header is missing')
  if (!chunks.some(({ name }) => name === 'IDAT')) view.damaged('it has no picture')
  // A lower-case first letter means that a reader may skip the chunk.
  const unknown = chunks.find(({ name }) => !KEPT.includes(name) && /^[A-Z]/.test(name))
  if (unknown !== undefined) view.damaged('it needs a feature that is not known')
  const size = checkPixels(view.u32be(16), view.u32be(20))
  const exif = chunks.find(({ name }) => name === 'eXIf')
  const orientation = exif === undefined ? 1 : readOrientation(exif.data)
  return { ...orient(size.width, size.height, orientation), orientation, chunks, end: (chunks.at(-1) as Chunk).end }
}

function encodeChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(latin1(name), 4)
  chunk.set(data, 8)
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)))
  return chunk
}

/** iCCP: a name, a zero, the method, the deflated profile. Null when it can't be read or cleaned. */
function cleanProfileChunk(data: Uint8Array): Uint8Array | null {
  const nameEnd = data.indexOf(0)
  if (nameEnd < 1 || nameEnd > 79 || data[nameEnd + 1] !== 0) return null
  try {
    const profile = cleanColourProfile(inflateSync(data.subarray(nameEnd + 2), { maxOutputLength: MAX_PROFILE_BYTES }))
    return profile === null ? null : encodeChunk('iCCP', concatBytes(latin1('ICC\0\0'), deflateSync(profile)))
  } catch {
    return null
  }
}

export const png: MediaFormat = {
  type: 'image/png',

  matches: (bytes) => hasText(bytes, 0, SIGNATURE),

  measure(bytes) {
    const view = new ByteView(bytes, 'PNG')
    const { width, height, end } = summarise(view)
    view.endsAt(end)
    return { width, height }
  },

  strip(bytes) {
    const { orientation, chunks } = summarise(new ByteView(bytes, 'PNG'))
    const parts: Uint8Array[] = [latin1(SIGNATURE)]
    for (const { name, start, data, end } of chunks) {
      if (name === 'iCCP') {
        const profile = cleanProfileChunk(data)
        if (profile !== null) parts.push(profile)
      } else if (KEPT.includes(name)) {
        parts.push(name === 'IEND' ? encodeChunk('IEND', new Uint8Array()) : bytes.subarray(start, end))
      }
      // Behind the header, so that a reader knows how the picture stands before it shows a line of it.
      if (name === 'IHDR' && orientation !== 1) parts.push(encodeChunk('eXIf', encodeOrientation(orientation)))
    }
    return concatBytes(...parts)
  },
}
