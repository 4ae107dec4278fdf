/**
 * A map with room for `maxEntries`. When it is full, `set` of a new key lets go of the entry that was least recently
 * read or written; nobody is told. Not for things that must be closed or freed.
 */
export class LruMap<K, V> {
  readonly #entries = new Map<K, V>()
  readonly #maxEntries: number

  /** @throws RangeError unless `maxEntries` is a positive integer. */
  constructor(maxEntries: number) {
    if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
      throw new RangeError(`maxEntries must be a positive integer, got ${maxEntries}`)
    }
    this.#maxEntries = maxEntries
  }

  get size(): number {
    return this.#entries.size
  }

  /** The value, which becomes the most recent one. A held `undefined` can't be told from nothing: use `has`. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined && !this.#entries.has(key)) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value as V)
    return value
  }

  /** The value, without making it more recent. */
  peek(key: K): V | undefined {
    return this.#entries.get(key)
  }

  /** Without making it more recent. */
  has(key: K): boolean {
    return this.#entries.has(key)
  }

  set(key: K, value: V): this {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#maxEntries) this.#entries.delete(this.#entries.keys().next().value as K)
    return this
  }

  delete(key: K): boolean {
    return this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Least recent first. */
  keys(): MapIterator<K> {
    return this.#entries.keys()
  }

  /** Least recent first. */
  values(): MapIterator<V> {
    return this.#entries.values()
  }

  /** Least recent first. */
  entries(): MapIterator<[K, V]> {
    return this.#entries.entries()
  }
}
