import { base58btc } from 'multiformats/bases/base58'
import { concatBytes, equalBytes } from '../util/bytes.ts'

/** Identity multihash of a protobuf { type: Ed25519, data: 32 bytes }, as libp2p writes peer IDs. */
const PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** Every Ed25519 peer ID is 52 characters of base58. */
const TEXT_LENGTH = 52

/** The peer ID of a 32-byte Ed25519 key: '12D3Koo…'. */
export function formatPeerId(publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new RangeError(`an Ed25519 key is 32 bytes, got ${publicKey.length}`)
  return base58btc.baseEncode(concatBytes(PREFIX, publicKey))
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
