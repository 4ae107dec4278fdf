import type { CID } from 'multiformats/cid'
import { DAG_PB_CODEC, RAW_CODEC, SHA2_256 } from '../../codec/cid.ts'
import type { CborValue } from '../../codec/dag-cbor.ts'
import { MAX_ALT_BYTES, MAX_IMAGES, MAX_MEDIA_SIDE_PX, MAX_MEDIA_TYPE_BYTES, MAX_THUMBHASH_BYTES } from '../limits.ts'
import { BodyFault, BodyReader, presentFields, type WithExtras } from './body-reader.ts'

export type MediaKind = 'image' | 'video' | 'audio'

/** One attachment as a post carries it (REC12). What may be fetched and shown is policy, and narrower. */
export interface MediaEntry extends WithExtras {
  /** UnixFS root: a raw leaf or a dag-pb node, sha2-256. */
  readonly cid: CID
  /** MIME type, lower case: image/…, video/… or audio/…. */
  readonly type: string
  /** Bytes of the file. */
  readonly size: number
  /** Pixels; 0 for audio. */
  readonly width: number
  readonly height: number
  /** For people who don't see or hear it; '' when the author gave none. */
  readonly alt: string
  /** Thumbhash, at most 32 bytes. */
  readonly thumb?: Uint8Array
  /** The first half of `type` once more; readers go by `type`. */
  readonly kind?: MediaKind
}

const MEDIA_TYPE = /^(image|video|audio)\/[a-z0-9][a-z0-9.+-]*$/

/** @throws BodyFault */
export function readMediaEntry(value: CborValue | undefined, path: string): MediaEntry {
  const reader = new BodyReader(value, path)
  const cid = reader.link('cid')
  assertMediaCid(cid, reader.name('cid'))
  const type = reader.text('type', MAX_MEDIA_TYPE_BYTES, 1)
  if (!MEDIA_TYPE.test(type))
    throw new BodyFault(`${path} type is ${JSON.stringify(type)}, not an image, video or audio`)
  const kind = reader.optionalText('kind', 16)
  if (kind !== undefined && kind !== mediaKindOf(type)) throw new BodyFault(`${path} kind does not match its type`)
  const leastSide = mediaKindOf(type) === 'audio' ? 0 : 1
  return {
    cid,
    type,
    size: reader.integer('size', 1),
    width: reader.integer('width', leastSide, MAX_MEDIA_SIDE_PX),
    height: reader.integer('height', leastSide, MAX_MEDIA_SIDE_PX),
    alt: reader.text('alt', MAX_ALT_BYTES),
    ...(reader.has('thumb') ? { thumb: reader.bytes('thumb', MAX_THUMBHASH_BYTES, 1) } : {}),
    ...(kind === undefined ? {} : { kind: mediaKindOf(type) }),
    ...reader.extras(),
  }
}

/** A link to a medium: raw or dag-pb, sha2-256. @throws BodyFault */
export function assertMediaCid(cid: CID, name: string): void {
  if ((cid.code !== RAW_CODEC && cid.code !== DAG_PB_CODEC) || cid.multihash.code !== SHA2_256) {
    throw new BodyFault(`${name} is neither raw nor dag-pb with sha2-256`)
  }
}

/** 1 … 8 images, or 1 video, or 1 audio. @throws BodyFault */
export function readMediaList(values: readonly CborValue[], path: string): MediaEntry[] {
  const entries = values.map((value, i) => readMediaEntry(value, `${path} ${i + 1}`))
  const isAllImages = entries.every(({ type }) => mediaKindOf(type) === 'image')
  if (entries.length > (isAllImages ? MAX_IMAGES : 1)) {
    throw new BodyFault(`${path} has ${entries.length} attachments, expected ${MAX_IMAGES} images, 1 video or 1 audio`)
  }
  return entries
}

export function mediaEntryValue(entry: MediaEntry): CborValue {
  const { cid, type, size, width, height, alt, thumb, kind, extras } = entry
  return presentFields({ ...extras, cid, type, size, width, height, alt, thumb, kind })
}

/** The first half of a checked MIME type. */
export function mediaKindOf(type: string): MediaKind {
  return type.slice(0, 5) as MediaKind
}
