import { base36 } from 'multiformats/bases/base36'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { DAG_CBOR_CODEC, formatRecordId, parseCid, parseRecordId, RAW_CODEC } from '../../../core/codec/cid.ts'
import { SeededChoice } from '../../harness/seeded-random.ts'

const ID = Uint8Array.from({ length: 32 }, (_, i) => i)
const TEXT = formatRecordId(ID)

describe('formatRecordId and parseRecordId', () => {
  it('are each other’s inverse (REC6)', () => {
    expect(TEXT).toMatch(/^bafyrei[a-z2-7]{52}$/)
    expect(parseRecordId(TEXT)).toEqual(ID)
  })

  it('write what the CID of the hash is, whatever the bytes (REC6)', () => {
    const choice = new SeededChoice(6)
    const edges = [0, 1, 0x7f, 0x80, 0xff].map((byte) => new Uint8Array(32).fill(byte))
    for (const id of [...edges, ...Array.from({ length: 300 }, () => choice.bytes(32))]) {
      expect(formatRecordId(id)).toBe(CID.createV1(DAG_CBOR_CODEC, Digest.create(0x12, id)).toString())
    }
  })

  it('take no other spelling', () => {
    const cid = CID.createV1(DAG_CBOR_CODEC, Digest.create(0x12, ID))
    const raw = CID.createV1(RAW_CODEC, Digest.create(0x12, ID))
    const blake = CID.createV1(DAG_CBOR_CODEC, Digest.create(0x1e, ID))
    const others = [cid.toString(base36.encoder), TEXT.toUpperCase(), `${TEXT} `, TEXT.slice(1), '', 'b'.repeat(59)]
    for (const text of [
      ...others,
      raw.toString(),
      blake.toString(),
      'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n',
    ]) {
      expect(parseRecordId(text), text).toBeUndefined()
    }
    expect(parseCid(raw.toString())?.code).toBe(RAW_CODEC)
  })

  it('refuse an id of another length', () => {
    expect(() => formatRecordId(new Uint8Array(31))).toThrow(RangeError)
  })
})
