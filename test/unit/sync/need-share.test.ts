import { describe, expect, it } from 'vitest'
import type { NeedEntry } from '../../../core/sync/frames.ts'
import { NeedShare } from '../../../core/sync/need-share.ts'
import { countRanges } from '../../../core/sync/ranges.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

function lacks(name: string, count: number, needsChain = false): NeedEntry {
  const logs = count === 0 ? [] : [{ device: fakeKey(`${name} phone`), ranges: [[1, count]] as const }]
  return { author: fakeKey(name), needsChain, logs }
}

function counts(entries: readonly NeedEntry[]): number[] {
  return entries.map(({ logs }) => logs.reduce((sum, { ranges }) => sum + countRanges(ranges), 0))
}

function shareOf(maxRecords: number, ...parts: readonly NeedEntry[][]) {
  const share = new NeedShare({ maxRecords })
  for (const part of parts) share.add(part)
  return share.take()
}

describe('what is asked for of more than a session takes', () => {
  it('is everything where it fits (SYN7)', () => {
    const { entries, records, isCut } = shareOf(30, [lacks('ana', 10), lacks('bea', 20, true)])
    expect({ counts: counts(entries), records, isCut }).toEqual({ counts: [10, 20], records: 30, isCut: false })
  })

  it('is as much of one log as of any other, the newest (SYN7, SYN11)', () => {
    const { entries, records, isCut } = shareOf(50, [lacks('ana', 1_000), lacks('bea', 5)], [lacks('cem', 1_000)])
    expect({ counts: counts(entries), records, isCut }).toEqual({ counts: [23, 5, 22], records: 50, isCut: true })
    expect(entries[0]?.logs[0]?.ranges).toEqual([[978, 1_000]])
  })

  it('leaves chains in, and out who gets nothing', () => {
    const { entries } = shareOf(1, [lacks('ana', 9), lacks('bea', 9), lacks('cem', 9, true), lacks('dov', 0, true)])
    expect(counts(entries)).toEqual([1, 0, 0])
    expect(entries.map(({ needsChain }) => needsChain)).toEqual([false, true, true])
  })

  it('is not decided by one who claims more than there can be', () => {
    const { entries } = shareOf(100, [lacks('liar', 4_294_967_295), lacks('ana', 60)])
    expect(counts(entries)).toEqual([50, 50])
  })

  it('is the same in however many parts it is told, within the budget, and fair (SYN11)', () => {
    const random = seededRandom('shares')
    for (let round = 0; round < 200; round++) {
      const [many = 0, budget = 0, ...bytes] = random(60)
      const all = bytes.slice(0, 1 + (many % 58)).map((byte, i) => lacks(`log ${i}`, byte * byte))
      const whole = shareOf(budget, all)
      const parts = shareOf(budget, ...all.map((entry) => [entry]))
      const lacking = counts(all).reduce((sum, count) => sum + count, 0)
      expect(whole.records).toBe(Math.min(lacking, budget))
      expect(parts.records).toBe(whole.records)
      const given = new Map(whole.entries.map((entry, i) => [entry.author, counts(whole.entries)[i] as number]))
      const most = Math.max(0, ...given.values())
      for (const [i, entry] of all.entries()) {
        const got = given.get(entry.author) ?? 0
        expect(got === counts(all)[i] || got >= most - 1).toBe(true)
      }
    }
  })
})
