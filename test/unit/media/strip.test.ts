import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { UnsupportedMediaError } from '../../../core/media/errors.ts'
import { encodeOrientation, readOrientation } from '../../../core/media/formats/exif.ts'
import { stripMetadata } from '../../../core/media/strip.ts'
import { concatBytes, utf8 } from '../../../core/util/bytes.ts'
import {
  avifOf,
  exifBlock,
  GIF_LOOP,
  GPS_LATITUDE,
  gifFromEditor,
  holds,
  jpegFromPhone,
  jpegSegment,
  pictures,
  pngFromEditor,
  riffChunk,
  SECRETS,
  webpFromEditor,
  webpOf,
} from '../../harness/media/pictures.ts'

const files = {
  jpeg: { make: jpegFromPhone, type: 'image/jpeg', hasExif: true },
  png: { make: pngFromEditor, type: 'image/png', hasExif: true },
  webp: { make: webpFromEditor, type: 'image/webp', hasExif: true },
  gif: { make: gifFromEditor, type: 'image/gif', hasExif: false },
} as const
const names = Object.keys(files) as (keyof typeof files)[]

/** Entropy-coded or compressed picture data: has to survive byte for byte. */
const PICTURE_DATA = {
  jpeg: pictures.jpeg.subarray(-200, -2),
  png: pictures.png.subarray(41, 90),
  webp: pictures.webp.subarray(-70),
  gif: pictures.gif.subarray(-15),
}

describe('stripMetadata', () => {
  it.each(names)('leaves no trace of place, camera, texts or trailers in a %s (MED5)', (name) => {
    const { make, type, hasExif } = files[name]
    const input = make()
    const found = SECRETS.filter((secret) => holds(input, secret))
    expect(found.length, 'control: the metadata stands in the input').toBeGreaterThanOrEqual(3)
    expect(holds(input, GPS_LATITUDE)).toBe(hasExif)

    const output = stripMetadata(input)
    expect(SECRETS.filter((secret) => holds(output.bytes, secret))).toEqual([])
    expect(holds(output.bytes, GPS_LATITUDE)).toBe(false)
    expect(holds(output.bytes, 'Exif')).toBe(false)
    expect(holds(output.bytes, PICTURE_DATA[name])).toBe(true)
    expect(output.type).toBe(type)
  })

  it.each(names)('changes nothing more when done twice: %s', (name) => {
    const once = stripMetadata(files[name].make(6)).bytes
    expect(stripMetadata(once).bytes).toEqual(once)
  })

  it.each([
    ['jpeg', jpegFromPhone(6)],
    ['png', pngFromEditor(6)],
  ] as const)('keeps the orientation of a %s and nothing else of its EXIF (MED5)', (_, input) => {
    const output = stripMetadata(input)
    expect(output).toMatchObject({ width: 8, height: 12 })
    expect(holds(output.bytes, encodeOrientation(6))).toBe(true)
    expect(holds(output.bytes, GPS_LATITUDE)).toBe(false)
    expect(holds(output.bytes, 'SECRET')).toBe(false)
  })

  it('keeps the loop of an animation', () => {
    expect(holds(stripMetadata(gifFromEditor()).bytes, GIF_LOOP)).toBe(true)
  })

  it('keeps colours but not the words of an ICC profile', () => {
    for (const input of [pictures.jpeg, pictures.webp]) {
      expect(holds(input, 'desc'), 'control').toBe(true)
      const { bytes } = stripMetadata(input)
      expect(holds(bytes, 'acsp')).toBe(true)
      expect(holds(bytes, 'rXYZ')).toBe(true)
      expect(holds(bytes, 'desc')).toBe(false)
      expect(holds(bytes, 'mluc')).toBe(false)
    }
  })

  it('drops an ICC profile that it can not clean', () => {
    const segment = jpegSegment(0xe2, utf8('ICC_PROFILE\0'), Uint8Array.of(1, 1), utf8('SECRET-TEXT'.repeat(20)))
    const input = concatBytes(pictures.jpeg.subarray(0, 20), segment, pictures.jpeg.subarray(20 + 474))
    const { bytes } = stripMetadata(input)
    expect(holds(bytes, 'ICC_PROFILE')).toBe(false)
    expect(holds(bytes, 'SECRET')).toBe(false)
  })

  it('removes what hides inside the frames of an animated WebP', () => {
    const picture = pictures.webpLossless.subarray(12 + 18 + 8 + 456)
    const frame = concatBytes(
      Uint8Array.of(0, 0, 0, 0, 0, 0, 11, 0, 0, 7, 0, 0, 100, 0, 0, 0),
      picture,
      riffChunk('XMP ', utf8('SECRET-XMP')),
    )
    const canvas = riffChunk('VP8X', Uint8Array.of(2, 0, 0, 0, 11, 0, 0, 7, 0, 0))
    const input = webpOf(canvas, riffChunk('ANIM', new Uint8Array(6)), riffChunk('ANMF', frame))
    const output = stripMetadata(input)
    expect(holds(output.bytes, 'SECRET')).toBe(false)
    expect(holds(output.bytes, picture)).toBe(true)
  })

  it('leaves a PNG that can still be inflated', () => {
    const { bytes } = stripMetadata(pngFromEditor())
    const at = Buffer.from(bytes).indexOf('IDAT')
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at - 4)
    expect(() => inflateSync(bytes.subarray(at + 4, at + 4 + length), { finishFlush: 2 })).not.toThrow()
  })

  it('refuses AVIF and what is no picture, with the reason', () => {
    expect(() => stripMetadata(avifOf(4, 4))).toThrow(/AVIF/)
    expect(() => stripMetadata(utf8('<svg/>'))).toThrow(UnsupportedMediaError)
    expect(() => stripMetadata(pictures.jpeg.subarray(0, 500))).toThrow(/damaged/)
  })
})

describe('readOrientation', () => {
  it('reads both byte orders and takes anything else as upright', () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      expect(readOrientation(exifBlock(orientation))).toBe(orientation)
      expect(readOrientation(encodeOrientation(orientation))).toBe(orientation)
    }
    expect(readOrientation(exifBlock(9))).toBe(1)
    expect(readOrientation(new Uint8Array(40))).toBe(1)
    for (let length = 0; length < 40; length++) expect(readOrientation(exifBlock(1).subarray(0, length))).toBe(1)
  })
})
