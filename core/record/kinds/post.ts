import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { MAX_GATE_BYTES } from '../limits.ts'
import { BodyFault, BodyReader, presentFields, type RecordRef, recordRefValue, type WithExtras } from './body-reader.ts'
import { type PostContent, postContentFields, readPostContent } from './post-content.ts'

/** The text is '' only with media or a quote. */
export interface PostBody extends PostContent, WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  /** The post that the thread began with, and the one that this answers; alike for a first answer. */
  readonly reply?: { readonly root: RecordRef; readonly parent: RecordRef }
  readonly quote?: RecordRef
  /** Who may reply, a word that readers know or ignore. */
  readonly gate?: string
}

/** @throws BodyFault */
export function readPost(value: CborValue): PostBody {
  const reader = new BodyReader(value, 'post')
  const post: PostBody = {
    salt: reader.salt(),
    ...readPostContent(reader),
    ...(reader.has('reply') ? { reply: readReply(reader.field('reply')) } : {}),
    ...(reader.has('quote') ? { quote: reader.recordRef('quote') } : {}),
    ...(reader.has('gate') ? { gate: reader.text('gate', MAX_GATE_BYTES, 1) } : {}),
    ...reader.extras(),
  }
  if (post.text === '' && post.media === undefined && post.quote === undefined) {
    throw new BodyFault('post text is empty, and there is neither media nor a quote')
  }
  return post
}

export function postValue({ salt, reply, quote, gate, extras, ...content }: PostBody): CborMap {
  return presentFields({
    ...extras,
    salt,
    ...postContentFields(content),
    reply: reply && { root: recordRefValue(reply.root), parent: recordRefValue(reply.parent) },
    quote: quote && recordRefValue(quote),
    gate,
  })
}

function readReply(value: CborValue | undefined): { root: RecordRef; parent: RecordRef } {
  const reader = new BodyReader(value, 'post reply')
  return { root: reader.recordRef('root'), parent: reader.recordRef('parent') }
}
