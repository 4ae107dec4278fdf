import { describe, expect, it } from 'vitest'
import { AskedRecords, countNeeded } from '../../../core/node/asked-records.ts'
import type { SeqRange } from '../../../core/store/log-reader.ts'
import type { NeedEntry } from '../../../core/sync/frames.ts'
import { fakeKey } from '../../harness/memory-square.ts'

const need = (who: string, ...ranges: SeqRange[]): NeedEntry => ({
  author: fakeKey(who),
  needsChain: true,
  logs: ranges.length === 0 ? [] : [{ device: fakeKey(`${who}'s device`), ranges }],
})

describe('AskedRecords', () => {
  it('counts what several are asked for once', () => {
    const asked = new AskedRecords()
    asked.add([need('ana', [1, 100]), need('bea', [1, 10], [21, 30]), need('chain only')])
    expect(asked.count).toBe(120)
    asked.add([need('ana', [51, 150])])
    expect(asked.count).toBe(170)
    asked.add([need('ana', [1, 150]), need('bea', [11, 20])])
    expect(asked.count).toBe(180)
  })

  it('remembers a bounded number of ranges, and counts on beyond', () => {
    const asked = new AskedRecords({ maxRanges: 2 })
    asked.add([need('ana', [1, 10], [21, 30]), need('bea', [1, 10])])
    expect(asked.count).toBe(30)
    // Ana is remembered, Bea isn't.
    asked.add([need('ana', [1, 10]), need('bea', [1, 10])])
    expect(asked.count).toBe(40)
    // What lies between makes one range of two.
    asked.add([need('ana', [11, 20]), need('cleo', [1, 5])])
    asked.add([need('cleo', [1, 5])])
    expect(asked.count).toBe(55)
  })
})

it('countNeeded counts what entries ask for', () => {
  expect(countNeeded([need('ana', [1, 100]), need('bea', [3, 3], [7, 8]), need('cleo')])).toBe(103)
})
