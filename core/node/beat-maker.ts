import type { IngestedEvent } from '../ingest/door.ts'
import type { OwnBeatResult } from '../ingest/own-beat.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import type { Logger } from '../util/logger.ts'
import type { OwnIdentity } from './ports.ts'

export interface BeatMakerComponents {
  readonly identity: Pick<OwnIdentity, 'address'>
  readonly store: { signBeat(isFresh: boolean): Promise<OwnBeatResult> }
  /** Whether the own log is known as far as others can tell (LOG7). */
  readonly head: { readonly isKnown: boolean }
  readonly logger: Logger
}

export interface BeatMakerInit {
  /** There is a new beat of this account, and nothing else that brings it to others soon. */
  readonly onBeat: (address: Uint8Array) => void
}

/**
 * Decides when this device says where its log ends (BEA6): when it has written, and at the end of a session, since then
 * somebody is there to be told. The store knows whether one is due.
 */
export class BeatMaker {
  readonly #components: BeatMakerComponents
  readonly #init: BeatMakerInit
  #hasBegun = false
  #isStopped = false
  #isAsking = false
  /** Something happened while the store was being asked; true when the beat has to be brought to others. */
  #next: { isPushed: boolean } | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(components: BeatMakerComponents, init: BeatMakerInit) {
    this.#components = components
    this.#init = init
  }

  /** Own records: they are pushed, and the beat with them. */
  noteIngested(event: IngestedEvent): void {
    if (event.source.kind === 'own' && event.records.some(({ isOwn }) => isOwn)) this.#make(false)
  }

  noteSync(event: SyncEvent): void {
    if (event.type === 'done') this.#make(true)
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  #make(isPushed: boolean): void {
    const { head, identity, logger } = this.#components
    if (this.#isStopped || identity.address === null || !head.isKnown) return
    if (this.#isAsking) {
      this.#next = { isPushed: isPushed || this.#next?.isPushed === true }
      return
    }
    this.#isAsking = true
    this.#ask(identity.address, isPushed)
      .catch((error: unknown) => {
        if (!this.#isStopped) logger.warn({ err: error }, 'this device could not say where its log ends')
      })
      .finally(() => {
        this.#isAsking = false
        const next = this.#next
        this.#next = null
        if (next !== null) this.#make(next.isPushed)
      })
  }

  async #ask(address: Uint8Array, isPushed: boolean): Promise<void> {
    const isFresh = !this.#hasBegun
    const { isNew, waitMs } = await this.#components.store.signBeat(isFresh)
    this.#hasBegun = true
    if (this.#isStopped) return
    if (isNew && isPushed) this.#init.onBeat(address)
    if (waitMs === null) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#make(true), waitMs)
    this.#timer.unref()
  }
}
