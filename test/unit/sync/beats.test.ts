import { describe, expect, it } from 'vitest'
import { packBytes } from '../../../core/node/square-calls.ts'
import { encodeBeat } from '../../../core/record/beat.ts'
import { encodeFrame, type SyncFrame } from '../../../core/sync/frames.ts'
import { chainDigest } from '../../../core/sync/offer.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { beatBytes, beatOf } from '../../harness/beats.ts'
import { createMemoryDuplex } from '../../harness/memory-duplex.ts'
import { type SideInit, squareSession, syncOnce } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'

const IMPORT = { kind: 'import' } as const
/** An hour after test authors begin to write. */
const TEST_NOW = TEST_EPOCH_MS + 3_600_000

/** Ana with twenty posts; nodes that keep her whole and hold the first `count` of them. */
function village() {
  const ana = new TestAuthor('Ana')
  for (let i = 1; i <= 20; i++) ana.post(`post ${i}`)
  const node = (count: number, ...beats: Uint8Array[]) => {
    const test = new TestSquare({ role: 'seed', pins: [ana.address] })
    test.ingest({ operations: [ana.genesis], records: ana.records.slice(0, count) }, IMPORT)
    test.square.ingestBeats(packBytes(beats), IMPORT)
    return test
  }
  const view = (test: TestSquare) => test.square.profile(ana.profile)
  const place = { author: ana.address, device: ana.device.publicKey }
  const beatIn = (test: TestSquare) => test.square.listBeats([place])[0] ?? null
  return { ana, node, view, place, beatIn }
}

describe('beats in a session', () => {
  it('go along with the log, and on from there (BEA6, SYN6)', async () => {
    const { ana, node, view, beatIn } = village()
    const ts = TEST_NOW
    const [first, second, third] = [node(20, beatBytes(ana, { ts })), node(3), node(0)]
    await syncOnce(first, second)
    await syncOnce(third, second)
    for (const test of [second, third]) {
      expect(beatIn(test)).toMatchObject({ seq: 20, ts })
      expect(view(test)).toMatchObject({ counts: { missing: 0 }, completeAsOf: ts })
    }
  })

  it('are taken in when the records have come, so that no gap is seen in between (BEA8)', async () => {
    const { ana, node } = village()
    const [seed, reader] = [node(20, beatBytes(ana)), node(3)]
    await syncOnce(reader, seed)
    expect(reader.events.flatMap(({ beats }) => beats)).toHaveLength(1)
    expect(reader.events.filter(({ beats }) => beats.length > 0).flatMap(({ gaps }) => gaps)).toEqual([])
  })

  it('show a tail that the sender lacks itself as missing, and say so (BEA7, BEA8)', async () => {
    const { ana, node, view, place } = village()
    const [partial, reader] = [node(15, beatBytes(ana)), node(15)]
    const [summary] = await syncOnce(reader, partial)
    expect(summary.behindBeat).toEqual([{ ...place, offeredSeq: 15, beatSeq: 20, heldSeq: 15 }])
    expect(view(reader).counts.missing).toBe(5)
    const [whole] = await syncOnce(reader, node(20))
    expect(whole.behindBeat).toEqual([])
    expect(view(reader).counts.missing).toBe(0)
  })

  it('say of whom it was that the other side lacks the tail, when it is here (BEA8)', async () => {
    const { ana, node, place } = village()
    const [frozen, reader] = [node(15), node(20, beatBytes(ana))]
    const [summary] = await syncOnce(reader, frozen)
    expect(summary.behindBeat).toEqual([{ ...place, offeredSeq: 15, beatSeq: 20, heldSeq: 20 }])
  })

  it('end the session when they are wrong in their bytes (BEA2, SYN9)', async () => {
    const { ana, node } = village()
    const [seed, reader] = [node(20, beatBytes(ana)), node(3)]
    const forged = { ...beatOf(ana), seq: 21 }
    const lie: SideInit = { ports: { listBeats: async () => [forged] } }
    const [near, far] = createMemoryDuplex()
    const { signal } = new AbortController()
    const [outcome] = await Promise.allSettled([
      squareSession(reader, near, { isInitiator: true }).run(signal),
      squareSession(seed, far, lie).run(signal),
    ])
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'invalid-record' } })
    expect(reader.square.listHeld([ana.address])).toMatchObject([{ ranges: [[1, 20]], beat: null }])
  })

  it('hurt nobody when they are ahead of this clock (BEA3)', async () => {
    const { ana, node, beatIn } = village()
    const seed = node(20)
    seed.clock.advance(86_400_000)
    seed.square.ingestBeats(packBytes([beatBytes(ana, { ts: seed.clock.now() })]), IMPORT)
    const reader = node(3)
    const [summary] = await syncOnce(reader, seed)
    expect(summary).toMatchObject({ newRecords: 17, isComplete: true, behindBeat: [] })
    expect(beatIn(reader)).toBeNull()
  })
})

