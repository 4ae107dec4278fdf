/**
 * Which records of a sealed device count (IDN12, LOG8): those that the sealed head links to, and no others. The way goes
 * down from the head along `prev`; what lies above the seal, beside the way, or below a record that isn't held, is hidden.
 * A record that closes a gap lets the way go on. Every step leaves the flags of what was passed right for good, so a
 * long log is settled bit by bit, and a seal that moves or is raised begins anew from any state.
 */
import { equalBytes } from '../util/bytes.ts'
import type { LogTable } from './log-table.ts'
import type { RecordEffects } from './record-effects.ts'
import type { RecordRow, RecordTable } from './record-table.ts'
import { prevOfStored } from './stored-header.ts'

const MAX_SEQ = 2 ** 32 - 1
const MAX_ROWS_PER_BATCH = 2_048
const MAX_ROWS_PER_TURN = 8_192
const MAX_LOGS_PER_TURN = 64
const PAGE_ROWS = 256
/** Posts that are named one by one; of more it is said that all may have changed. */
const MAX_TOUCHED = 512

/** Nothing comes next on the way down. */
const END = { nextSeq: 0, nextId: null, isAtEnd: true } as const

interface WalkerTables {
  readonly logs: LogTable
  readonly records: RecordTable
  readonly effects: RecordEffects
}

export interface SealChanges {
  /** Authors of whom something was hidden or shown again. */
  readonly authorIds: ReadonlySet<number>
  readonly touches: readonly Uint8Array[]
}

export class SealWalker {
  readonly #tables: WalkerTables
  readonly #noted = new Set<number>()
  #authorIds = new Set<number>()
  #touches: Uint8Array[] = []
  #budget = 0
  #nowMs = 0

  constructor(tables: WalkerTables) {
    this.#tables = tables
  }

  /** A record of a sealed log was written, or its seal changed. */
  note(logId: number): void {
    this.#noted.add(logId)
  }

  /** Goes on with what was noted in this transaction. */
  settle(nowMs: number): SealChanges {
    if (this.#noted.size === 0) return this.#takeChanges()
    this.#begin(MAX_ROWS_PER_BATCH, nowMs)
    for (const logId of this.#noted) this.#settleLog(logId)
    this.#noted.clear()
    return this.#takeChanges()
  }

  /** Goes on with logs that were too long to settle at once. */
  settleMore(nowMs: number): SealChanges {
    this.#begin(MAX_ROWS_PER_TURN, nowMs)
    for (const logId of this.#tables.logs.listPendingSeals(MAX_LOGS_PER_TURN)) {
      if (this.#budget > 0) this.#settleLog(logId)
    }
    return this.#takeChanges()
  }

  /** The transaction was undone. */
  abandon(): void {
    this.#noted.clear()
    this.#takeChanges()
  }

  #begin(budget: number, nowMs: number): void {
    this.#budget = budget
    this.#nowMs = nowMs
  }

  #takeChanges(): SealChanges {
    const changes = { authorIds: this.#authorIds, touches: this.#touches }
    this.#authorIds = new Set()
    this.#touches = []
    return changes
  }

  #settleLog(logId: number): void {
    const { logs } = this.#tables
    const { seal, nextSeq, nextId } = logs.sealWalk(logId)
    if (seal === null) {
      const isDone = this.#flagRange(logId, [1, MAX_SEQ], false)
      logs.setSealWalk(logId, { nextSeq: 0, nextId: null, isPending: !isDone })
      return
    }
    let isDone = this.#flagRange(logId, [seal.lastSeq + 1, MAX_SEQ], true)
    const end = isDone ? this.#walk(logId, nextSeq, nextId) : { nextSeq, nextId, isAtEnd: false }
    isDone &&= end.isAtEnd
    // Below a gap nothing links to the seal as yet.
    if (isDone && end.nextSeq > 0) isDone = this.#flagBelow(logId, end.nextSeq, end.nextId)
    logs.setSealWalk(logId, { nextSeq: end.nextSeq, nextId: end.nextId, isPending: !isDone })
  }

  /** As far down as the links and the budget go. `isAtEnd`: a gap, or the beginning of the log. */
  #walk(logId: number, fromSeq: number, fromId: Uint8Array | null) {
    const { logs, records } = this.#tables
    let nextSeq = fromSeq
    let nextId = fromId
    const { releasedSeq } = logs.sealWalk(logId)
    while (nextSeq > 0 && nextId !== null) {
      if (this.#budget <= 0) return { nextSeq, nextId, isAtEnd: false }
      const expected = nextId
      const rows = records.listAtSeq(logId, nextSeq)
      const linked = rows.find(({ id }) => equalBytes(id, expected))
      if (linked === undefined) {
        // What lasts of what was let go of stays as the way found it when it came by: nothing links to it any more.
        return nextSeq <= releasedSeq ? END : { nextSeq, nextId, isAtEnd: true }
      }
      for (const row of rows) this.#flag(row, row !== linked)
      nextId = prevOfStored(linked.storedHeader)
      nextSeq--
    }
    return END
  }

  /** Everything at the gap and below it is hidden. */
  #flagBelow(logId: number, seq: number, missing: Uint8Array | null): boolean {
    if (missing === null) return true
    return this.#flagRange(logId, [1, seq], true)
  }

  /** True when all rows of the range have the flag. */
  #flagRange(logId: number, range: readonly [number, number], isHidden: boolean): boolean {
    while (this.#budget > 0) {
      const rows = this.#tables.records.listByFlag(logId, !isHidden, range, PAGE_ROWS)
      for (const row of rows) this.#flag(row, isHidden)
      if (rows.length < PAGE_ROWS) return true
    }
    return false
  }

  #flag(row: RecordRow, isHidden: boolean): void {
    const { effects } = this.#tables
    this.#budget--
    if (row.isHidden === isHidden) return
    const touched = isHidden ? effects.hide(row) : effects.show(row, this.#nowMs)
    this.#authorIds.add(row.authorId)
    if (this.#touches.length < MAX_TOUCHED) this.#touches.push(...touched)
  }
}
