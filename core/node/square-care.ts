import type { Salvage } from '../ingest/salvage.ts'
import { type DatabaseName, SCRUB_START, type Scrub, type ScrubPosition } from '../ingest/scrub.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import { isDamage } from '../store/sqlite-errors.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'

/** Key of the small state in own.db that says how far the store was looked through. */
const SCRUB = 'scrub'

/** A pass begins so long after the one before has begun. */
const PASS_EVERY_MS = 30 * 86_400_000

/** Key of the small state in own.db that says which databases were made anew, and when. */
const DAMAGE = 'damage'
/** People hear of it for so long. */
const TOLD_MS = 30 * 86_400_000

/** Databases that were made anew. */
export interface Damage {
  /** Milliseconds since 1970, of the last one. */
  readonly at: number
  readonly files: DatabaseName[]
}

/** What a pass has found, or has found so far. */
export interface ScrubReport {
  /** Milliseconds since 1970; `endedAt` null while it goes on. */
  readonly beganAt: number
  readonly endedAt: number | null
  /** Records, operations, blocks and roots that were looked at. */
  readonly looked: number
  readonly damaged: { readonly records: number; readonly operations: number; readonly blocks: number }
  /** Databases that were found damaged and have to be made anew, or were. */
  readonly broken: readonly DatabaseName[]
}

interface ScrubState extends ScrubReport {
  readonly position: ScrubPosition | null
}

export interface SquareCareComponents {
  readonly own: OwnDatabase
  readonly scrub: Scrub
  readonly salvage: Salvage
  readonly clock: Clock
  readonly logger: Logger
}

/** Looks after what lies on the disk: a slow pass over all of it once a month, and what is left of damaged databases. */
export class SquareCare {
  readonly #c: SquareCareComponents
  #state: ScrubState | null | undefined

  constructor(components: SquareCareComponents) {
    this.#c = components
  }

  /** The next bit of a pass that is due. Returns the databases that it found to be damaged. */
  scrubDue(): readonly DatabaseName[] {
    const state = this.#read()
    const isOver = state === null || state.endedAt !== null
    if (isOver && state !== null && this.#c.clock.now() - state.beganAt < PASS_EVERY_MS) return []
    return this.#advance(isOver ? this.#begin() : state).broken
  }

  /** The next bit of a pass, due or not; a new pass begins when `isFirst`. */
  scrub(isFirst: boolean): ScrubReport {
    const state = this.#read()
    const { position: _, ...report } = this.#advance(isFirst || state?.position == null ? this.#begin() : state).state
    return report
  }

  /** Takes over the next bit of a damaged database. True while some is left. */
  salvage(): boolean {
    return this.#c.salvage.step()
  }

  noteDamage(names: readonly DatabaseName[]): void {
    if (names.length === 0) return
    const files = [...new Set([...(this.damage?.files ?? []), ...names])]
    this.#c.own.setState(DAMAGE, JSON.stringify({ at: this.#c.clock.now(), files } satisfies Damage))
  }

  /** Null when there was none for a month. */
  get damage(): Damage | null {
    const damage: Damage | null = JSON.parse(this.#c.own.getState(DAMAGE) ?? 'null')
    return damage === null || Math.abs(this.#c.clock.now() - damage.at) > TOLD_MS ? null : damage
  }

  close(): void {
    this.#c.salvage.close()
  }

  #begin(): ScrubState {
    const damaged = { records: 0, operations: 0, blocks: 0 }
    return { position: SCRUB_START, beganAt: this.#c.clock.now(), endedAt: null, looked: 0, damaged, broken: [] }
  }

  #advance(state: ScrubState): { readonly state: ScrubState; readonly broken: readonly DatabaseName[] } {
    const { clock, logger, scrub } = this.#c
    const step = scrub.step(state.position ?? SCRUB_START)
    const { records, operations, blocks } = step.damaged
    const next: ScrubState = {
      position: step.next,
      beganAt: state.beganAt,
      endedAt: step.next === null ? clock.now() : null,
      looked: state.looked + step.looked,
      damaged: {
        records: state.damaged.records + records,
        operations: state.damaged.operations + operations,
        blocks: state.damaged.blocks + blocks,
      },
      broken: [...new Set([...state.broken, ...step.broken])],
    }
    const isKept = this.#keep(next)
    const broken = isKept ? step.broken : [...new Set<DatabaseName>([...step.broken, 'own.db'])]
    if (records + operations + blocks > 0)
      logger.error(step.damaged, 'bytes on this disk are not those that were written')
    return { state: { ...next, broken: [...new Set([...next.broken, ...broken])] }, broken }
  }

  /** False where own.db can't take it. */
  #keep(state: ScrubState): boolean {
    this.#state = state
    try {
      this.#c.own.setState(SCRUB, JSON.stringify(state))
      return true
    } catch (error) {
      if (!isDamage(error)) throw error
      return false
    }
  }

  #read(): ScrubState | null {
    if (this.#state !== undefined) return this.#state

    this.#state = JSON.parse(this.#c.own.getState(SCRUB) ?? 'null') as ScrubState | null
    return this.#state
  }
}
