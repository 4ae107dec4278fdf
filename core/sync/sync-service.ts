import { parsePeerId } from '../identity/peer-id.ts'
import type { BeatDoor, IngestDoor } from '../ingest/door.ts'
import { FramedStream } from '../net/framed-stream.ts'
import type { PeerHost, PeerStream } from '../net/peer-host.ts'
import type { HoldingBook, LogReader } from '../store/log-reader.ts'
import { equalBytes } from '../util/bytes.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { type RandomSource, systemRandom } from '../util/random.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { withSignal } from '../util/with-signal.ts'
import type { AuthorHeads } from './author-heads.ts'
import { SyncError } from './errors.ts'
import { ForkMemory } from './fork-memory.ts'
import { encodeFrame, type HelloFrame, type NeedEntry } from './frames.ts'
import { GuestBudget } from './guest-budget.ts'
import type { IntakeProgress } from './intake.ts'
import { InterestBook } from './interest-book.ts'
import {
  DESKTOP_SESSIONS,
  MAX_FRAME_BYTES,
  SEED_SESSIONS,
  SYNC_LIMITS,
  SYNC_PROTOCOL,
  type SyncLimits,
} from './limits.ts'
import { refuse } from './parting.ts'
import { SyncSession } from './session.ts'
import { type SessionSlot, SessionSlots } from './session-slots.ts'
import type { Standing } from './standing.ts'
import type { SyncSummary } from './summary.ts'
import { filterWanted } from './wishes.ts'

/** Streams of this protocol that one connection may have open: one session, and one that is being refused. */
const STREAMS_PER_CONNECTION = 2
/** Attempts at a session in which an interest isn't known any more, and the wait between them. */
const MAX_ATTEMPTS = 4
const AGAIN_MS = 50

export interface SyncServiceComponents {
  readonly host: PeerHost
  readonly door: IngestDoor & BeatDoor
  readonly reader: LogReader
  readonly book: HoldingBook
  readonly logger: Logger
  readonly clock?: Clock
  readonly random?: RandomSource
  /** Told of everything that is committed; without it every session reads anew what is held. */
  readonly heads?: AuthorHeads
}

export interface SyncServiceInit {
  /** The network's signature domain. */
  readonly network: string
  readonly role: 'peer' | 'seed'
  /** 32-byte key of this device. */
  readonly device: Uint8Array
  /** 32-byte address of the account here, null while there is none. */
  readonly profile: () => Uint8Array | null
  /** What the account here is called, '' or left out for nothing. */
  readonly name?: () => string
  /** What this side has besides that peer. */
  readonly standing?: (peerId: string) => Standing
  readonly limits?: SyncLimits
}

export type SyncEvent =
  /**
   * The profile in it is null unless a held chain lists the peer's key: anybody could claim to be anybody. Said again
   * after the session, when the chain may have come.
   */
  | {
      readonly type: 'hello'
      readonly peerId: string
      readonly hello: HelloFrame
      /** The other clock less this one when the greeting came, milliseconds. */
      readonly clockOffsetMs: number
    }
  /** Whom the other side wants to hear, said in a session without scope: 32-byte keys. */
  | { readonly type: 'interest'; readonly peerId: string; readonly keys: readonly Uint8Array[] }
  /** What this side asks for in this session; left out where it lacks nothing. */
  | {
      readonly type: 'asked'
      readonly peerId: string
      readonly isInitiator: boolean
      readonly needs: readonly NeedEntry[]
    }
  /** What has come so far in this session. */
  | ({ readonly type: 'progress'; readonly peerId: string; readonly isInitiator: boolean } & IntakeProgress)
  | {
      readonly type: 'done'
      readonly peerId: string
      readonly isInitiator: boolean
      readonly summary: SyncSummary
      /** Authors that the session was about, null for all. */
      readonly scope: readonly Uint8Array[] | null
    }
  | { readonly type: 'failed'; readonly peerId: string; readonly isInitiator: boolean; readonly error: SyncError }

/**
 * Serves `/palabre/sync/1` and starts sessions. One session a peer (SYN12): when both sides start one at the same time,
 * the one of the smaller peer ID goes on and the other is refused as busy.
 */
