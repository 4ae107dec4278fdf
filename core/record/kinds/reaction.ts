import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { MAX_EMOJI_BYTES } from '../limits.ts'
import { BodyReader, presentFields, type RecordRef, recordRefValue, type WithExtras } from './body-reader.ts'

/** One reaction for each author and subject; the last one by (ts, id) counts. */
export interface ReactionBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  readonly subject: RecordRef
  /** 1 … 32 bytes; null takes the reaction back. */
  readonly emoji: string | null
}

/** @throws BodyFault */
export function readReaction(value: CborValue): ReactionBody {
  const reader = new BodyReader(value, 'reaction')
  return {
    salt: reader.salt(),
    subject: reader.recordRef('subject'),
    emoji: reader.field('emoji') === null ? null : reader.text('emoji', MAX_EMOJI_BYTES, 1),
    ...reader.extras(),
  }
}

export function reactionValue({ salt, subject, emoji, extras }: ReactionBody): CborMap {
  return presentFields({ ...extras, salt, subject: recordRefValue(subject), emoji })
}
