import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { DAG_CBOR_CODEC, DAG_PB_CODEC, RAW_CODEC, SHA2_256 } from '../../../core/codec/cid.ts'
import { type CborMap, encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { decodeBody, KIND } from '../../../core/record/kinds/kind-table.ts'

const salt = new Uint8Array(8)
const key = new Uint8Array(32).fill(1)
const genesis = new Uint8Array(8).fill(2)
const record = [key, key]
const link = (codec: number, hash = SHA2_256) => CID.createV1(codec, Digest.create(hash, key))
const image = { cid: link(RAW_CODEC), type: 'image/png', size: 1, width: 1, height: 1, alt: '' }
const video = { ...image, type: 'video/mp4' }
const audio = { ...image, type: 'audio/ogg', width: 0, height: 0 }
const many = <T>(count: number, value: T): T[] => new Array(count).fill(value)
const text = (bytes: number) => 'a'.repeat(bytes)

/** [what it is about, a change that is taken, its neighbour that isn't] */
type Pair = readonly [name: string, taken: CborMap, refused: CborMap]

const ranges = (count: number) => Array.from({ length: count }, (_, i) => [i, i + 1])

const POSTS: readonly Pair[] = [
  ['3,000 bytes of text', { text: text(3_000) }, { text: text(3_001) }],
  ['bytes, not characters', { text: 'é'.repeat(1_500) }, { text: `${'é'.repeat(1_500)}a` }],
  ['no text beside a picture', { text: '', media: [image] }, { text: '' }],
  ['no text beside a quote', { text: '', quote: record }, { text: '', warn: 'x' }],
  [
    'a language of 35 bytes',
    { lang: `${text(8)}-${text(8)}-${text(8)}-${text(8)}` },
    { lang: `${text(8)}-${text(9)}` },
  ],
  ['a language tag', { lang: 'zh-Hant' }, { lang: 'zh_Hant' }],
  ['a reply with root and parent', { reply: { root: record, parent: record } }, { reply: { root: record } }],
  ['a warning of 1 byte', { warn: 'x' }, { warn: '' }],
  ['a warning of 256 bytes', { warn: text(256) }, { warn: text(257) }],
  ['a gate of 32 bytes', { gate: text(32) }, { gate: text(33) }],
  ['32 tags', { text: text(40), tags: ranges(32) }, { text: text(40), tags: ranges(33) }],
  ['a tag to the end of the text', { text: '#a', tags: [[0, 2]] }, { text: '#a', tags: [[0, 3]] }],
  ['a tag on the borders of characters', { text: '#é!', tags: [[0, 3]] }, { text: '#é!', tags: [[0, 2]] }],
  ['mentions apart', mentions([0, 1], [1, 2]), mentions([0, 2], [1, 3])],
  ['mentions in order', mentions([0, 1], [2, 3]), mentions([2, 3], [0, 1])],
  ['a mention of something', mentions([1, 2]), mentions([1, 1])],
]

function mentions(...places: readonly (readonly [number, number])[]): CborMap {
  return { text: '@ana', mentions: places.map((place) => [...place, key, genesis]) }
}

const PROFILES: readonly Pair[] = [
  ['a name of 1 byte', { name: 'n' }, { name: '' }],
  ['a name of 128 bytes', { name: text(128) }, { name: text(129) }],
  ['a bio of 1,024 bytes', { bio: text(1_024) }, { bio: text(1_025) }],
  ['an avatar that is a picture', { avatar: image }, { avatar: video }],
  ['8 seeds', { seeds: many(8, { peer: key, addrs: [] }) }, { seeds: many(9, { peer: key, addrs: [] }) }],
  ['1 seed', { seeds: [{ peer: key, addrs: [] }] }, { seeds: [] }],
  ['8 addresses', { seeds: [{ peer: key, addrs: many(8, 'a') }] }, { seeds: [{ peer: key, addrs: many(9, 'a') }] }],
  ['256 bytes', { seeds: [{ peer: key, addrs: [text(256)] }] }, { seeds: [{ peer: key, addrs: [text(257)] }] }],
  ['a peer of 32 bytes', { seeds: [{ peer: key, addrs: [] }] }, { seeds: [{ peer: key.slice(1), addrs: [] }] }],
]

const media = (...entries: CborMap[]): CborMap => ({ media: entries })
const ENTRIES: readonly Pair[] = [
  ['8 pictures', media(...many(8, image)), media(...many(9, image))],
  ['1 video', media(video), media(video, video)],
  ['1 sound', media(audio), media(audio, audio)],
  ['a picture beside a picture', media(image, image), media(image, video)],
  ['a link to dag-pb', media({ ...image, cid: link(DAG_PB_CODEC) }), media({ ...image, cid: link(DAG_CBOR_CODEC) })],
  ['sha2-256', media(image), media({ ...image, cid: link(RAW_CODEC, 0x1e) })],
  ['a type of 64 bytes', type(`image/${text(58)}`), type(`image/${text(59)}`)],
  ['a type in small letters', type('image/svg+xml'), type('image/PNG')],
  ['a type that begins with a letter', type('image/x.y'), type('image/.y')],
  ['a medium', type('image/x'), type('text/x')],
  ['a size of 1', media(image), media({ ...image, size: 0 })],
  ['a width of 1', media(image), media({ ...image, width: 0 })],
  ['a width of 65,535', media({ ...image, width: 65_535 }), media({ ...image, width: 65_536 })],
  ['a height of 0 for sound only', media(audio), media({ ...image, height: 0 })],
  ['alt of 1,000 bytes', media({ ...image, alt: text(1_000) }), media({ ...image, alt: text(1_001) })],
  ['a thumbhash of 32 bytes', media(thumb(32)), media(thumb(33))],
  ['a thumbhash of 1 byte', media(thumb(1)), media(thumb(0))],
  ['the kind of its type', media({ ...video, kind: 'video' }), media({ ...video, kind: 'image' })],
  ['keys that are not known', media({ ...image, focus: 1 }), media({ ...image, alt: null })],
]

function type(type: string): CborMap {
  return media({ ...image, type })
}

function thumb(bytes: number): CborMap {
  return { ...image, thumb: new Uint8Array(bytes) }
}

function expectPair(kind: number, plain: CborMap, [, taken, refused]: Pair): void {
  expect(decodeBody(kind, encodeCbor({ ...plain, ...taken }))).toMatchObject({ ok: true })
  expect(decodeBody(kind, encodeCbor({ ...plain, ...refused }))).toMatchObject({ ok: false, reason: 'body-schema' })
}

describe('the borders of a body', () => {
  it.each(POSTS)('of a post: %s (REC10)', (...pair) => {
    expectPair(KIND.post, { salt, text: 'x' }, pair)
  })

  it.each(PROFILES)('of a profile: %s (REC11)', (...pair) => {
    expectPair(KIND.profile, { salt, name: 'n' }, pair)
  })

  it.each(ENTRIES)('of a media entry: %s (REC12)', (...pair) => {
    expectPair(KIND.post, { salt, text: 'x' }, pair)
  })
})
