/**
 * The one file that knows the Ed25519 library: keys, signing, and the points and scalars that the reference path of
 * the signature rule is made of (RFC 8032, section 5.1). Its own `verify` is never used: it follows other rules.
 */
import { etc, getPublicKey, hashes, Point, sign } from '@noble/ed25519'
import { concatBytes, equalBytes } from '../util/bytes.ts'
import { sha512 } from './hash.ts'

hashes.sha512 = sha512 as NonNullable<typeof hashes.sha512>

const CURVE = Point.CURVE()

/**
 * 5 L − 1: minus one modulo L, a multiple of the cofactor, and as X25519 wants its scalars (RFC 7748, section 5), so that
 * it is multiplied by as it is.
 */
const MINUS_ONE = toLittleEndian(5n * CURVE.n - 1n)

/** The platform's X25519 of a scalar and a u, 32 bytes each. May throw, in any case for a u of small order. */
export type NativeX25519 = (scalar: Uint8Array, u: Uint8Array) => Uint8Array

/** A point of edwards25519. */
export type CurvePoint = Point

/** Public key of a 32-byte seed (RFC 8032). */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return getPublicKey(seed)
}

/** Signature of 64 bytes with a 32-byte seed, deterministic (RFC 8032). */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return sign(message, seed)
}

/**
 * The point of a public key that the rule accepts: canonical, not the identity, torsion-free (SIG1); null otherwise.
 * `publicKey` is 32 bytes.
 */
export function decodePublicKey(publicKey: Uint8Array): CurvePoint | null {
  let point: Point
  try {
    point = Point.fromBytes(publicKey)
  } catch {
    return null
  }
  return !point.is0() && point.isTorsionFree() ? point : null
}

/**
 * The same judgement (SIG1) with one multiplication of the platform's. By 5 L − 1 a part of small order is multiplied
 * away and the rest negated, which u doesn't show: u stays if there was no such part, and changes if there was. It
 * changes on the twist as well, so an encoding without a point is refused like one of a wrong point. Throws what the
 * platform throws.
 */
export function isPublicKeyBy(x25519: NativeX25519, publicKey: Uint8Array): boolean {
  const bytes = Uint8Array.from(publicKey)
  bytes[31] = (bytes[31] as number) & 127
  const y = littleEndian(bytes)
  // Where x is 0: the identity, and the point of order two.
  if (y >= CURVE.p || y === 1n || y === CURVE.p - 1n) return false
  const u = toLittleEndian(uOf(y))
  return equalBytes(x25519(MINUS_ONE, u), u)
}

/** enc([S]B − [k]A) for 32-byte R and S < L, where k = SHA-512(R ‖ publicKey ‖ message) mod L (SIG4). */
export function expectedR(
  point: CurvePoint,
  publicKey: Uint8Array,
  message: Uint8Array,
  r: Uint8Array,
  s: Uint8Array,
): Uint8Array {
  const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % CURVE.n
  const scalar = littleEndian(s)
  return Point.BASE.multiply(scalar, false).subtract(point.multiply(k, false)).toBytes()
}

/**
 * X25519 public key of a 32-byte secret (RFC 7748): the clamped scalar times the base point, as the Montgomery
 * u = (1 + y) / (1 − y) of the Edwards point.
 */
export function x25519PublicKey(secret: Uint8Array): Uint8Array {
  return montgomeryU(Point.BASE.multiply(clampedScalar(secret)))
}

/**
 * X25519 of a 32-byte secret and a public key (RFC 7748, section 6.1), through the Edwards point y = (u − 1) / (u + 1):
 * which of the two with that y doesn't matter, u is the same for both. Undefined for a key that x25519PublicKey
 * doesn't make: on the twist, of small order, or with a part of small order.
 */
export function x25519SharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  if (publicKey.length !== 32) return undefined
  const u = littleEndian(publicKey)
  if (u >= CURVE.p - 1n) return undefined
  const y = etc.mod((u - 1n) * etc.invert(etc.mod(u + 1n), CURVE.p))
  const point = decodePublicKey(toLittleEndian(y))
  return point === null ? undefined : montgomeryU(point.multiply(clampedScalar(secret)))
}

function clampedScalar(secret: Uint8Array): bigint {
  const clamped = Uint8Array.from(secret)
  clamped[0] = (clamped[0] as number) & 248
  clamped[31] = ((clamped[31] as number) & 127) | 64
  return littleEndian(clamped) % CURVE.n
}

function montgomeryU(point: Point): Uint8Array {
  return toLittleEndian(uOf(point.toAffine().y))
}

function uOf(y: bigint): bigint {
  return etc.mod((1n + y) * etc.invert(etc.mod(1n - y), CURVE.p))
}

function toLittleEndian(value: bigint): Uint8Array {
  return etc.hexToBytes(value.toString(16).padStart(64, '0')).reverse()
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${etc.bytesToHex(Uint8Array.from(bytes).reverse())}`)
}
