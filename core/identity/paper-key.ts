/**
 * The paper key as text (RCV1, RCV2): what stands on a printed sheet and is typed again years later.
 *
 *   PALABRE-PAPER-1-XXXX-…   18 groups of 4 in Crockford's base32 (no I, L, O, U), of 45 bytes:
 *                            seed (32) ‖ first bytes of the address (8) ‖ checksum (5)
 *
 * A chain names a paper key by its hash, without a proof that somebody holds it, so anybody can name a stranger's. The
 * start of the address says which of the chains that do so is meant.
 */
import { concatBytes, equalBytes, utf8 } from '../util/bytes.ts'
import { type RandomSource, systemRandom } from '../util/random.ts'
import { sha256 } from './hash.ts'
import { type KeyPair, keyPairFromSeed } from './keys.ts'

/** Bytes of the address that the text carries: too many to be found again by trying. */
export const ADDRESS_START_BYTES = 8

const SEED_BYTES = 32
const SUM_BYTES = 5
const TEXT_BYTES = SEED_BYTES + ADDRESS_START_BYTES + SUM_BYTES
const SUM_INFO = utf8('palabre/paper/1\0')

const PREFIX = 'PALABRE-PAPER-1'
const TYPED_PREFIX = 'PALABREPAPER'
const GROUP = 4
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TEXT_LENGTH = (TEXT_BYTES * 8) / 5
/** Longer texts are not looked at. */
const MAX_TYPED_LENGTH = 1_024

export interface PaperKey {
  /** Ed25519; sha256 of its public key is the paper hash of the chain: rank 0. */
  readonly keyPair: KeyPair
  /** The first 8 bytes of the address that it is for. */
  readonly addressStart: Uint8Array
}

/** A new paper key for this address (32 bytes). */
export function generatePaperKey(address: Uint8Array, random: RandomSource = systemRandom): PaperKey {
  return { keyPair: keyPairFromSeed(random(SEED_BYTES)), addressStart: address.slice(0, ADDRESS_START_BYTES) }
}

/** `PALABRE-PAPER-1-XXXX-…`: a secret. */
export function formatPaperKey({ keyPair, addressStart }: PaperKey): string {
  if (addressStart.length !== ADDRESS_START_BYTES) throw new RangeError('a paper key carries 8 bytes of its address')
  const body = concatBytes(keyPair.secretKey, addressStart)
  const digits = toDigits(concatBytes(body, sumOf(body)))
  const groups = Array.from({ length: TEXT_LENGTH / GROUP }, (_, i) => digits.slice(GROUP * i, GROUP * (i + 1)))
  return [PREFIX, ...groups].join('-')
}

/**
 * The paper key of a text as a person types it: any case, dashes and white space anywhere or nowhere, with or without
 * what stands before the groups, O for 0, I and L for 1. Undefined for anything else, a slip of the pen included.
 */
export function parsePaperKey(text: string): PaperKey | undefined {
  if (text.length > MAX_TYPED_LENGTH) return undefined
  const typed = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
  const rest = typed.startsWith(TYPED_PREFIX) ? readVersion(typed.slice(TYPED_PREFIX.length)) : typed
  const bytes = rest === undefined ? undefined : fromDigits(rest)
  if (bytes === undefined) return undefined
  const body = bytes.subarray(0, TEXT_BYTES - SUM_BYTES)
  const isWhole = equalBytes(bytes.subarray(TEXT_BYTES - SUM_BYTES), sumOf(body))
  const key = isWhole
    ? { keyPair: keyPairFromSeed(body.slice(0, SEED_BYTES)), addressStart: body.slice(SEED_BYTES) }
    : undefined
  bytes.fill(0)
  return key
}

/** What follows the version; undefined for a version that isn't known here. */
function readVersion(text: string): string | undefined {
  return /^[1IL]/.test(text) ? text.slice(1) : undefined
}

function sumOf(body: Uint8Array): Uint8Array {
  return sha256(concatBytes(SUM_INFO, body)).slice(0, SUM_BYTES)
}

function toDigits(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31]
    held &= 0xff
  }
  return text
}

/** Exactly TEXT_BYTES bytes: 72 digits leave no bits over. */
function fromDigits(text: string): Uint8Array | undefined {
  if (text.length !== TEXT_LENGTH) return undefined
  const bytes = new Uint8Array(TEXT_BYTES)
  let at = 0
  let bits = 0
  let held = 0
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter === 'O' ? '0' : letter === 'I' || letter === 'L' ? '1' : letter)
    if (digit < 0) return undefined
    held = ((held << 5) | digit) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (held >> bits) & 0xff
  }
  return bytes
}
