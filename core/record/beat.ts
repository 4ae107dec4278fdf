/**
 * A beat: a device's signed word on where its log ends (BEA1 …). A log shows by itself what is missing below its newest
 * record and never what is missing above; a beat names the newest one, so that a tail that somebody keeps back is seen
 * as a gap.
 */
import { type CborValue, CodecError, decodeCbor, encodeCbor, isCborArray } from '../codec/dag-cbor.ts'
import { DEFAULT_DOMAIN, signingInput } from '../identity/domains.ts'
import { signBytes } from '../identity/keys.ts'
import type { SignatureReason, SignatureVerifier } from '../identity/signature.ts'
import { compareBytes } from '../util/bytes.ts'
import { MAX_SEQ, MAX_TS_MS, MIN_TS_MS, SIGNATURE_BYTES } from './limits.ts'
import type { Sign } from './sign-record.ts'

/** What a device says of its log. */
export interface BeatWord {
  /** Highest number of the log, 1 … 2^32 − 1. */
  readonly seq: number
  /** Id of the record with that number, 32 bytes; the lowest that the device holds, should it have signed several. */
  readonly head: Uint8Array
  /** Integer milliseconds since 1970. */
  readonly ts: number
}

/** The same with its signature, where author and device are plain from the place. */
export interface SignedBeat extends BeatWord {
  /** 64 bytes over "palabre/beat/1\0" ‖ the array of the five elements before it. */
  readonly signature: Uint8Array
}

export interface Beat extends SignedBeat {
  /** 32 bytes each. */
  readonly author: Uint8Array
  readonly device: Uint8Array
}

/** Wrong in the bytes: whoever delivered it pays. */
export type BeatFault = 'too-large' | 'bad-cbor' | 'bad-beat' | 'seq-range' | 'ts-range' | SignatureReason

export type DecodedBeat =
  | { readonly ok: true; readonly beat: Beat }
  | { readonly ok: false; readonly reason: BeatFault }

/** The longest has 183: array head, author, device, a number of 5 bytes, head, a number of 9 bytes, signature. */
export const MAX_BEAT_BYTES = 192

export interface BeatDraft extends BeatWord {
  readonly author: Uint8Array
  readonly device: Uint8Array
  /** 32-byte seed of the device's key. */
  readonly secretKey: Uint8Array
  readonly network?: string
}

/**
 * What it returns passes `checkBeat`.
 * @throws RangeError when a field is outside of what a beat allows
 */
export function signBeat(draft: BeatDraft, sign: Sign = signBytes): Beat {
  const { author, device, seq, head, ts } = draft
  const unsigned = { author, device, seq, head, ts }
  const fault = faultOf(unsigned)
  if (fault !== null) throw new RangeError(`a beat can't say that: ${fault}`)
  const input = signingInput('beat', encodeWord(unsigned), draft.network ?? DEFAULT_DOMAIN)
  return { ...unsigned, signature: sign(draft.secretKey, input) }
}

/** The beat on the wire where it stands by itself (BEA1). */
export function encodeBeat(beat: Beat): Uint8Array {
  return encodeCbor([...elementsOf(beat), beat.signature])
}

/** Structure only. Never throws for bad bytes; the byte fields are copies. */
export function decodeBeat(bytes: Uint8Array): DecodedBeat {
  if (bytes.length > MAX_BEAT_BYTES) return refuse('too-large')
  const value = decodeQuietly(bytes)
  if (value === undefined) return refuse('bad-cbor')
  const beat = readBeat(value)
  if (beat === null) return refuse('bad-beat')
  const fault = faultOf(beat) ?? (beat.signature.length === SIGNATURE_BYTES ? null : 'bad-signature')
  return fault === null ? { ok: true, beat } : refuse(fault)
}

/** Null when the device's key has signed this; whether the author's chain lists the device is asked elsewhere. */
export function verifyBeat(beat: Beat, verifier: SignatureVerifier, network = DEFAULT_DOMAIN): SignatureReason | null {
  return verifier.verify(beat.device, signingInput('beat', encodeWord(beat), network), beat.signature)
}

/** Bytes and signature, without identity and without a clock: the same answer on every peer, at any time. */
export function checkBeat(bytes: Uint8Array, verifier: SignatureVerifier, network = DEFAULT_DOMAIN): DecodedBeat {
  const decoded = decodeBeat(bytes)
  const fault = decoded.ok ? verifyBeat(decoded.beat, verifier, network) : null
  return fault === null ? decoded : refuse(fault)
}

/**
 * Above 0 when the first says the newer of two things about one log: the higher number, then the later time, then the
 * lower head, so that all come to the same one.
 */
export function compareBeats(one: BeatWord, other: BeatWord): number {
  return one.seq - other.seq || one.ts - other.ts || compareBytes(other.head, one.head)
}

function encodeWord(beat: Omit<Beat, 'signature'>): Uint8Array {
  return encodeCbor(elementsOf(beat))
}

function elementsOf({ author, device, seq, head, ts }: Omit<Beat, 'signature'>): CborValue[] {
  return [author, device, seq, head, ts]
}

function readBeat(value: CborValue): Beat | null {
  if (!isCborArray(value) || value.length !== 6) return null
  const [author, device, seq, head, ts, signature] = value
  if (!isBytes32(author) || !isBytes32(device) || !isBytes32(head)) return null
  if (typeof seq !== 'number' || typeof ts !== 'number' || !(signature instanceof Uint8Array)) return null
  return { author, device, seq, head, ts, signature }
}

function faultOf({ author, device, seq, head, ts }: Omit<Beat, 'signature'>): BeatFault | null {
  if (![author, device, head].every(isBytes32)) return 'bad-beat'
  if (!Number.isSafeInteger(seq) || seq < 1 || seq > MAX_SEQ) return 'seq-range'
  return Number.isSafeInteger(ts) && ts >= MIN_TS_MS && ts <= MAX_TS_MS ? null : 'ts-range'
}

function decodeQuietly(bytes: Uint8Array): CborValue | undefined {
  try {
    return decodeCbor(bytes)
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}

function isBytes32(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32
}

function refuse(reason: BeatFault): DecodedBeat {
  return { ok: false, reason }
}
