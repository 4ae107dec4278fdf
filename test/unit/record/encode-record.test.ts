import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { encodeRecord } from '../../../core/record/encode-record.ts'

describe('encodeRecord', () => {
  it('gives the canonical bytes for every length of a body (REC1, CBR2)', () => {
    const headerBytes = new Uint8Array(180).fill(1)
    const signature = new Uint8Array(64).fill(2)
    for (const length of [0, 1, 23, 24, 25, 255, 256, 257, 65_535, 65_536, 70_000]) {
      const body = Uint8Array.from({ length }, (_, i) => i)
      const bytes = encodeRecord({ headerBytes, signature, body, absence: null })
      expect(Buffer.compare(bytes, encodeCbor([headerBytes, signature, body]))).toBe(0)
    }
  })
})
