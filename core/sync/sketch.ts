/**
 * Which of two sets' members only one side has, said in few bytes (SYN6): an invertible Bloom lookup table (Goodrich and
 * Mitzenmacher 2011, Eppstein et al. 2011) over 8-byte digests. Each digest goes into one cell of each of three parts; a
 * cell is the XOR of its digests and of their checks. Taking one's own table from the other's leaves what differs, and
 * as long as a cell holds a single one, that can be read and taken out of the others. Places and checks are salted, so
 * that nobody can prepare digests that cancel each other out.
 */
import { sha256 } from '../identity/hash.ts'
import { concatBytes, toHex } from '../util/bytes.ts'

const PARTS = 3
const DIGEST_BYTES = 8
const CHECK_BYTES = 4
/** Bytes of a digest and a check. */
const CELL_BYTES = DIGEST_BYTES + CHECK_BYTES
/** Of fewer digests all that differs is said as cheaply without. */
const MIN_DIGESTS = 16
const MAX_PART_CELLS = 128

/** Longest sketch, bytes. */
export const MAX_SKETCH_BYTES = PARTS * MAX_PART_CELLS * CELL_BYTES
/** Digests that a sketch can tell apart at most: one a cell. */
export const MAX_DIFFERING = PARTS * MAX_PART_CELLS

/** 8-byte digests that only one side has. */
export interface Difference {
  readonly theirs: readonly Uint8Array[]
  readonly ours: readonly Uint8Array[]
}

/** True for the length of a sketch, in bytes. */
export function isSketchLength(length: number): boolean {
  return length % (PARTS * CELL_BYTES) === 0 && length <= MAX_SKETCH_BYTES
}

/** About 2 √n + 6 cells for n digests of 8 bytes: enough to tell two thirds as many apart. Empty for few digests. */
export function sketchOf(digests: readonly Uint8Array[], salt: Uint8Array): Uint8Array {
  if (digests.length < MIN_DIGESTS) return new Uint8Array()
  const partCells = Math.min(MAX_PART_CELLS, Math.ceil((2 * Math.sqrt(digests.length)) / PARTS) + 2)
  const cells = new Uint8Array(PARTS * partCells * CELL_BYTES)
  for (const digest of digests) toggle(cells, itemOf(digest, salt))
  return cells
}

/** What differs between the other side's sketch and these digests; null where that is more than the sketch can tell. */
export function solveSketch(sketch: Uint8Array, own: readonly Uint8Array[], salt: Uint8Array): Difference | null {
  const cells = Uint8Array.from(sketch)
  const count = cells.length / CELL_BYTES
  if (count === 0) return null
  const held = new Set(own.map(toHex))
  for (const digest of own) toggle(cells, itemOf(digest, salt))
  const [theirs, ours]: [Uint8Array[], Uint8Array[]] = [[], []]
  const queue = Array.from({ length: count }, (_, i) => i)
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const digest = cells.slice(next * CELL_BYTES, next * CELL_BYTES + DIGEST_BYTES)
    const item = itemOf(digest, salt)
    if (!isAlone(cells, next, item)) continue
    // Each one frees a cell for good: more than there are cells can't come from an honest table.
    if (theirs.length + ours.length === count) return null
    if (held.has(toHex(digest))) ours.push(digest)
    else theirs.push(digest)
    toggle(cells, item)
    queue.push(...placesOf(item, count))
  }
  return cells.every((byte) => byte === 0) ? { theirs, ours } : null
}

interface Item {
  /** Digest and check, as they stand in a cell. */
  readonly bytes: Uint8Array
  readonly hash: DataView
}

function itemOf(digest: Uint8Array, salt: Uint8Array): Item {
  const hash = sha256(concatBytes(salt, digest))
  return {
    bytes: concatBytes(digest, hash.subarray(0, CHECK_BYTES)),
    hash: new DataView(hash.buffer, hash.byteOffset + CHECK_BYTES),
  }
}

/** Its cell in each part. */
function placesOf({ hash }: Item, count: number): number[] {
  const partCells = count / PARTS
  return Array.from({ length: PARTS }, (_, part) => part * partCells + (hash.getUint32(4 * part) % partCells))
}

function toggle(cells: Uint8Array, item: Item): void {
  for (const place of placesOf(item, cells.length / CELL_BYTES)) {
    for (let i = 0; i < CELL_BYTES; i++) (cells[place * CELL_BYTES + i] as number) ^= item.bytes[i] as number
  }
}

/** The check fits, in a cell where it belongs. */
function isAlone(cells: Uint8Array, place: number, item: Item): boolean {
  const cell = cells.subarray(place * CELL_BYTES, (place + 1) * CELL_BYTES)
  return item.bytes.every((byte, i) => cell[i] === byte) && placesOf(item, cells.length / CELL_BYTES).includes(place)
}
