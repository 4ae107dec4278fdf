import { toHex } from '../util/bytes.ts'
import { MAX_SCOPE } from './limits.ts'

/** What is to be synced with one peer: everything, or some authors; more authors than a scope takes are everything. */
export class SyncPlan {
  readonly #authors = new Map<string, Uint8Array>()
  #isFull = false

  get isEmpty(): boolean {
    return !this.#isFull && this.#authors.size === 0
  }

  addEverything(): void {
    this.#isFull = true
    this.#authors.clear()
  }

  addAuthors(authors: readonly Uint8Array[]): void {
    if (this.#isFull) return
    for (const author of authors) this.#authors.set(toHex(author), author)
    if (this.#authors.size > MAX_SCOPE) this.addEverything()
  }

  /** The scope of the next session, null for everything; the plan is empty afterwards. */
  take(): readonly Uint8Array[] | null {
    const scope = this.#isFull ? null : [...this.#authors.values()]
    this.#isFull = false
    this.#authors.clear()
    return scope
  }

  /** Puts back what `take` gave. */
  restore(scope: readonly Uint8Array[] | null): void {
    if (scope === null) this.addEverything()
    else this.addAuthors(scope)
  }
}
