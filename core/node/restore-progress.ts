import type { RecoveryStatus } from '../contract/accounts.ts'
import type { Follow, NodeEvent } from '../contract/views.ts'
import { parsePeerId } from '../identity/peer-id.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { DeviceLogs, LogReader } from '../store/log-reader.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { OwnIdentity } from './ports.ts'

/** Records come in batches: one hint for several. */
const TELL_MS = 300
/** All is here when nothing is missing and nothing has come for so long. */
export const QUIET_MS = 2_000

type Restored = Pick<RecoveryStatus, 'name' | 'follows' | 'records' | 'media'>

export interface RestoreProgressComponents {
  readonly identity: OwnIdentity
  readonly store: Pick<LogReader, 'listHeld'> &
    DeviceLogs &
    Pick<TimelineReader, 'names' | 'follows'> & {
      countMedia(author: Uint8Array): Promise<{ held: number; known: number }>
      subscribe(listener: (event: IngestedEvent) => void): () => void
    }
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly logger: Logger
}

export interface RestoreProgressInit {
  /** People whom the account follows became known: they are wanted now. */
  readonly onFollows: (addresses: readonly Uint8Array[]) => void
  /** All that is known of is here. May be said again. */
  readonly onDone: () => Promise<void>
  readonly quietMs?: number
}

/** Watches an account's records come back. */
export class RestoreProgress {
  readonly #components: RestoreProgressComponents
  readonly #init: RestoreProgressInit
  #unsubscribe: (() => void) | null = null
  #timer: NodeJS.Timeout | undefined
  #lastCameAtMs = 0
  #hasNewFollows = false

  constructor(components: RestoreProgressComponents, init: RestoreProgressInit) {
    this.#components = components
    this.#init = init
  }

  begin(): void {
    this.#lastCameAtMs = this.#components.clock.now()
    // What was held before may name people already.
    this.#hasNewFollows = true
    this.#unsubscribe ??= this.#components.store.subscribe((event) => this.#onIngested(event))
    this.#tellSoon()
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    clearTimeout(this.#timer)
  }

  /** What is back, and whether that is all that is known of. */
  async read(): Promise<Restored & { readonly isDone: boolean }> {
    const { identity, store, clock } = this.#components
    const { address, profile } = identity
    if (address === null || profile === null) {
      return { name: null, follows: 0, records: { held: 0, known: 0 }, media: { held: 0, known: 0 }, isDone: false }
    }
    const [logs, held, media, follows, names] = await Promise.all([
      store.listDeviceLogs(address),
      store.listHeld([address]),
      store.countMedia(address),
      store.follows(),
      store.names([profile]),
    ])
    const records = {
      held: held.flatMap(({ ranges }) => ranges).reduce((sum, [from, to]) => sum + to - from + 1, 0),
      known: logs.reduce((sum, { head }) => sum + (head?.seq ?? 0), 0),
    }
    const isQuiet = clock.now() - this.#lastCameAtMs >= (this.#init.quietMs ?? QUIET_MS)
    return {
      name: names[0] || null,
      follows: follows.filter(isFollowing).length,
      records,
      media,
      // An account has its profile record at least: with nothing heard of nobody was heard yet.
      isDone: isQuiet && records.known > 0 && records.held >= records.known,
    }
  }

  #onIngested({ source, records }: IngestedEvent): void {
    const own = source.kind === 'own' ? [] : records.filter(({ isOwn }) => isOwn)
    if (own.length === 0) return
    this.#lastCameAtMs = this.#components.clock.now()
    if (own.some(({ kind }) => kind === KIND.follow)) this.#hasNewFollows = true
    this.#tellSoon()
  }

  #tellSoon(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#tell().catch((error: unknown) => {
        this.#components.logger.warn({ err: error }, 'what came back of the account could not be counted')
      })
    }, TELL_MS)
    this.#timer.unref()
  }

  async #tell(): Promise<void> {
    if (this.#unsubscribe === null) return
    const { events, store } = this.#components
    if (this.#hasNewFollows) {
      this.#hasNewFollows = false
      const followed = (await store.follows()).filter(isFollowing).flatMap(({ profile }) => parsePeerId(profile) ?? [])
      if (followed.length > 0) this.#init.onFollows(followed)
    }
    events.publish({ type: 'recovery' })
    const { isDone, records } = await this.read()
    if (isDone) return await this.#init.onDone()
    // Looked at again when it has been quiet for long enough.
    if (records.known > 0 && records.held >= records.known) this.#tellSoon()
  }
}

function isFollowing({ state }: Pick<Follow, 'state'>): boolean {
  return state === 'following'
}
