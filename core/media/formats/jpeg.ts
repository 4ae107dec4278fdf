import { concatBytes } from '../../util/bytes.ts'
import { ByteView, checkPixels, hasText, latin1 } from './byte-view.ts'
import { cleanColourProfile } from './colour-profile.ts'
import { encodeOrientation, orient, readOrientation } from './exif.ts'
import type { Dimensions, MediaFormat } from './format.ts'

/** JPEG, ITU-T T.81 Annex B: segments behind markers, entropy-coded data behind each SOS, an end marker. */

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const APP0 = 0xe0
const APP1 = 0xe1
const APP2 = 0xe2
const APP14 = 0xee
/** Not a marker of the format: names the entropy-coded bytes behind an SOS. */
const SCAN = -1
/** Baseline, extended sequential, progressive: what browsers decode. */
const FRAMES = [0xc0, 0xc1, 0xc2]
/** Quantisation and Huffman tables, restart interval, number of lines. */
const TABLES = [0xdb, 0xc4, 0xdd, 0xdc]
const ICC = 'ICC_PROFILE\0'
const MAX_SEGMENT_BODY = 65_533

interface Segment {
  readonly marker: number
  /** Where its 0xff stands. */
  readonly start: number
  /** First byte after the length. */
  readonly body: number
  readonly end: number
}

/** All segments to the end marker, which comes last. Bytes behind that are not looked at. */
function* walk(view: ByteView): Generator<Segment> {
  let offset = 2
  while (true) {
    if (view.u8(offset) !== 0xff) view.damaged('a marker is missing')
    while (view.u8(offset + 1) === 0xff) offset++
    const marker = view.u8(offset + 1)
    if (marker === EOI) {
      yield { marker, start: offset, body: offset + 2, end: offset + 2 }
      return
    }
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= SOI)) view.damaged('a marker stands where none may')
    const length = view.u16be(offset + 2)
    const end = offset + 2 + length
    if (length < 2) view.damaged('a segment has no length')
    view.need(offset, 2 + length)
    yield { marker, start: offset, body: offset + 4, end }
    offset = end
    if (marker === SOS) {
      offset = findScanEnd(view, end)
      yield { marker: SCAN, start: end, body: end, end: offset }
    }
  }
}

/** Offset of the marker that ends the entropy-coded data: not a stuffed zero, not a restart marker. */
function findScanEnd(view: ByteView, from: number): number {
  const bytes = view.bytes
  const last = bytes.length - 1
  for (let i = from; i < last; i++) {
    if (bytes[i] !== 0xff) continue
    const next = bytes[i + 1] as number
    if (next === 0xff) continue
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return i
    i++
  }
  return view.damaged('it ends without an end marker')
}

interface Summary extends Dimensions {
  readonly orientation: number
  /** Offset behind the end marker. */
  readonly end: number
  readonly segments: readonly Segment[]
}

function summarise(view: ByteView): Summary {
  const segments = [...walk(view)]
  let frame: Segment | undefined
  let orientation = 0
  for (const segment of segments) {
    if (FRAMES.includes(segment.marker)) {
      if (frame !== undefined) view.damaged('it holds more than one frame')
      frame = segment
    } else if (segment.marker >= 0xc0 && segment.marker <= 0xcf && !TABLES.includes(segment.marker)) {
      view.damaged('it is coded in a way that browsers do not read')
    } else if (segment.marker === SOS && frame === undefined) {
      view.damaged('a scan comes before the frame')
    } else if (orientation === 0 && segment.marker === APP1 && hasText(view.bytes, segment.body, 'Exif\0\0')) {
      orientation = readOrientation(view.bytes.subarray(segment.body + 6, segment.end))
    }
  }
  if (frame === undefined || !segments.some((segment) => segment.marker === SOS))
    return view.damaged('it has no picture')
  const size = checkPixels(view.u16be(frame.body + 3), view.u16be(frame.body + 1))
  orientation ||= 1
  return {
    ...orient(size.width, size.height, orientation),
    orientation,
    end: (segments.at(-1) as Segment).end,
    segments,
  }
}

/** A segment with its marker and length. */
function encodeSegment(marker: number, ...body: Uint8Array[]): Uint8Array {
  const length = body.reduce((sum, part) => sum + part.length, 2)
  return concatBytes(Uint8Array.of(0xff, marker, length >> 8, length & 0xff), ...body)
}

/** The ICC profile put together from its numbered APP2 segments (ICC.1 Annex B.4), empty when it isn't whole. */
function joinProfile(bytes: Uint8Array, segments: readonly Segment[]): Uint8Array {
  const parts = segments
    .filter(({ marker, body, end }) => marker === APP2 && end - body > 14 && hasText(bytes, body, ICC))
    .map(({ body, end }) => ({
      index: bytes[body + 12],
      count: bytes[body + 13],
      data: bytes.subarray(body + 14, end),
    }))
    .sort((a, b) => (a.index ?? 0) - (b.index ?? 0))
  const isWhole = parts.every((part, i) => part.index === i + 1 && part.count === parts.length)
  return isWhole ? concatBytes(...parts.map((part) => part.data)) : new Uint8Array()
}

function encodeProfile(profile: Uint8Array): Uint8Array[] {
  const room = MAX_SEGMENT_BODY - 14
  const count = Math.ceil(profile.length / room)
  return Array.from({ length: count }, (_, i) =>
    encodeSegment(APP2, latin1(ICC), Uint8Array.of(i + 1, count), profile.subarray(i * room, (i + 1) * room)),
  )
}

export const jpeg: MediaFormat = {
  type: 'image/jpeg',

  matches: (bytes) => bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff,

  measure(bytes) {
    const view = new ByteView(bytes, 'JPEG')
    const { width, height, end } = summarise(view)
    view.endsAt(end)
    return { width, height }
  },

  /** Keeps tables, frame and scans, the JFIF density, the Adobe colour transform, orientation and colours. */
  strip(bytes) {
    const view = new ByteView(bytes, 'JPEG')
    const { orientation, segments } = summarise(view)
    const head: Uint8Array[] = []
    const picture: Uint8Array[] = []
    for (const { marker, start, body, end } of segments) {
      if (marker === APP0 && head.length === 0 && end - body >= 14 && hasText(bytes, body, 'JFIF\0')) {
        // The last two bytes are the size of a thumbnail, which is left behind.
        head.push(encodeSegment(APP0, bytes.subarray(body, body + 12), Uint8Array.of(0, 0)))
      } else if (marker === APP14 && end - body === 12 && hasText(bytes, body, 'Adobe')) {
        picture.push(bytes.subarray(start, end))
      } else if (
        marker === SCAN ||
        marker === SOS ||
        marker === EOI ||
        FRAMES.includes(marker) ||
        TABLES.includes(marker)
      ) {
        picture.push(bytes.subarray(start, end))
      }
    }
    if (orientation !== 1) head.push(encodeSegment(APP1, latin1('Exif\0\0'), encodeOrientation(orientation)))
    const profile = cleanColourProfile(joinProfile(bytes, segments))
    if (profile !== null) head.push(...encodeProfile(profile))
    return concatBytes(Uint8Array.of(0xff, SOI), ...head, ...picture)
  },
}
