/**
 * Keeps the records within their budget: what strangers wrote goes first, then what is more than two years old of people
 * who are followed, the oldest before the newer, a few rows a step. Everything else stays, whatever the budget says: the
 * door takes nothing more of strangers then.
 */
import { RANK, type Rank } from '../store/rank.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { fromHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Admission } from './admission.ts'
import { type Budgets, STRANGER_SHARE } from './budgets.ts'
import type { InputCheck } from './input-check.ts'
import {
  FOLLOWED_RECORD_AGES_MS,
  FREED_PART,
  isResting,
  mostOf,
  OVERRUN_PART,
  STRANGER_AGES_MS,
  Sweep,
  type SweepPass,
} from './sweep.ts'

/** Rows that one step looks at: about ten milliseconds. */
const MAX_ROWS = 64
/** On a disk without room: what a step changes lies twice for a moment. */
const SCARCE_ROWS = 8
const MAX_LOGS = 128
/** What kept people take is counted no more often. */
const COUNT_EVERY_MS = 10_000

export interface RecordUse {
  readonly totalBytes: number
  /** Of those, of people who are neither followed nor kept for another reason. */
  readonly strangerBytes: number
}

export interface RecordEvictorComponents {
  readonly square: SquareDatabase
  readonly tables: SquareTables
  readonly admission: Admission
  readonly check: Pick<InputCheck, 'unsettleAll'>
  readonly clock: Clock
}

export class RecordEvictor {
  readonly #c: RecordEvictorComponents
  readonly #role: 'peer' | 'seed'
  readonly #passes: readonly SweepPass[]
  #budgets: Budgets
  #sweep: Sweep<number> | null = null
  #restedMs: number | null = null
  #kept = { bytes: 0, atMs: Number.NEGATIVE_INFINITY }

  constructor(
    components: RecordEvictorComponents,
    init: { readonly role: 'peer' | 'seed'; readonly budgets: Budgets },
  ) {
    this.#c = components
    this.#role = init.role
    this.#budgets = init.budgets
    const of = (rank: Rank, ages: readonly number[]) => ages.map((olderThanMs) => ({ rank, olderThanMs }))
    this.#passes = [...of(RANK.stranger, STRANGER_AGES_MS), ...of(RANK.followed, FOLLOWED_RECORD_AGES_MS)]
  }

  setBudgets(budgets: Budgets): void {
    this.#budgets = budgets
    this.#restedMs = null
  }

  use(): RecordUse {
    const { counts } = this.#c.tables
    const nowMs = this.#c.clock.now()
    if (Math.abs(nowMs - this.#kept.atMs) >= COUNT_EVERY_MS) this.#kept = { bytes: this.#countKept(), atMs: nowMs }
    const totalBytes = counts.totalBytes()
    return { totalBytes, strangerBytes: Math.max(0, totalBytes - this.#kept.bytes) }
  }

  /** One bounded step, if any is due. `lackingBytes`: what the disk is short of. */
  step(lackingBytes = 0): { readonly records: number; readonly bytes: number; readonly isBusy: boolean } {
    const nowMs = this.#c.clock.now()
    const share = this.#budgets.recordBytes * STRANGER_SHARE[this.#role]
    const { totalBytes, strangerBytes } = this.use()
    const mostBytes = mostOf(this.#budgets.recordBytes, totalBytes, lackingBytes)
    const isOver = (part: number) => ({
      all: totalBytes > mostBytes * (1 + part),
      strangers: strangerBytes > share * (1 + part),
    })
    const isFull = totalBytes > this.#budgets.recordBytes * (1 + OVERRUN_PART)
    this.#c.admission.setStrangerRoom(!isFull && !isOver(OVERRUN_PART).strangers)
    const idle = { records: 0, bytes: 0, isBusy: false }
    if (this.#sweep === null) {
      const over = isOver(0)
      if ((!over.all && !over.strangers) || isResting(this.#restedMs, nowMs)) {
        if (strangerBytes < share * (1 - 2 * FREED_PART)) this.#c.admission.setOldest(0)
        return idle
      }
      this.#sweep = new Sweep({ passes: this.#passes, first: 0 })
    }
    const left = isOver(-FREED_PART)
    const { pass } = this.#sweep
    const isEnough = !left.all && (!left.strangers || pass?.rank !== RANK.stranger)
    if (pass === null || isEnough) {
      if (pass === null) this.#restedMs = nowMs
      this.#sweep = null
      return idle
    }
    if (pass.rank === RANK.stranger && this.#sweep.cursor === 0) this.#c.admission.setOldest(nowMs - pass.olderThanMs)
    const maxRows = lackingBytes > 0 ? SCARCE_ROWS : MAX_ROWS
    return { ...this.#go(this.#sweep, pass, nowMs, maxRows), isBusy: true }
  }

  #go(sweep: Sweep<number>, { rank, olderThanMs }: SweepPass, nowMs: number, maxRows: number) {
    const { admission, check, square, tables } = this.#c
    const { identities, releases } = tables
    const ranks = new Map<number, Rank>()
    const freed = { records: 0, bytes: 0 }
    const logs = releases.listLogs(sweep.cursor, MAX_LOGS)
    square.transaction(() => {
      let rows = 0
      for (const log of logs) {
        if (rows >= maxRows) return sweep.goOn(log.logId)
        const known = ranks.get(log.authorId) ?? admission.rankOf(identities.addressOf(log.authorId))
        ranks.set(log.authorId, known)
        if (known !== rank) continue
        const done = releases.release(log, rank, nowMs - olderThanMs, maxRows - rows + 1)
        rows += done.read
        freed.records += done.records
        freed.bytes += done.bytes
        if (!done.isDone) return sweep.goOn(log.logId)
      }
      if (logs.length < MAX_LOGS) sweep.nextPass()
      else sweep.goOn((logs.at(-1)?.logId ?? 0) + 1)
    })
    // What was settled may come again.
    if (freed.records > 0) check.unsettleAll()
    return freed
  }

  /** Of everybody who isn't a stranger. */
  #countKept(): number {
    const { admission, tables } = this.#c
    const { counts, home, identities, releases } = tables
    const others = admission.listNamed().map((name) => {
      const authorId = identities.findAuthor(fromHex(name) as Uint8Array)
      return authorId === undefined || home.hasAuthor(authorId) ? 0 : counts.heldOf(authorId).bytes
    })
    return releases.homeBytes() + others.reduce((sum, bytes) => sum + bytes, 0)
  }
}
