import { describe, expect, it } from 'vitest'
import { MAX_IMAGE_BYTES } from '../../../core/media/limits.ts'
import { sniffMedia, sniffType } from '../../../core/media/sniff.ts'
import { concatBytes, utf8 } from '../../../core/util/bytes.ts'
import { avifOf, exifBlock, jpegSegment, pictures, pngChunk, riffChunk, webpOf } from '../../harness/media/pictures.ts'

function reasonOf(bytes: Uint8Array): string {
  const result = sniffMedia(bytes)
  return result.ok ? 'ok' : result.reason
}

function pngOf(width: number, height: number): Uint8Array {
  const header = pictures.png.slice(16, 29)
  new DataView(header.buffer).setUint32(0, width)
  new DataView(header.buffer).setUint32(4, height)
  return concatBytes(pictures.png.subarray(0, 8), pngChunk('IHDR', header), pictures.png.subarray(33))
}

describe('sniffMedia', () => {
  it.each([
    ['jpeg', 'image/jpeg', 12, 8],
    ['png', 'image/png', 12, 8],
    ['webp', 'image/webp', 12, 8],
    ['webpLossless', 'image/webp', 12, 8],
    ['gif', 'image/gif', 1, 1],
  ] as const)('tells type and size of a %s (MED2)', (name, type, width, height) => {
    expect(sniffMedia(pictures[name])).toEqual({ ok: true, media: { type, width, height } })
    expect(sniffType(pictures[name].subarray(0, 16))).toBe(type)
  })

  it('tells type and size of an AVIF, rotation applied (MED2)', () => {
    expect(sniffMedia(avifOf(640, 480))).toEqual({ ok: true, media: { type: 'image/avif', width: 640, height: 480 } })
    expect(sniffMedia(avifOf(640, 480, 1))).toMatchObject({ media: { width: 480, height: 640 } })
  })

  it('says the size as shown: EXIF orientation turns a JPEG on its side', () => {
    const exif = jpegSegment(0xe1, utf8('Exif\0\0'), exifBlock(6))
    const turned = concatBytes(pictures.jpeg.subarray(0, 20), exif, pictures.jpeg.subarray(20))
    expect(sniffMedia(turned)).toMatchObject({ ok: true, media: { width: 8, height: 12 } })
  })

  it.each([
    ['an empty file', new Uint8Array(), 'empty'],
    ['SVG', utf8('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'svg'],
    ['SVG behind a byte order mark', utf8('\ufeff  <SVG onload="x">'), 'svg'],
    ['a page', utf8('<!doctype html><script>alert(1)</script>'), 'html'],
    ['HEIC', concatBytes(Uint8Array.of(0, 0, 0, 24), utf8('ftypheic')), 'unsupported'],
    ['a PDF', utf8('%PDF-1.7'), 'unknown-type'],
    ['a BMP', utf8('BM\0\0\0\0'), 'unknown-type'],
  ])('refuses %s with the reason (MED2)', (_, bytes, reason) => {
    expect(reasonOf(bytes)).toBe(reason)
  })

  it('refuses more than 16 MiB (MED3)', () => {
    expect(reasonOf(new Uint8Array(MAX_IMAGE_BYTES + 1))).toBe('too-large')
  })

  it.each([
    ['PNG', pngOf(50_000, 50_000)],
    ['PNG beyond 2^32 pixels', pngOf(0x7fffffff, 0x7fffffff)],
    ['AVIF', avifOf(6_000, 6_000)],
    [
      'JPEG',
      concatBytes(
        Uint8Array.of(0xff, 0xd8),
        jpegSegment(0xc0, Uint8Array.of(8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0)),
        jpegSegment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
        Uint8Array.of(0xff, 0xd9),
      ),
    ],
    ['WebP canvas', webpOf(riffChunk('VP8X', Uint8Array.of(2, 0, 0, 0, 255, 255, 0, 255, 255, 0)))],
    ['GIF screen', Uint8Array.from(pictures.gif, (byte, i) => (i >= 6 && i < 10 ? 0xff : byte))],
  ])('refuses a picture of more than 33 megapixels: %s (MED3)', (_, bytes) => {
    // The best of three: on a busy machine one of them may have had to wait for its turn.
    const times = [1, 2, 3].map(() => {
      const before = performance.now()
      expect(reasonOf(bytes)).toBe('too-many-pixels')
      return performance.now() - before
    })
    expect(Math.min(...times)).toBeLessThan(50)
  })

  it.each(['jpeg', 'png', 'webp', 'gif'] as const)('refuses a %s cut short anywhere (MED2)', (name) => {
    const bytes = pictures[name]
    for (let length = 1; length < bytes.length; length++) {
      expect(['damaged', 'unknown-type', 'unsupported']).toContain(reasonOf(bytes.subarray(0, length)))
    }
  })

  it.each(['jpeg', 'png', 'webp', 'gif'] as const)(
    'refuses a %s that is something else behind its end (MED2)',
    (name) => {
      expect(reasonOf(concatBytes(pictures[name], utf8('PK\x03\x04 a zip archive')))).toBe('trailing-data')
    },
  )

  it('refuses an AVIF with loose bytes behind its boxes (MED2)', () => {
    expect(reasonOf(concatBytes(avifOf(4, 4), utf8('<html>')))).toBe('damaged')
  })

  it('refuses a PNG with a wrong checksum, and one that needs an unknown feature', () => {
    const broken = pictures.png.slice()
    broken[20] = 1
    expect(reasonOf(broken)).toBe('damaged')
    const head = pictures.png.subarray(0, 33)
    expect(reasonOf(concatBytes(head, pngChunk('ABCD', utf8('x')), pictures.png.subarray(33)))).toBe('damaged')
    expect(reasonOf(concatBytes(head, pngChunk('abCd', utf8('x')), pictures.png.subarray(33)))).toBe('ok')
  })

  it('judges 16 MiB of stuffed JPEG scan in bounded time', () => {
    const scan = new Uint8Array(MAX_IMAGE_BYTES - 1_000)
    for (let i = 0; i < scan.length; i += 2) scan[i] = 0xff
    const frame = pictures.jpeg.subarray(0, pictures.jpeg.length - 2)
    expect(reasonOf(concatBytes(frame, scan, Uint8Array.of(0xff, 0xd9)))).toBe('ok')
  })
})
