import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sha256 } from '../../../core/identity/hash.ts'
import { encodeHeader } from '../../../core/record/encode-record.ts'
import { LogGaps } from '../../../core/store/log-gaps.ts'
import { LogTable } from '../../../core/store/log-table.ts'
import { createSearchWriter, SearchQueue } from '../../../core/store/search-queue.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { createSquareTables, type SquareTables } from '../../../core/store/square-tables.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const key = (n: number) => sha256(Uint8Array.of(n))
const ADA = key(1)
const BEN = key(2)
const DEVICE = key(3)
const ALL = () => false

function open(): { square: SquareDatabase; tables: SquareTables } {
  const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
  onTestFinished(() => square.close())
  return { square, tables: createSquareTables(square) }
}

/** What `work` did is undone. */
function undo(square: SquareDatabase, work: () => void): void {
  const failing = () => {
    work()
    throw new Error('no room')
  }
  expect(() => square.transaction(failing)).toThrow('no room')
}

const chainOf = (...keys: Uint8Array[]) => ({
  genesisHash: key(9),
  devices: keys.map((device) => ({ key: device, status: 'active', seal: null }) as const),
})

describe('what IdentityTable remembers of an author', () => {
  it('changes with the chain (IDN12)', () => {
    const { identities } = open().tables
    const ada = identities.ensureAuthor(ADA)
    expect([identities.genesisHash(ada), identities.hasDevice(ada, DEVICE)]).toEqual([null, false])
    identities.setChain(ada, chainOf(DEVICE))
    expect([identities.genesisHash(ada), identities.hasDevice(ada, DEVICE)]).toEqual([key(9), true])
    identities.setChain(ada, chainOf(BEN))
    expect([identities.hasDevice(ada, DEVICE), identities.hasDevice(ada, BEN)]).toEqual([false, true])
  })

  it('goes when the author is forgotten', () => {
    const { identities } = open().tables
    const ada = identities.ensureAuthor(ADA)
    identities.setChain(ada, chainOf(DEVICE))
    expect([identities.findAuthor(ADA), identities.hasDevice(ada, DEVICE)]).toEqual([ada, true])
    identities.forgetUnused(1, ALL)
    expect(identities.findAuthor(ADA)).toBeUndefined()
    expect([identities.addressOf(ada), identities.genesisHash(ada)]).toEqual([undefined, null])
    expect(identities.hasDevice(ada, DEVICE)).toBe(false)
    // The file gives the number to the next one.
    expect(identities.ensureAuthor(BEN)).toBe(ada)
    expect([identities.addressOf(ada), identities.hasDevice(ada, DEVICE)]).toEqual([BEN, false])
  })

  it('goes with a transaction that is undone', () => {
    const { square, tables } = open()
    const { identities } = tables
    undo(square, () => {
      const ada = identities.ensureAuthor(ADA)
      identities.setChain(ada, chainOf(DEVICE))
      expect([identities.findAuthor(ADA), identities.hasDevice(ada, DEVICE)]).toEqual([ada, true])
    })
    expect(identities.findAuthor(ADA)).toBeUndefined()
    const ben = identities.ensureAuthor(BEN)
    expect([identities.addressOf(ben), identities.hasDevice(ben, DEVICE)]).toEqual([BEN, false])
    undo(square, () => {
      identities.setChain(ben, chainOf(DEVICE))
      expect(identities.hasDevice(ben, DEVICE)).toBe(true)
    })
    expect([identities.genesisHash(ben), identities.hasDevice(ben, DEVICE)]).toEqual([null, false])
  })
})

