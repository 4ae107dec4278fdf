import type { Settings } from '../../../core/contract/settings.ts'
import type { NodeEvent } from '../../../core/contract/views.ts'
import type { FakeSquare } from './fake-square.ts'

/** What the account side of the sample node sees of the rest. */
export interface FakeHome {
  square(): FakeSquare
  now(): number
  settings(): Settings
  emit(event: NodeEvent): void
  /** An account that came from elsewhere is here now: its people and posts too. */
  arrive(): void
}

/** What happens by itself in a real node: here step by step as a test asks for it, or with a pause before each. */
export class FakeCourse {
  readonly #paceMs: number | null
  #waiting: (() => void)[] = []

  /** @param paceMs null where `step` drives it */
  constructor(paceMs: number | null) {
    this.#paceMs = paceMs
  }

  later(work: () => void): void {
    this.#waiting.push(work)
    if (this.#paceMs !== null) setTimeout(() => this.step(), this.#paceMs)
  }

  /** Does what is next; nothing where nothing waits. */
  step(): void {
    this.#waiting.shift()?.()
  }

  /** What was under way is given up. */
  clear(): void {
    this.#waiting = []
  }
}
