/**
 * The signature rule judged once more, from docs/protocol/signatures.md and RFC 8032 (section 5.1) alone: points and
 * numbers of its own, no library, slow and plain. It also says which step decided, and can be told to follow a wrong
 * rule, as implementations do: a fuzz test that doesn't notice those would notice nothing.
 */
import type { SignatureReason } from '../../core/identity/signature.ts'
import { concatBytes, equalBytes, toHex } from '../../core/util/bytes.ts'

/** The step at which a signature is decided, in the order of the rule. */
export const SIGNATURE_STEPS = [
  'SIG1 length',
  'SIG1 y',
  'SIG1 x',
  'SIG1 sign',
  'SIG1 identity',
  'SIG1 torsion',
  'SIG2 length',
  'SIG2 S',
  'SIG3',
  'SIG4',
  'valid',
] as const
export type SignatureStep = (typeof SIGNATURE_STEPS)[number]

export interface Judgement {
  readonly reason: SignatureReason | null
  readonly step: SignatureStep
}

export type SignatureJudge = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Judgement

/** Ways to be wrong, each one that some library goes. */
export const WRONG_RULES = [
  /** SIG4 with both sides times eight, R decoded. */
  'multiplies by the cofactor',
  /** SIG4 between points, R decoded with its y reduced and its sign forgiven. */
  'decodes R',
  'takes S of L and above',
  'takes the identity as R',
  'takes keys with torsion',
  /**
   * Whatever decodes, y reduced, sign forgiven, the identity too. Forgiving the encoding alone shows in nothing: none of
   * the points with such encodings is torsion-free but the identity.
   */
  'takes all keys that decode',
] as const
export type WrongRule = (typeof WRONG_RULES)[number]

interface Point {
  readonly x: bigint
  readonly y: bigint
  readonly z: bigint
  readonly t: bigint
}

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
const D = mod(-121_665n * invert(121_666n))
const IDENTITY: Point = { x: 0n, y: 1n, z: 1n, t: 0n }
const BASE = decompress(mod(4n * invert(5n)), 0n) as Point
const BASE_TABLE = tableOf(BASE)
const IDENTITY_BYTES = encodePoint(IDENTITY)

/** @param sha512 of the platform where there is one, so that not even the hash is ours */
export function createSignatureJudge(sha512: (bytes: Uint8Array) => Uint8Array, wrong?: WrongRule): SignatureJudge {
  const keys = new Map<string, Point | SignatureStep>()
  const tables = new Map<Point, Table>()
  return (publicKey, message, signature) => {
    const name = toHex(publicKey)
    const key = keys.get(name) ?? judgeKey(publicKey, wrong)
    keys.set(name, key)
    if (typeof key === 'string') return { reason: 'bad-key', step: key }
    const step = judgeSignature(key, publicKey, message, signature)
    return { reason: step === 'valid' ? null : 'bad-signature', step }
  }

  function judgeSignature(key: Point, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) {
    if (signature.length !== 64) return 'SIG2 length'
    const r = signature.subarray(0, 32)
    const s = fromLittleEndian(signature.subarray(32))
    if (s >= L && wrong !== 'takes S of L and above') return 'SIG2 S'
    if (equalBytes(r, IDENTITY_BYTES) && wrong !== 'takes the identity as R') return 'SIG3'
    const k = fromLittleEndian(sha512(concatBytes(r, publicKey, message))) % L
    const table = tables.get(key) ?? tableOf(key)
    tables.set(key, table)
    const expected = add(lookUp(BASE_TABLE, s), negate(lookUp(table, k)))
    return holds(expected, r) ? 'valid' : 'SIG4'
  }

  function holds(expected: Point, r: Uint8Array): boolean {
    if (wrong !== 'multiplies by the cofactor' && wrong !== 'decodes R') return equalBytes(encodePoint(expected), r)
    const number = fromLittleEndian(r)
    const point = decompress(mod(number % 2n ** 255n), number >> 255n, true)
    if (point === undefined) return false
    return isIdentity(multiply(add(expected, negate(point)), wrong === 'decodes R' ? 1n : 8n))
  }
}