describe('what LogTable remembers of a log', () => {
  it('is in the file after a commit, and gone with a transaction that is undone', () => {
    const { square, tables } = open()
    const { identities, logs } = tables
    const ada = identities.ensureAuthor(ADA)
    const { logId } = square.transaction(() => {
      const log = logs.ensure(ada, DEVICE)
      logs.raiseHead(log.logId, 7)
      for (const seq of [7, 6, 5, 2]) logs.addHeld(log.logId, seq)
      expect(logs.find(ada, DEVICE)?.headSeq).toBe(7)
      expect([1, 2, 3, 4, 5, 6, 7, 8].filter((seq) => logs.isHeld(log.logId, seq))).toEqual([2, 5, 6, 7])
      return log
    })
    const fresh = new LogTable(square)
    expect(fresh.find(ada, DEVICE)).toMatchObject({ logId, headSeq: 7, isForked: false, isSealed: false })
    expect(fresh.listRanges(logId, 9)).toEqual([
      [2, 2],
      [5, 7],
    ])
    undo(square, () => {
      logs.raiseHead(logId, 9)
      logs.markForked(logId)
      logs.setSeal(logId, { lastSeq: 7, headId: BEN })
      for (const seq of [9, 8, 3]) logs.addHeld(logId, seq)
      expect(logs.find(ada, DEVICE)).toMatchObject({ headSeq: 9, isForked: true, isSealed: true })
    })
    expect(logs.find(ada, DEVICE)).toMatchObject({ headSeq: 7, isForked: false, isSealed: false })
    square.transaction(() => logs.addHeld(logId, 4))
    expect(fresh.listRanges(logId, 9)).toEqual([
      [2, 2],
      [4, 7],
    ])
  })

  it('is undone with the log that was begun', () => {
    const { square, tables } = open()
    const ada = tables.identities.ensureAuthor(ADA)
    undo(square, () => void tables.logs.ensure(ada, DEVICE))
    expect(tables.logs.find(ada, DEVICE)).toBeUndefined()
  })
})

describe('what AuthorCounts adds up', () => {
  it('counts at once, is written with the commit, and gone with a transaction that is undone', () => {
    const { square, tables } = open()
    const { counts, identities } = tables
    const ada = identities.ensureAuthor(ADA)
    const row = () => ({ ...square.db.prepare('SELECT record_count, record_bytes, post_count FROM author').get() })
    square.transaction(() => {
      counts.add(ada, { records: 1, bytes: 100, posts: 1 })
      counts.add(ada, { records: 1, bytes: 50, posts: 0 })
      expect(counts.heldOf(ada)).toEqual({ records: 2, bytes: 150 })
    })
    expect(row()).toEqual({ record_count: 2, record_bytes: 150, post_count: 1 })
    undo(square, () => counts.add(ada, { records: 5, bytes: 5, posts: 5 }))
    expect(counts.heldOf(ada)).toEqual({ records: 2, bytes: 150 })
    square.transaction(() => counts.add(ada, { records: -1, bytes: -50, posts: 0 }))
    counts.add(ada, { records: 1, bytes: 1, posts: 0 })
    expect(row()).toEqual({ record_count: 2, record_bytes: 101, post_count: 1 })
  })

  it('sums up all authors, and anew after a transaction that is undone', () => {
    const { square, tables } = open()
    const { counts, identities } = tables
    const [ada, ben] = [identities.ensureAuthor(ADA), identities.ensureAuthor(BEN)]
    const total = () => [counts.totalBytes(), counts.totalPosts()]
    counts.add(ada, { records: 1, bytes: 100, posts: 1 })
    expect(total()).toEqual([100, 1])
    square.transaction(() => {
      counts.add(ada, { records: 2, bytes: 20, posts: 2 })
      counts.add(ben, { records: 1, bytes: 3, posts: 0 })
    })
    expect(total()).toEqual([123, 3])
    undo(square, () => counts.add(ben, { records: 5, bytes: 5, posts: 5 }))
    expect(total()).toEqual([123, 3])
    counts.add(ada, { records: -3, bytes: -120, posts: -3 })
    expect(total()).toEqual([3, 0])
  })
})

describe('whom HomeTable knows', () => {
  it('comes and goes with a follow, and with a transaction that is undone', () => {
    const { square, tables } = open()
    const { home } = tables
    const [ada, ben] = [tables.identities.ensureAuthor(ADA), tables.identities.ensureAuthor(BEN)]
    const known = () => [home.hasAuthor(ada), home.hasAuthor(ben)]
    home.rebuild([ada])
    expect(known()).toEqual([true, false])
    home.addAuthor(ben)
    expect(known()).toEqual([true, true])
    home.removeAuthor(ada)
    expect(known()).toEqual([false, true])
    undo(square, () => {
      home.addAuthor(ada)
      home.removeAuthor(ben)
      expect(known()).toEqual([true, false])
    })
    expect(known()).toEqual([false, true])
    home.rebuild([])
    expect(known()).toEqual([false, false])
  })
})

