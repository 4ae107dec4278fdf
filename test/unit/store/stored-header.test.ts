import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../core/identity/hash.ts'
import { encodeHeader } from '../../../core/record/encode-record.ts'
import type { RecordHeader, SignedRecord } from '../../../core/record/envelope.ts'
import { MAX_KIND, MAX_SEQ, MAX_TS_MS, MIN_TS_MS } from '../../../core/record/limits.ts'
import {
  headerLength,
  isWholeHeader,
  prevOfStored,
  storeHeader,
  wholeHeader,
} from '../../../core/store/stored-header.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const record = fc
  .record({
    version: fc.constant(1),
    kind: fc.integer({ min: 1, max: MAX_KIND }),
    author: hash,
    device: hash,
    seq: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: MAX_SEQ })),
    prev: hash,
    ts: fc.integer({ min: MIN_TS_MS, max: MAX_TS_MS }),
    body: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ body, ...rest }) => {
    const prev = rest.seq === 1 ? null : rest.prev
    const header: RecordHeader = { ...rest, prev, bodyLength: body.length, bodyHash: sha256(body) }
    return toRecord(header, body)
  })

function toRecord(header: RecordHeader, body: Uint8Array): SignedRecord & { body: Uint8Array } {
  const headerBytes = encodeHeader(header)
  return { id: sha256(headerBytes), header, headerBytes, signature: new Uint8Array(64), body, absence: null }
}

const columnsOf = ({ kind, author, device, seq, ts }: RecordHeader) => ({ kind, author, device, seq, tsMs: ts })

describe('a stored header', () => {
  it('comes back as it was signed, from the row and the body (REC2)', () => {
    fc.assert(
      fc.property(record, (one) => {
        const stored = storeHeader(one, one.body)
        expect(stored.length).toBeLessThanOrEqual(32)
        expect(prevOfStored(stored)).toEqual(one.header.prev)
        const whole = wholeHeader(stored, columnsOf(one.header), one.body)
        expect(whole).toEqual(one.headerBytes)
        expect(Math.abs(headerLength(stored) - one.headerBytes.length)).toBeLessThan(48)
      }),
    )
  })

  it('is whole where the body is not there, and of a later version (REC3)', () => {
    const [one] = fc.sample(record, { numRuns: 1, seed: 1 }) as [SignedRecord & { body: Uint8Array }]
    const later = toRecord({ ...one.header, version: 2 }, one.body)
    for (const [whole, body] of [
      [one, null],
      [later, later.body],
    ] as const) {
      const stored = storeHeader(whole, body)
      expect(stored).toEqual(whole.headerBytes)
      expect(isWholeHeader(stored)).toBe(true)
      expect(prevOfStored(stored)).toEqual(whole.header.prev)
      expect(wholeHeader(stored, columnsOf(whole.header), body)).toEqual(whole.headerBytes)
    }
  })

  it('is another one where a column or the body is, and none without a body or where a column makes no sense', () => {
    const [one] = fc.sample(record, { numRuns: 1, seed: 2 }) as [SignedRecord & { body: Uint8Array }]
    const stored = storeHeader(one, one.body)
    const columns = columnsOf(one.header)
    expect(wholeHeader(stored, { ...columns, tsMs: columns.tsMs + 1 }, one.body)).not.toEqual(one.headerBytes)
    expect(wholeHeader(stored, columns, new Uint8Array(5))).not.toEqual(one.headerBytes)
    expect(wholeHeader(stored, columns, null)).toBeNull()
    for (const wrong of [{ seq: -1 }, { kind: Number.NaN }, { tsMs: 0.5 }, { author: new Uint8Array(3) }]) {
      expect(wholeHeader(stored, { ...columns, ...wrong }, one.body)).toBeNull()
    }
  })
})
