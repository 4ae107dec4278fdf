import { CID } from 'multiformats/cid'

/** Multicodec numbers. https://github.com/multiformats/multicodec/blob/master/table.csv */
export const DAG_CBOR_CODEC = 0x71
export const RAW_CODEC = 0x55
export const DAG_PB_CODEC = 0x70
export const SHA2_256 = 0x12

/** Length of a CIDv1 in base32: 'b' and 36 bytes. */
const CID_TEXT_LENGTH = 59

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** Two characters of base32 for each ten bits. */
const BASE32_PAIRS = Array.from({ length: 1_024 }, (_, i) => `${BASE32[i >> 5]}${BASE32[i & 31]}`)
/** What every record's id begins with: version, codec, hash function and length of the hash. */
const ID_PREFIX = [1, DAG_CBOR_CODEC, SHA2_256, 32]

/**
 * A record's id (32-byte sha256 of its header) as people and programs see it: CIDv1 dag-cbor, base32. Put together by
 * hand: a page has hundreds of them, and by way of a CID each takes ten times as long.
 */
export function formatRecordId(id: Uint8Array): string {
  if (id.length !== 32) throw new RangeError(`a record id is 32 bytes, got ${id.length}`)
  let text = 'b'
  let bits = 0
  let held = 0
  for (let i = 0; i < 36; i++) {
    bits = ((bits << 8) | ((i < 4 ? ID_PREFIX[i] : id[i - 4]) as number)) & 0xf_ffff
    held += 8
    if (held < 10) continue
    held -= 10
    text += BASE32_PAIRS[(bits >> held) & 0x3ff]
  }
  return text + BASE32_PAIRS[(bits << (10 - held)) & 0x3ff]
}

/** The 32 bytes of a record id; undefined for anything but its one canonical text. */
export function parseRecordId(text: string): Uint8Array | undefined {
  const cid = parseCid(text)
  if (cid === undefined || cid.code !== DAG_CBOR_CODEC) return undefined
  return cid.multihash.digest.slice()
}

/** A CIDv1 with a 32-byte sha2-256, in base32; undefined for anything else, other spellings of the same CID too. */
export function parseCid(text: string): CID | undefined {
  if (text.length !== CID_TEXT_LENGTH) return undefined
  try {
    const cid = CID.parse(text)
    const isOurs = cid.version === 1 && cid.multihash.code === SHA2_256 && cid.multihash.digest.length === 32
    return isOurs && cid.toString() === text ? cid : undefined
  } catch {
    return undefined
  }
}
