/**
 * Keeps this node connected. libp2p dials nothing by itself: every address that somebody gave, a link named or the
 * descriptor lists is wanted here, dialled with a jittered, growing wait, and dialled again when the connection is
 * lost. Addresses that worked in an earlier run are suggestions: they are dialled while there are few connections.
 * The table is bounded; suggestions go first.
 */
import { type Clock, systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { parseAddress, peerIdOf } from './addresses.ts'
import { describeDialError, NetworkError } from './errors.ts'
import type { HostEvent, PeerHost } from './peer-host.ts'

/** Addresses and peers that are remembered. */
export const MAX_KNOWN = 5_000

const MAX_PARALLEL_DIALS = 8

/** Suggestions are dialled below this many connections. */
const ENOUGH_CONNECTIONS = 4

/** A connection that lasted less counts as a failed attempt: the other side closed it on purpose. */
const STABLE_AFTER_MS = 10_000

/** What this node keeps out itself is tried again so soon: that ends by itself. */
const CUT_RETRY_MS = 1_000

const LATENCY_EVERY_MS = 30_000
const MAX_PINGED = 32
const PING_DEADLINE_MS = 10_000

/** Whoever has no room or refuses a peer closes at once; what lasted longer was lost. */
const WELCOME_AFTER_MS = 2_000

/** Whoever was connected in the last hour is likely to come back: a network that was in two parts grows together soon. */
const MISSED_FOR_MS = 60 * 60_000

/** An attempt that is further off isn't worth waiting for. */
const SOON_MS = 10_000

/** After so many silent attempts nobody is promised a connection any more; the attempts go on. */
const TRYING_ATTEMPTS = 4

/** Next attempt at what can't be dialled. */
const NEVER = Number.MAX_SAFE_INTEGER

export interface DialTimes {
  readonly firstRetryMs: number
  readonly maxRetryMs: number
  /** The same for a peer whose connection was lost in the last hour. */
  readonly maxMissedRetryMs: number
}

export const DIAL_TIMES: DialTimes = { firstRetryMs: 1_000, maxRetryMs: 60_000, maxMissedRetryMs: 15_000 }

/** On one machine nobody is hurt by frequent attempts, and demos and tests start in any order. */
export const LOCAL_DIAL_TIMES: DialTimes = { firstRetryMs: 250, maxRetryMs: 5_000, maxMissedRetryMs: 5_000 }

/** What keeping connected needs of the host. */
export type DialHost = Pick<
  PeerHost,
  'connections' | 'dial' | 'isConnected' | 'peerId' | 'ping' | 'protect' | 'subscribe'
>

export interface PeerManagerComponents {
  readonly host: DialHost
  readonly logger: Logger
  readonly clock?: Clock
}

export interface PeerManagerInit {
  readonly times: DialTimes
  /** An address that has just answered: worth remembering beyond this run. */
  readonly onUseful?: (address: string) => void
  /** A peer under whose address nobody answered. */
  readonly onSilent?: (peerId: string) => void
  /** Somebody came, went or was measured. */
  readonly onChange?: () => void
  /** 0 … 1 */
  readonly jitter?: () => number
}

/** What a peer said of itself and what was measured; times in milliseconds since 1970. */
export interface PeerNotes {
  readonly role: 'peer' | 'seed' | 'unknown'
  /** Profile address of the account that runs there. */
  readonly profile: string | null
  /** What it calls itself, '' for nothing; a claim. */
  readonly name: string
  readonly latencyMs: number | null
  readonly syncedAt: number | null
}

const NOTHING_NOTED: PeerNotes = { role: 'unknown', profile: null, name: '', latencyMs: null, syncedAt: null }

export interface UnreachableAddress {
  readonly address: string
  /** For people. */
  readonly cause: string
  /** Milliseconds since 1970; Infinity for what will not be tried. */
  readonly nextTryAt: number
}

interface Entry {
  readonly address: string
  /** Named by the address, or learned when it answered. */
  peerId: string | null
  isWanted: boolean
  failures: number
  nextTryAt: number
  cause: string | null
  isDialling: boolean
  /** When it last answered. */
  connectedAt: number
  /** When a connection that the other side had room for was lost. */
  lostAt: number
}

export class PeerManager implements Startable {
  readonly #host: DialHost
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #init: PeerManagerInit
  /** Wanted and suggested addresses, in order of coming. */
  readonly #entries = new Map<string, Entry>()
  /** Suggestions that are dialled however many connections there are. */
  #called: ReadonlySet<string> = new Set()
  readonly #notes = new LruMap<string, PeerNotes>(MAX_KNOWN)
  readonly #stop = new AbortController()
  readonly #dials = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | null = null
  #latencyTimer: NodeJS.Timeout | null = null
  #unsubscribe: (() => void) | null = null

  constructor(components: PeerManagerComponents, init: PeerManagerInit) {
    this.#host = components.host
    this.#logger = components.logger
    this.#clock = components.clock ?? systemClock
    this.#init = init
  }

  start(): void {
    this.#unsubscribe = this.#host.subscribe((event) => this.#onEvent(event))
    this.#latencyTimer = setInterval(() => this.#measureSome(), LATENCY_EVERY_MS)
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#stop.abort(new NetworkError('unreachable', 'the node stops'))
    this.#unsubscribe?.()
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#latencyTimer !== null) clearInterval(this.#latencyTimer)
    await Promise.all(this.#dials)
  }

  /** Dials the address soon and whenever the connection is lost. Never throws: what can't be dialled is listed. */
  keep(address: string): void {
    this.#add(address, true)
  }

  /** An address that once worked: dialled while there are few connections. */
  suggest(address: string): void {
    this.#add(address, false)
  }

  /** From now on these are dialled however many connections there are, and those of the last call aren't any more. */
  call(addresses: readonly string[]): void {
    this.#called = new Set(addresses)
    for (const address of addresses) this.#add(address, false)
    this.#schedule()
  }

  /**
   * Dials now, keeps the address from then on, and answers the peer's ID.
   * @throws NetworkError with a cause for people; the address isn't kept then.
   */
  async connect(address: string, options: AbortOptions = {}): Promise<string> {
    const signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal
    const peerId = await this.#host.dial(address, { signal })
    const entry = this.#add(address, true)
    if (entry !== null) this.#noteConnected(entry, peerId)
    return peerId
  }

  /** Addresses that are wanted and don't answer. */
  listUnreachable(): UnreachableAddress[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.isWanted && entry.cause !== null && !this.#isConnected(entry))
      .map(({ address, cause, nextTryAt }) => {
        return { address, cause: cause ?? '', nextTryAt: nextTryAt === NEVER ? Number.POSITIVE_INFINITY : nextTryAt }
      })
  }

  /** Something is being dialled or will be soon, and hasn't been silent all along. */
  get isTrying(): boolean {
    const soon = this.#clock.now() + SOON_MS
    return [...this.#entries.values()].some((entry) => {
      if (entry.failures >= TRYING_ATTEMPTS) return false
      return entry.isDialling || (entry.nextTryAt < soon && this.#isDue(entry))
    })
  }

  notesOf(peerId: string): PeerNotes {
    return this.#notes.get(peerId) ?? NOTHING_NOTED
  }

  /** What the peer says of itself in a protocol's greeting. */
  noteHello(peerId: string, hello: Pick<PeerNotes, 'profile' | 'name'> & { readonly role: 'peer' | 'seed' }): void {
    this.#note(peerId, { role: hello.role, profile: hello.profile, name: hello.name })
  }

  noteSynced(peerId: string): void {
    this.#note(peerId, { syncedAt: this.#clock.now() })
  }

  #add(address: string, isWanted: boolean): Entry | null {
    const known = this.#entries.get(address)
    if (known !== undefined) {
      if (isWanted && !known.isWanted) {
        known.isWanted = true
        known.nextTryAt = this.#clock.now()
        this.#schedule()
      }
      return known
    }
    const parsed = parseAddress(address)
    const peerId = parsed === undefined ? null : peerIdOf(parsed)
    if (peerId === this.#host.peerId || !this.#makeRoom(isWanted)) return null
    const entry: Entry = {
      address,
      peerId,
      isWanted,
      failures: 0,
      nextTryAt: parsed === undefined ? NEVER : this.#clock.now(),
      cause: parsed === undefined ? 'that is no address' : null,
      isDialling: false,
      connectedAt: 0,
      lostAt: Number.NEGATIVE_INFINITY,
    }
    if (parsed === undefined && !isWanted) return null
    this.#entries.set(address, entry)
    this.#schedule()
    return entry
  }

  #makeRoom(isWanted: boolean): boolean {
    if (this.#entries.size < MAX_KNOWN) return true
    for (const [address, entry] of this.#entries) {
      if (entry.isWanted || this.#called.has(address)) continue
      this.#entries.delete(address)
      return isWanted
    }
    this.#logger.warn({ limit: MAX_KNOWN }, 'too many addresses: the newest is not kept')
    return false
  }

  #onEvent(event: HostEvent): void {
    if (event.type === 'peer-identified') this.#attempt(this.#measure(event.peerId))
    if (event.type === 'peer-disconnected') {
      for (const entry of this.#entries.values()) if (entry.peerId === event.peerId) this.#noteLost(entry)
      this.#schedule()
    }
    if (event.type === 'peer-connected' || event.type === 'peer-disconnected') this.#init.onChange?.()
  }

  #noteConnected(entry: Entry, peerId: string): void {
    entry.peerId = peerId
    entry.cause = null
    entry.connectedAt = this.#clock.now()
    if (entry.isWanted) this.#attempt(this.#host.protect(peerId, true))
    this.#init.onUseful?.(entry.address)
  }

  #noteLost(entry: Entry): void {
    const lastedMs = this.#clock.now() - entry.connectedAt
    entry.failures = lastedMs >= STABLE_AFTER_MS ? 0 : entry.failures + 1
    if (lastedMs >= WELCOME_AFTER_MS) entry.lostAt = this.#clock.now()
    entry.cause = 'the connection was lost'
    entry.nextTryAt = this.#clock.now() + this.#backOff(entry)
  }

  #noteFailed(entry: Entry, error: unknown): void {
    if (error instanceof NetworkError && error.code === 'cut') {
      // It says nothing of who is there: nobody counts as silent for it.
      entry.cause = error.message
      entry.nextTryAt = this.#clock.now() + CUT_RETRY_MS
      return
    }
    entry.failures++
    entry.cause = describeDialError(error)
    entry.nextTryAt = this.#clock.now() + this.#backOff(entry)
    this.#logger.debug({ address: entry.address, cause: entry.cause, failures: entry.failures }, 'an address is silent')
    if (entry.peerId !== null) this.#init.onSilent?.(entry.peerId)
    this.#init.onChange?.()
  }

  /** Half to all of the full wait: peers that lost the same seed don't come back in one moment. */
  #backOff({ failures, lostAt }: Entry): number {
    const { firstRetryMs, maxRetryMs, maxMissedRetryMs } = this.#init.times
    const longest = this.#clock.now() - lostAt < MISSED_FOR_MS ? maxMissedRetryMs : maxRetryMs
    const full = Math.min(longest, firstRetryMs * 2 ** Math.min(Math.max(failures - 1, 0), 16))
    return full * (0.5 + 0.5 * (this.#init.jitter ?? Math.random)())
  }

  #isConnected(entry: Entry): boolean {
    return entry.peerId !== null && this.#host.isConnected(entry.peerId)
  }

  #isDue(entry: Entry): boolean {
    if (entry.isDialling || this.#isConnected(entry)) return false
    if (entry.isWanted || this.#called.has(entry.address)) return true
    return this.#host.connections().length < ENOUGH_CONNECTIONS
  }

  /** Dials what is due and sets the timer for what comes next. */
  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#stop.signal.aborted || this.#unsubscribe === null) return
    const now = this.#clock.now()
    let next = NEVER
    for (const entry of this.#entries.values()) {
      if (!this.#isDue(entry)) continue
      if (entry.nextTryAt <= now && this.#dials.size < MAX_PARALLEL_DIALS) this.#dial(entry)
      else next = Math.min(next, Math.max(entry.nextTryAt, now + 50))
    }
    if (next < NEVER) this.#timer = setTimeout(() => this.#schedule(), next - now)
  }

  #dial(entry: Entry): void {
    entry.isDialling = true
    const dial = this.#host
      .dial(entry.address, { signal: this.#stop.signal })
      .then((peerId) => this.#noteConnected(entry, peerId))
      .catch((error: unknown) => this.#noteFailed(entry, error))
      .finally(() => {
        entry.isDialling = false
        this.#dials.delete(dial)
        this.#schedule()
      })
    this.#dials.add(dial)
  }

  #measureSome(): void {
    for (const { peerId } of this.#host.connections().slice(0, MAX_PINGED)) this.#attempt(this.#measure(peerId))
  }

  async #measure(peerId: string): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(PING_DEADLINE_MS)])
    this.#note(peerId, { latencyMs: await this.#host.ping(peerId, { signal }) })
  }

  #note(peerId: string, notes: Partial<PeerNotes>): void {
    this.#notes.set(peerId, { ...this.notesOf(peerId), ...notes })
    this.#init.onChange?.()
  }

  #attempt(work: Promise<void>): void {
    work.catch((error: unknown) => this.#logger.debug({ error: describeDialError(error) }, 'a peer did not answer'))
  }
}
