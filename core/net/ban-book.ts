import type { BanReason } from '../contract/bans.ts'
import type { Clock } from '../util/clock.ts'

export interface Ban {
  readonly peerId: string
  readonly reason: BanReason
  /** Milliseconds since 1970, both. */
  readonly at: number
  readonly until: number
}

/** How long an abuser stays out. */
export const BAN_MS = 60 * 60_000

/** Peers that are remembered as banned; whose ban ends first goes first. */
export const MAX_BANS = 5_000

/**
 * Who is kept out, until when and why: one book for all who find abuse, asked before every connection. It names peers,
 * never IP addresses: whoever abuses shares theirs with a whole school or mobile network. A new key costs nothing, so
 * a ban only ends what is going on; what keeps the crowd of new keys from taking over is the limits.
 */
export class BanBook {
  readonly #clock: Clock
  readonly #bans = new Map<string, Ban>()
  readonly #listeners = new Set<() => void>()

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  /** For `BAN_MS` from now, whatever was before. */
  ban(peerId: string, reason: BanReason): void {
    const at = this.#clock.now()
    this.#put({ peerId, reason, at, until: at + BAN_MS })
    this.#tell()
  }

  /** Of an earlier run. A clock that was wrong then makes none longer than they are. */
  restore(bans: readonly Ban[]): void {
    const now = this.#clock.now()
    for (const ban of bans) if (ban.until > now && ban.until <= now + BAN_MS) this.#put(ban)
  }

  isBanned(peerId: string): boolean {
    const ban = this.#bans.get(peerId)
    if (ban === undefined) return false
    if (this.#isInForce(ban)) return true
    this.#bans.delete(peerId)
    return false
  }

  /** False when it wasn't banned. */
  lift(peerId: string): boolean {
    const wasBanned = this.isBanned(peerId)
    this.#bans.delete(peerId)
    if (wasBanned) this.#tell()
    return wasBanned
  }

  /** Those in force, the latest first. */
  list(): readonly Ban[] {
    return [...this.#bans.values()].filter((ban) => this.#isInForce(ban)).toReversed()
  }

  /** Said when a ban came or was lifted. A listener must not throw. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A clock that was set back must not keep anybody out for years. */
  #isInForce({ at, until }: Ban): boolean {
    const now = this.#clock.now()
    return now < until && now >= at - BAN_MS
  }

  /** In the order of ends, which is that of coming: all last the same. */
  #put(ban: Ban): void {
    this.#bans.delete(ban.peerId)
    this.#bans.set(ban.peerId, ban)
    if (this.#bans.size > MAX_BANS) this.#bans.delete(this.#bans.keys().next().value as string)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
