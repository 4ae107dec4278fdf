/**
 * What stands in a private box once it is opened (REC20): length of the content (2 bytes, big-endian) ‖ the content as
 * canonical DAG-CBOR ‖ zeros up to one of the frozen sizes. Peers never see it, so nothing in it is a fault of a record:
 * what doesn't read is passed over by its owner's devices.
 */
import { type CborMap, type CborValue, CodecError, decodeCbor, encodeCbor } from '../../codec/dag-cbor.ts'
import { PRIVATE_SEAL_BYTES } from '../../identity/private-seal.ts'
import { BadRequestError } from '../../util/errors.ts'
import { MAX_PRIVATE_EDGE_BYTES, MAX_PRIVATE_SUBJECT_BYTES, PRIVATE_BOX_BYTES } from '../limits.ts'
import { BodyFault, BodyReader, presentFields, shown, type WithExtras } from './body-reader.ts'

/** One state for each author, edge and subject; the last one by (ts, id) counts. */
export interface PrivateContent extends WithExtras {
  /** What it is, a word of 1 … 32 bytes that readers know or ignore: 'mute', 'bookmark', 'draft', 'setting' … */
  readonly edge: string
  /** What it is about, 0 … 64 bytes whose meaning belongs to the edge. */
  readonly subject: Uint8Array
  /** Null: gone. */
  readonly value: CborValue
}

const LENGTH_BYTES = 2

/** Lengths of what is sealed, ascending: 216, 984, 4,056, 7,640. */
const PADDED_BYTES = PRIVATE_BOX_BYTES.map((bytes) => bytes - PRIVATE_SEAL_BYTES)

/** The longest content, in bytes of its encoding. */
export const MAX_PRIVATE_CONTENT_BYTES = Math.max(...PADDED_BYTES) - LENGTH_BYTES

/**
 * The content, padded to the smallest size that holds it; what sealPrivateBytes takes.
 * @throws BadRequestError that says which field breaks which limit
 */
export function encodePrivateContent(content: PrivateContent): Uint8Array {
  const bytes = encodeCbor(contentValue(content))
  const size = PADDED_BYTES.find((padded) => padded >= LENGTH_BYTES + bytes.length)
  if (size === undefined) {
    throw new BadRequestError(
      `private content is ${shown(bytes.length)} bytes, limit ${shown(MAX_PRIVATE_CONTENT_BYTES)}`,
    )
  }
  const outcome = readContent(bytes)
  if (typeof outcome === 'string') throw new BadRequestError(outcome)
  const padded = new Uint8Array(size)
  new DataView(padded.buffer).setUint16(0, bytes.length)
  padded.set(bytes, LENGTH_BYTES)
  return padded
}

/** The content of what openPrivateBytes gave; undefined for anything that encodePrivateContent doesn't make in some size. */
export function decodePrivateContent(padded: Uint8Array): PrivateContent | undefined {
  if (!PADDED_BYTES.includes(padded.length)) return undefined
  const end = LENGTH_BYTES + new DataView(padded.buffer, padded.byteOffset).getUint16(0)
  if (end > padded.length || padded.subarray(end).some((byte) => byte !== 0)) return undefined
  const outcome = readContent(padded.subarray(LENGTH_BYTES, end))
  return typeof outcome === 'string' ? undefined : outcome
}

/** The content, or what is wrong with it. */
function readContent(bytes: Uint8Array): PrivateContent | string {
  try {
    const reader = new BodyReader(decodeCbor(bytes), 'private content')
    const value = reader.field('value')
    if (value === undefined) return 'private content has no value'
    return {
      edge: reader.text('edge', MAX_PRIVATE_EDGE_BYTES, 1),
      subject: reader.bytes('subject', MAX_PRIVATE_SUBJECT_BYTES, 0),
      value,
      ...reader.extras(),
    }
  } catch (error) {
    if (error instanceof BodyFault || error instanceof CodecError) return error.message
    throw error
  }
}

function contentValue({ edge, subject, value, extras }: PrivateContent): CborMap {
  return presentFields({ ...extras, edge, subject, value })
}
