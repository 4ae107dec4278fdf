import type { MediaType } from '../limits.ts'

/** Size of a picture as it is shown, in pixels: orientation is applied. */
export interface Dimensions {
  readonly width: number
  readonly height: number
}

/** What one file format can tell and do without decoding a pixel. */
export interface MediaFormat {
  readonly type: MediaType
  /** True when the first bytes say so; nothing else is looked at. */
  matches(bytes: Uint8Array): boolean
  /**
   * Walks the whole structure to its end.
   * @throws UnsupportedMediaError when it is damaged, too large in pixels, or goes on after its end.
   */
  measure(bytes: Uint8Array): Dimensions
  /**
   * A new file with the picture, its orientation and its colours, and nothing else of what the old one carried.
   * @throws UnsupportedMediaError when that can't be done without decoding.
   */
  strip(bytes: Uint8Array): Uint8Array
}
