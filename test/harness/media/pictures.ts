import { crc32 } from 'node:zlib'
import { concatBytes, utf8 } from '../../../core/util/bytes.ts'

/**
 * Small real pictures, 12 × 8 pixels, made with a browser's canvas (JPEG and WebP with the browser's own ICC profile),
 * and tools that put into them what cameras and editors put there.
 */

const JPEG =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh' +
  'Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
  'AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB' +
  'UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA' +
  'AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y' +
  'WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM' +
  'ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcg' +
  'LikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09P' +
  'T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAIAAwDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAMF' +
  '/8QAHBAAAQMFAAAAAAAAAAAAAAAAAAECEQMSFGKh/8QAFAEBAAAAAAAAAAAAAAAAAAAAAv/EABwRAAICAgMAAAAAAAAAAAAAAAEC' +
  'AAQDEQVSsf/aAAwDAQACEQMRAD8Azqbb3o2Yktjb8ABXsZMa6Q6g592WyoHUemf/2Q=='
const WEBP =
  'UklGRjoCAABXRUJQVlA4WAoAAAAgAAAACwAABwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh' +
  'Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
  'AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB' +
  'UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA' +
  'AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y' +
  'WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM' +
  'ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggTAAAAPABAJ0BKgwACAACgEIlsAJ0ugADCQb7' +
  'gAD+y0E7z9uBBZEef3H/RoCEZe66LZpb8mH/wa/9HJ/+Tv6WtuL4jNbS/0O7+f/9DfzqAAA='
const WEBP_LOSSLESS =
  'UklGRiACAABXRUJQVlA4WAoAAAAgAAAACwAABwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh' +
  'Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
  'AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB' +
  'UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA' +
  'AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y' +
  'WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM' +
  'ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDhMMQAAAC8LwAEAFyAQSPxVYlhhP4FAwpDC1tve' +
  '7Gz+Q4YPitpIgfa9/g5AIj5BQ0T/Y0cfcQEA'
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAwAAAAICAYAAADN5B7xAAAANElEQVR4AcTQQQ0AAAgCQGclKpjFUGayixG0AD58yXZPNoYm0Aw8' +
  'm1E55rFQFsI8TtrOGwAAAP//Ej001wAAAAZJREFUAwAzoCZdW4DPLAAAAABJRU5ErkJggg=='
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

export const pictures = {
  jpeg: fromBase64(JPEG),
  webp: fromBase64(WEBP),
  webpLossless: fromBase64(WEBP_LOSSLESS),
  png: fromBase64(PNG),
  /** 1 × 1 pixel. */
  gif: fromBase64(GIF),
} as const

/** Words that stand in the metadata below; none of them may be left after stripping. */
export const SECRETS = [
  'SECRET-CAMERA',
  'SECRET-XMP',
  'SECRET-TEXT',
  'SECRET-TRAILER',
  'SECRET-IPTC',
  'Google Inc.',
] as const
/** 48° 51' 29.99" as EXIF rationals, big-endian: a place on a map. */
export const GPS_LATITUDE = Uint8Array.of(0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 51, 0, 0, 0, 1, 0, 0, 11, 183, 0, 0, 0, 100)

/** A TIFF block with camera, orientation and place, big-endian, as telephones write it. */
export function exifBlock(orientation: number): Uint8Array {
  const camera = utf8('SECRET-CAMERA\0')
  const gps = 8 + 2 + 3 * 12 + 4
  const values = gps + 2 + 2 * 12 + 4
  const be16 = (value: number) => [value >> 8, value & 255]
  const be32 = (value: number) => [...be16(value >>> 16), ...be16(value & 0xffff)]
  const entry = (tag: number, type: number, count: number, value: number[]) => [
    ...be16(tag),
    ...be16(type),
    ...be32(count),
    ...value,
  ]
  return Uint8Array.from([
    ...[0x4d, 0x4d, 0, 42, ...be32(8)],
    ...be16(3),
    ...entry(0x010f, 2, camera.length, be32(values + GPS_LATITUDE.length)),
    ...entry(0x0112, 3, 1, [...be16(orientation), 0, 0]),
    ...entry(0x8825, 4, 1, be32(gps)),
    ...be32(0),
    ...be16(2),
    ...entry(1, 2, 2, [0x4e, 0, 0, 0]),
    ...entry(2, 5, 3, be32(values)),
    ...be32(0),
    ...GPS_LATITUDE,
    ...camera,
  ])
}

/** A JPEG segment with its marker and length. */
export function jpegSegment(marker: number, ...body: Uint8Array[]): Uint8Array {
  const data = concatBytes(...body)
  return concatBytes(Uint8Array.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255), data)
}

/** A photograph as a telephone saves it: EXIF with place, XMP, IPTC, a comment, and a film behind the end marker. */
export function jpegFromPhone(orientation = 1): Uint8Array {
  return concatBytes(
    pictures.jpeg.subarray(0, 20),
    jpegSegment(0xe1, utf8('Exif\0\0'), exifBlock(orientation)),
    jpegSegment(0xe1, utf8('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET-XMP</x:xmpmeta>')),
    jpegSegment(0xe2, utf8('MPF\0SECRET-TEXT')),
    jpegSegment(0xed, utf8('Photoshop 3.0\x008BIM SECRET-IPTC')),
    jpegSegment(0xfe, utf8('SECRET-TEXT')),
    pictures.jpeg.subarray(20),
    utf8('ftypmp42 SECRET-TRAILER'),
  )
}

