import { createHash } from 'node:crypto'
import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create as createDigest } from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import { equalBytes } from '../util/bytes.ts'
import { LEAF_BYTES, MAX_LINKS, MAX_ROOT_BYTES } from './limits.ts'

/**
 * The one shape of a media file (MED1): raw leaves of exactly 1 MiB, the last one shorter or equal, under one UnixFS
 * root in dag-pb; a file of one leaf is that leaf. So bytes have exactly one CID, and a root is either these bytes or
 * not ours.
 */

export interface Block {
  readonly cid: CID
  readonly bytes: Uint8Array
}

/** CIDv1 with sha2-256 of a block. */
export function cidOf(codec: number, bytes: Uint8Array): CID {
  return CID.createV1(codec, createDigest(sha256.code, hash(bytes)))
}

function hash(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** CIDs that may be stored and served: version 1, raw or dag-pb, sha2-256 of 32 bytes. */
export function isMediaCid(cid: CID): boolean {
  return (
    cid.version === 1 &&
    (cid.code === raw.code || cid.code === dagPb.code) &&
    cid.multihash.code === sha256.code &&
    cid.multihash.digest.length === 32
  )
}

/** The CID that a text names, lower-case base32 only; undefined for anything else. */
export function parseMediaCid(text: string): CID | undefined {
  if (text.length > 64 || !text.startsWith('b')) return undefined
  try {
    const cid = CID.parse(text)
    return isMediaCid(cid) && cid.toString() === text ? cid : undefined
  } catch {
    return undefined
  }
}

/** True when the block is what its CID says. */
export function isBlockOf(cid: CID, bytes: Uint8Array): boolean {
  return equalBytes(hash(bytes), cid.multihash.digest)
}

/**
 * Blocks of a file, root first; leaves are views of `bytes`, not copies.
 * @throws RangeError for an empty file and for one that needs more than 128 leaves: callers check the limits before.
 */
export function encodeDag(bytes: Uint8Array): readonly [root: Block, ...leaves: Block[]] {
  const leaves: Block[] = []
  for (let offset = 0; offset < bytes.length; offset += LEAF_BYTES) {
    const leaf = bytes.subarray(offset, offset + LEAF_BYTES)
    leaves.push({ cid: cidOf(raw.code, leaf), bytes: leaf })
  }
  const [first] = leaves
  if (first === undefined || leaves.length > MAX_LINKS)
    throw new RangeError(`${leaves.length} leaves, 1 to ${MAX_LINKS}`)
  if (leaves.length === 1) return [first]
  const root = encodeRoot(
    leaves.map((leaf) => leaf.cid),
    bytes.length,
  )
  return [{ cid: cidOf(dagPb.code, root), bytes: root }, ...leaves]
}

/** The root over these leaves; `size` of the file in bytes. */
export function encodeRoot(leaves: readonly CID[], size: number): Uint8Array {
  const lengths = leaves.map((_, i) => leafLength(i, size))
  const file = new UnixFS({ type: 'file', blockSizes: lengths.map((length) => BigInt(length)) })
  const links = leaves.map((cid, i) => ({ Name: '', Tsize: lengths[i] as number, Hash: cid }))
  return dagPb.encode(dagPb.prepare({ Data: file.marshal(), Links: links }))
}

/** Bytes of the leaf at `index` of a file of `size` bytes. */
export function leafLength(index: number, size: number): number {
  return Math.min(LEAF_BYTES, size - index * LEAF_BYTES)
}

/** How many leaves a file of `size` bytes has. */
export function countLeaves(size: number): number {
  return Math.ceil(size / LEAF_BYTES)
}

export type RootRefusal =
  | 'root-too-large'
  | 'not-dag-pb'
  | 'not-a-file'
  | 'too-many-links'
  | 'nested'
  | 'wrong-size'
  | 'not-canonical'

/**
 * Leaves of a root that belongs to a file of `size` bytes. Everything else is refused before a single leaf is asked
 * for: the root has to be, byte for byte, what `encodeRoot` makes of its own links and the size.
 */
export function decodeRoot(
  bytes: Uint8Array,
  size: number,
): { ok: true; leaves: CID[] } | { ok: false; reason: RootRefusal } {
  if (bytes.length > MAX_ROOT_BYTES) return { ok: false, reason: 'root-too-large' }
  let node: dagPb.PBNode
  let file: UnixFS
  try {
    node = dagPb.decode(bytes)
    file = UnixFS.unmarshal(node.Data ?? new Uint8Array())
  } catch {
    return { ok: false, reason: 'not-dag-pb' }
  }
  if (file.type !== 'file' || file.data !== undefined) return { ok: false, reason: 'not-a-file' }
  if (node.Links.length > MAX_LINKS) return { ok: false, reason: 'too-many-links' }
  const leaves = node.Links.map((link) => link.Hash)
  if (leaves.some((cid) => cid.code !== raw.code || !isMediaCid(cid))) return { ok: false, reason: 'nested' }
  if (leaves.length < 2 || leaves.length !== countLeaves(size) || file.fileSize() !== BigInt(size)) {
    return { ok: false, reason: 'wrong-size' }
  }
  return equalBytes(encodeRoot(leaves, size), bytes) ? { ok: true, leaves } : { ok: false, reason: 'not-canonical' }
}
