/** Milliseconds that the wheel looks ahead; what is further off waits in the heap. */
const WHEEL_MS = 2 ** 17
const NONE = -1

/** More events wait than a run may hold: its parameters are beyond this machine. */
export class TooManyEventsError extends Error {
  override readonly name = 'TooManyEventsError'
}

/**
 * Events by time, in whole milliseconds; those of one millisecond in the order of coming, so a run is repeatable. A
 * wheel with a list for each millisecond takes and gives an event in constant time. Events are four numbers in typed
 * arrays that double when they are full, up to a limit.
 */
export class EventQueue {
  /** Of the event that `next` has taken. */
  now = 0
  kind = 0
  a = 0
  b = 0
  c = 0
  readonly #maxEvents: number
  readonly #heads = new Int32Array(WHEEL_MS).fill(NONE)
  readonly #tails = new Int32Array(WHEEL_MS).fill(NONE)
  #follower: Int32Array
  #fields: Int32Array
  #free = NONE
  #used = 0
  #inWheel = 0
  /** Event numbers and times of what is far off, as a binary heap. */
  readonly #far: { readonly time: number; readonly order: number; readonly event: number }[] = []
  #order = 0

  constructor(init: { readonly maxEvents?: number; readonly capacity?: number } = {}) {
    this.#maxEvents = init.maxEvents ?? 2 ** 26
    const capacity = Math.min(init.capacity ?? 2 ** 12, this.#maxEvents)
    this.#follower = new Int32Array(capacity)
    this.#fields = new Int32Array(4 * capacity)
  }

  get size(): number {
    return this.#inWheel + this.#far.length
  }

  /** What lies in the past happens now. @throws TooManyEventsError */
  at(time: number, kind: number, a = 0, b = 0, c = 0): void {
    const due = Math.max(this.now, Math.round(time))
    const event = this.#take()
    const field = 4 * event
    this.#fields[field] = kind
    this.#fields[field + 1] = a
    this.#fields[field + 2] = b
    this.#fields[field + 3] = c
    if (due - this.now < WHEEL_MS) this.#append(due, event)
    else this.#pushFar(due, event)
  }

  /** Goes on to the next event before `until`; false when there is none, and it is `until` then. */
  next(until: number): boolean {
    for (;;) {
      while (this.#far.length > 0 && (this.#far[0]?.time ?? 0) - this.now < WHEEL_MS) this.#popFar()
      const slot = this.now % WHEEL_MS
      const event = this.#heads[slot] as number
      if (event !== NONE) {
        this.#heads[slot] = this.#follower[event] as number
        if (this.#heads[slot] === NONE) this.#tails[slot] = NONE
        this.#inWheel--
        const field = 4 * event
        this.kind = this.#fields[field] as number
        this.a = this.#fields[field + 1] as number
        this.b = this.#fields[field + 2] as number
        this.c = this.#fields[field + 3] as number
        this.#follower[event] = this.#free
        this.#free = event
        return true
      }
      if (this.now + 1 >= until || this.size === 0) {
        this.now = Math.max(this.now, until)
        return false
      }
      this.now++
    }
  }

  #append(time: number, event: number): void {
    const slot = time % WHEEL_MS
    const tail = this.#tails[slot] as number
    this.#follower[event] = NONE
    if (tail === NONE) this.#heads[slot] = event
    else this.#follower[tail] = event
    this.#tails[slot] = event
    this.#inWheel++
  }

  #take(): number {
    if (this.#free !== NONE) {
      const event = this.#free
      this.#free = this.#follower[event] as number
      return event
    }
    if (this.#used === this.#follower.length) this.#grow()
    return this.#used++
  }

  #grow(): void {
    const capacity = Math.min(2 * this.#follower.length, this.#maxEvents)
    if (capacity === this.#follower.length) throw new TooManyEventsError(`${capacity} events wait`)
    const follower = new Int32Array(capacity)
    follower.set(this.#follower)
    this.#follower = follower
    const fields = new Int32Array(4 * capacity)
    fields.set(this.#fields)
    this.#fields = fields
  }

  #pushFar(time: number, event: number): void {
    const item = { time, order: this.#order++, event }
    let at = this.#far.length
    this.#far.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = this.#far[parent] as typeof item
      if (!isBefore(item, above)) break
      this.#far[at] = above
      at = parent
    }
    this.#far[at] = item
  }

  #popFar(): void {
    const first = this.#far[0] as { time: number; order: number; event: number }
    this.#append(first.time, first.event)
    const last = this.#far.pop() as typeof first
    const { length } = this.#far
    if (length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= length) break
      const right = this.#far[child + 1]
      if (right !== undefined && isBefore(right, this.#far[child] as typeof first)) child++
      const below = this.#far[child] as typeof first
      if (!isBefore(below, last)) break
      this.#far[at] = below
      at = child
    }
    this.#far[at] = last
  }
}

function isBefore(one: { time: number; order: number }, other: { time: number; order: number }): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order)
}
