import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { DAG_PB_CODEC, RAW_CODEC, SHA2_256 } from '../../core/codec/cid.ts'
import { sha256 } from '../../core/identity/hash.ts'
import type { BodyKind } from '../../core/record/kinds/kind-table.ts'
import { people } from './people.ts'

/** What the bodies of the vectors are made of. */
export const salt = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
export const id = sha256(Uint8Array.of(3))
export const stranger = people.stranger.publicKey
/** A record and a person as they stand in a body. */
export const subject = [stranger, id]
export const person = [stranger, sha256(Uint8Array.of(4)).slice(0, 8)]

export function link(codec: number, hashCode = SHA2_256): CID {
  return CID.createV1(codec, Digest.create(hashCode, sha256(Uint8Array.of(5))))
}

export const image = { cid: link(RAW_CODEC), type: 'image/jpeg', size: 12_345, width: 640, height: 480, alt: 'A lamp' }
export const video = { ...image, cid: link(DAG_PB_CODEC), type: 'video/mp4' }
export const audio = { ...video, type: 'audio/mpeg', width: 0, height: 0 }

export type UnreadableBody = readonly [name: string, reason: string, kind: BodyKind, body: Uint8Array]
