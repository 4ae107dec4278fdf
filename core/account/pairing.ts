/**
 * What ties the link on one screen to the device that came by it (LNK4 … LNK6). The new device commits itself to its
 * nonce and keys before it learns the other nonce, and reveals them after. Whoever stands between two honest devices
 * must therefore fix one of the two codes before anything of the other is known: both come out alike by chance only, one
 * time in a million, and a link allows one attempt.
 */
import { encodeCbor } from '../codec/dag-cbor.ts'
import { sha256 } from '../identity/hash.ts'
import { concatBytes, utf8 } from '../util/bytes.ts'

const COMMITMENT_LABEL = utf8('palabre/link-device/1\0')
const TOKEN_LABEL = utf8('palabre/link-token/1\0')
const CODE_LABEL = utf8('palabre/link-code/1\0')

const CODES = 1_000_000

/** What the new device will reveal. */
export interface PromisedDevice {
  /** 16 random bytes. */
  readonly nonce: Uint8Array
  /** Ed25519, 32 bytes. */
  readonly key: Uint8Array
  /** X25519, 32 bytes. */
  readonly sealKey: Uint8Array
  readonly name: string
}

/** Both ends, as the connection proved them. */
export interface LinkEnds {
  /** 16 bytes. */
  readonly token: Uint8Array
  /** 32-byte key of the new device. */
  readonly newKey: Uint8Array
  /** 32-byte key of the device that showed the link. */
  readonly ownKey: Uint8Array
}

/** 32 bytes that hide the device and bind to it. */
export function commitmentTo({ nonce, key, sealKey, name }: PromisedDevice): Uint8Array {
  return sha256(concatBytes(COMMITMENT_LABEL, nonce, encodeCbor([key, sealKey, name])))
}

/** 32 bytes that only somebody with the token can say, worth nothing between other ends. */
export function tokenProof({ token, newKey, ownKey }: LinkEnds): Uint8Array {
  return sha256(concatBytes(TOKEN_LABEL, token, newKey, ownKey))
}

/** The six digits that both people compare, as `123 456`. */
export function matchingCode(
  { token, newKey, ownKey }: LinkEnds,
  facts: {
    readonly newNonce: Uint8Array
    readonly ownNonce: Uint8Array
    readonly address: Uint8Array
    readonly sealKey: Uint8Array
  },
): string {
  const { newNonce, ownNonce, address, sealKey } = facts
  const hash = sha256(concatBytes(CODE_LABEL, token, newKey, ownKey, newNonce, ownNonce, address, sealKey))
  // 48 bits over a million: no code is noticeably likelier than another.
  const number = hash.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0) % CODES
  const digits = String(number).padStart(6, '0')
  return `${digits.slice(0, 3)} ${digits.slice(3)}`
}

/** Compares in a time that says nothing about where two secrets of one length differ. */
export function isSameSecret(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0)
  return difference === 0
}
