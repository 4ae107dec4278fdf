/**
 * Decides what is shown, always with the reason: writes decisions as rows, which the store's one view reads, so that
 * no surface can forget one. Mutes and blocks become decisions here.
 */
import type { DecisionEffect, DecisionRow, DecisionTable } from '../store/decision-table.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import { toHex } from '../util/bytes.ts'
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

  /** These people and nobody else are decided about by this source. True when it decided otherwise before. */
  settle(
    { source, effect, reason }: { readonly source: string; readonly effect: DecisionEffect; readonly reason: string },
    people: readonly { readonly subject: Uint8Array; readonly decidedMs: number }[],
  ): boolean {
    const wanted = new Map(people.map((person) => [toHex(person.subject), person]))
    const gone = this.#table.listFrom(source).filter((held) => {
      const name = toHex(held.subject)
      const isSame = wanted.get(name)?.decidedMs === held.decidedMs
      if (isSame) wanted.delete(name)
      return !isSame && !wanted.has(name)
    })
    if (gone.length + wanted.size === 0) return false
    this.#square.transaction(() => {
      for (const { subject } of gone) this.#table.remove('author', subject, source)
      for (const { subject, decidedMs } of wanted.values()) {
        this.#table.put({ scope: 'author', subject, source, effect, reason, decidedMs })
      }
    })
    return true
  }

  /** Every decision about a subject, with its source and reason. */
  explain(scope: DecisionRow['scope'], subject: Uint8Array): readonly DecisionRow[] {
    return this.#table.listAbout(scope, subject)
  }
}
