/**
 * Decides what is shown, always with the reason: writes decisions as rows, which the store's one view reads, so that
 * no surface can forget one. Blocks, mutes and labels become decisions here; none of them is made yet.
 */
import type { DecisionRow, DecisionTable } from '../store/decision-table.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { Clock } from '../util/clock.ts'

export class DecisionBook {
  readonly #square: SquareDatabase
  readonly #table: DecisionTable
  readonly #clock: Clock

  constructor(components: {
    readonly square: SquareDatabase
    readonly decisions: DecisionTable
    readonly clock: Clock
  }) {
    this.#square = components.square
    this.#table = components.decisions
    this.#clock = components.clock
  }

  /** A later decision of the same source about the same subject replaces the one before. */
  decide(decision: Omit<DecisionRow, 'decidedMs'>): void {
    this.#square.transaction(() => this.#table.put({ ...decision, decidedMs: this.#clock.now() }))
  }

  /** True when there was a decision to take back. */
  withdraw(scope: DecisionRow['scope'], subject: Uint8Array, source: string): boolean {
    return this.#square.transaction(() => this.#table.remove(scope, subject, source))
  }

  /** Every decision about a subject, with its source and reason. */
  explain(scope: DecisionRow['scope'], subject: Uint8Array): readonly DecisionRow[] {
    return this.#table.listAbout(scope, subject)
  }
}
