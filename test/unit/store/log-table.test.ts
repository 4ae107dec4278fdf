import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HoldingTable } from '../../../core/store/holding-table.ts'
import { IdentityTable } from '../../../core/store/identity-table.ts'
import { LogTable } from '../../../core/store/log-table.ts'
import { OwnDatabase } from '../../../core/store/own-database.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const KEY = new Uint8Array(32).fill(1)

/** The slow way: every number, one after the other. */
function toRanges(seqs: readonly number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const seq of [...new Set(seqs)].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === seq - 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

describe('LogTable', () => {
  it('keeps held ranges merged, whatever the order (LOG2)', () => {
    const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
    const logs = new LogTable(square)
    const authorId = new IdentityTable(square).ensureAuthor(KEY)
    let device = 0
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (seqs) => {
        const { logId } = logs.ensure(authorId, new Uint8Array(32).fill(++device))
        for (const seq of seqs) logs.addHeld(logId, seq)
        expect(logs.listRanges(logId, 64)).toEqual(toRanges(seqs))
        for (let seq = 1; seq <= 41; seq++) expect(logs.isHeld(logId, seq)).toBe(seqs.includes(seq))
      }),
      { numRuns: 100 },
    )
    square.close()
  })

  it('gives the newest ranges where there are too many', () => {
    const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
    const logs = new LogTable(square)
    const { logId } = logs.ensure(new IdentityTable(square).ensureAuthor(KEY), KEY)
    for (let seq = 1; seq < 20; seq += 2) logs.addHeld(logId, seq)
    expect(logs.listRanges(logId, 2)).toEqual([
      [17, 17],
      [19, 19],
    ])
    square.close()
  })
})

describe('HoldingTable', () => {
  it('counts what seeds keep, each record once', () => {
    const own = new OwnDatabase({ path: join(makeTempDir(), 'own.db'), synchronous: 'NORMAL' })
    const holdings = new HoldingTable(own.db)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.array(fc.integer({ min: 1, max: 60 }))), { maxLength: 6 }),
        (notes) => {
          own.db.exec('DELETE FROM holding; DELETE FROM holder')
          own.transaction(() => {
            for (const [peer, seqs] of notes) holdings.note(peer, peer !== 'c', KEY, seqs, 1)
          })
          const bySeeds = new Set(notes.flatMap(([peer, seqs]) => (peer === 'c' ? [] : seqs)))
          expect(holdings.countHeldBySeeds(KEY)).toBe(bySeeds.size)
          for (const { peerId, count } of holdings.list(KEY)) {
            expect(count).toBe(new Set(notes.flatMap(([peer, seqs]) => (peer === peerId ? seqs : []))).size)
          }
        },
      ),
      { numRuns: 100 },
    )
    own.close()
  })

  it('remembers the peers that were heard last', () => {
    const own = new OwnDatabase({ path: join(makeTempDir(), 'own.db'), synchronous: 'NORMAL' })
    const holdings = new HoldingTable(own.db)
    own.transaction(() => {
      for (let i = 0; i < 300; i++) holdings.note(`peer ${i}`, true, KEY, [1], i)
    })
    expect(holdings.list(KEY)).toHaveLength(256)
    expect(holdings.seedsOf(KEY, 1)[0]).toBe('peer 299')
    own.close()
  })
})
