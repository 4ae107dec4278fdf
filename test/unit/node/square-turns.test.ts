import { setImmediate as nextEvents } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { IngestBatch, IngestResult } from '../../../core/ingest/door.ts'
import { IngestTurns } from '../../../core/node/square-turns.ts'

const SOURCE = { kind: 'sync', peer: 'peer' } as const

/** A door that takes everything, and what was seen in which order. */
function setUp() {
  const seen: string[] = []
  let now = 1_000_000
  const door = {
    foresee: async () => {},
    ingest: ({ operations, records }: IngestBatch): IngestResult => {
      seen.push(`${operations.length} + ${records.length}`)
      if (records.some(([first]) => first === 255)) throw new Error('no room')
      const outcomes = records.map((id) => ({ verdict: { verdict: 'accept' }, id, author: null }) as never)
      return { operations: operations.map(() => ({}) as never), records: outcomes }
    },
  }
  const turns = new IngestTurns({ door, clock: { now: () => now } })
  return { turns, seen, pass: (ms: number) => (now += ms) }
}

const records = (count: number) => Array.from({ length: count }, (_, i) => Uint8Array.of(i))

describe('IngestTurns', () => {
  it('gives a batch to the door whole while nobody reads', async () => {
    const { turns, seen } = setUp()
    const { operations, records: outcomes } = await turns.ingest(
      { operations: records(2), records: records(100) },
      SOURCE,
    )
    expect(seen).toEqual(['2 + 100'])
    expect([operations.length, outcomes.length]).toEqual([2, 100])
  })

  it('lets others in between parts of a batch while pages are read, and answers for all of them in order', async () => {
    const { turns, seen, pass } = setUp()
    turns.noteReading()
    const page = async () => {
      for (let i = 0; i < 8; i++) {
        await nextEvents()
        seen.push('page')
      }
    }
    const [result] = await Promise.all([
      turns.ingest({ operations: records(3), records: records(100) }, SOURCE),
      turns.ingest({ operations: [], records: records(10) }, SOURCE),
      page(),
    ])
    expect(result.records.map(({ id }) => id?.[0])).toEqual(records(100).map(([first]) => first))
    expect(result.operations).toHaveLength(3)
    const parts = seen.filter((one) => one !== 'page')
    expect(parts).toEqual(['3 + 40', '0 + 40', '0 + 20', '0 + 10'])
    for (const [before, after] of [
      ['3 + 40', '0 + 40'],
      ['0 + 40', '0 + 20'],
      ['0 + 20', '0 + 10'],
    ] as const) {
      expect(seen.slice(seen.indexOf(before), seen.indexOf(after))).toContain('page')
    }
    pass(1_000)
    await turns.ingest({ operations: [], records: records(100) }, SOURCE)
    expect(seen.at(-1)).toBe('0 + 100')
  })

  it('goes on with the next batch after one that failed, and is settled after the last', async () => {
    const { turns, seen } = setUp()
    turns.noteReading()
    const bad = turns.ingest({ operations: [], records: [...records(50), Uint8Array.of(255), ...records(50)] }, SOURCE)
    const good = turns.ingest({ operations: [], records: records(4) }, SOURCE)
    await expect(bad).rejects.toThrow('no room')
    await turns.settled()
    expect(seen).toEqual(['0 + 40', '0 + 40', '0 + 4'])
    expect((await good).records).toHaveLength(4)
  })
})
