import type { DecisionBook } from '../moderation/decision-book.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import { SILENCE_SOURCES } from '../store/decision-table.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { equalBytes } from '../util/bytes.ts'
import type { MutedPerson } from './square-calls.ts'

/** People who block the account, of whom it takes note. */
const MAX_BLOCKING = 10_000

/** Decisions from what was said: whom the account mutes and blocks, and who blocks it. */
export class SquareSilences {
  readonly #tables: Pick<SquareTables, 'identities' | 'edges'>
  readonly #decisions: Pick<DecisionBook, 'settle'>

  constructor(components: {
    readonly tables: Pick<SquareTables, 'identities' | 'edges'>
    readonly decisions: Pick<DecisionBook, 'settle'>
  }) {
    this.#tables = components.tables
    this.#decisions = components.decisions
  }

  /** `wishes`: blocked without a record yet. True when somebody is hidden or shown who wasn't before. */
  settle(me: Uint8Array | null, muted: readonly MutedPerson[], wishes: readonly MutedPerson[] = []): boolean {
    const { identities, edges } = this.#tables
    const myId = me === null ? undefined : identities.findAuthor(me)
    const blocked = myId === undefined ? [] : edges.listOn(KIND.block, myId)
    const blocking = me === null ? [] : edges.listPointing(KIND.block, me, MAX_BLOCKING)
    const settle = (
      silence: keyof typeof SILENCE_SOURCES,
      effect: 'hide' | 'drop',
      people: readonly { readonly subject: Uint8Array; readonly decidedMs: number }[],
    ) => {
      const others = people.filter(({ subject }) => me === null || !equalBytes(subject, me))
      return this.#decisions.settle({ source: SILENCE_SOURCES[silence], effect, reason: silence }, others)
    }
    const changes = [
      settle(
        'muted',
        'hide',
        muted.map(({ address, since }) => ({ subject: address, decidedMs: since })),
      ),
      settle('blocked', 'drop', [
        ...wishes.map(({ address, since }) => ({ subject: address, decidedMs: since })),
        ...blocked.map(({ subject, tsMs }) => ({ subject, decidedMs: tsMs })),
      ]),
      settle(
        'blocks-me',
        'drop',
        blocking.map(({ author, tsMs }) => ({ subject: author, decidedMs: tsMs })),
      ),
    ]
    return changes.includes(true)
  }
}
