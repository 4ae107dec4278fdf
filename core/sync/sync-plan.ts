import { toHex } from '../util/bytes.ts'
import { MAX_SCOPE } from './limits.ts'

export interface TakenPlan {
  /** Authors of the session, null for everything. */
  readonly scope: readonly Uint8Array[] | null
  /** Authors that were named, also where everything is synced. */
  readonly authors: readonly Uint8Array[]
  readonly isOverfull: boolean
}

/** What is to be synced with one peer: everything, or some authors; more authors than a scope takes are everything. */
export class SyncPlan {
  readonly #authors = new Map<string, Uint8Array>()
  #isFull = false
  /** More authors were named than a scope takes. */
  #isOverfull = false

  get isEmpty(): boolean {
    return !this.#isFull && !this.#isOverfull && this.#authors.size === 0
  }

  addEverything(): void {
    this.#isFull = true
  }

  addAuthors(authors: readonly Uint8Array[]): void {
    for (const author of authors) this.#authors.set(toHex(author), author)
    if (this.#authors.size <= MAX_SCOPE) return
    this.#isOverfull = true
    this.#authors.clear()
  }

  /** A full session that the other side began has ended; authors that were named may have come too late for it. */
  noteFullSession(): void {
    this.#isFull = false
  }

  /** What the next session is about; the plan is empty afterwards. */
  take(): TakenPlan {
    const isFull = this.#isFull || this.#isOverfull
    const authors = [...this.#authors.values()]
    const taken = { scope: isFull ? null : authors, authors, isOverfull: this.#isOverfull }
    this.#isFull = false
    this.#isOverfull = false
    this.#authors.clear()
    return taken
  }

  /** Puts back what `take` gave. */
  restore({ scope, authors, isOverfull }: TakenPlan): void {
    if (scope === null) this.#isFull = true
    if (isOverfull) this.#isOverfull = true
    this.addAuthors(authors)
  }
}
