import { describe, expect, it } from 'vitest'
import type { IngestedEvent, IngestResult } from '../../../core/ingest/door.ts'
import { packEvent, packResult, unpackEvent, unpackResult } from '../../../core/node/square-packing.ts'

const key = (n: number) => new Uint8Array(32).fill(n)
/** As it comes out on the other side. */
const cross = <T>(value: T): T => structuredClone(value)

const EVENT: IngestedEvent = {
  source: { kind: 'sync', peer: 'peer' },
  records: [
    {
      id: key(1),
      author: key(2),
      device: key(3),
      seq: 2 ** 32 - 1,
      kind: 1,
      touches: [key(1)],
      isHome: true,
      isOwn: false,
      media: [],
    },
    {
      id: key(4),
      author: key(2),
      device: key(3),
      seq: 7,
      isForked: true,
      kind: 65_535,
      touches: [],
      isHome: false,
      isOwn: true,
      media: ['a', 'b'],
    },
    {
      id: key(5),
      author: key(6),
      device: key(7),
      seq: 1,
      kind: 3,
      touches: [key(8), key(1)],
      isHome: true,
      isOwn: true,
      media: [],
    },
  ],
  reshown: [key(9), key(1)],
  identities: [key(2)],
  gaps: [
    { author: key(2), device: key(3) },
    { author: key(6), device: key(7) },
  ],
  beats: [{ author: key(2), device: key(9) }],
}

const NOTHING = { isNew: false, isKept: false, mayForward: false }
const RESULT: IngestResult = {
  operations: [
    { verdict: { verdict: 'accept' }, id: null, author: key(2), isNew: true, isKept: true, mayForward: true },
  ],
  records: [
    { verdict: { verdict: 'accept' }, id: key(1), author: key(2), isNew: true, isKept: true, mayForward: false },
    { verdict: { verdict: 'reject', reason: 'bad-cbor' }, id: null, author: null, ...NOTHING },
    { verdict: { verdict: 'hold', reason: 'seq-ahead' }, id: key(4), author: key(2), ...NOTHING },
    { verdict: { verdict: 'drop', reason: 'quota' }, id: key(5), author: key(6), ...NOTHING, mayForward: true },
  ],
}

describe('what crosses from the thread', () => {
  it('is the event that went in', () => {
    expect(unpackEvent(cross(packEvent(EVENT)))).toEqual(EVENT)
    const empty = { source: { kind: 'import' }, records: [], reshown: [], identities: [], gaps: [], beats: [] } as const
    expect(unpackEvent(cross(packEvent(empty)))).toEqual(empty)
  })

  it('is the result that went in', () => {
    expect(unpackResult(cross(packResult(RESULT)))).toEqual(RESULT)
    expect(unpackResult(cross(packResult({ operations: [], records: [] })))).toEqual({ operations: [], records: [] })
  })

  it('holds each key once, and what is kept of it keeps no more', () => {
    const { lengths } = packEvent(EVENT).keys
    expect(lengths).toHaveLength(9)
    const [record] = unpackEvent(packEvent(EVENT)).records
    expect(record?.id.buffer.byteLength).toBe(32)
  })
})