describe('what LogGaps remembers of a log', () => {
  it('is what the file says, whatever comes, goes and moves, within a transaction and from one to the next (LOG1)', () => {
    const { square, tables } = open()
    const { identities, records } = tables
    const ada = identities.ensureAuthor(ADA)
    let device = 10
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ seq: fc.integer({ min: 1, max: 30 }), ts: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.nat({ max: 30 }) }) },
      { weight: 1, arbitrary: fc.record({ carryFrom: fc.integer({ min: 0, max: 30 }) }) },
      { weight: 1, arbitrary: fc.constant({ isUndone: true }) },
      { weight: 2, arbitrary: fc.constant({ isCommitted: true }) },
    )
    const put = (logId: number, seq: number, ts: number) => {
      const gap = records.gapAt(logId, seq)
      if (gap === null) return
      const header = {
        version: 1,
        kind: 3,
        author: ADA,
        device: key(logId >> 8),
        seq,
        ts,
        bodyLength: 0,
        bodyHash: key(logId & 255),
      }
      const prev = seq === 1 ? null : key(seq + 100)
      const headerBytes = encodeHeader({ ...header, prev })
      const row = {
        id: sha256(headerBytes),
        authorId: ada,
        logId,
        seq,
        kind: 3,
        tsMs: ts,
        seenMs: ts,
        state: 0,
      } as const
      const rest = {
        isHidden: false,
        isLate: ts % 2 === 0,
        storedHeader: headerBytes,
        signature: ADA,
        body: null,
        deleteId: null,
      }
      records.insert({ ...row, ...rest }, { gap, prev })
    }
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { logId } = tables.logs.ensure(ada, sha256(Uint8Array.of(++device, device >> 8)))
        const compare = (seq: number) => {
          const fresh = new LogGaps({ db: square.db, keep: () => {} })
          expect(records.gapAt(logId, seq)).toEqual(fresh.find(logId, seq))
        }
        const parts: (typeof steps)[] = [[]]
        for (const one of steps) 'isCommitted' in one ? parts.push([]) : parts.at(-1)?.push(one)
        for (const part of parts)
          square.transaction(() => {
            for (const [i, one] of part.entries()) {
              if ('seq' in one) put(logId, one.seq, one.ts)
              else if ('remove' in one) for (const row of records.listAtSeq(logId, one.remove)) records.remove(row)
              else if ('carryFrom' in one) {
                records.carryEffectiveTime(logId, { from: one.carryFrom, to: one.carryFrom }, 100)
              }
              compare(1 + ((i * 7) % 30))
            }
          })
        compare(15)
        if (steps.some((one) => 'isUndone' in one)) {
          undo(square, () => {
            for (let seq = 30; seq > 15; seq--) put(logId, seq, 5)
          })
          compare(15)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('what SearchQueue has not written yet', () => {
  const found = ({ db }: SquareDatabase, word: string) =>
    db
      .prepare('SELECT rowid FROM post_search WHERE post_search MATCH ? ORDER BY rowid')
      .all(word)
      .map((row) => row.rowid)

  it('is written in one go before the commit, what was said last of each post', () => {
    const { square } = open()
    const search = new SearchQueue(square, createSearchWriter(square, 'post_search', 'text'))
    square.transaction(() => {
      search.add(7, 'rain')
      search.add(9, 'snow')
      search.add(8, 'fog')
      search.drop(9, 'snow')
    })
    square.transaction(() => {
      search.add(10, 'rain again')
      search.drop(7, 'rain')
      search.add(7, 'sun')
      search.drop(8, 'fog')
      search.add(8, 'mist')
      search.drop(8, 'mist')
    })
    expect([found(square, 'rain'), found(square, 'sun')]).toEqual([[10], [7]])
    expect(['snow', 'fog', 'mist'].flatMap((word) => found(square, word))).toEqual([])
    square.db.exec("INSERT INTO post_search (post_search) VALUES ('integrity-check')")
  })

  it('is written at once where there is no transaction, and gone with one that is undone', () => {
    const { square } = open()
    const search = new SearchQueue(square, createSearchWriter(square, 'post_search', 'text'))
    search.add(1, 'rain')
    expect(found(square, 'rain')).toEqual([1])
    undo(square, () => {
      search.drop(1, 'rain')
      search.add(2, 'snow')
    })
    square.transaction(() => search.add(3, 'rain'))
    expect([found(square, 'rain'), found(square, 'snow')]).toEqual([[1, 3], []])
  })
})
