import { KIND } from '../record/kinds/kind-table.ts'
import type { MediaDatabase } from '../store/media-database.ts'
import { RANK, type Rank } from '../store/rank.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { Clock } from '../util/clock.ts'
import type { Admission } from './admission.ts'
import type { Budgets } from './budgets.ts'
import {
  FOLLOWED_MEDIA_AGES_MS,
  FREED_PART,
  isResting,
  mostOf,
  OVERRUN_PART,
  STRANGER_AGES_MS,
  Sweep,
} from './sweep.ts'

/** Files that one step looks at, and records that show them. */
const MAX_ROOTS = 64
const MAX_REFERRERS = 1_024
/** Files that one step deletes: each is up to 16 MiB, and what is deleted is overwritten. */
const MAX_DROPPED_BYTES = 4 * 1_048_576

export interface MediaEvictorComponents {
  readonly media: MediaDatabase
  readonly square: SquareDatabase
  readonly tables: SquareTables
  readonly admission: Admission
  readonly clock: Clock
  /** False while square.db may lack a reference that an own record makes. */
  readonly isSafe: () => boolean
}

/**
 * Keeps pictures within their budget: those that only strangers show go first, then what people who are followed showed
 * more than 90 days ago and nobody has fetched since, the oldest before the newer. Faces of people who are followed stay.
 */
export class MediaEvictor {
  readonly #c: MediaEvictorComponents
  #budgets: Budgets
  #sweep: Sweep<string> | null = null
  #restedMs: number | null = null

  constructor(components: MediaEvictorComponents, init: { readonly budgets: Budgets }) {
    this.#c = components
    this.#budgets = init.budgets
  }

  setBudgets(budgets: Budgets): void {
    this.#budgets = budgets
    this.#restedMs = null
  }

  get usedBytes(): number {
    return this.#c.media.totalBytes()
  }

  /** The budget is full, and nothing has made room. */
  get isFull(): boolean {
    return this.#c.media.totalBytes() > this.#budgets.mediaBytes * (1 + OVERRUN_PART)
  }

  /** One bounded step, if any is due. `lackingBytes`: what the disk is short of. */
  step(lackingBytes = 0): { readonly roots: number; readonly bytes: number; readonly isBusy: boolean } {
    const { clock, isSafe, media } = this.#c
    const nowMs = clock.now()
    const used = media.totalBytes()
    const idle = { roots: 0, bytes: 0, isBusy: false }
    if (!isSafe()) return idle
    const mostBytes = mostOf(this.#budgets.mediaBytes, used, lackingBytes)
    if (this.#sweep === null) {
      if (used <= mostBytes || isResting(this.#restedMs, nowMs)) return idle
      this.#sweep = new Sweep({ passes: PASSES, first: '' })
    }
    const { pass } = this.#sweep
    if (pass === null || used <= mostBytes * (1 - FREED_PART)) {
      if (pass === null) this.#restedMs = nowMs
      this.#sweep = null
      return idle
    }
    return { ...this.#go(this.#sweep, pass.rank, nowMs - pass.olderThanMs, nowMs), isBusy: true }
  }

  #go(sweep: Sweep<string>, rank: Rank, beforeMs: number, nowMs: number): { roots: number; bytes: number } {
    const { media, square, tables } = this.#c
    const freed = { roots: 0, bytes: 0 }
    const ranks = new Map<number, Rank>()
    const dags = media.listDags(sweep.cursor, nowMs, MAX_ROOTS)
    let read = 0
    for (const { root, addedMs } of dags) {
      if (read >= MAX_REFERRERS || freed.bytes >= MAX_DROPPED_BYTES) return freed
      sweep.goOn(root)
      if (addedMs >= beforeMs) continue
      const shown = this.#judge(root, ranks)
      read += shown.read
      if (shown.rank !== rank || shown.lastMs >= beforeMs) continue
      square.transaction(() => tables.mediaRefs.release(root))
      freed.bytes += media.dropDag(root).bytes
      freed.roots++
    }
    if (dags.length < MAX_ROOTS) sweep.nextPass()
    return freed
  }

  /** The dearest person who shows it, and when somebody did last. */
  #judge(root: string, ranks: Map<number, Rank>): { rank: Rank; lastMs: number; read: number } {
    const { admission, tables } = this.#c
    let rank: Rank = RANK.stranger
    let lastMs = 0
    let read = 0
    for (const { authorId, kind, sortMs } of tables.mediaRefs.iterateReferrers(root)) {
      read++
      const known = ranks.get(authorId) ?? admission.rankOf(tables.identities.addressOf(authorId))
      ranks.set(authorId, known)
      const isFace = known === RANK.followed && kind === KIND.profile
      if (known === RANK.kept || isFace) return { rank: RANK.kept, lastMs, read }
      if (known > rank) rank = known
      lastMs = Math.max(lastMs, sortMs)
    }
    return { rank, lastMs, read }
  }
}

const PASSES = [
  ...STRANGER_AGES_MS.map((olderThanMs) => ({ rank: RANK.stranger, olderThanMs })),
  ...FOLLOWED_MEDIA_AGES_MS.map((olderThanMs) => ({ rank: RANK.followed, olderThanMs })),
]
