import type { Rank } from '../store/rank.ts'

/** Whose things go in one pass, and how old they are at least. */
export interface SweepPass {
  readonly rank: Rank
  /** Milliseconds. */
  readonly olderThanMs: number
}

export const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS

/** From the oldest on, in steps: what is left at the end of the last one stays. */
export const STRANGER_AGES_MS: readonly number[] = [
  ...[4 * YEAR_MS, 2 * YEAR_MS, YEAR_MS],
  ...[180, 90, 30, 14, 7, 3, 1, 0].map((days) => days * DAY_MS),
]
export const FOLLOWED_RECORD_AGES_MS: readonly number[] = [8, 6, 4, 3, 2].map((years) => years * YEAR_MS)
export const FOLLOWED_MEDIA_AGES_MS: readonly number[] = [4 * YEAR_MS, 2 * YEAR_MS, YEAR_MS, 180 * DAY_MS, 90 * DAY_MS]

/** Part of a budget that is free again when a sweep ends. */
export const FREED_PART = 0.1
/** Over a budget by this part nothing more is taken of strangers. */
export const OVERRUN_PART = 0.1
/** A sweep that didn't find enough begins again after this time. */
const REST_MS = 10 * 60_000

/** True for a while after a sweep that didn't find enough, whichever way the clock is set meanwhile. */
export function isResting(restedMs: number | null, nowMs: number): boolean {
  return restedMs !== null && Math.abs(nowMs - restedMs) < REST_MS
}

/** What may stay of this: the budget, or less where the disk is short of room. */
export function mostOf(budgetBytes: number, usedBytes: number, lackingBytes: number): number {
  return lackingBytes > 0 ? Math.max(0, Math.min(budgetBytes, usedBytes - lackingBytes)) : budgetBytes
}

/** A way through passes, each with a cursor from one end to the other. */
export class Sweep<Cursor> {
  readonly #first: Cursor
  readonly #passes: readonly SweepPass[]
  #index = 0
  #cursor: Cursor

  constructor(init: { readonly passes: readonly SweepPass[]; readonly first: Cursor }) {
    this.#passes = init.passes
    this.#first = init.first
    this.#cursor = init.first
  }

  /** Null at the end. */
  get pass(): SweepPass | null {
    return this.#passes[this.#index] ?? null
  }

  get cursor(): Cursor {
    return this.#cursor
  }

  goOn(cursor: Cursor): void {
    this.#cursor = cursor
  }

  nextPass(): void {
    this.#index++
    this.#cursor = this.#first
  }
}
