import type { NodeEvent } from '../contract/views.ts'
import type { Logger } from '../util/logger.ts'
import type { Startable } from '../util/startable.ts'
import type { ConnectedPeers, OwnIdentity } from './ports.ts'
import type { ProfileDraft, SeedEntry } from './publish/drafts.ts'

/** A profile names this many seeds by itself; more are the person's choice. */
export const WANTED_HOME_SEEDS = 3
/** Seeds come in flocks at a start: one profile record for all of them. */
const DEBOUNCE_MS = 2_000

export interface HomeSeedsComponents {
  readonly identity: OwnIdentity
  readonly peers: ConnectedPeers
  readonly writing: {
    rewriteProfile(profile: string, change: (current: ProfileDraft) => ProfileDraft | null): Promise<void>
  }
  readonly events: { publish(event: NodeEvent): void }
  readonly logger: Logger
}

/**
 * Keeps the profile's home seeds true: while it names fewer than three, seeds that we reached by dialling are added
 * with the address that worked, and a seed that moved gets its new one. Others find us through them.
 */
export class HomeSeeds implements Startable {
  readonly #components: HomeSeedsComponents
  readonly #debounceMs: number
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isStarted = false

  constructor(components: HomeSeedsComponents, init: { readonly debounceMs?: number } = {}) {
    this.#components = components
    this.#debounceMs = init.debounceMs ?? DEBOUNCE_MS
  }

  start(): void {
    this.#isStarted = true
  }

  async stop(): Promise<void> {
    this.#isStarted = false
    clearTimeout(this.#timer)
    await this.#running
  }

  /** Seeds that can be named now. */
  listConnected(): readonly SeedEntry[] {
    return this.#components.peers
      .listConnected()
      .filter((peer) => peer.isSeed && peer.dialable !== null)
      .map((peer) => ({ peerId: peer.peerId, addresses: [peer.dialable as string] }))
  }

  /** To be called when a seed has been met. */
  notePeers(): void {
    if (!this.#isStarted || this.#components.identity.profile === null || this.listConnected().length === 0) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#running = this.#update().catch((error: unknown) => {
        this.#components.logger.warn({ err: error }, 'the home seeds of the profile could not be updated')
      })
    }, this.#debounceMs)
    this.#timer.unref()
  }

  async #update(): Promise<void> {
    const { identity, writing, events } = this.#components
    const { profile } = identity
    if (profile === null || !this.#isStarted) return
    await writing.rewriteProfile(profile, (current) => {
      if (current.name === '') return null
      const seeds = mergeSeeds(current.seeds, this.listConnected())
      return seeds === null ? null : { ...current, seeds }
    })
    events.publish({ type: 'profile', profile })
  }
}

/** The named seeds with what is known now, null when that changes nothing. */
export function mergeSeeds(named: readonly SeedEntry[], met: readonly SeedEntry[]): readonly SeedEntry[] | null {
  let hasChanged = false
  const merged: SeedEntry[] = [...named]
  for (const seed of met) {
    const at = merged.findIndex(({ peerId }) => peerId === seed.peerId)
    const known = merged[at]
    if (known === undefined) {
      if (merged.length >= WANTED_HOME_SEEDS) continue
      merged.push(seed)
      hasChanged = true
    } else if (!seed.addresses.every((address) => known.addresses.includes(address))) {
      merged[at] = seed
      hasChanged = true
    }
  }
  return hasChanged ? merged : null
}
