export interface BoundedQueueInit {
  /** Most items that it holds. */
  readonly maxItems: number
  /** refuse: `push` says false and keeps what is here · drop-oldest: the oldest item makes room */
  readonly whenFull: 'refuse' | 'drop-oldest'
}

/**
 * First in, first out, with a bound. When it is full, `refuse` turns the new item away (`push` says false) and
 * `drop-oldest` lets the oldest one go; either way `dropped` counts it. Items move in constant time.
 */
export class BoundedQueue<T> {
  readonly #slots: (T | undefined)[]
  readonly #whenFull: BoundedQueueInit['whenFull']
  #head = 0
  #size = 0
  #dropped = 0
  #isClosed = false
  #waiting: (() => void)[] = []

  /** @throws RangeError unless `maxItems` is a positive integer. */
  constructor(init: BoundedQueueInit) {
    if (!Number.isSafeInteger(init.maxItems) || init.maxItems < 1) {
      throw new RangeError(`maxItems must be a positive integer, got ${init.maxItems}`)
    }
    this.#slots = new Array(init.maxItems)
    this.#whenFull = init.whenFull
  }

  get size(): number {
    return this.#size
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Items that were turned away or let go because the queue was full. */
  get dropped(): number {
    return this.#dropped
  }

  /** False when the item was turned away: the queue is full and refuses, or it is closed. */
  push(item: T): boolean {
    if (this.#isClosed) return false
    if (this.#size === this.#slots.length) {
      this.#dropped++
      if (this.#whenFull === 'refuse') return false
      this.shift()
    }
    this.#slots[(this.#head + this.#size) % this.#slots.length] = item
    this.#size++
    this.#waiting.shift()?.()
    return true
  }

  /** The oldest item, taken out; undefined when there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined
    const item = this.#slots[this.#head]
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) % this.#slots.length
    this.#size--
    return item
  }

  /** Takes out up to `maxItems` items, oldest first. */
  drain(maxItems = this.#size): T[] {
    const items: T[] = []
    while (items.length < maxItems && this.#size > 0) items.push(this.shift() as T)
    return items
  }

  /**
   * Waits for an item and takes it out; undefined once the queue is closed and empty.
   * @throws the signal's reason when it is aborted first.
   */
  async take(signal?: AbortSignal): Promise<T | undefined> {
    for (;;) {
      signal?.throwIfAborted()
      if (this.#size > 0) return this.shift()
      if (this.#isClosed) return undefined
      await this.#itemOrAbort(signal)
    }
  }

  /** Refuses everything from now on; what is here can still be taken. */
  close(): void {
    this.#isClosed = true
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #itemOrAbort(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== wake)
        resolve()
      }
      this.#waiting.push(wake)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }
}
