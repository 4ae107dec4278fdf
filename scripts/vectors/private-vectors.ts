import { type CborValue, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { type KeyPair, sealKeyPairFromSeed } from '../../core/identity/keys.ts'
import {
  grantPrivateKey,
  type KeyGrant,
  openGrant,
  openPrivateBytes,
  privateKeyId,
  sealPrivateBytes,
} from '../../core/identity/private-seal.ts'
import { wordsSlotKeyPair } from '../../core/identity/vault-slots.ts'
import {
  decodePrivateContent,
  encodePrivateContent,
  type PrivateContent,
} from '../../core/record/kinds/private-content.ts'
import { PRIVATE_BOX_BYTES } from '../../core/record/limits.ts'
import { toHex, utf8 } from '../../core/util/bytes.ts'
import { seededRandom } from '../../test/harness/seeded-random.ts'
import { link, person, subject } from './body-samples.ts'
import { describeValue } from './codec-vectors.ts'
import { people } from './people.ts'
import type { VectorFile } from './vector-file.ts'

/** A box, and what its owner finds in it; both null when it doesn't open, `content` alone when it doesn't read. */
export interface BoxVector {
  readonly name: string
  readonly rule: string
  readonly address: string
  readonly key: string
  readonly box: string
  readonly expect: { readonly plaintext: string | null; readonly content: unknown }
}

/** A grant beside the key id and in the record of the address that are given, opened with an X25519 secret. */
export interface GrantVector {
  readonly name: string
  readonly rule: string
  readonly address: string
  readonly keyId: string
  readonly secretKey: string
  readonly grant: readonly string[]
  readonly expect: { readonly key: string | null }
}

const seedOf = (name: string) => sha256(utf8(`palabre vectors: ${name}`))
const random = seededRandom('palabre vectors: private')

const address = people.inception.publicKey
const stranger = people.stranger.publicKey
const key = seedOf('private key')
const otherKey = seedOf('another private key')
const laptop = sealKeyPairFromSeed(seedOf('seal'))
const words = wordsSlotKeyPair(seedOf('words'))
/** Room for the encoding of a content in the smallest box: 256 bytes less nonce, tag and length. */
const SMALLEST_ROOM = 214

export function privateVectors(): VectorFile<BoxVector | GrantVector> {
  return {
    description:
      'What is sealed in private records, REC19 to REC21 of docs/protocol/records.md. A case with "box": "plaintext" is what the key opens, padding included, and "content" the map in it, values as in codec.json; null where it doesn\'t open or doesn\'t read. A case with "grant", its three byte strings: "key" is what the X25519 secret gets from it, or null.',
    cases: [...boxes(), ...closedBoxes(), ...unreadContents(), ...grants(), ...closedGrants()],
  }
}

function boxes(): BoxVector[] {
  const mute = { edge: 'mute', subject: bytesOf(person), value: true }
  const contents: readonly (readonly [name: string, content: PrivateContent])[] = [
    ['a mute', mute],
    ['a mute taken back: its value is null', { ...mute, value: null }],
    ['a bookmark, its subject as long as one can be', { edge: 'bookmark', subject: bytesOf(subject), value: 1 }],
    [
      'a setting without a subject',
      { edge: 'setting', subject: new Uint8Array(), value: { theme: 'dark', sizes: [1, 2] } },
    ],
    [
      'a draft with a link',
      { edge: 'draft', subject: Uint8Array.of(1), value: { text: 'Bonsoir', media: [link(0x55)] } },
    ],
    ['a word of 32 bytes', { ...mute, edge: 'é'.repeat(16) }],
    ['keys that are not known', { ...mute, extras: { since: 5, ['__proto__']: null } }],
    ['the longest content of the smallest box', filled(SMALLEST_ROOM)],
    ['a byte more: the next size', filled(SMALLEST_ROOM + 1)],
    ...PRIVATE_BOX_BYTES.slice(1).map(
      (bytes) => [`the longest content of a box of ${bytes} bytes`, filled(bytes - 42)] as const,
    ),
  ]
  return [
    ...contents.map(([name, content]) => boxCase(name, 'REC20', encodePrivateContent(content))),
    boxCase('padded more than needed', 'REC20', padded(encodeCbor(mute), 984)),
  ]
}

function closedBoxes(): BoxVector[] {
  const box = sealed(encodePrivateContent({ edge: 'mute', subject: bytesOf(person), value: true }))
  const elsewhere = { edge: 'mute', subject: new Uint8Array(), value: null }
  const theirs = sealPrivateBytes({ key, address: stranger, plaintext: encodePrivateContent(elsewhere), random })
  const closed = (name: string, change: Partial<Opening>): BoxVector =>
    describeBox(name, 'REC19', { ...OPENING, box, ...change })
  return [
    closed('opened with its key and for its author', {}),
    closed('a flipped bit in the nonce', { box: flip(box, 0) }),
    closed('a flipped bit in the ciphertext', { box: flip(box, 24 * 8) }),
    closed('a flipped bit in the tag', { box: flip(box, box.length * 8 - 1) }),
    closed('a byte less', { box: box.slice(0, -1) }),
    closed('no room for nonce and tag', { box: box.slice(0, 39) }),
    closed('no bytes at all', { box: new Uint8Array() }),
    closed('another key', { key: otherKey }),
    closed('a key of 31 bytes', { key: key.slice(1) }),
    closed('in the record of another author', { address: stranger }),
    closed('a box of another author, with the same key', { box: theirs }),
  ]
}

function unreadContents(): BoxVector[] {
  const mute = { edge: 'mute', subject: bytesOf(person), value: true }
  const { value: _value, ...valueless } = mute
  const bytes = encodeCbor(mute)
  const unread: readonly (readonly [name: string, plaintext: Uint8Array])[] = [
    ['a length that leaves the box', padded(bytes, 216).with(0, 1)],
    ['a length that takes in a byte of the padding', padded(bytes, 216).with(1, bytes.length + 1)],
    ['padding that is not zero', padded(bytes, 216).with(215, 1)],
    ['a size that is none of the four', padded(bytes, 217)],
    ['no bytes', new Uint8Array()],
    ['no content', new Uint8Array(216)],
    ['keys out of order', padded(unsorted(), 216)],
    ['a list instead of a map', padded(encodeCbor([1]), 216)],
    ['an empty word', padded(encodeCbor({ ...mute, edge: '' }), 216)],
    ['a word of 33 bytes', padded(encodeCbor({ ...mute, edge: 'e'.repeat(33) }), 216)],
    ['a subject of 65 bytes', padded(encodeCbor({ ...mute, subject: new Uint8Array(65) }), 216)],
    ['a subject as text', padded(encodeCbor({ ...mute, subject: 'x' }), 216)],
    ['no value, not even null', padded(encodeCbor(valueless), 216)],
  ]
  return unread.map(([name, plaintext]) => boxCase(name, 'REC20', plaintext))
}

function grants(): GrantVector[] {
  return [
    grantCase('for a device', laptop, granted(laptop.publicKey)),
    grantCase('for the words', words, granted(words.publicKey)),
  ]
}

function closedGrants(): GrantVector[] {
  const grant = granted(laptop.publicKey)
  const change = (name: string, changed: Partial<KeyGrant>) => grantCase(name, laptop, { ...grant, ...changed })
  const forWords = granted(words.publicKey)
  const otherId = privateKeyId(otherKey)
  return [
    grantCase('with another secret', words, grant),
    change('a flipped bit in the recipient', { recipient: flip(grant.recipient, 0) }),
    change('a flipped bit in the key made for it', { once: flip(grant.once, 9) }),
    change('a flipped bit in the wrapped key', { wrapped: flip(grant.wrapped, 100) }),
    change('for the words, named for the device', { ...forWords, recipient: grant.recipient }),
    change('a key of small order', { once: new Uint8Array(32) }),
    change('a key of 31 bytes', { once: grant.once.slice(1) }),
    change('no key at all', { once: new Uint8Array() }),
    change('a wrapped key of 47 bytes', { wrapped: grant.wrapped.slice(1) }),
    grantCase('in the record of another author', laptop, grant, { address: stranger }),
    grantCase('beside the id of another key', laptop, grant, { keyId: otherId }),
  ]
}

interface Opening {
  readonly address: Uint8Array
  readonly key: Uint8Array
  readonly box: Uint8Array
}

const OPENING = { address, key }

function sealed(plaintext: Uint8Array): Uint8Array {
  return sealPrivateBytes({ key, address, plaintext, random })
}

function granted(recipient: Uint8Array): KeyGrant {
  return grantPrivateKey({ key, address, recipient, random }) as KeyGrant
}

function boxCase(name: string, rule: string, plaintext: Uint8Array): BoxVector {
  return describeBox(name, rule, { ...OPENING, box: sealed(plaintext) })
}

function describeBox(name: string, rule: string, opening: Opening): BoxVector {
  const { address, key, box } = opening
  return {
    name: `a box: ${name}`,
    rule,
    address: toHex(address),
    key: toHex(key),
    box: toHex(box),
    expect: describeOpened(openPrivateBytes(opening)),
  }
}

/** As BoxVector says it. */
export function describeOpened(plaintext: Uint8Array | undefined): BoxVector['expect'] {
  if (plaintext === undefined) return { plaintext: null, content: null }
  const content = decodePrivateContent(plaintext)
  if (content === undefined) return { plaintext: toHex(plaintext), content: null }
  const { extras, ...known } = content
  return { plaintext: toHex(plaintext), content: describeValue({ ...extras, ...known }) }
}

function grantCase(
  name: string,
  recipient: KeyPair,
  grant: KeyGrant,
  beside: { readonly address?: Uint8Array; readonly keyId?: Uint8Array } = {},
): GrantVector {
  const place = { address, keyId: privateKeyId(key), ...beside }
  const opened = openGrant({ ...place, grant, recipient })
  return {
    name: `a grant: ${name}`,
    rule: 'REC21',
    address: toHex(place.address),
    keyId: toHex(place.keyId),
    secretKey: toHex(recipient.secretKey),
    grant: [grant.recipient, grant.once, grant.wrapped].map(toHex),
    expect: { key: opened === undefined ? null : toHex(opened) },
  }
}

/** A content whose encoding has exactly `bytes` bytes. */
function filled(bytes: number): PrivateContent {
  const content = { edge: 'draft', subject: new Uint8Array() }
  const sizeWith = (length: number) => encodeCbor({ ...content, value: 'd'.repeat(length) }).length
  let length = bytes
  while (sizeWith(length) > bytes) length--
  return { ...content, value: 'd'.repeat(length) }
}

function padded(content: Uint8Array, size: number): Uint8Array {
  const plaintext = new Uint8Array(size)
  plaintext.set([content.length >> 8, content.length & 0xff])
  plaintext.set(content, 2)
  return plaintext
}

/** The map of a mute whose keys stand the other way round. */
function unsorted(): Uint8Array {
  const entry = (key: string, value: CborValue) => encodeCbor({ [key]: value }).slice(1)
  const parts = [entry('value', true), entry('subject', new Uint8Array()), entry('edge', 'mute')]
  return Uint8Array.of(0xa3, ...parts.flatMap((part) => [...part]))
}

function bytesOf(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}
