import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { AuthorCounts } from '../../../core/store/author-counts.ts'
import { RecordTable } from '../../../core/store/record-table.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

describe('the words of a log by their times', () => {
  it('are looked for among what is hidden of it without reading the rest', () => {
    const square = new SquareDatabase({ path: join(makeTempDir(), 'square.db') })
    onTestFinished(() => square.close())
    const prepare = vi.spyOn(square.db, 'prepare')
    new RecordTable(square, new AuthorCounts(square))
    const byTime = prepare.mock.calls.map(([sql]) => sql).filter((sql) => sql.includes('ts_ms BETWEEN'))
    const plans = byTime.map((sql) =>
      square.db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail))
        .find((step) => /record\b/.test(step)),
    )
    expect(plans.toSorted()).toEqual([
      'SEARCH record USING INDEX record_by_log (log_id=?)',
      'SEARCH record USING INDEX record_hidden (log_id=?)',
    ])
  })
})
