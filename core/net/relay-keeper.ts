/**
 * Keeps a place with relays, so that a node behind a NAT can be dialled: with up to `wanted` connected peers that pass
 * connections on, seeds before others. Every few seconds, and whenever a peer comes or goes, it looks whether a place is
 * missing: so a relay that was restarted gives one again as soon as it is connected, and another takes over from one
 * that is gone. A relay that has no room is asked again after a minute.
 */
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { isRefusal, type ReservationDesk } from './relay.ts'

export interface RelayCandidate {
  readonly peerId: string
  readonly isSeed: boolean
}

export interface RelayKeeperComponents {
  readonly desk: ReservationDesk
  /** Connected directly, and passing on. */
  readonly candidates: () => readonly RelayCandidate[]
  readonly clock: Clock
  readonly logger: Logger
}

export interface RelayKeeperInit {
  readonly wanted: number
  readonly onChange: () => void
}

const LOOK_EVERY_MS = 3_000
const FIRST_RETRY_MS = 2_000
const MAX_RETRY_MS = 60_000
const REFUSED_RETRY_MS = 60_000

interface Attempt {
  readonly failures: number
  readonly retryAt: number
  readonly isRefused: boolean
}

export class RelayKeeper {
  readonly #components: RelayKeeperComponents
  readonly #init: RelayKeeperInit
  /** Of candidates that are connected only. */
  readonly #attempts = new Map<string, Attempt>()
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> | null = null
  #held = ''

  constructor(components: RelayKeeperComponents, init: RelayKeeperInit) {
    this.#components = components
    this.#init = init
  }

  start(): void {
    this.#timer = setInterval(() => this.note(), LOOK_EVERY_MS)
    this.#timer.unref()
    this.note()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    await this.#looking
  }

  /** A peer came, went, or said what it speaks. */
  note(): void {
    if (this.#timer === null || this.#looking !== null) return
    this.#looking = this.#look().finally(() => {
      this.#looking = null
    })
  }

  /** Peers that hold a place for this node. */
  relays(): string[] {
    const { candidates, desk } = this.#components
    return candidates()
      .map(({ peerId }) => peerId)
      .filter((peerId) => desk.holds(peerId))
  }

  /** There are relays, and all of them say that they have no room. */
  get isRefused(): boolean {
    const candidates = this.#components.candidates()
    return candidates.length > 0 && candidates.every(({ peerId }) => this.#attempts.get(peerId)?.isRefused === true)
  }

  /** Never throws: a relay that gives no place is one that is asked later. */
  async #look(): Promise<void> {
    const { candidates, desk, clock, logger } = this.#components
    const connected = candidates()
    const ids = new Set(connected.map(({ peerId }) => peerId))
    for (const peerId of this.#attempts.keys()) if (!ids.has(peerId)) this.#attempts.delete(peerId)
    const asked = connected
      .filter(({ peerId }) => !desk.holds(peerId))
      .filter(({ peerId }) => (this.#attempts.get(peerId)?.retryAt ?? 0) <= clock.now())
      .sort((a, b) => Number(b.isSeed) - Number(a.isSeed))
    for (const { peerId } of asked) {
      if (this.#timer === null || this.relays().length >= this.#init.wanted) break
      try {
        await desk.reserve(peerId)
        this.#attempts.delete(peerId)
      } catch (error) {
        const failures = (this.#attempts.get(peerId)?.failures ?? 0) + 1
        const isRefused = isRefusal(error)
        const waitMs = isRefused ? REFUSED_RETRY_MS : Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1))
        this.#attempts.set(peerId, { failures, retryAt: clock.now() + waitMs, isRefused })
        logger.debug({ peerId, isRefused, err: error }, 'a relay gave no place')
      }
    }
    const held = `${this.relays().sort().join()} ${this.isRefused}`
    if (held !== this.#held) this.#init.onChange()
    this.#held = held
  }
}
