import { encodeBeat, signBeat } from '../record/beat.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { Clock } from '../util/clock.ts'
import type { BeatKeeper } from './beat-keeper.ts'
import type { OwnLogGuard } from './own-log-guard.ts'
import type { OwnAccount } from './own-log-writer.ts'

/** Two beats of this device are this far apart, however much is written in between. */
const MIN_PAUSE_MS = 60_000
const DAY_MS = 86_400_000

export interface OwnBeatResult {
  readonly isNew: boolean
  /** The log has grown since the last beat: when to ask again, in milliseconds; null when there is nothing to wait for. */
  readonly waitMs: number | null
}

const NOTHING: OwnBeatResult = { isNew: false, waitMs: null }

/**
 * Says where the log of this device ends (BEA6): what own.db has committed, durably, and nothing else. Not to be asked
 * before the own head is known (LOG7).
 */
export class OwnBeat {
  readonly #own: OwnDatabase
  readonly #tables: SquareTables
  readonly #keeper: BeatKeeper
  readonly #guard: OwnLogGuard
  readonly #clock: Clock
  readonly #domain: string

  constructor(
    components: {
      readonly own: OwnDatabase
      readonly tables: SquareTables
      readonly keeper: BeatKeeper
      readonly guard: OwnLogGuard
      readonly clock: Clock
    },
    init: { readonly domain: string },
  ) {
    this.#own = components.own
    this.#tables = components.tables
    this.#keeper = components.keeper
    this.#guard = components.guard
    this.#clock = components.clock
    this.#domain = init.domain
  }

  /**
   * Signs a beat where one is due: the log has grown, the last beat is of an earlier day, or `isFresh`; and a minute after
   * the last one at the earliest. @throws DiskFullError
   */
  sign({ author, device, secretKey }: OwnAccount, isFresh: boolean): OwnBeatResult {
    const head = this.#own.head(device)
    const authorId = this.#tables.identities.findAuthor(author)
    if (head === null || authorId === undefined || this.#guard.isForked) return NOTHING
    if (this.#tables.identities.findDevice(authorId, device)?.status !== 'active') return NOTHING
    const log = this.#tables.logs.find(authorId, device)
    const last = log === undefined ? null : this.#tables.beats.find(log.logId)
    // A copy of this device has written more: the next record finds that out (LOG10).
    if (last !== null && last.seq > head.seq) return NOTHING
    const nowMs = this.#clock.now()
    const isGrown = last === null || last.seq < head.seq
    if (!isGrown && !isFresh && dayOf(nowMs) <= dayOf(last.ts)) return NOTHING
    // A clock that was set back stops no beat of a log that has grown.
    const sinceMs = last === null || (isGrown && nowMs < last.ts) ? MIN_PAUSE_MS : nowMs - last.ts
    if (sinceMs < MIN_PAUSE_MS) return { isNew: false, waitMs: isGrown ? MIN_PAUSE_MS - sinceMs : null }
    const word = { seq: head.seq, head: head.id, ts: nowMs }
    const beat = signBeat({ author, device, secretKey, ...word, network: this.#domain })
    const [outcome] = this.#keeper.ingest([encodeBeat(beat)], { kind: 'own' })
    return { isNew: outcome?.isNew === true, waitMs: null }
  }
}

/** Days since 1970, in UTC. */
function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS)
}
