import { argon2id } from '@noble/hashes/argon2.js'
import { utf8 } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'

/** Longest passphrase, bytes of UTF-8 after normalisation: a sentence, not a file. */
export const MAX_PASSPHRASE_BYTES = 1_024

/** Cost of an argon2id derivation (RFC 9106). */
export interface PassphraseCost {
  /** KiB of memory. */
  readonly memoryKiB: number
  /** Passes over it. */
  readonly passes: number
  /** Degree of parallelism. */
  readonly lanes: number
}

/** What new slots ask for: the second choice of RFC 9106, section 4, on one lane: 64 MiB, 3 passes. */
export const PASSPHRASE_COST: PassphraseCost = { memoryKiB: 65_536, passes: 3, lanes: 1 }

/** What a slot may ask for at most: a file from elsewhere must not be able to exhaust the machine. */
export const MAX_PASSPHRASE_COST: PassphraseCost = { memoryKiB: 262_144, passes: 10, lanes: 4 }

/** argon2id, version 0x13, without secret and associated data: 32 bytes. `salt` is 16 bytes. */
export type PassphraseKdf = (passphrase: Uint8Array, salt: Uint8Array, cost: PassphraseCost) => Uint8Array

/** A text that can't be a passphrase. Never quotes it. */
export class BadPassphraseError extends PalabreError {
  constructor(detail: string) {
    super('bad-passphrase', `the passphrase ${detail}`)
  }
}

/**
 * The bytes of a passphrase: UTF-8 of its NFKC form, so that keyboards that compose accents in other ways agree.
 * White space counts.
 *
 * @throws BadPassphraseError for one that is empty, longer than 1,024 bytes, or no Unicode text
 */
export function normalizePassphrase(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new BadPassphraseError('holds half of a surrogate pair')
  const bytes = utf8(text.normalize('NFKC'))
  if (bytes.length === 0) throw new BadPassphraseError('is empty')
  if (bytes.length > MAX_PASSPHRASE_BYTES) {
    throw new BadPassphraseError(`is ${bytes.length.toLocaleString('en-US')} bytes, limit 1,024`)
  }
  return bytes
}

/** The KDF in plain JavaScript, for platforms that bring none; about 1.5 s at PASSPHRASE_COST. */
export const referenceKdf: PassphraseKdf = (passphrase, salt, { memoryKiB, passes, lanes }) =>
  argon2id(passphrase, salt, { m: memoryKiB, t: passes, p: lanes, dkLen: 32 })
