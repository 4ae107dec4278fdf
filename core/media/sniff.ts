import { type MediaRefusal, UnsupportedMediaError } from './errors.ts'
import { avif } from './formats/avif.ts'
import { hasText } from './formats/byte-view.ts'
import type { MediaFormat } from './formats/format.ts'
import { gif } from './formats/gif.ts'
import { jpeg } from './formats/jpeg.ts'
import { png } from './formats/png.ts'
import { webp } from './formats/webp.ts'
import { MAX_IMAGE_BYTES, type MediaType } from './limits.ts'

/** One per allowed type; magic bytes exclude one another, so the order decides nothing. */
const FORMATS: readonly MediaFormat[] = [jpeg, png, webp, gif, avif]
/** How far into a text file its kind is looked for, only to name the reason. */
const TEXT_HEAD_BYTES = 1_024

/** What bytes are, by their own account: magic and structure, never a file name or somebody's claim. */
export interface SniffedMedia {
  readonly type: MediaType
  /** As shown, in pixels. */
  readonly width: number
  readonly height: number
}

export type SniffResult =
  | { readonly ok: true; readonly media: SniffedMedia }
  | { readonly ok: false; readonly reason: MediaRefusal; readonly message: string }

/**
 * Type and size of a whole file (MED2, MED3). The structure is walked to its end and nothing may follow it, so a file
 * that is a picture and something else as well is refused.
 */
export function sniffMedia(bytes: Uint8Array): SniffResult {
  try {
    const format = findFormat(bytes)
    return { ok: true, media: { type: format.type, ...format.measure(bytes) } }
  } catch (error) {
    if (error instanceof UnsupportedMediaError) return { ok: false, reason: error.reason, message: error.message }
    throw error
  }
}

/** Type by the first bytes alone, for a decision before the rest has come; undefined for what isn't allowed. */
export function sniffType(head: Uint8Array): MediaType | undefined {
  return FORMATS.find((format) => format.matches(head))?.type
}

/**
 * The format of these bytes.
 * @throws UnsupportedMediaError for an empty or too large file, and for a type that is not allowed.
 */
export function findFormat(bytes: Uint8Array): MediaFormat {
  if (bytes.length === 0) throw new UnsupportedMediaError('empty', 'the file is empty')
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new UnsupportedMediaError('too-large', `the file has ${bytes.length} bytes, limit ${MAX_IMAGE_BYTES}`)
  }
  const format = FORMATS.find((candidate) => candidate.matches(bytes))
  if (format !== undefined) return format
  throw explainUnknown(bytes)
}

function explainUnknown(bytes: Uint8Array): UnsupportedMediaError {
  const allowed = 'JPEG, PNG, WebP, GIF and AVIF pictures are taken'
  const head = new TextDecoder().decode(bytes.subarray(0, TEXT_HEAD_BYTES)).trimStart().toLowerCase()
  if (head.startsWith('<') && head.includes('<svg')) {
    return new UnsupportedMediaError('svg', `SVG can carry scripts and is not taken; ${allowed}`)
  }
  if (head.startsWith('<')) return new UnsupportedMediaError('html', `this is a page, not a picture; ${allowed}`)
  if (hasText(bytes, 4, 'ftyphei') || hasText(bytes, 4, 'ftyphev') || hasText(bytes, 4, 'ftypmif1')) {
    return new UnsupportedMediaError('unsupported', `browsers do not show HEIC: save it as JPEG; ${allowed}`)
  }
  return new UnsupportedMediaError('unknown-type', `the file is of no known type; ${allowed}`)
}
