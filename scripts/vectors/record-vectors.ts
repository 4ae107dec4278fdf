import { formatRecordId } from '../../core/codec/cid.ts'
import { type CborValue, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { signingInput } from '../../core/identity/domains.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { signBytes } from '../../core/identity/keys.ts'
import { encodeRecord, withoutBody } from '../../core/record/encode-record.ts'
import { KIND } from '../../core/record/kinds/kind-table.ts'
import { MAX_TS_MS } from '../../core/record/limits.ts'
import { signRecord } from '../../core/record/sign-record.ts'
import { concatBytes, toHex } from '../../core/util/bytes.ts'
import { craftSignature, scalarOf, torsionPoint } from '../../test/harness/crafted-signatures.ts'
import { BODIES, unreadableBodies } from './body-vectors.ts'
import { people } from './people.ts'
import type { VectorFile } from './vector-file.ts'

export interface RecordVector {
  readonly name: string
  readonly rule: string
  /** The record on the wire. */
  readonly hex: string
  /** As `palabre verify` prints it. */
  readonly expect: { readonly verdict: string; readonly id?: string; readonly reason?: string }
}

const { inception, laptop } = people
/** 2026-01-02T03:04:05.678Z */
const TS = 1_767_323_045_678
const prev = sha256(Uint8Array.of(1))
const deleteId = sha256(Uint8Array.of(2))
const post = encodeCbor(BODIES.post)

/** A header of version 1 as its nine elements; `change` replaces some by their place. */
function header(body: Uint8Array, change: Record<number, CborValue> = {}, kind: number = KIND.post): CborValue[] {
  const plain = [1, kind, inception.publicKey, laptop.publicKey, 2, prev, TS, body.length, sha256(body)]
  return plain.map((element, i) => change[i] ?? (i in change ? null : element))
}

const sign = (headerBytes: Uint8Array, network?: string) =>
  signBytes(laptop.secretKey, signingInput('record', headerBytes, network))

/** Wire bytes around any header, signed as it is. */
function wire(headerValue: CborValue, body: CborValue, more: CborValue[] = []): Uint8Array {
  const headerBytes = encodeCbor(headerValue)
  return encodeCbor([headerBytes, sign(headerBytes), body, ...more])
}

export function recordVectors(): VectorFile<RecordVector> {
  return {
    description:
      'Records on the wire, REC1 to REC18 of docs/protocol/records.md, network "palabre". Bytes and signature only, no identity and no clock. "expect" is what `palabre verify` prints; an id is the CIDv1 dag-cbor of the header\'s sha256.',
    cases: [
      ...kinds(),
      ...absences(),
      ...later(),
      ...brokenWire(),
      ...brokenHeaders(),
      ...brokenBodies(),
      ...brokenSignatures(),
    ],
  }
}

function kinds(): RecordVector[] {
  const first = signRecord({
    kind: KIND.profile,
    author: inception.publicKey,
    device: laptop.publicKey,
    secretKey: laptop.secretKey,
    seq: 1,
    prev: null,
    ts: TS,
    body: encodeCbor(BODIES.profile),
  })
  return [
    accept('the first record of a log', 'REC4', encodeRecord(first)),
    ...Object.entries(BODIES).map(([name, value]) => {
      const body = encodeCbor(value)
      const kind = KIND[name.replace(/ .*/, '') as keyof typeof KIND]
      return accept(`${name.startsWith('edit') ? 'an' : 'a'} ${name}`, 'REC8', wire(header(body, {}, kind), body))
    }),
    ...unreadableBodies().map(([name, reason, kind, body]) =>
      unreadable(
        `${kind}: ${name}`,
        reason === 'body-schema' ? 'REC9' : 'REC6',
        reason,
        wire(header(body, {}, KIND[kind]), body),
      ),
    ),
    accept('the largest seq and ts', 'REC4', wire(header(post, { 4: 2 ** 32 - 1, 6: MAX_TS_MS }), post)),
    accept('the smallest ts', 'REC4', wire(header(post, { 6: 1 }), post)),
    accept('a body of 8,192 bytes', 'REC5', largest(8_192)),
    reject('a body of 8,193 bytes', 'REC5', 'too-large', largest(8_193)),
  ]
}

/** A post with an unknown key that fills it up to `bytes`. */
function largest(bytes: number): Uint8Array {
  const body = encodeCbor({ ...BODIES.post, fill: new Uint8Array(bytes - post.length - 8) })
  return wire(header(body), body)
}

function absences(): RecordVector[] {
  const record = signRecord({
    kind: KIND.post,
    author: inception.publicKey,
    device: laptop.publicKey,
    secretKey: laptop.secretKey,
    seq: 2,
    prev,
    ts: TS,
    body: post,
  })
  const gone = encodeCbor(BODIES.delete)
  return [
    accept('without its body: deleted', 'REC1', encodeRecord(withoutBody(record, { reason: 'deleted', deleteId }))),
    accept('without its body: moderated', 'REC1', encodeRecord(withoutBody(record, { reason: 'moderated' }))),
    accept('without its body: withheld', 'REC1', encodeRecord(withoutBody(record, { reason: 'withheld' }))),
    accept('without its body, no reason said', 'REC1', wire(header(post), null)),
    reject('deleted without the id of the deletion', 'REC1', 'bad-cbor', wire(header(post), null, [[0]])),
    reject('a reason that is not known', 'REC1', 'bad-cbor', wire(header(post), null, [[3]])),
    reject('a body and a reason', 'REC1', 'bad-cbor', wire(header(post), post, [[2]])),
    reject('a deletion without its body', 'REC5', 'body-length', wire(header(gone, {}, KIND.delete), null)),
  ]
}

function later(): RecordVector[] {
  const anything = Uint8Array.of(0xff, 0x00)
  return [
    accept('a kind that is not known', 'REC3', wire(header(anything, {}, 999), anything)),
    accept('the first number that no kind has', 'REC3', wire(header(anything, {}, 14), anything)),
    accept(
      'version 2, an element more, a body that is not looked at',
      'REC3',
      wire([...header(anything, { 0: 2 }), 'new'], anything),
    ),
    reject('version 2 with eight elements', 'REC3', 'bad-header', wire(header(post, { 0: 2 }).slice(0, 8), post)),
    reject(
      'version 2 with a ts out of range',
      'REC3',
      'ts-range',
      wire([...header(post, { 0: 2, 6: 0 }), 'new'], post),
    ),
  ]
}

function brokenWire(): RecordVector[] {
  const good = wire(header(post), post)
  const headerBytes = encodeCbor(header(post))
  const signature = sign(headerBytes)
  const longHeader = encodeCbor([...header(post, { 0: 2 }), new Uint8Array(120)])
  const unsorted = Uint8Array.of(0xa2, 0x61, 0x62, 0x00, 0x61, 0x61, 0x00)
  return [
    accept('a good record', 'REC1', good),
    reject('a byte after the end', 'REC1', 'bad-cbor', concatBytes(good, Uint8Array.of(0))),
    reject('cut short', 'REC1', 'bad-cbor', good.slice(0, -1)),
    reject('no bytes at all', 'REC1', 'bad-cbor', new Uint8Array()),
    reject('8,522 bytes', 'REC1', 'too-large', new Uint8Array(8_522)),
    reject(
      'an array of indefinite length',
      'REC1',
      'bad-cbor',
      concatBytes(Uint8Array.of(0x9f), good.slice(1), Uint8Array.of(0xff)),
    ),
    reject('a body length in a longer form than needed', 'REC1', 'bad-cbor', encodeLongBody(headerBytes, signature)),
    reject('a map instead of an array', 'REC1', 'bad-cbor', encodeCbor({ h: headerBytes, s: signature, b: post })),
    reject('two elements', 'REC1', 'bad-cbor', encodeCbor([headerBytes, signature])),
    reject('five elements', 'REC1', 'bad-cbor', encodeCbor([headerBytes, signature, null, [2], 1])),
    reject('a body as text', 'REC1', 'bad-cbor', encodeCbor([headerBytes, signature, 'body'])),
    reject('a header as an array, not bytes', 'REC1', 'bad-cbor', encodeCbor([[1], signature, post])),
    reject('a header of more than 256 bytes', 'REC2', 'too-large', encodeCbor([longHeader, sign(longHeader), post])),
    reject('a header that is not canonical', 'REC2', 'bad-cbor', encodeCbor([unsorted, sign(unsorted), post])),
  ]
}

function encodeLongBody(headerBytes: Uint8Array, signature: Uint8Array): Uint8Array {
  const start = encodeCbor([headerBytes, signature, new Uint8Array()]).slice(0, -1)
  const length = Uint8Array.of(0x5a, 0, 0, post.length >> 8, post.length & 0xff)
  return concatBytes(start, length, post)
}

function brokenHeaders(): RecordVector[] {
  const bad = (name: string, rule: string, reason: string, change: Record<number, CborValue>) =>
    reject(name, rule, reason, wire(header(post, change), post))
  const key31 = laptop.publicKey.slice(1)
  return [
    reject('a header that is a map', 'REC2', 'bad-header', wire({ v: 1 }, post)),
    reject('eight elements', 'REC2', 'bad-header', wire(header(post).slice(0, 8), post)),
    reject('version 1 with ten elements', 'REC2', 'bad-header', wire([...header(post), 0], post)),
    bad('version 0', 'REC2', 'bad-header', { 0: 0 }),
    bad('version as text', 'REC2', 'bad-header', { 0: '1' }),
    bad('kind 0', 'REC2', 'bad-header', { 1: 0 }),
    bad('kind 65,536', 'REC2', 'bad-header', { 1: 65_536 }),
    bad('an author of 31 bytes', 'REC2', 'bad-header', { 2: key31 }),
    bad('a device of 31 bytes', 'REC2', 'bad-header', { 3: key31 }),
    bad('seq as text', 'REC2', 'bad-header', { 4: '2' }),
    bad('prev of 31 bytes', 'REC2', 'bad-header', { 5: key31 }),
    bad('ts as text', 'REC2', 'bad-header', { 6: '1' }),
    bad('a body length as text', 'REC2', 'bad-header', { 7: '1' }),
    bad('a body hash of 31 bytes', 'REC2', 'bad-header', { 8: key31 }),
    bad('ts 0', 'REC4', 'ts-range', { 6: 0 }),
    bad('ts in the year 10000', 'REC4', 'ts-range', { 6: MAX_TS_MS + 1 }),
    bad('seq 0', 'REC4', 'seq-prev', { 4: 0, 5: null }),
    bad('seq 2^32', 'REC4', 'seq-prev', { 4: 2 ** 32 }),
    bad('seq 1 with a prev', 'REC4', 'seq-prev', { 4: 1 }),
    bad('seq 2 without a prev', 'REC4', 'seq-prev', { 5: null }),
    bad('ts out of range and seq 0: ts first', 'REC7', 'ts-range', { 4: 0, 6: 0 }),
    bad('seq 0 and a wrong body length: seq first', 'REC7', 'seq-prev', { 4: 0, 7: 1 }),
  ]
}

function brokenBodies(): RecordVector[] {
  const other = encodeCbor({ ...BODIES.post, text: 'Bonsoir la plage.' })
  const absent = header(post, { 7: 8_193 })
  return [
    reject(
      'a body that is a byte longer than stated',
      'REC5',
      'body-length',
      wire(header(post, { 7: post.length - 1 }), post),
    ),
    reject(
      'a body that is a byte shorter than stated',
      'REC5',
      'body-length',
      wire(header(post, { 7: post.length + 1 }), post),
    ),
    reject('no body, and a stated length of 8,193', 'REC5', 'body-length', wire(absent, null)),
    reject('another body of the same length', 'REC5', 'body-hash', wire(header(post), other)),
    reject('a flipped bit in the body', 'REC5', 'body-hash', wire(header(post), flip(post, 40))),
  ]
}

function brokenSignatures(): RecordVector[] {
  const headerBytes = encodeCbor(header(post))
  const signature = sign(headerBytes)
  const withSignature = (bytes: Uint8Array) => encodeCbor([headerBytes, bytes, post])
  const small = torsionPoint(1).toBytes()
  const smallHeader = encodeCbor(header(post, { 3: small }))
  const message = signingInput('record', smallHeader)
  const forged = craftSignature({ secret: 0n, publicKey: small, nonce: scalarOf('nonce'), message })
  return [
    reject('a flipped bit in the signature', 'SIG4', 'bad-signature', withSignature(flip(signature, 100))),
    reject('a signature of zeros', 'SIG4', 'bad-signature', withSignature(new Uint8Array(64))),
    reject('a signature of 63 bytes', 'REC7', 'bad-signature', withSignature(signature.slice(1))),
    reject(
      'a signature over the header without its domain',
      'SIG5',
      'bad-signature',
      withSignature(signBytes(laptop.secretKey, headerBytes)),
    ),
    reject('a signature for another network', 'SIG5', 'bad-signature', withSignature(sign(headerBytes, 'elsewhere'))),
    reject(
      'a signature for another purpose',
      'SIG5',
      'bad-signature',
      withSignature(signBytes(laptop.secretKey, signingInput('beat', headerBytes))),
    ),
    reject(
      'a signature by the author key instead of the device',
      'REC2',
      'bad-signature',
      withSignature(signBytes(inception.secretKey, signingInput('record', headerBytes))),
    ),
    reject(
      'a device key of small order, for which anybody signs',
      'SIG1',
      'bad-key',
      encodeCbor([smallHeader, forged, post]),
    ),
    reject(
      'without its body and with a wrong signature',
      'REC7',
      'bad-signature',
      encodeCbor([headerBytes, new Uint8Array(64), null]),
    ),
  ]
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}

function idOf(bytes: Uint8Array): string {
  return formatRecordId(sha256((decodeCbor(bytes) as Uint8Array[])[0] as Uint8Array))
}

function accept(name: string, rule: string, bytes: Uint8Array): RecordVector {
  return { name, rule, hex: toHex(bytes), expect: { verdict: 'accept', id: idOf(bytes) } }
}

function unreadable(name: string, rule: string, reason: string, bytes: Uint8Array): RecordVector {
  return { name, rule, hex: toHex(bytes), expect: { verdict: 'unreadable', id: idOf(bytes), reason } }
}

function reject(name: string, rule: string, reason: string, bytes: Uint8Array): RecordVector {
  return { name, rule, hex: toHex(bytes), expect: { verdict: 'reject', reason } }
}
