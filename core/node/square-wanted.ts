import type { Admission } from '../ingest/admission.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { LogQueries } from '../store/log-queries.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { MAX_CARRIED } from '../sync/feed/limits.ts'
import { toHex } from '../util/bytes.ts'

/** Authors that are wanted for other reasons than follows and pins. */
const MAX_WANTED = 1_024
const PAGE_AUTHORS = 4_096

export interface SquareWantedComponents {
  readonly own: OwnDatabase
  readonly tables: SquareTables
  readonly admission: Admission
  readonly logs: LogQueries
}

/** Whose logs this node wants to be complete. */
export class SquareWanted {
  readonly #c: SquareWantedComponents
  #others: readonly Uint8Array[] = []
  /** As they were asked for, the blocked among them. */
  #carried: readonly Uint8Array[] = []

  constructor(components: SquareWantedComponents) {
    this.#c = components
  }

  /** Replaces those that are wanted besides own, followed and pinned ones; at most 1,024. */
  setOthers(addresses: readonly Uint8Array[]): void {
    this.#others = addresses.slice(0, MAX_WANTED)
    this.#c.admission.setWanted(this.#others)
  }

  /**
   * Authors whose new records are carried for neighbours, in place of those before; nobody whom the account blocks.
   *
   * @returns those that are
   */
  setCarried(addresses: readonly Uint8Array[], me: Uint8Array | null): readonly Uint8Array[] {
    this.#carried = addresses.slice(0, MAX_CARRIED)
    return this.settleCarried(me)
  }

  /** To be called when the account blocks others than before, or is another. @returns those that are carried now */
  settleCarried(me: Uint8Array | null): readonly Uint8Array[] {
    const { admission, tables } = this.#c
    // Nothing is read for nobody: a node whose square is damaged is told its account all the same.
    const myId = me === null || this.#carried.length === 0 ? undefined : tables.identities.findAuthor(me)
    const blocked = myId === undefined ? [] : tables.edges.listOn(KIND.block, myId)
    const names = new Set(blocked.map(({ subject }) => toHex(subject)))
    const carried = this.#carried.filter((address) => !names.has(toHex(address)))
    admission.setCarried(carried)
    return carried
  }

  /** All of them; `me` is the account here. */
  list(me: Uint8Array | null): Uint8Array[] {
    const { own, tables, admission, logs } = this.#c
    const wanted = new Map<string, Uint8Array>()
    const add = (address: Uint8Array) => wanted.set(toHex(address), address)
    if (me !== null) {
      add(me)
      for (const { subject } of tables.edges.listOn(KIND.follow, tables.identities.ensureAuthor(me))) add(subject)
    }
    for (const { target } of own.listPendingFollows()) add(target)
    for (const address of [...admission.pins, ...this.#others]) add(address)
    let after: Uint8Array | null = null
    while (admission.wantsEveryone) {
      const page: Uint8Array[] = logs.listAuthors(after, PAGE_AUTHORS)
      for (const address of page) add(address)
      if (page.length < PAGE_AUTHORS) break
      after = page.at(-1) as Uint8Array
    }
    return [...wanted.values()]
  }
}
