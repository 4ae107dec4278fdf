import { describe, expect, it } from 'vitest'
import { reportLines } from '../../../cli/importing.ts'
import { formatImport } from '../../../cli/status-lines.ts'
import type { ImportView } from '../../../core/contract/archive.ts'

const view: ImportView = {
  file: 'corpus.car',
  step: 'running',
  doneBytes: 52_428_800,
  totalBytes: 629_145_600,
  resumedAtBytes: null,
  operations: { added: 5_000, known: 0 },
  records: { added: 110_000, known: 12 },
  refused: [
    { verdict: 'hold', reason: 'unknown-identity', count: 4 },
    { verdict: 'reject', reason: 'bad-cbor', count: 1 },
  ],
  ratePerSecond: 4_123.4,
  secondsLeft: 290,
  startedAt: 1_000,
  endedAt: null,
  failure: null,
}

describe('formatImport', () => {
  it('says in one line how far it is, what came of it, how fast and how long yet', () => {
    expect(formatImport(view)).toBe(
      'importing corpus.car: 8 % of 600.0 MiB · 110000 records new, 12 here already, 5 not kept · 4123 a second · about 5 minutes left',
    )
  })

  it('leaves out what nobody can say', () => {
    expect(formatImport({ ...view, ratePerSecond: 0, secondsLeft: null })).toMatch(/5 not kept$/)
  })
})

describe('reportLines', () => {
  it('says what is new, what was here, and what is not kept and why', () => {
    expect(reportLines({ ...view, step: 'done', doneBytes: view.totalBytes, endedAt: 91_000 })).toEqual([
      'corpus.car: 600.0 MiB in 90 s',
      '110000 records new, 12 here already',
      '5000 operations of identity chains new, 0 here already',
      '5 not kept:',
      '  4 written by somebody whose identity chain is neither here nor in the file before it',
      '  1 refused: bad-cbor',
    ])
  })

  it('says how much of a file that was not read to its end', () => {
    expect(reportLines({ ...view, step: 'cancelled', refused: [] })).toEqual([
      'corpus.car: 50.0 MiB of 600.0 MiB in 1 s',
      '110000 records new, 12 here already',
      '5000 operations of identity chains new, 0 here already',
    ])
  })
})