/** A PNG chunk with length and checksum. */
export function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = concatBytes(new Uint8Array(4), utf8(name), data, new Uint8Array(4))
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  view.setUint32(chunk.length - 4, crc32(chunk.subarray(4, chunk.length - 4)))
  return chunk
}

/** A PNG as an editor saves it. */
export function pngFromEditor(orientation = 1): Uint8Array {
  return concatBytes(
    pictures.png.subarray(0, 33),
    pngChunk('eXIf', exifBlock(orientation)),
    pngChunk('tIME', Uint8Array.of(7, 233, 5, 4, 3, 2, 1)),
    pngChunk('pHYs', Uint8Array.of(0, 0, 11, 19, 0, 0, 11, 19, 1)),
    pngChunk('iTXt', utf8('XML:com.adobe.xmp\0\0\0\0\0SECRET-XMP')),
    pngChunk('tEXt', utf8('Author\0SECRET-TEXT')),
    pngChunk('caBX', utf8('SECRET-IPTC')),
    pictures.png.subarray(33),
    utf8('SECRET-TRAILER'),
  )
}

/** A RIFF chunk, padded to an even length. */
export function riffChunk(name: string, data: Uint8Array): Uint8Array {
  const size = new Uint8Array(4)
  new DataView(size.buffer).setUint32(0, data.length, true)
  return concatBytes(utf8(name), size, data, new Uint8Array(data.length % 2))
}

/** A WebP of these chunks. */
export function webpOf(...chunks: Uint8Array[]): Uint8Array {
  return riffChunk('RIFF', concatBytes(utf8('WEBP'), ...chunks))
}

/** A WebP as an editor saves it; the canvas picture starts with VP8X and ICCP. */
export function webpFromEditor(orientation = 1): Uint8Array {
  const inner = pictures.webp.slice(12)
  inner[8] = (inner[8] as number) | 0x0c
  return concatBytes(
    webpOf(
      inner,
      riffChunk('EXIF', exifBlock(orientation)),
      riffChunk('XMP ', utf8('<x:xmpmeta>SECRET-XMP</x:xmpmeta>')),
      riffChunk('ABCD', utf8('SECRET-TEXT')),
    ),
    utf8('SECRET-TRAILER'),
  )
}

/** A GIF extension of sub-blocks. */
export function gifExtension(label: number, ...blocks: Uint8Array[]): Uint8Array {
  return concatBytes(
    Uint8Array.of(0x21, label),
    ...blocks.map((block) => concatBytes(Uint8Array.of(block.length), block)),
    Uint8Array.of(0),
  )
}

export const GIF_LOOP = gifExtension(0xff, utf8('NETSCAPE2.0'), Uint8Array.of(1, 0, 0))

/** An animation that loops, with a comment, a plain text and XMP. */
export function gifFromEditor(): Uint8Array {
  return concatBytes(
    pictures.gif.subarray(0, 19),
    GIF_LOOP,
    gifExtension(0xfe, utf8('SECRET-TEXT')),
    gifExtension(0xff, utf8('XMP DataXMP'), utf8('SECRET-XMP')),
    gifExtension(0xf9, Uint8Array.of(0, 0, 0, 0)),
    gifExtension(0x01, new Uint8Array(12), utf8('SECRET-CAMERA')),
    pictures.gif.subarray(19),
    utf8('SECRET-TRAILER'),
  )
}

/** A box of ISO base media. */
export function isoBox(name: string, ...body: Uint8Array[]): Uint8Array {
  const data = concatBytes(...body)
  const box = concatBytes(new Uint8Array(4), utf8(name), data)
  new DataView(box.buffer).setUint32(0, box.length)
  return box
}

/** The boxes of an AVIF of this size, without a picture in them; `irot` turns it by quarters. */
export function avifOf(width: number, height: number, quarters = 0): Uint8Array {
  const ispe = new Uint8Array(12)
  new DataView(ispe.buffer).setUint32(4, width)
  new DataView(ispe.buffer).setUint32(8, height)
  const associations = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0x81, 0x02)
  const properties = isoBox('ipco', isoBox('ispe', ispe), isoBox('irot', Uint8Array.of(quarters)))
  return concatBytes(
    isoBox('ftyp', utf8('avif\0\0\0\0avifmif1')),
    isoBox(
      'meta',
      new Uint8Array(4),
      isoBox('pitm', Uint8Array.of(0, 0, 0, 0, 0, 1)),
      isoBox('iprp', properties, isoBox('ipma', associations)),
    ),
    isoBox('mdat', Uint8Array.of(1, 2, 3)),
  )
}

/** True when `needle` stands somewhere in `bytes`. */
export function holds(bytes: Uint8Array, needle: Uint8Array | string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(
    typeof needle === 'string' ? needle : Buffer.from(needle),
  )
}
