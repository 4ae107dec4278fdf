import { DAG_CBOR_CODEC, RAW_CODEC } from '../../core/codec/cid.ts'
import { type CborMap, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { concatBytes, fromHex, utf8 } from '../../core/util/bytes.ts'
import { audio, id, image, link, person, salt, stranger, subject, type UnreadableBody, video } from './body-samples.ts'
import { EDGE_BODIES, edgeFaults } from './edge-bodies.ts'
import { EDIT_BODIES, editFaults } from './edit-bodies.ts'
import { people } from './people.ts'
import { PRIVATE_BODIES, privateFaults } from './private-bodies.ts'

/** Bodies that are read; the first word of each name is its kind. */
export const BODIES: Record<'post' | 'delete' | 'profile', CborMap> & Record<string, CborMap> = {
  post: { salt, text: 'Bonsoir la place.' },
  'post with everything': {
    salt,
    text: 'Bonsoir Anaïs, un banc au soleil #marché',
    lang: 'fr',
    reply: { root: subject, parent: [people.inception.publicKey, id] },
    quote: subject,
    media: [{ ...image, thumb: new Uint8Array(25).fill(9), kind: 'image' }, image],
    warn: 'soleil',
    gate: 'followed',
    mentions: [[8, 14, ...person]],
    tags: [[34, 42]],
  },
  'post of 3,000 bytes': { salt, text: 'é'.repeat(1_500) },
  'post with nothing but a picture': { salt, text: '', media: [image] },
  'post with eight pictures': { salt, text: '', media: new Array(8).fill(image) },
  'post with a video': { salt, text: '', media: [video] },
  'post with a sound': { salt, text: '', media: [audio] },
  'post with nothing but a quote': { salt, text: '', quote: subject },
  'post with keys that are not known': { salt, text: 'x', poll: { a: [1, 2] }, ['__proto__']: true, toString: null },
  reaction: { salt, subject, emoji: '🌿' },
  'reaction taken back': { salt, subject, emoji: null },
  repost: { salt, subject, on: true },
  'repost taken back': { salt, subject, on: false },
  follow: { salt, subject: person, on: true },
  'follow ended': { salt, subject: person, on: false },
  profile: { salt, name: 'Maëlle Kervadec' },
  'profile with everything': {
    salt,
    name: 'Maëlle Kervadec',
    bio: 'Bords de Loire.',
    avatar: image,
    seeds: [
      { peer: stranger, addrs: ['/ip4/192.0.2.1/tcp/4001', '/dns4/seed.example/tcp/443/wss'] },
      { peer: people.phone.publicKey, addrs: [] },
    ],
  },
  delete: { salt, subject },
  ...EDIT_BODIES,
  ...EDGE_BODIES,
  ...PRIVATE_BODIES,
}

const post = (change: CborMap): Uint8Array => encodeCbor({ ...BODIES.post, ...change })
const profile = (change: CborMap): Uint8Array => encodeCbor({ ...BODIES.profile, ...change })
const media = (change: CborMap): Uint8Array => post({ media: [{ ...image, ...change }] })
const raw = (hex: string): Uint8Array => fromHex(hex.replaceAll(' ', '')) as Uint8Array

/** Nested arrays, `depth` of them, around nothing. */
function nested(depth: number): Uint8Array {
  return concatBytes(new Uint8Array(depth - 1).fill(0x81), Uint8Array.of(0x80))
}

/** A post whose extra key `x` holds these bytes as they are. */
function postWith(x: Uint8Array): Uint8Array {
  const tail = encodeCbor({ salt, text: 'x' }).slice(1)
  return concatBytes(raw('a3 61 78'), x, tail)
}

/** Bodies of the stated length and hash that are kept, passed on and never shown. */
export function unreadableBodies(): UnreadableBody[] {
  return [
    ...codecFaults(),
    ...postFaults(),
    ...mediaFaults(),
    ...otherFaults(),
    ...editFaults(),
    ...edgeFaults(),
    ...privateFaults(),
  ]
}

function codecFaults(): UnreadableBody[] {
  return [
    ['keys out of order', 'key-order', 'post', raw('a2 64 74657874 61 78 64 73616c74 48 0102030405060708')],
    ['a key twice', 'duplicate-key', 'post', raw('a2 64 73616c74 48 0102030405060708 64 73616c74 48 0102030405060708')],
    ['text that is not UTF-8', 'bad-utf8', 'post', raw('a2 64 73616c74 48 0102030405060708 64 74657874 62 c328')],
    ['half a surrogate pair', 'bad-utf8', 'post', raw('a2 64 73616c74 48 0102030405060708 64 74657874 63 eda080')],
    ['seven levels', 'too-deep', 'post', postWith(nested(6))],
    ['257 values', 'too-many-items', 'post', postWith(encodeCbor(new Array(253).fill(0)))],
    [
      'a link of 35 bytes',
      'bad-link',
      'post',
      postWith(concatBytes(raw('d82a 5824 00'), link(RAW_CODEC).bytes.slice(0, 35))),
    ],
    [
      'a link without its first zero',
      'bad-link',
      'post',
      postWith(concatBytes(raw('d82a 5825 01'), link(RAW_CODEC).bytes)),
    ],
    ['a float', 'body-schema', 'post', postWith(raw('fb 3ff0000000000000'))],
    ['a negative number', 'body-schema', 'post', postWith(raw('20'))],
    ['a number above 2^53 − 1', 'body-schema', 'post', postWith(raw('1b 0020000000000000'))],
    ['a number longer than needed', 'body-schema', 'post', postWith(raw('18 01'))],
    ['undefined', 'body-schema', 'post', postWith(raw('f7'))],
    ['a tag that is not known', 'body-schema', 'post', postWith(raw('c1 01'))],
    ['a key of 33 bytes', 'body-schema', 'post', post({ ['k'.repeat(33)]: 1 })],
    ['no bytes at all', 'body-schema', 'post', new Uint8Array()],
    ['a byte after the end', 'body-schema', 'post', concatBytes(post({}), Uint8Array.of(0))],
  ]
}

function postFaults(): UnreadableBody[] {
  const bodies: readonly (readonly [name: string, body: Uint8Array])[] = [
    ['an array, not a map', encodeCbor([salt, 'x'])],
    ['no salt', encodeCbor({ text: 'x' })],
    ['a salt of 7 bytes', post({ salt: salt.slice(1) })],
    ['no text', encodeCbor({ salt })],
    ['text as bytes', post({ text: utf8('x') })],
    ['text of 3,001 bytes', post({ text: `a${'é'.repeat(1_500)}` })],
    ['no text, no media, no quote', post({ text: '' })],
    ['a language that is no tag', post({ lang: 'français' })],
    ['a reply without its parent', post({ reply: { root: subject } })],
    ['a reply to an id of 31 bytes', post({ reply: { root: subject, parent: [stranger, id.slice(1)] } })],
    ['a quote without its author', post({ quote: [id] })],
    ['an empty warning', post({ warn: '' })],
    ['a mention past the end of the text', post({ mentions: [[10, 100, ...person]] })],
    ['a mention that cuts a character', post({ text: 'é!', mentions: [[1, 2, ...person]] })],
    [
      'mentions that overlap',
      post({
        mentions: [
          [0, 5, ...person],
          [4, 8, ...person],
        ],
      }),
    ],
    ['a mention without the genesis', post({ mentions: [[0, 5, stranger]] })],
    ['an empty range as a tag', post({ tags: [[3, 3]] })],
    [
      'tags out of order',
      post({
        tags: [
          [5, 8],
          [0, 2],
        ],
      }),
    ],
    ['null for something that is left out', post({ lang: null })],
  ]
  return bodies.map(([name, body]) => [name, 'body-schema', 'post', body])
}

function mediaFaults(): UnreadableBody[] {
  const bodies: readonly (readonly [name: string, body: Uint8Array])[] = [
    ['an empty list of media', post({ media: [] })],
    ['nine pictures', post({ media: new Array(9).fill(image) })],
    ['two videos', post({ media: [video, video] })],
    ['a picture and a video', post({ media: [image, video] })],
    ['a cid as text', media({ cid: image.cid.toString() })],
    ['a cid of dag-cbor', media({ cid: link(DAG_CBOR_CODEC) })],
    ['a cid with another hash', media({ cid: link(RAW_CODEC, 0x1e) })],
    ['a type that is no medium', media({ type: 'text/html' })],
    ['a type in capitals', media({ type: 'image/JPEG' })],
    ['a size of 0', media({ size: 0 })],
    ['a picture without width', media({ width: 0 })],
    ['alt of 1,001 bytes', media({ alt: 'a'.repeat(1_001) })],
    ['a thumbhash of 33 bytes', media({ thumb: new Uint8Array(33) })],
    ['a kind that is not that of its type', media({ kind: 'audio' })],
  ]
  return bodies.map(([name, body]) => [name, 'body-schema', 'post', body])
}

function otherFaults(): UnreadableBody[] {
  return [
    ['an emoji of 33 bytes', 'body-schema', 'reaction', encodeCbor({ salt, subject, emoji: 'a'.repeat(33) })],
    ['an empty emoji', 'body-schema', 'reaction', encodeCbor({ salt, subject, emoji: '' })],
    ['no emoji at all', 'body-schema', 'reaction', encodeCbor({ salt, subject })],
    ['on as a number', 'body-schema', 'repost', encodeCbor({ salt, subject, on: 1 })],
    ['a person instead of a record', 'body-schema', 'repost', encodeCbor({ salt, subject: person, on: true })],
    ['a record instead of a person', 'body-schema', 'follow', encodeCbor({ salt, subject, on: true })],
    ['a follow of nobody', 'body-schema', 'follow', encodeCbor({ salt, on: true })],
    ['an empty name', 'body-schema', 'profile', profile({ name: '' })],
    ['a name of 129 bytes', 'body-schema', 'profile', profile({ name: 'n'.repeat(129) })],
    ['a bio of 1,025 bytes', 'body-schema', 'profile', profile({ bio: 'b'.repeat(1_025) })],
    ['a video as avatar', 'body-schema', 'profile', profile({ avatar: video })],
    ['nine seeds', 'body-schema', 'profile', profile({ seeds: new Array(9).fill({ peer: stranger, addrs: [] }) })],
    ['a seed without addresses', 'body-schema', 'profile', profile({ seeds: [{ peer: stranger }] })],
    ['a subject of three', 'body-schema', 'delete', encodeCbor({ salt, subject: [...subject, 1] })],
  ]
}
