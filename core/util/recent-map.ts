/**
 * A map that keeps the entries that were asked for lately: at least the last `maxEntries / 2` of them, at most
 * `maxEntries`, rounded up to an even number; nobody is told what is let go of. Not the exact order of an LruMap, and a quarter of its price: an entry
 * that is found among the young ones stays where it is.
 */
export class RecentMap<K, V> {
  readonly #maxYoung: number
  #young = new Map<K, V>()
  #old = new Map<K, V>()

  /** @throws RangeError unless `maxEntries` is a positive integer. */
  constructor(maxEntries: number) {
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
      throw new RangeError(`maxEntries must be a positive integer, got ${maxEntries}`)
    }
    this.#maxYoung = Math.ceil(maxEntries / 2)
  }

  /** The value, which is young from now on. A held `undefined` can't be told from nothing. */
  get(key: K): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: K, value: V): this {
    if (this.#young.size >= this.#maxYoung && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
    return this
  }

  delete(key: K): boolean {
    const wasOld = this.#old.delete(key)
    return this.#young.delete(key) || wasOld
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
