import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { SignedBeat } from '../../../core/record/beat.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { createSquareTables } from '../../../core/store/square-tables.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const KEY = new Uint8Array(32).fill(1)

function beat(seq: number, ts: number, fill = 0): SignedBeat {
  return { seq, ts, head: new Uint8Array(32).fill(fill), signature: new Uint8Array(64).fill(fill) }
}

function open() {
  const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
  onTestFinished(() => square.close())
  const tables = createSquareTables(square)
  const authorId = tables.identities.ensureAuthor(KEY)
  const { logId } = tables.logs.ensure(authorId, KEY)
  const count = (table: string) => square.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n
  return { ...tables, square, authorId, logId, count }
}

describe('BeatTable', () => {
  it('keeps one beat a log, the newest, whatever the order (BEA4)', () => {
    const all = [beat(1, 5), beat(2, 3), beat(2, 4, 2), beat(2, 4, 1)]
    for (const order of [all, all.toReversed(), [3, 0, 2, 1].map((i) => all[i] as SignedBeat)]) {
      const { beats, logId, count } = open()
      for (const one of order) beats.put(logId, one)
      expect(beats.find(logId)).toEqual(beat(2, 4, 1))
      expect(count('beat')).toBe(1)
    }
  })

  it('says whether a beat was news', () => {
    const { beats, logId } = open()
    expect(beats.find(logId)).toBeNull()
    expect([beat(1, 5), beat(1, 5), beat(1, 4), beat(1, 6)].map((one) => beats.put(logId, one))).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  it('keeps the first beat that contradicted what was held (BEA5)', () => {
    const { beats, logId, count } = open()
    expect(beats.findForking(logId)).toBeNull()
    beats.putForking(logId, beat(4, 1))
    beats.putForking(logId, beat(9, 1))
    expect(beats.findForking(logId)).toEqual(beat(4, 1))
    expect(count('forking_beat')).toBe(1)
  })

  it('says nothing of an author of whom nothing is known (BEA7)', () => {
    const { beats, authorId } = open()
    expect(beats.completeAsOf(authorId)).toBeNull()
  })

  it('lists the logs of devices in use of which it names more than is held (BEA7)', () => {
    const { beats, identities, logs, authorId, logId, square } = open()
    square.db.prepare('INSERT INTO device (author_id, key) VALUES (?, ?)').run(authorId, KEY)
    const other = identities.ensureAuthor(new Uint8Array(32).fill(2))
    const sealed = new Uint8Array(32).fill(3)
    square.db.prepare("INSERT INTO device (author_id, key, status) VALUES (?, ?, 'sealed')").run(other, sealed)
    beats.put(logs.ensure(other, sealed).logId, beat(9, 1))
    beats.put(logId, beat(7, 1))
    logs.raiseHead(logId, 5)
    expect(beats.listTails(10)).toEqual([{ author: KEY, device: KEY, beatSeq: 7 }])
    expect(beats.listTails(0)).toEqual([])
    logs.raiseHead(logId, 7)
    expect(beats.listTails(10)).toEqual([])
  })

  it('goes with the author, the log of which nothing came too (BEA4)', () => {
    const { beats, identities, logs, authorId, logId, count } = open()
    beats.put(logId, beat(3, 1))
    beats.putForking(logId, beat(3, 2))
    const other = logs.ensure(identities.ensureAuthor(new Uint8Array(32).fill(2)), KEY)
    beats.put(other.logId, beat(7, 1))
    logs.raiseHead(other.logId, 7)
    expect(identities.countUnused()).toBe(1)
    identities.forgetUnused(10, () => false)
    expect(identities.addressOf(authorId)).toBeUndefined()
    expect(beats.find(logId)).toBeNull()
    expect(beats.findForking(logId)).toBeNull()
    expect(beats.find(other.logId)).toEqual(beat(7, 1))
    expect([count('beat'), count('forking_beat'), count('log'), count('author')]).toEqual([1, 0, 1, 1])
  })
})
