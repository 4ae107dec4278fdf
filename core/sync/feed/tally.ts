/** So many bad ones at least, and twice as many as good ones: a slow moment isn't a fault. */
const MIN_BAD = 10
/** Beyond this the past counts half. */
const MAX_NOTED = 40

/** Counts how often a peer did what it should, of late. */
export class Tally {
  #good = 0
  #bad = 0

  /** True when this makes it at fault; it begins anew then. */
  note(isGood: boolean): boolean {
    if (isGood) this.#good++
    else this.#bad++
    if (this.#bad >= MIN_BAD && this.#bad > 2 * this.#good) {
      this.#good = 0
      this.#bad = 0
      return true
    }
    if (this.#good + this.#bad > MAX_NOTED) {
      this.#good /= 2
      this.#bad /= 2
    }
    return false
  }
}
