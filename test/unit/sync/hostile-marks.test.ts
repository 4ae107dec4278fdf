import { describe, expect, it } from 'vitest'
import { type CborValue, encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { ForkMemory } from '../../../core/sync/fork-memory.ts'
import { decodeFrame, type OfferedLog, type SyncFrame } from '../../../core/sync/frames.ts'
import { MAX_FORK_SEQS, MAX_MARKS } from '../../../core/sync/limits.ts'
import { chainDigest } from '../../../core/sync/offer.ts'
import { countRanges } from '../../../core/sync/ranges.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { createMemoryDuplex } from '../../harness/memory-duplex.ts'
import { fakeKey, fakeOperation, MemorySquare } from '../../harness/memory-square.ts'
import { HELLO, ScriptedSyncPeer } from '../../harness/scripted-sync-peer.ts'
import { sessionOf } from '../../harness/sync-pair.ts'

const ana = fakeKey('ana')
const phone = fakeKey('ana phone')
const digest = new Uint8Array(8).fill(7)

/** A log without a beat. */
function haveFrame(log: readonly CborValue[]): Uint8Array {
  return encodeCbor([2, [[ana, digest, null, [[...log, null]]]], new Uint8Array(), null, true])
}

describe('decodeFrame of Have', () => {
  it('reads the marks of a log: the control', () => {
    const frame = decodeFrame(haveFrame([phone, [1, 9], [9, digest, 4, digest]]))
    expect(frame).toMatchObject({
      entries: [
        {
          logs: [
            {
              ranges: [[1, 9]],
              marks: [
                { seq: 9, digest },
                { seq: 4, digest },
              ],
            },
          ],
        },
      ],
    })
  })

  it.each<[string, CborValue[]]>([
    ['a log without marks', [phone, [1, 9]]],
    ['marks that are no list', [phone, [1, 9], null]],
    ['a seq without its digest', [phone, [1, 9], [9]]],
    ['a digest of another length', [phone, [1, 9], [9, new Uint8Array(9)]]],
    ['a digest that is a number', [phone, [1, 9], [9, 9]]],
    ['the seq 0', [phone, [1, 9], [0, digest]]],
    ['a seq that is too large', [phone, [1, 9], [2 ** 32, digest]]],
    ['ascending marks', [phone, [1, 9], [4, digest, 9, digest]]],
    ['one mark twice', [phone, [1, 9], [9, digest, 9, digest]]],
    ['ten marks', [phone, [1, 99], Array.from({ length: MAX_MARKS + 1 }, (_, i) => [90 - i, digest]).flat()]],
    ['a fourth element', [phone, [1, 9], [], []]],
  ])('refuses %s (SYN2, SYN6)', (_, log) => {
    expect(() => decodeFrame(haveFrame(log))).toThrow(expect.objectContaining({ code: 'bad-frame' }))
  })
})

describe('a peer that says it holds other records', () => {
  const NO_INTEREST: SyncFrame = {
    type: 'interest',
    everyone: false,
    keys: [],
    digests: new Uint8Array(),
    sketch: new Uint8Array(),
    known: null,
    isLast: true,
  }
  const NO_NEED: SyncFrame = { type: 'need', entries: [], isLast: true }
  const DONE: SyncFrame = { type: 'done', operations: 0, records: 0, isComplete: true }

  /** Seqs that a square with 300 records of Ana's is asked for by one session with this offer. */
  async function askedFor(logs: readonly OfferedLog[], forks: ForkMemory): Promise<number> {
    const square = new MemorySquare()
    square.fill(ana, phone, 300)
    square.wanted.push(ana)
    const [near, far] = createMemoryDuplex(64)
    const outcome = sessionOf(square, far, { isInitiator: false }, forks).run(new AbortController().signal)
    const peer = new ScriptedSyncPeer(near)
    const chain = chainDigest([fakeOperation(ana, 0, [phone])])
    await peer.send(HELLO, NO_INTEREST)
    await peer.send(
      {
        type: 'have',
        entries: [{ author: ana, chain, alias: null, logs }],
        alike: new Uint8Array(),
        differing: null,
        isLast: true,
      },
      NO_NEED,
    )
    let asked = 0
    for (;;) {
      const { entries, isLast } = await peer.next('need')
      asked += countRanges(entries.flatMap((entry) => entry.logs.flatMap(({ ranges }) => ranges)))
      if (isLast) break
    }
    await peer.send(DONE)
    await peer.end()
    await outcome
    return asked
  }

  const marks = Array.from({ length: MAX_MARKS }, (_, i) => ({ seq: 300 - 30 * i, digest }))
  const lie: OfferedLog = { device: phone, ranges: [[1, 300]], marks, beat: null }

  it('is asked for at most 64 seqs of a log, and never again for the same (SYN7)', async () => {
    const forks = new ForkMemory({ clock: systemClock })
    const first = await askedFor([lie], forks)
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThanOrEqual(MAX_FORK_SEQS)
    // The ninth mark found no room before.
    expect(await askedFor([lie], forks)).toBeLessThanOrEqual(8)
    expect(await askedFor([lie], forks)).toBe(0)
  })

  it('is asked for nothing that it does not offer', async () => {
    const forks = new ForkMemory({ clock: systemClock })
    const log: OfferedLog = { device: phone, ranges: [[1, 10]], marks: [{ seq: 200, digest }], beat: null }
    expect(await askedFor([log], forks)).toBe(0)
  })
})