/** SIG1: the key's point, or the step at which it fails. */
function judgeKey(publicKey: Uint8Array, wrong: WrongRule | undefined): Point | SignatureStep {
  if (publicKey.length !== 32) return 'SIG1 length'
  const number = fromLittleEndian(publicKey)
  const [y, sign] = [number % 2n ** 255n, number >> 255n]
  const point = decompress(mod(y), sign, true)
  if (wrong === 'takes all keys that decode') return point ?? 'SIG1 x'
  if (y >= P) return 'SIG1 y'
  if (point === undefined) return 'SIG1 x'
  if (decompress(y, sign) === undefined) return 'SIG1 sign'
  if (isIdentity(point)) return 'SIG1 identity'
  if (!isIdentity(multiply(point, L)) && wrong !== 'takes keys with torsion') return 'SIG1 torsion'
  return point
}

/** The point with that y, below p; undefined where there is none, or where x is 0 and its sign is set. */
function decompress(y: bigint, sign: bigint, forgivesSign = false): Point | undefined {
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)]
  // RFC 8032, section 5.1.3: the square root of u / v.
  let x = mod(u * v ** 3n * power(mod(u * power(v, 7n)), (P - 5n) / 8n))
  if (mod(v * x * x) !== u) {
    if (mod(v * x * x) !== mod(-u)) return undefined
    x = mod(x * power(2n, (P - 1n) / 4n))
  }
  if (x === 0n && sign === 1n && !forgivesSign) return undefined
  if (x % 2n !== sign) x = mod(-x)
  return { x, y, z: 1n, t: mod(x * y) }
}

/** RFC 8032, section 5.1.4; complete, so that it doubles as well. */
function add(one: Point, other: Point): Point {
  const a = mod((one.y - one.x) * (other.y - other.x))
  const b = mod((one.y + one.x) * (other.y + other.x))
  const c = mod(2n * D * one.t * other.t)
  const d = mod(2n * one.z * other.z)
  const [e, f, g, h] = [b - a, d - c, d + c, b + a]
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) }
}

function negate(point: Point): Point {
  return { ...point, x: mod(-point.x), t: mod(-point.t) }
}

function multiply(point: Point, scalar: bigint): Point {
  let result = IDENTITY
  for (const bit of scalar.toString(2)) {
    result = add(result, result)
    if (bit === '1') result = add(result, point)
  }
  return result
}

/** [i][d]: d · 16^i times a point. */
type Table = readonly (readonly Point[])[]

function tableOf(point: Point): Table {
  const table: Point[][] = []
  for (let step = point; table.length < 64; step = add(table.at(-1)?.at(-1) as Point, step)) {
    const row = [IDENTITY]
    while (row.length < 16) row.push(add(row.at(-1) as Point, step))
    table.push(row)
  }
  return table
}

/** The multiple of a table's point by a number below 2^256. */
function lookUp(table: Table, scalar: bigint): Point {
  const digits = scalar.toString(16)
  return [...digits].reduce(
    (result, digit, i) => add(result, table[digits.length - 1 - i]?.[Number.parseInt(digit, 16)] as Point),
    IDENTITY,
  )
}

function isIdentity({ x, y, z }: Point): boolean {
  return x === 0n && y === z
}

function encodePoint({ x, y, z }: Point): Uint8Array {
  const inverse = invert(z)
  const number = mod(y * inverse) + ((mod(x * inverse) & 1n) << 255n)
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n))
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`)
}

/** 0 … p − 1. */
function mod(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = mod(result * result)
    if (bit === '1') result = mod(result * base)
  }
  return result
}

/** By Euclid's algorithm; of 0 it is 0. */
function invert(value: bigint): bigint {
  let [a, b, u, v] = [mod(value), P, 1n, 0n]
  while (a > 1n) {
    const quotient = b / a
    ;[a, b, u, v] = [b - quotient * a, a, v - quotient * u, u]
  }
  return a === 0n ? 0n : mod(u)
}
