import { PalabreError } from '../util/errors.ts'

/**
 * Why bytes are not taken as media.
 * empty · too-large (bytes) · too-many-pixels · svg · html · unknown-type · unsupported (known, and not taken) ·
 * damaged (structure broken or cut short) · trailing-data (bytes after the end of the picture)
 */
export type MediaRefusal =
  | 'empty'
  | 'too-large'
  | 'too-many-pixels'
  | 'svg'
  | 'html'
  | 'unknown-type'
  | 'unsupported'
  | 'damaged'
  | 'trailing-data'

/** Bytes that are not taken as media; the message is for people. */
export class UnsupportedMediaError extends PalabreError {
  readonly reason: MediaRefusal

  constructor(reason: MediaRefusal, message: string) {
    super('unsupported-media', message, { data: { reason } })
    this.reason = reason
  }
}
