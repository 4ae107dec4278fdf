import { type CborValue, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { signingInput } from '../../core/identity/domains.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { signBytes } from '../../core/identity/keys.ts'
import { MAX_TS_MS } from '../../core/record/limits.ts'
import { concatBytes, toHex } from '../../core/util/bytes.ts'
import { craftSignature, scalarOf, torsionPoint } from '../../test/harness/crafted-signatures.ts'
import { people } from './people.ts'
import type { VectorFile } from './vector-file.ts'

export interface BeatVector {
  readonly name: string
  readonly rule: string
  /** The beat on the wire, by itself. */
  readonly hex: string
  readonly expect:
    | {
        readonly verdict: 'accept'
        readonly author: string
        readonly device: string
        readonly seq: number
        readonly head: string
        readonly ts: number
      }
    | { readonly verdict: 'reject'; readonly reason: string }
}

const { inception, laptop, stranger } = people
/** 2026-01-02T03:04:05.678Z */
const TS = 1_767_323_045_678
const HEAD = sha256(Uint8Array.of(1))

/** The five elements that are signed; `change` replaces some by their place. */
function word(change: Record<number, CborValue> = {}): CborValue[] {
  const plain: CborValue[] = [inception.publicKey, laptop.publicKey, 2, HEAD, TS]
  return plain.map((element, i) => change[i] ?? (i in change ? null : element))
}

const sign = (said: CborValue, purpose: 'beat' | 'record' = 'beat', network?: string) =>
  signBytes(laptop.secretKey, signingInput(purpose, encodeCbor(said), network))

const wire = (said: CborValue[], signature = sign(said)) => encodeCbor([...said, signature])

export function beatVectors(): VectorFile<BeatVector> {
  return {
    description:
      'Beats on the wire, BEA1 and BEA2 of docs/protocol/beats.md, network "palabre". Bytes and signature only, no identity and no clock.',
    cases: [...taken(), ...brokenShapes(), ...brokenSignatures()],
  }
}

function taken(): BeatVector[] {
  return [
    accept('a beat', 'BEA1', 2, TS),
    accept('the first number', 'BEA1', 1, TS),
    accept('the largest number and time: 183 bytes', 'BEA1', 2 ** 32 - 1, MAX_TS_MS),
    accept('the smallest time', 'BEA1', 2, 1),
  ]
}

function brokenShapes(): BeatVector[] {
  const good = wire(word())
  const bad = (name: string, reason: string, change: Record<number, CborValue>) =>
    reject(name, 'BEA2', reason, wire(word(change)))
  const key31 = laptop.publicKey.slice(1)
  return [
    reject('no bytes at all', 'BEA2', 'bad-cbor', new Uint8Array()),
    reject('193 bytes', 'BEA2', 'too-large', new Uint8Array(193)),
    reject('cut short', 'BEA2', 'bad-cbor', good.slice(0, -1)),
    reject('a byte after the end', 'BEA2', 'bad-cbor', concatBytes(good, Uint8Array.of(0))),
    reject('an array of indefinite length', 'BEA2', 'bad-cbor', concatBytes(Uint8Array.of(0x9f), good.slice(1))),
    reject('a map', 'BEA2', 'bad-beat', encodeCbor({ seq: 2 })),
    reject('five elements', 'BEA2', 'bad-beat', encodeCbor(word())),
    reject('seven elements', 'BEA2', 'bad-beat', encodeCbor([...word(), sign(word()), 1])),
    bad('an author of 31 bytes', 'bad-beat', { 0: key31 }),
    bad('a device of 31 bytes', 'bad-beat', { 1: key31 }),
    bad('seq as text', 'bad-beat', { 2: '2' }),
    bad('no head', 'bad-beat', { 3: null }),
    bad('a head of 31 bytes', 'bad-beat', { 3: key31 }),
    bad('ts as text', 'bad-beat', { 4: '1' }),
    bad('number 0: a log of which nothing was signed', 'seq-range', { 2: 0 }),
    bad('number 2^32', 'seq-range', { 2: 2 ** 32 }),
    bad('time 0', 'ts-range', { 4: 0 }),
    bad('a time after the year 9999', 'ts-range', { 4: MAX_TS_MS + 1 }),
    bad('number 0 and time 0: the number is judged first', 'seq-range', { 2: 0, 4: 0 }),
  ]
}

function brokenSignatures(): BeatVector[] {
  const said = word()
  const signature = sign(said)
  const small = torsionPoint(1).toBytes()
  const smallWord = word({ 1: small })
  const message = signingInput('beat', encodeCbor(smallWord))
  const forged = craftSignature({ secret: 0n, publicKey: small, nonce: scalarOf('nonce'), message })
  const bad = (name: string, rule: string, other: Uint8Array) => reject(name, rule, 'bad-signature', wire(said, other))
  return [
    bad('a signature of 63 bytes', 'BEA2', signature.slice(1)),
    bad('a signature of zeros', 'SIG4', new Uint8Array(64)),
    bad('a signature of another author’s beat', 'BEA1', sign(word({ 0: stranger.publicKey }))),
    bad('a signature over another number', 'BEA1', sign(word({ 2: 3 }))),
    bad('a signature over another head', 'BEA1', sign(word({ 3: sha256(Uint8Array.of(2)) }))),
    bad('a signature for another purpose', 'SIG5', sign(said, 'record')),
    bad('a signature for another network', 'SIG5', sign(said, 'beat', 'elsewhere')),
    bad(
      'a signature by the author key instead of the device',
      'BEA1',
      signBytes(inception.secretKey, signingInput('beat', encodeCbor(said))),
    ),
    reject('a device key of small order, for which anybody signs', 'SIG1', 'bad-key', wire(smallWord, forged)),
  ]
}

function accept(name: string, rule: string, seq: number, ts: number): BeatVector {
  const said = { author: toHex(inception.publicKey), device: toHex(laptop.publicKey), seq, head: toHex(HEAD), ts }
  return { name, rule, hex: toHex(wire(word({ 2: seq, 4: ts }))), expect: { verdict: 'accept', ...said } }
}

function reject(name: string, rule: string, reason: string, bytes: Uint8Array): BeatVector {
  return { name, rule, hex: toHex(bytes), expect: { verdict: 'reject', reason } }
}