export class SyncService implements Startable {
  readonly #components: SyncServiceComponents
  readonly #init: SyncServiceInit
  readonly #clock: Clock
  readonly #random: RandomSource
  readonly #forks: ForkMemory
  readonly #slots: SessionSlots
  readonly #guests: GuestBudget
  readonly #interests = new InterestBook({
    onHeard: (peerId, { everyone, keys }) => {
      if (!everyone) this.#emit({ type: 'interest', peerId, keys })
    },
  })
  /** Peers with whom a session of this side waits for its slot. */
  readonly #waiting = new Set<string>()
  readonly #inbound = new Map<string, Promise<void>>()
  /** By peer: ends the session that it has begun. */
  readonly #guestEnds = new Map<string, AbortController>()
  readonly #outbound = new Map<string, Promise<void>>()
  readonly #listeners = new Set<(event: SyncEvent) => void>()
  readonly #stop = new AbortController()

  constructor(components: SyncServiceComponents, init: SyncServiceInit) {
    this.#components = components
    this.#init = init
    this.#clock = components.clock ?? systemClock
    this.#random = components.random ?? systemRandom
    this.#forks = new ForkMemory({ clock: this.#clock })
    const { maxInterests } = init.limits ?? SYNC_LIMITS
    this.#guests = new GuestBudget({ clock: this.#clock }, { maxInterests })
    this.#slots = new SessionSlots({ maxSessions: init.role === 'seed' ? SEED_SESSIONS : DESKTOP_SESSIONS })
  }

  /** Sessions under way. */
  get sessions(): number {
    return this.#slots.size
  }

  /** False when a session of this side would wait. */
  get hasSlot(): boolean {
    return this.#slots.hasFree
  }

  /** Resolves when no session with that peer is under way. */
  async settled(peerId: string): Promise<void> {
    await Promise.all([this.#inbound.get(peerId), this.#outbound.get(peerId)])
  }

  isBusyWith(peerId: string): boolean {
    return this.#inbound.has(peerId) || this.#outbound.has(peerId)
  }

  /** Ends the session that the peer has begun, if there is one: false if not. What came is kept. */
  endGuest(peerId: string): boolean {
    const end = this.#guestEnds.get(peerId)
    end?.abort(new SyncError('busy', 'something urgent is to be synced first'))
    return end !== undefined
  }

  /** Those of the authors that this node wants to be complete: there is nothing to ask about others. */
  async filterWanted(authors: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    return await filterWanted(this.#components.reader, authors)
  }

  /** Returns the function that ends the subscription. A listener must not throw. */
  subscribe(listener: (event: SyncEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async start(): Promise<void> {
    await this.#components.host.handle(SYNC_PROTOCOL, (stream) => this.#answer(stream), {
      maxInbound: STREAMS_PER_CONNECTION,
      maxOutbound: STREAMS_PER_CONNECTION,
    })
  }

  /** Ends all sessions and waits for them. */
  async stop(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort(new SyncError('unavailable', 'the node stops'))
      await this.#components.host.unhandle(SYNC_PROTOCOL)
    }
    await Promise.all([...this.#inbound.values(), ...this.#outbound.values()])
  }

  /**
   * One session with a connected peer, about the authors of `scope` or about everything, when its turn comes.
   * @throws SyncError, `busy` when a session with that peer is under way or waits; NetworkError when there is no
   * connection or the peer doesn't speak the protocol; the signal's reason.
   */
  async sync(
    peerId: string,
    options: AbortOptions & { readonly scope?: readonly Uint8Array[] | null } = {},
  ): Promise<SyncSummary> {
    const signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal
    const slot = await this.#takeSlot(peerId, signal)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#outbound.set(peerId, promise)
    try {
      const scope = options.scope ?? null
      let hasForgotten = false
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#begin(peerId, scope, slot, signal)
        } catch (error) {
          const code = error instanceof SyncError ? error.code : null
          // One of both no longer knows what the other asked for last time: it is said in full now. The other side may
          // still be about to end the session in which that showed.
          if (code === 'unknown-interest') hasForgotten = true
          const isWorthIt = hasForgotten && (code === 'unknown-interest' || code === 'busy')
          if (!isWorthIt || attempt >= MAX_ATTEMPTS) throw error
          await withSignal(new Promise((resolve) => setTimeout(resolve, AGAIN_MS)), signal)
        }
      }
    } finally {
      this.#outbound.delete(peerId)
      slot.free()
      resolve()
    }
  }

  async #begin(
    peerId: string,
    scope: readonly Uint8Array[] | null,
    slot: SessionSlot,
    signal: AbortSignal,
  ): Promise<SyncSummary> {
    const { host } = this.#components
    const stream = await host.openStream(peerId, SYNC_PROTOCOL, { signal, maxOutbound: STREAMS_PER_CONNECTION })
    return await this.#run(stream, true, scope, slot, signal)
  }

  async #takeSlot(peerId: string, signal: AbortSignal): Promise<SessionSlot> {
    signal.throwIfAborted()
    if (this.isBusyWith(peerId) || this.#waiting.has(peerId)) throw underWay()
    this.#waiting.add(peerId)
    const slot = await this.#slots.take(signal).finally(() => this.#waiting.delete(peerId))
    if (!this.isBusyWith(peerId)) return slot
    slot.free()
    throw underWay()
  }

  async #answer(stream: PeerStream): Promise<void> {
    const { peerId } = stream
    const isOursFirst = this.#outbound.has(peerId) && this.#components.host.peerId < peerId
    const isWelcome = !isOursFirst && !this.#inbound.has(peerId) && this.#guests.mayBegin(peerId)
    const slot = isWelcome ? this.#slots.takeForGuest() : null
    if (slot === null) {
      await refuse(this.#framed(stream), encodeFrame({ type: 'error', code: 'busy' }))
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = new AbortController()
    this.#inbound.set(peerId, promise)
    this.#guestEnds.set(peerId, end)
    try {
      await this.#run(stream, false, null, slot, AbortSignal.any([end.signal, this.#stop.signal]))
    } catch {
      // Said by the event `failed`, and to the other side.
    } finally {
      this.#inbound.delete(peerId)
      this.#guestEnds.delete(peerId)
      slot.free()
      resolve()
    }
  }

  async #run(
    stream: PeerStream,
    isInitiator: boolean,
    scope: readonly Uint8Array[] | null,
    slot: SessionSlot,
    outer: AbortSignal,
  ): Promise<SyncSummary> {
    const { peerId } = stream
    const signal = AbortSignal.any([outer, slot.signal])
    const { logger } = this.#components
    const duplex = this.#framed(stream)
    const guest = this.#guests.begin(peerId, !isInitiator)
    let clockOffsetMs = 0
    const session = new SyncSession(
      {
        ...this.#components,
        duplex,
        clock: this.#clock,
        random: this.#random,
        forks: this.#forks,
        interests: this.#interests,
      },
      {
        peerId,
        isInitiator,
        scope,
        network: this.#init.network,
        role: this.#init.role,
        profile: this.#init.profile(),
        name: this.#init.name?.() ?? '',
        standing: this.#init.standing?.(peerId),
        device: this.#init.device,
        limits: this.#init.limits ?? SYNC_LIMITS,
        onHello: (hello) => {
          clockOffsetMs = hello.clockMs - this.#clock.now()
          void this.#sayHello(peerId, hello, clockOffsetMs)
        },
        guest,
        onQuiet: (isQuiet) => slot.noteQuiet(isQuiet),
        onAsked: (needs) => {
          if (needs.length > 0) this.#emit({ type: 'asked', peerId, isInitiator, needs })
        },
        onProgress: (progress) => this.#emit({ type: 'progress', peerId, isInitiator, ...progress }),
      },
    )
    try {
      const summary = await session.run(signal)
      if (summary.hello.profile !== null) await this.#sayHello(peerId, summary.hello, clockOffsetMs)
      this.#emit({ type: 'done', peerId, isInitiator, summary, scope: isInitiator ? scope : summary.hello.scope })
      return summary
    } catch (cause) {
      const error = cause instanceof SyncError ? cause : new SyncError('unavailable', String(cause), { cause })
      if (signal.aborted) stream.abort(error)
      if (error.code === 'unknown-interest') this.#interests.forgetTold(peerId)
      logger.debug({ peerId, code: error.code, isRemote: error.isRemote, reason: error.message }, 'a sync failed')
      this.#emit({ type: 'failed', peerId, isInitiator, error })
      throw cause
    } finally {
      guest.end()
    }
  }

  async #sayHello(peerId: string, hello: HelloFrame, clockOffsetMs: number): Promise<void> {
    const profile = hello.profile !== null && (await this.#isDeviceOf(peerId, hello.profile)) ? hello.profile : null
    this.#emit({ type: 'hello', peerId, hello: { ...hello, profile }, clockOffsetMs })
  }

  async #isDeviceOf(peerId: string, profile: Uint8Array): Promise<boolean> {
    const key = parsePeerId(peerId)
    if (key === undefined) return false
    try {
      const author = await this.#components.reader.findAuthorOfDevice(key)
      return author !== null && equalBytes(author, profile)
    } catch {
      return false
    }
  }

  #framed(stream: PeerStream): FramedStream {
    return new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES })
  }

  #emit(event: SyncEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

function underWay(): SyncError {
  return new SyncError('busy', 'a session with this peer is under way')
}
