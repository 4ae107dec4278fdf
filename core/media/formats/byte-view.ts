import { UnsupportedMediaError } from '../errors.ts'
import { MAX_IMAGE_PIXELS } from '../limits.ts'
import type { Dimensions } from './format.ts'

/** Fixed-width unsigned integers at an offset; past the end the file counts as damaged, never as zero. */
export class ByteView {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #what: string

  /** @param what - names the format in messages: `JPEG` */
  constructor(bytes: Uint8Array, what: string) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#what = what
  }

  get length(): number {
    return this.bytes.length
  }

  u8(offset: number): number {
    this.need(offset, 1)
    return this.#view.getUint8(offset)
  }

  u16be(offset: number): number {
    this.need(offset, 2)
    return this.#view.getUint16(offset)
  }

  u16le(offset: number): number {
    this.need(offset, 2)
    return this.#view.getUint16(offset, true)
  }

  u24le(offset: number): number {
    this.need(offset, 3)
    return this.#view.getUint16(offset, true) + this.#view.getUint8(offset + 2) * 0x10000
  }

  u32be(offset: number): number {
    this.need(offset, 4)
    return this.#view.getUint32(offset)
  }

  u32le(offset: number): number {
    this.need(offset, 4)
    return this.#view.getUint32(offset, true)
  }

  /** `length` bytes as Latin-1 text, for signatures and chunk names. */
  text(offset: number, length: number): string {
    this.need(offset, length)
    return String.fromCharCode(...this.bytes.subarray(offset, offset + length))
  }

  /** @throws UnsupportedMediaError unless `length` bytes stand at `offset`. */
  need(offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > this.bytes.length) this.damaged('it is cut short')
  }

  /** @throws UnsupportedMediaError always. */
  damaged(why: string): never {
    throw new UnsupportedMediaError('damaged', `this ${this.#what} file is damaged: ${why}`)
  }

  /** @throws UnsupportedMediaError unless the picture ends where the file ends. */
  endsAt(offset: number): void {
    if (offset === this.bytes.length) return
    const extra = this.bytes.length - offset
    throw new UnsupportedMediaError('trailing-data', `this ${this.#what} file goes on for ${extra} bytes after its end`)
  }
}

/** True when the bytes at `offset` are the Latin-1 text. */
export function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  if (offset + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false
  return true
}

/** Bytes of a Latin-1 text. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

/** @throws UnsupportedMediaError for a picture without area or above 33 megapixels (MED3). */
export function checkPixels(width: number, height: number): Dimensions {
  if (width < 1 || height < 1) throw new UnsupportedMediaError('damaged', `a picture of ${width} × ${height} pixels`)
  if (width * height > MAX_IMAGE_PIXELS) {
    const megapixels = (width * height) / 1e6
    throw new UnsupportedMediaError(
      'too-many-pixels',
      `the picture has ${width} × ${height} pixels (${megapixels.toFixed(1)} megapixels), limit ${MAX_IMAGE_PIXELS / 1e6}`,
    )
  }
  return { width, height }
}
