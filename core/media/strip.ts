import { findFormat, type SniffedMedia } from './sniff.ts'

/** A picture ready to leave the machine. */
export interface StrippedMedia extends SniffedMedia {
  readonly bytes: Uint8Array
}

/**
 * Rebuilds the file with picture, orientation, colours and animation only (MED5): place, camera, dates, texts, previews
 * and whatever follows the picture stay behind. Nothing is decoded. Doing it twice changes nothing more.
 * @throws UnsupportedMediaError with the reason, for what can't be cleaned this way as well.
 */
export function stripMetadata(bytes: Uint8Array): StrippedMedia {
  const format = findFormat(bytes)
  const stripped = format.strip(bytes)
  return { bytes: stripped, type: format.type, ...format.measure(stripped) }
}
