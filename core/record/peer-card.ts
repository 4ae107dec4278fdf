/**
 * A peer card: a device's signed word on where it can be reached and for whom it speaks (DSC1 …). Whoever holds one can
 * hand it on, and nobody can change it, so that people find each other by what their neighbours remember.
 */
import {
  type CborMap,
  type CborValue,
  CodecError,
  decodeCbor,
  encodeCbor,
  isCborArray,
  isCborMap,
  utf8Length,
} from '../codec/dag-cbor.ts'
import { DEFAULT_DOMAIN, signingInput } from '../identity/domains.ts'
import { signBytes } from '../identity/keys.ts'
import type { SignatureReason, SignatureVerifier } from '../identity/signature.ts'
import { MAX_TS_MS, MIN_TS_MS, SIGNATURE_BYTES } from './limits.ts'
import type { Sign } from './sign-record.ts'

export interface PeerCardWord {
  /** 32-byte key of the device: its peer ID. */
  readonly device: Uint8Array
  /** 32-byte address of the account that runs there, null for none; a claim until a chain lists the device. */
  readonly author: Uint8Array | null
  readonly role: 'peer' | 'seed'
  /** Multiaddrs as text without the peer ID at the end, best first. */
  readonly addresses: readonly string[]
  /** Integer milliseconds since 1970, by the device's clock. */
  readonly ts: number
  /** What later versions say besides; unknown keys are kept, since the signature is over them too. */
  readonly extensions: CborMap
}

export interface PeerCard extends PeerCardWord {
  /** 64 bytes over "palabre/card/1\0" ‖ the array of the six elements before it. */
  readonly signature: Uint8Array
}

/** Wrong in the bytes: whoever delivered it pays. */
export type PeerCardFault = 'too-large' | 'bad-cbor' | 'bad-card' | 'too-many-addresses' | 'ts-range' | SignatureReason

export type DecodedPeerCard =
  | { readonly ok: true; readonly card: PeerCard }
  | { readonly ok: false; readonly reason: PeerCardFault }

export const MAX_CARD_BYTES = 1_536
export const MAX_CARD_ADDRESSES = 8
/** Of one address, bytes. */
export const MAX_CARD_ADDRESS_BYTES = 255
const MAX_CARD_ITEMS = 64

const ROLES = ['peer', 'seed'] as const

/**
 * What it returns passes `checkPeerCard`.
 * @throws RangeError when a field is outside of what a card allows
 */
export function signPeerCard(
  word: PeerCardWord,
  init: { readonly secretKey: Uint8Array; readonly network?: string },
  sign: Sign = signBytes,
): PeerCard {
  const fault = faultOf(word)
  if (fault !== null) throw new RangeError(`a card can't say that: ${fault}`)
  const card = { ...word, signature: sign(init.secretKey, inputOf(word, init.network ?? DEFAULT_DOMAIN)) }
  const { length } = encodePeerCard(card)
  if (length > MAX_CARD_BYTES) throw new RangeError(`a card has ${length} bytes, limit ${MAX_CARD_BYTES}`)
  return card
}

/** The card on the wire (DSC1). */
export function encodePeerCard(card: PeerCard): Uint8Array {
  return encodeCbor([...elementsOf(card), card.signature])
}

/** Structure only. Never throws for bad bytes; the byte fields are copies. */
export function decodePeerCard(bytes: Uint8Array): DecodedPeerCard {
  if (bytes.length > MAX_CARD_BYTES) return refuse('too-large')
  const value = decodeQuietly(bytes)
  if (value === undefined) return refuse('bad-cbor')
  const card = readCard(value)
  if (card === null) return refuse('bad-card')
  const fault = faultOf(card) ?? (card.signature.length === SIGNATURE_BYTES ? null : 'bad-signature')
  return fault === null ? { ok: true, card } : refuse(fault)
}

/** Bytes and signature, without identity and without a clock: the same answer on every peer, at any time (DSC2). */
export function checkPeerCard(
  bytes: Uint8Array,
  verifier: SignatureVerifier,
  network = DEFAULT_DOMAIN,
): DecodedPeerCard {
  const decoded = decodePeerCard(bytes)
  if (!decoded.ok) return decoded
  const { card } = decoded
  const fault = verifier.verify(card.device, inputOf(card, network), card.signature)
  return fault === null ? decoded : refuse(fault)
}

function inputOf(word: PeerCardWord, network: string): Uint8Array {
  return signingInput('card', encodeCbor(elementsOf(word)), network)
}

function elementsOf({ device, author, role, addresses, ts, extensions }: PeerCardWord): CborValue[] {
  return [device, author, ROLES.indexOf(role), [...addresses], ts, extensions]
}

function readCard(value: CborValue): PeerCard | null {
  if (!isCborArray(value) || value.length !== 7) return null
  const [device, author, kind, addresses, ts, extensions, signature] = value
  const role = typeof kind === 'number' ? ROLES[kind] : undefined
  if (role === undefined || !isBytes32(device) || (author !== null && !isBytes32(author))) return null
  if (!isCborArray(addresses) || !addresses.every((address) => typeof address === 'string')) return null
  if (typeof ts !== 'number' || !isCborMap(extensions) || !(signature instanceof Uint8Array)) return null
  return { device, author, role, addresses: addresses as string[], ts, extensions, signature }
}

function faultOf({ device, author, addresses, ts }: PeerCardWord): PeerCardFault | null {
  if (!isBytes32(device) || (author !== null && !isBytes32(author))) return 'bad-card'
  if (addresses.length > MAX_CARD_ADDRESSES) return 'too-many-addresses'
  if (!addresses.every(isAddressLike)) return 'bad-card'
  return Number.isSafeInteger(ts) && ts >= MIN_TS_MS && ts <= MAX_TS_MS ? null : 'ts-range'
}

/** That it can be dialled is for whoever dials. */
function isAddressLike(address: string): boolean {
  return /^\/[^/]/u.test(address) && utf8Length(address) <= MAX_CARD_ADDRESS_BYTES
}

function decodeQuietly(bytes: Uint8Array): CborValue | undefined {
  try {
    return decodeCbor(bytes, { maxItems: MAX_CARD_ITEMS })
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}

function isBytes32(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32
}

function refuse(reason: PeerCardFault): DecodedPeerCard {
  return { ok: false, reason }
}
