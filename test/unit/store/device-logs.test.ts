import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { decodeRecord } from '../../../core/record/decode-record.ts'
import { encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { DEVICE_LOGS_SQL } from '../../../core/store/log-queries.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

describe('the logs of an account, for people', () => {
  it('count what is held: both records of a fork, and no header without its body (LOG2, LOG3)', () => {
    const ana = new TestAuthor('Ana')
    for (let i = 1; i <= 30; i++) ana.post(`post ${i}`)
    const test = new TestSquare({ pins: [ana.address] })
    const count = () => test.square.listDeviceLogs(ana.address)[0]
    expect(count()).toBeUndefined()
    const [bare, ...rest] = ana.records
    if (bare === undefined) throw new Error('no record')
    const decoded = decodeRecord(bare.bytes)
    if (!decoded.ok) throw new Error(decoded.reason)
    const header = { bytes: encodeRecord(withoutBody(decoded.record, { reason: 'withheld' })) }
    test.ingest({ operations: [ana.genesis], records: [header, ...rest] })
    expect(count()).toMatchObject({ records: 29, hidden: 0, head: { seq: 30 } })
    test.ingest({ records: [bare] })
    expect(count()).toMatchObject({ records: 30 })
    const other = encodePost({ salt: ana.salt(), text: 'otherwise' })
    const twin = ana.signAt(KIND.post, other, { seq: 30, prev: ana.records[28]?.id ?? null, ts: TEST_EPOCH_MS })
    test.ingest({ records: [twin] })
    expect(count()).toMatchObject({ records: 31, isForked: true })
  })

  it('are counted without reading every record', () => {
    const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
    onTestFinished(() => square.close())
    const plan = (sql: string) =>
      square.db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail))
    // A whole log is only gone through in its ranges, in what of it is hidden and forked, and for its newest record.
    const whole = (sql: string) => plan(sql).filter((step) => /^SCAN|\(log_id=\?\)$/.test(step))
    expect(whole(DEVICE_LOGS_SQL).map((step) => step.replace(/^SEARCH (\w+) USING .*$/, '$1'))).toEqual([
      'newest',
      'held_range',
      'forked_seq',
      'record',
    ])
    expect(plan(DEVICE_LOGS_SQL).join()).toMatch(/record USING COVERING INDEX record_hidden/)
    expect(plan(DEVICE_LOGS_SQL).join()).toMatch(/twin USING INDEX record_by_log \(log_id=\? AND seq=\?\)/)
    expect(whole('SELECT count(*) FROM record WHERE log_id = ?')).toHaveLength(1)
  })
})
