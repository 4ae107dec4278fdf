/**
 * Carries effective times along logs once per batch. Most records change nothing after them. A log whose times fall
 * from record to record, delivered newest first, would change all of them with each: so there is a budget for each
 * batch, what is left is written down with the log, and goes on bit by bit.
 */
import type { HomeTable } from './home-table.ts'
import type { LogTable } from './log-table.ts'
import type { Projections } from './projections.ts'
import type { CarrySpan, RecordTable } from './record-table.ts'

const MAX_ROWS_PER_BATCH = 1_024
const MAX_ROWS_PER_TURN = 4_096
const MAX_LOGS_PER_TURN = 64

interface SettlerTables {
  readonly logs: LogTable
  readonly records: RecordTable
  readonly home: HomeTable
  readonly projections: Pick<Projections, 'move'>
}

export class OrderSettler {
  readonly #tables: SettlerTables
  readonly #written = new Map<number, { readonly authorId: number; readonly seqs: number[] }>()

  constructor(tables: SettlerTables) {
    this.#tables = tables
  }

  /** A record was written that has successors. */
  note(logId: number, authorId: number, seq: number): void {
    const written = this.#written.get(logId)
    if (written === undefined) this.#written.set(logId, { authorId, seqs: [seq] })
    else written.seqs.push(seq)
  }

  settle(): void {
    let budget = MAX_ROWS_PER_BATCH
    for (const [logId, { authorId, seqs }] of this.#written) {
      budget -= this.#settleLog(
        logId,
        authorId,
        seqs.sort((a, b) => a - b),
        budget,
      )
    }
    this.#written.clear()
  }

  abandon(): void {
    this.#written.clear()
  }

  settleMore(): boolean {
    const { logs } = this.#tables
    let budget = MAX_ROWS_PER_TURN
    for (const { logId, authorId, from, to } of logs.listToCarry(MAX_LOGS_PER_TURN)) {
      if (budget <= 0) break
      const { read, rest } = this.#carry(logId, authorId, { from, to }, budget)
      logs.setCarrySpan(logId, rest)
      budget -= read
    }
    return logs.listToCarry(1).length > 0
  }

  /** Returns the rows that were read. `seqs` ascending. */
  #settleLog(logId: number, authorId: number, seqs: readonly number[], budget: number): number {
    const { logs } = this.#tables
    const lowest = seqs[0] as number
    const highest = seqs.at(-1) as number
    const open = logs.carrySpan(logId)
    if (open !== null) {
      logs.setCarrySpan(logId, { from: Math.min(open.from, lowest), to: Math.max(open.to, highest) })
      return 0
    }
    let read = 0
    let upTo = 0
    for (const [from, to] of runsOf(seqs)) {
      // The pass before has been here already.
      if (to < upTo) continue
      if (read >= budget) {
        logs.setCarrySpan(logId, { from, to: highest })
        return read
      }
      const result = this.#carry(logId, authorId, { from, to }, budget - read)
      read += result.read
      upTo = result.upTo
      if (result.rest !== null) {
        logs.setCarrySpan(logId, { from: result.rest.from, to: Math.max(result.rest.to, highest) })
        return read
      }
    }
    return read
  }

  #carry(logId: number, authorId: number, span: CarrySpan, maxRows: number) {
    const result = this.#tables.records.carryEffectiveTime(logId, span, maxRows)
    this.#tables.home.move(authorId, result.moved)
    this.#tables.projections.move(result.moved)
    return result
  }
}

/** Stretches without a gap, of ascending seqs: what sync brings is nearly always one. */
function runsOf(seqs: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const seq of seqs) {
    const last = runs.at(-1)
    if (last !== undefined && seq <= last[1] + 1) last[1] = seq
    else runs.push([seq, seq])
  }
  return runs
}