describe('what beats cost', () => {
  /** Bytes that this side sends in one session in which nothing else differs. */
  async function offerBytes(first: TestSquare, second: TestSquare): Promise<number> {
    const [near, far] = createMemoryDuplex()
    const { signal } = new AbortController()
    await Promise.all([
      squareSession(first, near, { isInitiator: true }).run(signal),
      squareSession(second, far, {}).run(signal),
    ])
    const have = far.written.filter((frame) => frame[1] === 2)
    return have.reduce((sum, frame) => sum + frame.length, 0)
  }

  it('is nothing for a second one of a day, and an entry of its bucket for one of another day (SYN6)', async () => {
    const { ana, node } = village()
    const noon = Math.floor(TEST_NOW / 86_400_000) * 86_400_000 + 43_200_000
    const [early, late] = [beatBytes(ana, { ts: noon }), beatBytes(ana, { ts: noon + 3_600_000 })]
    const same = await offerBytes(node(20, early), node(20, early))
    expect(same).toBeLessThan(10)
    expect(await offerBytes(node(20, early), node(20, late))).toBe(same)
    const dayBefore = beatBytes(ana, { ts: noon - 86_400_000 })
    expect(await offerBytes(node(20, dayBefore), node(20, late))).toBeGreaterThan(200)
  })

  it('is said at once where one side knows of a tail that the other does not (SYN6)', async () => {
    const { ana, node, view } = village()
    const { ts } = ana.records[14]?.header ?? { ts: 0 }
    const known = beatBytes(ana, { seq: 15, head: ana.records[14]?.id ?? ana.address, ts })
    const [reader, other] = [node(15, known), node(15, beatBytes(ana, { ts }))]
    await syncOnce(reader, other)
    expect(view(reader).counts.missing).toBe(5)
  })

  it('is 114 bytes in the entry of a log (SYN2)', () => {
    const ana = new TestAuthor('Ana')
    ana.post('one')
    const entry = (beat: ReturnType<typeof beatOf> | null): SyncFrame => ({
      type: 'have',
      entries: [
        {
          author: ana.address,
          chain: chainDigest([ana.genesis]),
          alias: null,
          logs: [{ device: ana.device.publicKey, ranges: [[1, 70_000]], marks: [], beat }],
        },
      ],
      alike: new Uint8Array(),
      differing: null,
      isLast: true,
    })
    const beat = beatOf(ana, { seq: 70_000 })
    expect(encodeFrame(entry(beat)).length - encodeFrame(entry(null)).length).toBe(114)
    expect(encodeBeat(beat)).toHaveLength(183)
  })
})

describe('a session about the own account', () => {
  it('names it whatever is alike, so that seeds get its newest beat at once (BEA6, SYN6)', async () => {
    const ana = new TestAuthor('Ana')
    ana.post('one')
    const home = new TestSquare({ me: ana })
    home.ingest({ records: ana.records }, IMPORT)
    const seed = new TestSquare({ role: 'seed' })
    seed.ingestAll(ana)
    const { ts } = ana.records[0]?.header ?? { ts: 0 }
    seed.square.ingestBeats(packBytes([beatBytes(ana, { ts: ts + 1_000 })]), IMPORT)
    home.square.ingestBeats(packBytes([beatBytes(ana, { ts: ts + 2_000 })]), IMPORT)
    const profile = ana.address
    const ofSeed = () => seed.square.listHeld([profile])[0]?.beat?.ts
    await syncOnce(home, seed, { first: { profile } })
    expect(ofSeed()).toBe(ts + 1_000)
    await syncOnce(home, seed, { first: { profile, scope: [profile] } })
    expect(ofSeed()).toBe(ts + 2_000)
  })
})
