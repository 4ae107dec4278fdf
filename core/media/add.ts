import type { Media } from '../contract/media.ts'
import { encodeDag } from './dag.ts'
import { type MediaTables, registerDag } from './register.ts'
import { stripMetadata } from './strip.ts'

export interface AddMediaInit {
  /** Description for people who don't see the picture. */
  readonly alt: string
  /** base64 of at most 32 bytes; the renderer makes it, a node without a picture decoder doesn't. */
  readonly thumbhash?: string | undefined
}

/**
 * Takes a file of this person: metadata removed (MED5), blocks stored, kept for a day until a record refers to it.
 * The same bytes give the same CID, so adding twice costs nothing.
 * @throws UnsupportedMediaError with the reason.
 */
export async function addMedia(tables: MediaTables, bytes: Uint8Array, init: AddMediaInit): Promise<Media> {
  const file = stripMetadata(bytes)
  const blocks = encodeDag(file.bytes)
  await registerDag(tables, { blocks, type: file.type, size: file.bytes.length, isPending: true })
  return {
    cid: blocks[0].cid.toString(),
    type: file.type,
    size: file.bytes.length,
    width: file.width,
    height: file.height,
    alt: init.alt,
    ...(init.thumbhash === undefined ? {} : { thumbhash: init.thumbhash }),
  }
}
