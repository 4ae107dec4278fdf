import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'

/** Multicodec numbers. https://github.com/multiformats/multicodec/blob/master/table.csv */
export const DAG_CBOR_CODEC = 0x71
export const RAW_CODEC = 0x55
export const DAG_PB_CODEC = 0x70
export const SHA2_256 = 0x12

/** Length of a CIDv1 in base32: 'b' and 36 bytes. */
const CID_TEXT_LENGTH = 59

/** A record's id (32-byte sha256 of its header) as people and programs see it: CIDv1 dag-cbor, base32. */
export function formatRecordId(id: Uint8Array): string {
  if (id.length !== 32) throw new RangeError(`a record id is 32 bytes, got ${id.length}`)
  return CID.createV1(DAG_CBOR_CODEC, Digest.create(SHA2_256, id)).toString()
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
