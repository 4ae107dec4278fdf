/**
 * The signature rule, one for everybody (SIG1 … SIG4 in docs/protocol/signatures.md), because implementations of
 * Ed25519 disagree on crafted inputs. Accepted only if
 *
 *   SIG1  the public key is 32 bytes, canonical, not the identity, torsion-free
 *   SIG2  the signature is 64 bytes, R ‖ S, with S < L
 *   SIG3  R is not the encoding of the identity
 *   SIG4  enc([S]B − [k]A) = R, bytes compared: no cofactor
 *
 * judged in this order. SIG1 is judged once per key and remembered; an injected native X25519 does it twenty times as
 * fast. On the fast path an injected native verifier judges SIG4, which every implementation answers alike once SIG1 …
 * SIG3 hold, unless it multiplies by the cofactor: runSignatureSelfTest finds that out. Without one, the reference path
 * computes the points itself.
 */
import { equalBytes } from '../util/bytes.ts'
import { RecentMap } from '../util/recent-map.ts'
import { type CurvePoint, decodePublicKey, expectedR, isPublicKeyBy, type NativeX25519 } from './ed25519.ts'

/** bad-key: SIG1 · bad-signature: SIG2, SIG3, SIG4 */
export type SignatureReason = 'bad-key' | 'bad-signature'

export interface SignatureVerifier {
  /** Null when the signature is valid. Never throws, whatever the lengths. `message` is what was signed, with its domain. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): SignatureReason | null
}

export interface SignatureVerifierAside extends SignatureVerifier {
  /** The same answer, computed beside this thread where the platform can. Never rejects. */
  verifyAside(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<SignatureReason | null>
}

/** The platform's own verification; asked only about inputs that meet SIG1 … SIG3. */
export type NativeVerify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** The same on another thread. */
export type NativeVerifyAside = (...input: Parameters<NativeVerify>) => Promise<boolean>

export interface SignatureVerifierInit {
  /** Left out: the reference path. */
  readonly native?: NativeVerify | undefined
  /** Left out: `verifyAside` computes on this thread. */
  readonly nativeAside?: NativeVerifyAside | undefined
  /** Left out: keys are judged by points of our own. */
  readonly nativeX25519?: NativeX25519 | undefined
  /** Keys that are remembered, bad ones too; the least recently used goes first. */
  readonly maxKeys?: number | undefined
}

/** About 1 MB of keys and points. */
const DEFAULT_MAX_KEYS = 4_096

/** L, the order of the base point, little-endian. */
const ORDER = Uint8Array.from(
  [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14].concat(
    new Array(15).fill(0),
    [0x10],
  ),
)

export function createSignatureVerifier(init: SignatureVerifierInit = {}): SignatureVerifierAside {
  return new RuleVerifier(init)
}

interface KnownKey {
  /** It meets SIG1. */
  readonly isGood: boolean
  /** Made when the reference path asks for it. */
  point: CurvePoint | null
}

class RuleVerifier implements SignatureVerifierAside {
  readonly #native: NativeVerify | undefined
  readonly #nativeAside: NativeVerifyAside | undefined
  readonly #nativeX25519: NativeX25519 | undefined
  /** By the key's bytes as text. */
  readonly #keys: RecentMap<string, KnownKey>
  /** The key that was asked about last: records come in runs of one device. */
  #last: { readonly bytes: Uint8Array; readonly known: KnownKey } | null = null

  constructor(init: SignatureVerifierInit) {
    this.#native = init.native
    this.#nativeAside = init.nativeAside
    this.#nativeX25519 = init.nativeX25519
    this.#keys = new RecentMap(init.maxKeys ?? DEFAULT_MAX_KEYS)
  }

  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): SignatureReason | null {
    const known = this.#know(publicKey)
    if (known === null || !known.isGood) return 'bad-key'
    if (!isSignatureShaped(signature)) return 'bad-signature'
    if (this.#native !== undefined) {
      try {
        return this.#native(publicKey, message, signature) ? null : 'bad-signature'
      } catch {
        // Whatever the platform objects to, the rule is what counts: the reference path answers.
      }
    }
    const point = known.point ?? decodePublicKey(publicKey)
    if (point === null) return 'bad-key'
    known.point = point
    const r = signature.subarray(0, 32)
    return equalBytes(expectedR(point, publicKey, message, r, signature.subarray(32)), r) ? null : 'bad-signature'
  }

  async verifyAside(
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): Promise<SignatureReason | null> {
    if (this.#nativeAside === undefined) return this.verify(publicKey, message, signature)
    if (this.#know(publicKey)?.isGood !== true) return 'bad-key'
    if (!isSignatureShaped(signature)) return 'bad-signature'
    try {
      return (await this.#nativeAside(publicKey, message, signature)) ? null : 'bad-signature'
    } catch {
      return this.verify(publicKey, message, signature)
    }
  }

  /** Null for anything but 32 bytes. */
  #know(publicKey: Uint8Array): KnownKey | null {
    if (publicKey.length !== 32) return null
    if (this.#last !== null && equalBytes(this.#last.bytes, publicKey)) return this.#last.known
    const name = String.fromCharCode(...publicKey)
    let known = this.#keys.get(name)
    if (known === undefined) {
      known = this.#judge(publicKey)
      this.#keys.set(name, known)
    }
    this.#last = { bytes: Uint8Array.from(publicKey), known }
    return known
  }

  #judge(publicKey: Uint8Array): KnownKey {
    if (this.#nativeX25519 !== undefined) {
      try {
        return { isGood: isPublicKeyBy(this.#nativeX25519, publicKey), point: null }
      } catch {
        // A point of small order, or something that the platform objects to: the reference path answers.
      }
    }
    const point = decodePublicKey(publicKey)
    return { isGood: point !== null, point }
  }
}

/** SIG2 and SIG3: what can be said of a signature without the curve. */
function isSignatureShaped(signature: Uint8Array): boolean {
  return signature.length === 64 && isBelowOrder(signature) && !isIdentity(signature)
}

/** S, the last 32 bytes, little-endian, is below L. */
function isBelowOrder(signature: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (signature[32 + i] as number) - (ORDER[i] as number)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** R, the first 32 bytes, is 01 00 … 00, the encoding of the identity. */
function isIdentity(signature: Uint8Array): boolean {
  if (signature[0] !== 1) return false
  for (let i = 1; i < 32; i++) if (signature[i] !== 0) return false
  return true
}
