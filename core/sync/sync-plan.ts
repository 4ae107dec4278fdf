import { toHex } from '../util/bytes.ts'
import { MAX_SCOPE } from './limits.ts'

export interface TakenPlan {
  /** Authors of the session, null for everything. */
  readonly scope: readonly Uint8Array[] | null
  /** Authors that were named, also where everything is synced. */
  readonly authors: readonly Uint8Array[]
  readonly isOverfull: boolean
  /** A person waits for it. */
  readonly isUrgent: boolean
}

/**
 * What is to be synced with one peer: everything, or some authors; more authors than a scope takes are everything. Urgent
 * ones have a session of their own, before anything else; of more than a scope takes everything is urgent.
 */
export class SyncPlan {
  readonly #authors = new Map<string, Uint8Array>()
  readonly #urgent = new Map<string, Uint8Array>()
  #isFull = false
  /** More authors were named than a scope takes. */
  #isOverfull = false
  /** So many of them at once were urgent. */
  #isRushed = false

  get isEmpty(): boolean {
    return !this.#isFull && !this.#isOverfull && this.#authors.size + this.#urgent.size === 0
  }

  get hasUrgent(): boolean {
    return this.#isRushed || this.#urgent.size > 0
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

  addUrgent(authors: readonly Uint8Array[]): void {
    for (const author of authors) this.#urgent.set(toHex(author), author)
    if (this.#urgent.size <= MAX_SCOPE) return
    this.#isOverfull = true
    this.#isRushed = true
    this.#urgent.clear()
  }

  /** Somebody else has brought something of these authors: the rest of it can wait. */
  relax(authors: readonly Uint8Array[]): void {
    this.addAuthors(authors.filter((author) => this.#urgent.delete(toHex(author))))
  }

  /** A full session that the other side began has ended; authors that were named may have come too late for it. */
  noteFullSession(): void {
    this.#isFull = false
  }

  /** What the next session is about; it is in the plan no more afterwards. */
  take(): TakenPlan {
    if (this.#urgent.size > 0) {
      const authors = [...this.#urgent.values()]
      this.#urgent.clear()
      return { scope: authors, authors, isOverfull: false, isUrgent: true }
    }
    const isFull = this.#isFull || this.#isOverfull
    const authors = [...this.#authors.values()]
    const taken = { scope: isFull ? null : authors, authors, isOverfull: this.#isOverfull, isUrgent: false }
    this.#isFull = false
    this.#isOverfull = false
    this.#isRushed = false
    this.#authors.clear()
    return taken
  }

  /** Puts back what `take` gave. */
  restore({ scope, authors, isOverfull, isUrgent }: TakenPlan): void {
    if (scope === null) this.#isFull = true
    if (isOverfull) this.#isOverfull = true
    if (isUrgent) this.addUrgent(authors)
    else this.addAuthors(authors)
  }
}
