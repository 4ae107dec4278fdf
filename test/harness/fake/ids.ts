import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

const RAW = 0x55
const DAG_CBOR = 0x71
const SHA2_256 = 0x12
/** Protobuf frame of an Ed25519 public key inside an identity multihash (libp2p peer-ids spec). */
const PEER_ID_PREFIX = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20]

/** 32 bytes that depend on the name only; they look random and are the hash or key of nothing. */
export function bytesOfName(name: string): Uint8Array {
  const bytes = new Uint8Array(32)
  let state = 2_166_136_261
  for (const char of name) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

export const fakePeerId = (name: string): string =>
  base58btc.baseEncode(Uint8Array.from([...PEER_ID_PREFIX, ...bytesOfName(`peer ${name}`)]))

export const fakeRecordId = (name: string): string =>
  CID.createV1(DAG_CBOR, create(SHA2_256, bytesOfName(`record ${name}`))).toString()

export const fakeMediaId = (name: string): string =>
  CID.createV1(RAW, create(SHA2_256, bytesOfName(`media ${name}`))).toString()
