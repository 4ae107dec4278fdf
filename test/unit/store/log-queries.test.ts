import { describe, expect, it } from 'vitest'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

describe('readLog', () => {
  it('cuts between seqs, never between records of one, so that reading on misses none (LOG3, SYN8)', () => {
    const ben = new TestAuthor('Ben')
    const test = new TestSquare({ pins: [ben.address] })
    for (const text of ['one', 'two', 'three']) ben.post(text)
    const second = ben.records[1] as MadeRecord
    const body = encodePost({ salt: ben.salt(), text: 'two, said otherwise' })
    const twin = ben.signAt(KIND.post, body, { seq: 2, prev: second.header.prev, ts: second.header.ts })
    test.ingest({ operations: [ben.genesis], records: [...ben.records, twin] })
    const device = ben.device.publicKey
    for (let maxBytes = 1; maxBytes < 2_000; maxBytes += 50) {
      const seqs: number[] = []
      for (let to = 3; to > 0; to = (seqs.at(-1) as number) - 1) {
        seqs.push(...test.square.readLog(ben.address, device, [1, to], maxBytes).map(({ seq }) => seq))
      }
      expect(seqs).toEqual([3, 2, 2, 1])
    }
  })
})
