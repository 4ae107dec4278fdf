/** Signatures that no honest signer makes: chosen nonces, points of small order, numbers that aren't reduced. */
import { etc, Point } from '@noble/ed25519'
import { sha512 } from '../../core/identity/hash.ts'
import { concatBytes, fromHex, utf8 } from '../../core/util/bytes.ts'

export const ORDER = Point.CURVE().n
export const FIELD = Point.CURVE().p

export type CurvePoint = Point

/** A generator of the eight points of small order. */
const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')

/** [i] of the generator of small order: 0 is the identity, 4 has order 2. */
export function torsionPoint(i: number): Point {
  return TORSION.multiply(BigInt(i % 8), false)
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${etc.bytesToHex(Uint8Array.from(bytes).reverse())}`)
}

/** 32 bytes, little-endian. @throws RangeError past 2^256 */
export function toLittleEndian(value: bigint): Uint8Array {
  const bytes = fromHex(value.toString(16).padStart(64, '0'))
  if (bytes === undefined || bytes.length !== 32) throw new RangeError('more than 32 bytes')
  return bytes.reverse()
}

/** A scalar below L that stands for a text. */
export function scalarOf(text: string): bigint {
  return fromLittleEndian(sha512(utf8(text))) % ORDER
}

export function basePoint(scalar: bigint): Point {
  return Point.BASE.multiply(scalar % ORDER, false)
}

/** k of RFC 8032: the challenge. */
export function challenge(r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return fromLittleEndian(sha512(concatBytes(r, publicKey, message))) % ORDER
}

export interface CraftInit {
  /** Discrete logarithm of the key, without its torsion. */
  readonly secret: bigint
  /** The key as it is written. */
  readonly publicKey: Uint8Array
  readonly nonce: bigint
  /** R as it is written; [nonce]B where left out. */
  readonly r?: Uint8Array
  readonly message: Uint8Array
}

/** R ‖ S with S = nonce + k · secret: holds wherever the torsion of key and R is forgiven. */
export function craftSignature(init: CraftInit): Uint8Array {
  const r = init.r ?? basePoint(init.nonce).toBytes()
  const k = challenge(r, init.publicKey, init.message)
  return concatBytes(r, toLittleEndian((init.nonce + k * init.secret) % ORDER))
}
