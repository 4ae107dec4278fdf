/** One row for each kind that is read here; every other number is kept and passed on as unknown (REC3). */
import { type CborMap, type CborValue, CodecError, decodeCbor, encodeCbor } from '../../codec/dag-cbor.ts'
import { BadRequestError } from '../../util/errors.ts'
import { MAX_BODY_BYTES } from '../limits.ts'
import type { UnreadableReason } from '../verdict.ts'
import { type BlockBody, blockValue, readBlock } from './block.ts'
import { BodyFault, shown } from './body-reader.ts'
import { type DeleteBody, deleteValue, readDelete } from './delete.ts'
import { type EditBody, editValue, readEdit } from './edit.ts'
import { type FollowBody, followValue, readFollow } from './follow.ts'
import { type LabelBody, labelValue, readLabel } from './label.ts'
import { type ListBody, listBodyValue, readListBody } from './list.ts'
import { type ListMemberBody, listMemberValue, readListMember } from './list-member.ts'
import { type PinBody, pinValue, readPin } from './pin.ts'
import { type PostBody, postValue, readPost } from './post.ts'
import { type PrivateBody, privateValue, readPrivate } from './private.ts'
import { type ProfileBody, profileValue, readProfile } from './profile.ts'
import { type ReactionBody, reactionValue, readReaction } from './reaction.ts'
import { type RepostBody, readRepost, repostValue } from './repost.ts'

/** What a record is, the second element of its header. Numbers are frozen and never used again. */
export const KIND = {
  post: 1,
  edit: 2,
  reaction: 3,
  repost: 4,
  follow: 5,
  profile: 6,
  delete: 7,
  block: 8,
  label: 9,
  list: 10,
  listMember: 11,
  pin: 12,
  private: 13,
} as const

/** What each kind's body is, by the kind's name. */
export interface BodyOf {
  readonly post: PostBody
  readonly edit: EditBody
  readonly reaction: ReactionBody
  readonly repost: RepostBody
  readonly follow: FollowBody
  readonly profile: ProfileBody
  readonly delete: DeleteBody
  readonly block: BlockBody
  readonly label: LabelBody
  readonly list: ListBody
  readonly listMember: ListMemberBody
  readonly pin: PinBody
  readonly private: PrivateBody
}

export type BodyKind = keyof BodyOf

/** A body that was read; 'unknown' for a kind or a version that isn't known here, whose bytes nobody looked at. */
export type DecodedBody =
  | { readonly [K in BodyKind]: { readonly kind: K; readonly body: BodyOf[K] } }[BodyKind]
  | { readonly kind: 'unknown'; readonly body: null }

export type BodyOutcome =
  | ({ readonly ok: true } & DecodedBody)
  | { readonly ok: false; readonly reason: UnreadableReason; readonly detail: string }

interface KindRow<Body> {
  /** @throws BodyFault */
  readonly read: (value: CborValue) => Body
  readonly toValue: (body: Body) => CborMap
}

const TABLE: { readonly [K in BodyKind]: KindRow<BodyOf[K]> } = {
  post: { read: readPost, toValue: postValue },
  edit: { read: readEdit, toValue: editValue },
  reaction: { read: readReaction, toValue: reactionValue },
  repost: { read: readRepost, toValue: repostValue },
  follow: { read: readFollow, toValue: followValue },
  profile: { read: readProfile, toValue: profileValue },
  delete: { read: readDelete, toValue: deleteValue },
  block: { read: readBlock, toValue: blockValue },
  label: { read: readLabel, toValue: labelValue },
  list: { read: readListBody, toValue: listBodyValue },
  listMember: { read: readListMember, toValue: listMemberValue },
  pin: { read: readPin, toValue: pinValue },
  private: { read: readPrivate, toValue: privateValue },
}

const NAMES = new Map<number, BodyKind>((Object.keys(TABLE) as BodyKind[]).map((name) => [KIND[name], name]))

/**
 * Reads the body of a version 1 record. A codec fault keeps its name where `UnreadableReason` has it and is
 * 'body-schema' otherwise; `detail` is for logs and people. Never throws for bad bytes.
 */
export function decodeBody(kind: number, bytes: Uint8Array): BodyOutcome {
  const name = NAMES.get(kind)
  if (name === undefined) return { ok: true, kind: 'unknown', body: null }
  try {
    return { ok: true, kind: name, body: TABLE[name].read(decodeCbor(bytes)) } as BodyOutcome
  } catch (error) {
    if (error instanceof BodyFault) return { ok: false, reason: 'body-schema', detail: error.message }
    if (error instanceof CodecError) {
      return { ok: false, reason: error.reason === 'bad-cbor' ? 'body-schema' : error.reason, detail: error.message }
    }
    throw error
  }
}

/**
 * The canonical bytes of a body that this version can read again.
 * @throws BadRequestError that says which field breaks which limit
 */
export function encodeBody<K extends BodyKind>(kind: K, body: BodyOf[K]): Uint8Array {
  const bytes = encodeCbor(TABLE[kind].toValue(body))
  if (bytes.length > MAX_BODY_BYTES) {
    throw new BadRequestError(`${kind} is ${shown(bytes.length)} bytes, limit ${shown(MAX_BODY_BYTES)}`)
  }
  const outcome = decodeBody(KIND[kind], bytes)
  if (!outcome.ok) throw new BadRequestError(outcome.detail)
  return bytes
}

export const encodePost = (body: PostBody): Uint8Array => encodeBody('post', body)
export const encodeEdit = (body: EditBody): Uint8Array => encodeBody('edit', body)
export const encodeReaction = (body: ReactionBody): Uint8Array => encodeBody('reaction', body)
export const encodeRepost = (body: RepostBody): Uint8Array => encodeBody('repost', body)
export const encodeFollow = (body: FollowBody): Uint8Array => encodeBody('follow', body)
export const encodeProfile = (body: ProfileBody): Uint8Array => encodeBody('profile', body)
export const encodeDelete = (body: DeleteBody): Uint8Array => encodeBody('delete', body)
export const encodeBlock = (body: BlockBody): Uint8Array => encodeBody('block', body)
export const encodeLabel = (body: LabelBody): Uint8Array => encodeBody('label', body)
export const encodeList = (body: ListBody): Uint8Array => encodeBody('list', body)
export const encodeListMember = (body: ListMemberBody): Uint8Array => encodeBody('listMember', body)
export const encodePin = (body: PinBody): Uint8Array => encodeBody('pin', body)
export const encodePrivate = (body: PrivateBody): Uint8Array => encodeBody('private', body)
