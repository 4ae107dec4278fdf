/**
 * The bytes of an archive (ARC rules in docs/protocol/archive.md): a CAR of version 1, read from front to back.
 *
 *   file    = length ‖ {"roots": [CID of the description], "version": 1} ‖ block …
 *   block   = length ‖ CID (36 bytes) ‖ data                length: unsigned LEB128 of what follows it
 *   data    = description, then operations and records as they travel, then the end
 *   description = {"format": "palabre/archive", "network": domain, "version": 1, …}
 *   end         = {"blocks": operations and records of the whole file}
 *
 * CIDs are CIDv1 dag-cbor with sha2-256 of the data, so a flipped bit is noticed where it stands. Here in our own code:
 * a block's length is held against a limit before anything waits for it, and places in the file are known (docs/decisions/archive-framing.md).
 */
import { hash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { DAG_CBOR_CODEC, SHA2_256 } from '../codec/cid.ts'
import { type CborMap, CodecError, decodeCbor, encodeCbor, isCborArray, isCborMap } from '../codec/dag-cbor.ts'
import { MAX_OPERATION_BYTES } from '../identity/operation.ts'

export const ARCHIVE_VERSION = 1
export const ARCHIVE_FORMAT = 'palabre/archive'

/** CIDv1, dag-cbor, sha2-256, 32 bytes of digest. */
const CID_HEAD = Uint8Array.of(1, DAG_CBOR_CODEC, SHA2_256, 32)
export const CID_BYTES = 36
/** The longest data is that of an operation: a record has at most 8,521 bytes. */
export const MAX_DATA_BYTES = MAX_OPERATION_BYTES
export const MAX_BLOCK_BYTES = CID_BYTES + MAX_DATA_BYTES
/** A CAR header with one root has 58 bytes. */
export const MAX_CAR_HEADER_BYTES = 256
/** Enough for every length up to the limits; a longer one is none of ours. */
export const MAX_LENGTH_BYTES = 3
export const MAX_NETWORK_BYTES = 256

export type BlockKind = 'operation' | 'record' | 'end'

export interface ArchiveDescription {
  readonly version: number
  /** Domain whose signatures count (SIG5). */
  readonly network: string
}

export type DecodedLength =
  /** `bytes`: how many it takes up. */
  | { readonly value: number; readonly bytes: number }
  /** More bytes are needed, or it is longer than any that is allowed. */
  | 'short'
  | 'bad'

/** Unsigned LEB128 in its shortest form, at most three bytes. */
export function decodeLength(bytes: Uint8Array, at: number): DecodedLength {
  let value = 0
  for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return 'short'
    value |= (byte & 0x7f) << (7 * i)
    if (byte < 0x80) return i > 0 && byte === 0 ? 'bad' : { value, bytes: i + 1 }
  }
  return 'bad'
}

function encodeLength(value: number): Uint8Array {
  const bytes: number[] = []
  for (let left = value; ; left >>>= 7) {
    bytes.push(left < 0x80 ? left : (left & 0x7f) | 0x80)
    if (left < 0x80) return Uint8Array.from(bytes)
  }
}

export function dataHash(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer')
}

/** A block as it stands in the file. `data` is at most 32 KiB. */
export function encodeBlock(data: Uint8Array): Uint8Array {
  const length = encodeLength(CID_BYTES + data.length)
  const block = new Uint8Array(length.length + CID_BYTES + data.length)
  block.set(length)
  block.set(CID_HEAD, length.length)
  block.set(dataHash(data), length.length + CID_HEAD.length)
  block.set(data, length.length + CID_BYTES)
  return block
}

/** What every archive begins with: the CAR header and the description. */
export function encodeStart(network: string): Uint8Array {
  const description = encodeCbor({ format: ARCHIVE_FORMAT, network, version: ARCHIVE_VERSION })
  const root = CID.createV1(DAG_CBOR_CODEC, Digest.create(SHA2_256, dataHash(description)))
  const header = encodeCbor({ roots: [root], version: 1 })
  const length = encodeLength(header.length)
  const block = encodeBlock(description)
  const start = new Uint8Array(length.length + header.length + block.length)
  start.set(length)
  start.set(header, length.length)
  start.set(block, length.length + header.length)
  return start
}

/** `blocks`: operations and records before it. */
export function encodeEnd(blocks: number): Uint8Array {
  return encodeBlock(encodeCbor({ blocks }))
}

/** True for the header of a CAR of version 1 with one root (ARC1). */
export function isCarHeader(bytes: Uint8Array): boolean {
  const header = decodeMap(bytes)
  return header?.version === 1 && isCborArray(header.roots) && header.roots.length === 1
}

/** Null for anything but the description of an archive, of whatever version (ARC2). */
export function decodeDescription(data: Uint8Array): ArchiveDescription | null {
  const map = decodeMap(data)
  if (map?.format !== ARCHIVE_FORMAT) return null
  const { network, version } = map
  if (typeof version !== 'number' || version < 1) return null
  return typeof network === 'string' && network.length <= MAX_NETWORK_BYTES ? { network, version } : null
}

/** How many operations and records stood before it; null for anything else (ARC5). */
export function decodeEnd(data: Uint8Array): number | null {
  const blocks = decodeMap(data)?.blocks
  return typeof blocks === 'number' ? blocks : null
}

/** The CID that stands at `at` is one of ours. */
export function isCidHead(bytes: Uint8Array, at: number): boolean {
  return CID_HEAD.every((byte, i) => bytes[at + i] === byte)
}

/**
 * What a block is by its first bytes (ARC4): an operation's second element is a list, a record's a string of bytes, and
 * the end is a map. Whether it is a good one is for the door to say. Null for anything else.
 */
export function kindOf(data: Uint8Array): BlockKind | null {
  const first = data[0] ?? 0
  if (first >> 5 === 5) return 'end'
  if (first < 0x82 || first > 0x84) return null
  const second = data[afterBytes(data, 1)] ?? 0
  return second >> 5 === 4 ? 'operation' : second >> 5 === 2 ? 'record' : null
}

/** Where the byte string that begins at `at` ends; the end of everything where there is none. */
function afterBytes(data: Uint8Array, at: number): number {
  const head = data[at] ?? 0
  if (head < 0x40 || head > 0x59) return data.length
  if (head < 0x58) return at + 1 + (head & 0x1f)
  if (head === 0x58) return at + 2 + (data[at + 1] ?? 0)
  return at + 3 + (((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0))
}

function decodeMap(bytes: Uint8Array): CborMap | null {
  try {
    const value = decodeCbor(bytes)
    return isCborMap(value) ? value : null
  } catch (error) {
    if (error instanceof CodecError) return null
    throw error
  }
}
