/**
 * Decides what is shown, always with the reason: writes decisions as rows, which the store's one view reads, so that
 * no surface can forget one. Mutes and blocks become decisions here.
 */
import type { DecisionEffect, DecisionTable } from '../store/decision-table.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import { toHex } from '../util/bytes.ts'

export class DecisionBook {
  readonly #square: SquareDatabase
  readonly #table: DecisionTable

  constructor(components: { readonly square: SquareDatabase; readonly decisions: DecisionTable }) {
    this.#square = components.square
    this.#table = components.decisions
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
}
