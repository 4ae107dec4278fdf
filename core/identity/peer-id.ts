import { base58btc } from 'multiformats/bases/base58'
import { equalBytes } from '../util/bytes.ts'

/** Identity multihash of a protobuf { type: Ed25519, data: 32 bytes }, as libp2p writes peer IDs. */
const PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** Every Ed25519 peer ID is 52 characters of base58. */
const TEXT_LENGTH = 52

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const BASE58_PAIRS = Array.from({ length: 58 ** 2 }, (_, i) => `${BASE58[Math.floor(i / 58)]}${BASE58[i % 58]}`)
/** Four characters at once: the largest power of 58 by which 24 bits and what is left of a division can be divided exactly. */
const BASE58_FOUR = 58 ** 4
/** 24 bits each; the first zero byte is the text's first character, and the 37 bytes after it are the number. */
const LIMBS = 13

/**
 * The peer ID of a 32-byte Ed25519 key: '12D3Koo…'. Divided by hand: a page names a hundred people, and a division by 58
 * for each byte and character takes ten times as long.
 */
export function formatPeerId(publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new RangeError(`an Ed25519 key is 32 bytes, got ${publicKey.length}`)
  const byte = (i: number) => (i < PREFIX.length ? PREFIX[i] : publicKey[i - PREFIX.length]) as number
  const limbs = [byte(1)]
  for (let i = 2; i < PREFIX.length + 32; i += 3) limbs.push((byte(i) << 16) | (byte(i + 1) << 8) | byte(i + 2))
  let text = ''
  for (let first = 0, fours = 0; fours < LIMBS; fours++) {
    let left = 0
    for (let i = first; i < LIMBS; i++) {
      const dividend = left * 0x100_0000 + (limbs[i] as number)
      const quotient = Math.floor(dividend / BASE58_FOUR)
      limbs[i] = quotient
      left = dividend - quotient * BASE58_FOUR
    }
    while (limbs[first] === 0) first++
    text = `${fourOf(left)}${text}`
  }
  // The number has 51 digits; the 52nd is a zero, which is written '1' and stands for the zero byte.
  return text
}

function fourOf(value: number): string {
  return `${BASE58_PAIRS[Math.floor(value / 58 ** 2)]}${BASE58_PAIRS[value % 58 ** 2]}`
}

/** The 32-byte key in a peer ID; undefined for anything but the base58 text of an Ed25519 peer ID. */
export function parsePeerId(text: string): Uint8Array | undefined {
  if (text.length !== TEXT_LENGTH) return undefined
  try {
    const bytes = base58btc.baseDecode(text)
    const isOurs = bytes.length === PREFIX.length + 32 && equalBytes(bytes.subarray(0, PREFIX.length), PREFIX)
    return isOurs ? bytes.slice(PREFIX.length) : undefined
  } catch {
    return undefined
  }
}

/** The last eight characters in two fours, 'MY5G·zRxx': the first ones are alike for everybody and say nothing. */
export function shortPeerId(text: string): string {
  return `${text.slice(-8, -4)}·${text.slice(-4)}`
}
