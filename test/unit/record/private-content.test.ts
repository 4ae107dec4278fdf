import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { newPrivateKey, openPrivateBytes, privateKeyId, sealPrivateBytes } from '../../../core/identity/private-seal.ts'
import { decodeBody, encodePrivate, KIND } from '../../../core/record/kinds/kind-table.ts'
import {
  decodePrivateContent,
  encodePrivateContent,
  MAX_PRIVATE_CONTENT_BYTES,
  type PrivateContent,
} from '../../../core/record/kinds/private-content.ts'
import { PRIVATE_BOX_BYTES } from '../../../core/record/limits.ts'
import { BadRequestError } from '../../../core/util/errors.ts'
import { mutateBytes } from '../../harness/cbor-mutator.ts'
import { fuzzCases, fuzzSeed, SeededChoice, seededRandom } from '../../harness/seeded-random.ts'

const random = seededRandom('private content')
const MUTE: PrivateContent = { edge: 'mute', subject: random(40), value: true }

/** A draft of `length` letters. */
const draft = (length: number): PrivateContent => ({ edge: 'draft', subject: random(16), value: 'd'.repeat(length) })

describe('encodePrivateContent', () => {
  it('is read again as it was written, what a version does not know too (REC20)', () => {
    const link = CID.parse('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
    for (const content of [
      MUTE,
      { ...MUTE, value: null },
      { ...MUTE, subject: new Uint8Array() },
      { ...MUTE, value: { text: 'Bonsoir', media: [{ cid: link }], sizes: [1, 2] } },
      { ...MUTE, extras: { since: 5 } },
    ]) {
      expect(decodePrivateContent(encodePrivateContent(content))).toEqual(content)
    }
  })

  it('has four lengths and no other, the smallest that holds the content (REC20)', () => {
    const lengths = new Set<number>()
    for (let length = 0; length < 7_500; length += 97) {
      const padded = encodePrivateContent(draft(length))
      const content = encodeCbor({ ...draft(length) }).length
      lengths.add(padded.length)
      for (const smaller of lengths) if (smaller < padded.length) expect(content + 2).toBeGreaterThan(smaller)
    }
    expect([...lengths]).toEqual([216, 984, 4_056, 7_640])
  })

  it('becomes a body of 8,192 bytes at most, with all its padding (REC18)', () => {
    const [key, address, salt] = [newPrivateKey(random), random(32), random(8)]
    for (const [i, bytes] of PRIVATE_BOX_BYTES.entries()) {
      const content = draft([0, 900, 4_000, 7_500][i] as number)
      const box = sealPrivateBytes({ key, address, plaintext: encodePrivateContent(content), random })
      expect(box).toHaveLength(bytes)
      const body = encodePrivate({ salt, key: privateKeyId(key), box })
      expect(body.length).toBeLessThanOrEqual(8_192)
      const read = decodeBody(KIND.private, body)
      const opened = read.ok && read.kind === 'private' ? read.body.box : new Uint8Array()
      const plaintext = openPrivateBytes({ key, address, box: opened }) ?? new Uint8Array()
      expect(decodePrivateContent(plaintext)?.value).toEqual(content.value)
    }
  })

  it('says what is wrong with a content before it is sealed (REC20)', () => {
    const encode = (change: Partial<PrivateContent>) => () => encodePrivateContent({ ...MUTE, ...change })
    expect(encode({ edge: '' })).toThrow('private content edge is 0 bytes, at least 1 expected')
    expect(encode({ edge: 'é'.repeat(17) })).toThrow('private content edge is 34 bytes, limit 32')
    expect(encode({ subject: random(65) })).toThrow('private content subject is 65 bytes, expected 0 … 64')
    expect(encode({ value: [[[[[[1]]]]]] })).toThrow('too-deep')
    expect(encode({ value: new Array(253).fill(0) })).toThrow('too-many-items')
    for (const change of [{ edge: '' }, { value: [[[[[[1]]]]]] }]) expect(encode(change)).toThrow(BadRequestError)
  })

  it('refuses what no box holds, and takes a byte less (REC20)', () => {
    const overhead = encodeCbor({ ...draft(7_000) }).length - 7_000
    const most = MAX_PRIVATE_CONTENT_BYTES - overhead
    expect(encodePrivateContent(draft(most))).toHaveLength(7_640)
    expect(() => encodePrivateContent(draft(most + 1))).toThrow('private content is 7,639 bytes, limit 7,638')
  })

  it('lets no extra key stand for one that it knows', () => {
    const padded = encodePrivateContent({ ...MUTE, extras: { edge: 'draft', value: 1 } })
    expect(decodePrivateContent(padded)).toEqual(MUTE)
  })
})

describe('decodePrivateContent', () => {
  it('never throws, and reads of mutants only what can be written again (REC20)', () => {
    const choice = new SeededChoice(fuzzSeed('private content'))
    const seeds = [MUTE, { ...MUTE, value: { a: [1, 'é'], b: null } }, draft(300)].map(encodePrivateContent)
    let read = 0
    for (let i = fuzzCases(3_000); i > 0; i--) {
      const seed = choice.pick(seeds)
      const length = choice.below(4) === 0 ? seed.length : 2 + ((seed[0] as number) << 8) + (seed[1] as number)
      const bytes = mutateBytes(seed.subarray(0, length), choice)
      const padded = new Uint8Array(seed.length)
      padded.set(bytes.subarray(0, seed.length))
      const content = decodePrivateContent(choice.below(10) === 0 ? bytes : padded)
      if (content === undefined) continue
      read++
      expect(decodePrivateContent(encodePrivateContent(content))).toEqual(content)
    }
    expect(read).toBeGreaterThan(50)
  })

  it('reads a view of a larger buffer, and keeps none of it', () => {
    const padded = encodePrivateContent(MUTE)
    const larger = new Uint8Array(padded.length + 20)
    larger.set(padded, 10)
    const content = decodePrivateContent(larger.subarray(10, 10 + padded.length))
    larger.fill(0)
    expect(content).toEqual(MUTE)
  })
})
