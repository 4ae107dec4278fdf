import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../core/identity/hash.ts'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import { checkRecord } from '../../../core/record/check-record.ts'
import { decodeRecord } from '../../../core/record/decode-record.ts'
import { encodeHeader, encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { MAX_RECORD_BYTES } from '../../../core/record/limits.ts'
import { type RecordDraft, signRecord } from '../../../core/record/sign-record.ts'
import { VERIFIERS } from '../../harness/verifiers.ts'

const device = generateKeyPair()
const author = generateKeyPair().publicKey
const body = encodePost({ salt: new Uint8Array(8), text: 'Bonsoir' })
const DRAFT: RecordDraft = {
  kind: KIND.post,
  author,
  device: device.publicKey,
  secretKey: device.secretKey,
  seq: 1,
  prev: null,
  ts: 1_767_323_045_678,
  body,
}
const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]

describe('signRecord', () => {
  it('makes a record that every peer accepts, byte for byte what it returned', () => {
    const record = signRecord(DRAFT)
    const checked = checkRecord(encodeRecord(record), verifier)
    expect(checked.verdict).toEqual({ verdict: 'accept' })
    expect(checked.record).toEqual(record)
    expect(checked.body).toEqual({ kind: 'post', body: { salt: new Uint8Array(8), text: 'Bonsoir' } })
    expect(encodeHeader(record.header)).toEqual(record.headerBytes)
    expect(record.id).toEqual(sha256(record.headerBytes))
  })

  it('is worth nothing on another network (SIG5)', () => {
    const wire = encodeRecord(signRecord({ ...DRAFT, network: 'palabre-test' }))
    expect(checkRecord(wire, verifier).verdict).toEqual({ verdict: 'reject', reason: 'bad-signature' })
    expect(checkRecord(wire, verifier, 'palabre-test').verdict).toEqual({ verdict: 'accept' })
  })

  it('keeps a post of 280 characters near 520 bytes', () => {
    const text = 'Le marché du samedi, et les lanternes. '.repeat(8).slice(0, 280)
    const long = encodePost({ salt: new Uint8Array(8), text, lang: 'fr' })
    const wire = encodeRecord(signRecord({ ...DRAFT, seq: 7, prev: sha256(body), body: long }))
    expect(wire.length).toBeLessThan(560)
  })

  it.each<[string, Partial<RecordDraft>]>([
    ['kind 0', { kind: 0 }],
    ['kind 65,536', { kind: 65_536 }],
    ['seq 0', { seq: 0 }],
    ['seq 2^32', { seq: 2 ** 32, prev: author }],
    ['seq 2 without prev', { seq: 2 }],
    ['seq 1 with prev', { prev: author }],
    ['ts 0', { ts: 0 }],
    ['ts in the year 10000', { ts: 253_402_300_800_000 }],
    ['ts with a fraction', { ts: 1.5 }],
    ['a body of 8,193 bytes', { body: new Uint8Array(8_193) }],
    ['an author of 31 bytes', { author: author.slice(1) }],
  ])('refuses %s', (_, change) => {
    expect(() => signRecord({ ...DRAFT, ...change })).toThrow(RangeError)
  })
})

describe('decodeRecord', () => {
  it('takes what encodeRecord makes, without its body too (REC1)', () => {
    const record = signRecord(DRAFT)
    for (const one of [
      record,
      withoutBody(record, { reason: 'deleted', deleteId: author }),
      withoutBody(record, { reason: 'moderated' }),
      withoutBody(record, { reason: 'withheld' }),
    ]) {
      expect(decodeRecord(encodeRecord(one))).toEqual({ ok: true, record: one })
    }
  })

  it('takes a Buffer, and shares no memory with it', () => {
    const wire = Buffer.from(encodeRecord(signRecord(DRAFT)))
    const decoded = decodeRecord(wire)
    wire.fill(0)
    expect(decoded).toEqual({ ok: true, record: signRecord(DRAFT) })
  })

  it('refuses by size before anything else (REC7)', () => {
    expect(decodeRecord(new Uint8Array(MAX_RECORD_BYTES + 1))).toEqual({ ok: false, reason: 'too-large' })
    expect(decodeRecord(new Uint8Array(MAX_RECORD_BYTES))).toEqual({ ok: false, reason: 'bad-cbor' })
  })
})
