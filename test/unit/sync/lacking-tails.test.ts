import { describe, expect, it } from 'vitest'
import { packBytes } from '../../../core/node/square-calls.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { beatBytes } from '../../harness/beats.ts'
import { hiding } from '../../harness/short-ports.ts'
import { type SideInit, syncOnce } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'

const IMPORT = { kind: 'import' } as const
/** An hour after test authors begin to write. */
const TEST_NOW = TEST_EPOCH_MS + 3_600_000

/** Somebody who follows Ben, and a seed that keeps everybody: both hold the first 15 of his 20 posts. */
function open(init: { readonly reader?: number; readonly seed?: number } = {}) {
  const [me, ben] = [new TestAuthor('Me'), new TestAuthor('Ben')]
  me.follow(ben)
  for (let i = 1; i <= 20; i++) ben.post(`post ${i}`)
  const fill = (test: TestSquare, count: number) => {
    test.ingest({ operations: [ben.genesis], records: ben.records.slice(0, count) }, IMPORT)
    return test
  }
  const reader = new TestSquare({ me })
  reader.ingest({ operations: [ben.genesis], records: me.records }, IMPORT)
  fill(reader, init.reader ?? 15)
  const seed = fill(new TestSquare({ role: 'seed' }), init.seed ?? 15)
  const hear = (test: TestSquare, seq = 20) => {
    const head = ben.records[seq - 1]?.id ?? new Uint8Array(32)
    test.square.ingestBeats(packBytes([beatBytes(ben, { seq, head, ts: TEST_NOW })]), IMPORT)
  }
  const sync = async (second: SideInit = {}) =>
    (await syncOnce(reader, seed, { second: { role: 'seed', ...second } }))[0].shortfall
  const log = { author: ben.address, device: ben.device.publicKey }
  return { ...{ me, ben, reader, seed, hear, sync, log } }
}

describe('a tail that only a beat names', () => {
  it('is lacking of the seed that gives the beat, in the next session too, where both hold the same (SYN17, BEA8)', async () => {
    const { seed, hear, sync, log } = open()
    hear(seed)
    const tail = { ...log, ranges: [[16, 20]], knownSeq: 20 }
    const first = await sync()
    expect(first).toMatchObject({ tails: [tail], owed: [], lacking: [], holes: [] })
    for (let round = 0; round < 2; round++) {
      const alike = await sync()
      expect(alike.tails).toEqual([tail])
      expect(alike.judges(log.author)).toBe(true)
    }
  })

  it('is lacking of the seed that is given the beat (SYN17, BEA8)', async () => {
    const { reader, hear, sync, log } = open()
    hear(reader)
    for (let round = 0; round < 3; round++) {
      expect((await sync()).tails).toEqual([{ ...log, ranges: [[16, 20]], knownSeq: 20 }])
    }
  })

  it('is not known to a seed while nobody has given it the beat (SYN17, BEA8)', async () => {
    const { reader, seed, hear, sync, log } = open({ seed: 14 })
    hear(seed, 15)
    const ports = {
      // Another peer brings the beat while this session is under way.
      ingestBeats: async () => {
        hear(reader)
        return []
      },
    }
    const [summary] = await syncOnce(reader, seed, { first: { ports }, second: { role: 'seed' } })
    expect(summary.shortfall.tails).toEqual([{ ...log, ranges: [[16, 20]], knownSeq: 15 }])
    expect((await sync()).tails).toEqual([{ ...log, ranges: [[16, 20]], knownSeq: 20 }])
  })

  it('is nothing where the records come, or are here (SYN17, control)', async () => {
    const both = open({ seed: 20 })
    both.hear(both.seed)
    expect((await both.sync()).tails).toEqual([])
    expect((await both.sync()).tails).toEqual([])
    const ahead = open({ reader: 20 })
    ahead.hear(ahead.seed)
    const { tails, lacking } = await ahead.sync()
    expect(tails).toEqual([])
    expect(lacking).toMatchObject([{ ranges: [[16, 20]], tip: 15 }])
  })

  it('is only what neither side holds (SYN17)', async () => {
    const { reader, seed, ben, hear, sync, log } = open()
    reader.ingest({ operations: [ben.genesis], records: ben.records.slice(17, 18) })
    hear(seed)
    const { tails, lacking } = await sync()
    expect(lacking).toMatchObject([{ ranges: [[18, 18]] }])
    expect(tails).toEqual([
      {
        ...log,
        ranges: [
          [16, 17],
          [19, 20],
        ],
        knownSeq: 20,
      },
    ])
  })

  it('is not counted against a peer that is no seed, or does not want the author, or has none of the log (SYN17)', async () => {
    const { seed, hear, sync } = open()
    hear(seed)
    await sync()
    expect((await sync()).tails).toHaveLength(1)
    expect((await sync({ role: 'peer' })).tails).toEqual([])
    const unwanted = { wantsEveryone: async () => false, listWanted: async () => [] }
    expect((await sync({ ports: unwanted })).tails).toEqual([])
    expect((await sync({ ports: hiding(seed, [[1, 20]]) })).tails).toEqual([])
  })
})
