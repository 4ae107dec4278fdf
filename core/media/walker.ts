import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { concatBytes } from '../util/bytes.ts'
import type { AbortOptions } from '../util/startable.ts'
import { type Block, decodeRoot, isBlockOf, leafLength, parseMediaCid, type RootRefusal } from './dag.ts'
import type { MediaRefusal } from './errors.ts'
import type { BlockSource } from './helia-host.ts'
import { isMediaType, LEAF_BYTES, MAX_IMAGE_BYTES, type MediaType } from './limits.ts'
import { sniffMedia, sniffType } from './sniff.ts'

/** Leaves of one file that are asked for at once. */
const CONCURRENT_LEAVES = 4

/** Why a file is not taken (MED6). claim: what the record says of it is not allowed · type: the bytes say otherwise. */
export type WalkRefusal = 'bad-cid' | 'claim' | 'type' | 'bad-block' | RootRefusal | MediaRefusal

export interface WalkedMedia {
  readonly type: MediaType
  readonly bytes: Uint8Array
  /** Its blocks, root first, each once. */
  readonly blocks: readonly Block[]
}

export type WalkResult =
  | { readonly ok: true; readonly media: WalkedMedia }
  | { readonly ok: false; readonly reason: WalkRefusal }

/**
 * Fetches the file behind a root and judges it against what the record claims (MED6). Never more than the claimed
 * bytes are asked for, whatever the blocks say: the claim is bounded first, the root has to be the one root that a file
 * of that size can have, each leaf has to have its exact length, and the first leaf has to look like the type before the
 * others are asked for. Bad input is a result.
 * @throws the signal's reason when the blocks don't come in time.
 */
export async function walkMedia(
  components: { readonly source: BlockSource },
  root: string,
  claim: { readonly type: string; readonly size: number },
  options: AbortOptions,
): Promise<WalkResult> {
  const rootCid = parseMediaCid(root)
  if (rootCid === undefined) return { ok: false, reason: 'bad-cid' }
  const { type, size } = claim
  if (!isMediaType(type) || !Number.isSafeInteger(size) || size < 1 || size > MAX_IMAGE_BYTES) {
    return { ok: false, reason: 'claim' }
  }
  const isLeaf = rootCid.code === raw.code
  if (isLeaf !== size <= LEAF_BYTES) return { ok: false, reason: 'wrong-size' }

  const first = await components.source.fetchBlock(rootCid, { signal: options.signal })
  if (!isBlockOf(rootCid, first.bytes)) return { ok: false, reason: 'bad-block' }
  if (isLeaf) {
    if (first.bytes.length !== size) return { ok: false, reason: 'wrong-size' }
    return judge(type, first.bytes, [{ cid: rootCid, bytes: first.bytes }])
  }

  const decoded = decodeRoot(first.bytes, size)
  if (!decoded.ok) return decoded
  const leaves = await fetchLeaves(components.source, decoded.leaves, type, size, first.peer ?? undefined, options)
  if (typeof leaves === 'string') return { ok: false, reason: leaves }
  const bytes = concatBytes(...leaves.map((leaf) => leaf.bytes))
  return judge(type, bytes, [{ cid: rootCid, bytes: first.bytes }, ...leaves])
}

/** The leaves in order, or why not. The first comes alone, so that a wrong type costs one leaf. */
async function fetchLeaves(
  source: BlockSource,
  leaves: readonly CID[],
  type: MediaType,
  size: number,
  prefer: string | undefined,
  options: AbortOptions,
): Promise<Block[] | WalkRefusal> {
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const parts: Block[] = new Array(leaves.length)
  /** Leaves that occur twice are fetched once; each place counts towards the size. */
  const visited = new Map<string, Promise<{ readonly bytes: Uint8Array }>>()

  const fetchOne = async (index: number): Promise<WalkRefusal | undefined> => {
    const cid = leaves[index] as CID
    const key = cid.toString()
    const block = visited.get(key) ?? source.fetchBlock(cid, { signal, prefer })
    visited.set(key, block)
    const { bytes } = await block
    if (bytes.length !== leafLength(index, size)) return 'wrong-size'
    if (!isBlockOf(cid, bytes)) return 'bad-block'
    parts[index] = { cid, bytes }
    return undefined
  }

  const refusal = await fetchOne(0)
  if (refusal !== undefined) return refusal
  if (sniffType((parts[0] as Block).bytes) !== type) return 'type'
  let next = 1
  const lane = async (): Promise<WalkRefusal | undefined> => {
    while (next < leaves.length) {
      const refusal = await fetchOne(next++)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }
  try {
    const outcomes = await Promise.all(Array.from({ length: CONCURRENT_LEAVES }, lane))
    return outcomes.find((outcome) => outcome !== undefined) ?? parts
  } finally {
    stop.abort()
  }
}

function judge(type: MediaType, bytes: Uint8Array, all: readonly Block[]): WalkResult {
  const sniffed = sniffMedia(bytes)
  if (!sniffed.ok) return { ok: false, reason: sniffed.reason }
  if (sniffed.media.type !== type) return { ok: false, reason: 'type' }
  const blocks = new Map(all.map((block) => [block.cid.toString(), block]))
  return { ok: true, media: { type, bytes, blocks: [...blocks.values()] } }
}
