/**
 * Decides when to sync with whom (SYN14). The side that dialled starts when the other has said that it speaks the
 * protocol; the other side steps in when nothing has come after a while. Later sessions are started by events: a gap,
 * a follow, own records that the seeds don't hold yet; and by a timer. What is wanted from a peer is collected in its
 * plan while a session with it is under way, so there is one at a time and nothing is forgotten.
 */
import type { IngestedEvent } from '../ingest/door.ts'
import type { HostEvent, PeerHost } from '../net/peer-host.ts'
import { toHex } from '../util/bytes.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { Startable } from '../util/startable.ts'
import { withSignal } from '../util/with-signal.ts'
import { EarlyEnds, type EarlyEndTimes } from './early-ends.ts'
import { handOver } from './hand-over.ts'
import { HintBook } from './hint-book.ts'
import { SYNC_PROTOCOL } from './limits.ts'
import { delayAfter, isAbout, newPeer, noteHints, type PeerState, rankOf } from './peer-state.ts'
import { Repairs } from './repairs.ts'
import type { SyncSummary } from './summary.ts'
import type { TakenPlan } from './sync-plan.ts'
import type { SyncEvent, SyncService } from './sync-service.ts'
import { TailBook } from './tail-book.ts'

export interface SchedulerTimes extends EarlyEndTimes {
  /** Wait for further own records before they are pushed. */
  readonly pushDelayMs: number
  /** The side that was dialled waits this long for the other's first session. */
  readonly stepInMs: number
  /** Wait for further hints of gossip, and the pause before the next ones are looked at. */
  readonly hintDelayMs: number
  readonly hintPauseMs: number
  readonly fullEveryMs: number
  /** First wait after a failure; doubles up to the limit. */
  readonly retryMs: number
  readonly maxRetryMs: number
  /** First wait when the other side was busy; doubles up to the limit while it is. */
  readonly busyMs: number
  readonly maxBusyMs: number
}

export const SCHEDULER_TIMES: SchedulerTimes = {
  pushDelayMs: 150,
  stepInMs: 5_000,
  hintDelayMs: 200,
  hintPauseMs: 3_000,
  fullEveryMs: 15 * 60_000,
  retryMs: 2_000,
  maxRetryMs: 10 * 60_000,
  busyMs: 400,
  maxBusyMs: 60_000,
  yieldMs: 1_000,
  yieldPauseMs: 10_000,
}

/** Peers that an author is asked of, and that own records are pushed to when no seed is connected. */
const MAX_ASKED = 8
const MAX_PUSHED = 4
/** Peers at the other end of a relay hear no gossip: own records are pushed to them besides. */
const MAX_PUSHED_RELAYED = 8

/** A hint is asked of the peer it came from and of a seed. */
const MAX_ASKED_ON_HINT = 2

/** Sessions in a row with one peer because of budgets. */
const MAX_ROUNDS = 100

export interface SyncSchedulerComponents {
  readonly host: Pick<PeerHost, 'connections' | 'subscribe'>
  readonly service: Pick<SyncService, 'endGuest' | 'filterWanted' | 'settled' | 'subscribe' | 'sync'>
  readonly logger: Logger
  readonly clock?: Clock
}

export interface SyncSchedulerInit {
  /** 32-byte address of the account here, null while there is none. */
  readonly profile: () => Uint8Array | null
  /** True for a peer that hasn't kept its word lately: others are asked before it. */
  readonly owes?: (peerId: string) => boolean
  readonly times?: SchedulerTimes
  /** 0 … 1; for the jitter of waits. */
  readonly jitter?: () => number
}

export class SyncScheduler implements Startable {
  readonly #components: SyncSchedulerComponents
  readonly #init: SyncSchedulerInit
  readonly #times: SchedulerTimes
  readonly #peers = new Map<string, PeerState>()
  readonly #unsubscribe: (() => void)[] = []
  readonly #hints: HintBook
  readonly #tails: TailBook
  readonly #repairs: Repairs
  readonly #earlyEnds: EarlyEnds
  #pushTimer: NodeJS.Timeout | null = null
  /** How often something own came, records or a longer chain, and of that what a peer kept in a session that ended well. */
  #ownNews = 0
  #handedOn = 0
  #isStopped = false

  constructor(components: SyncSchedulerComponents, init: SyncSchedulerInit) {
    this.#components = components
    this.#init = init
    this.#times = init.times ?? SCHEDULER_TIMES
    const clock = components.clock ?? systemClock
    this.#tails = new TailBook({ clock })
    this.#repairs = new Repairs({ clock })
    this.#earlyEnds = new EarlyEnds({ service: components.service, clock }, { times: this.#times })
    this.#hints = new HintBook(
      { wanted: components.service, logger: components.logger },
      {
        delayMs: this.#times.hintDelayMs,
        pauseMs: this.#times.hintPauseMs,
        onDue: (authors, peerId) => this.#ask(authors, peerId),
      },
    )
  }

  start(): void {
    const { host, service } = this.#components
    this.#unsubscribe.push(
      host.subscribe((event) => this.#onHostEvent(event)),
      service.subscribe((event) => this.#onSyncEvent(event)),
    )
  }

  stop(): void {
    this.#isStopped = true
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
    if (this.#pushTimer !== null) clearTimeout(this.#pushTimer)
    this.#hints.stop()
    this.#earlyEnds.stop()
    for (const peer of this.#peers.values()) this.#clearTimer(peer)
    this.#peers.clear()
  }

  /** What was committed: gaps are asked for, own records pushed to seeds. */
  noteIngested(event: IngestedEvent): void {
    if (this.#isStopped) return
    if (event.records.some(({ isOwn }) => isOwn)) {
      this.#ownNews++
      this.#pushTimer ??= setTimeout(() => this.#push(), this.#times.pushDelayMs)
    }
    // A session's gaps are its own next round's. Of strangers what they say to somebody, or in a thread, is all that is wanted.
    const { kind } = event.source
    if (event.gaps.length > 0 && kind !== 'sync' && kind !== 'inbox' && kind !== 'asked') {
      const authors = event.gaps.map(({ author }) => author)
      this.#hints.note(authors, event.source.peer ?? '')
    }
  }

  /**
   * These authors are wanted now, after a follow: everybody connected is asked, before anything else. With `peerId`, that peer's gossip hints
   * that there is something; hints are gathered, and those about authors that aren't wanted are forgotten.
   */
  requestAuthors(authors: readonly Uint8Array[], peerId?: string): void {
    if (peerId === undefined) this.#ask(authors, null)
    else this.#hints.note(authors, peerId)
  }

  #ask(authors: readonly Uint8Array[], peerId: string | null): void {
    const hinter = peerId === null ? undefined : this.#peers.get(peerId)
    if (hinter !== undefined && hinter.mutedHints > 0) {
      hinter.mutedHints--
      return
    }
    const ranked = this.#rank([...this.#peers.values()], peerId)
    const isUrgent = peerId === null
    if (hinter !== undefined) hinter.hasHinted = true
    for (const peer of ranked.slice(0, isUrgent ? MAX_ASKED : MAX_ASKED_ON_HINT)) {
      // Whom the session under way asks for anyway comes no sooner by ending it.
      const isNew = (author: Uint8Array) => isUrgent && !peer.asked.has(toHex(author))
      peer.plan.addUrgent(authors.filter(isNew))
      peer.plan.addAuthors(authors.filter((author) => !isNew(author)))
      this.#wake(peer, isUrgent)
      this.#earlyEnds.note(peer)
    }
  }

  /** What a peer kept back, or has a hole at, is asked of the others at once (SYN18). */
  #repair(peer: PeerState, summary: SyncSummary): void {
    if (peer.repairsFor !== null && summary.newRecords > 0) this.#repairs.noteFound(peer.repairsFor)
    peer.repairsFor = null
    const others = this.#rank([...this.#peers.values()].filter((other) => other !== peer))
    if (others.length === 0) return
    const authors = this.#repairs.listDue(peer.peerId, summary.shortfall)
    if (authors.length === 0) return
    const asked = others.slice(0, MAX_ASKED)
    for (const other of asked) other.repairsFor = peer.peerId
    this.#request(asked, authors)
  }

  /** Who is asked first: who keeps its word, then `preferred`, then seeds. */
  #rank(peers: PeerState[], preferred: string | null = null): PeerState[] {
    const rank = (peer: PeerState) => rankOf(peer, preferred, this.#init.owes?.(peer.peerId))
    return peers.sort((a, b) => rank(b) - rank(a))
  }

  /** Something of these authors is new here and ours to hand on: whoever gets own records is synced about them. */
  pushAuthors(authors: readonly Uint8Array[]): void {
    const profile = this.#init.profile()
    if (profile !== null && isAbout(authors, profile)) this.#ownNews++
    this.#request(this.#targets(), authors)
  }

  #request(peers: readonly PeerState[], authors: readonly Uint8Array[]): void {
    for (const peer of peers) {
      peer.plan.addAuthors(authors)
      this.#wake(peer)
    }
  }

  /** Syncs everything with up to eight others than these, any of them. */
  requestEverything(except: readonly string[] = []): void {
    const others = [...this.#peers.values()].filter(({ peerId }) => !except.includes(peerId))
    const first = Math.floor((this.#init.jitter ?? Math.random)() * others.length)
    for (const peer of [...others.slice(first), ...others.slice(0, first)].slice(0, MAX_ASKED)) {
      peer.plan.addEverything()
      this.#wake(peer)
    }
  }

  /** This peer holds something else than is held here: everything is synced with it. */
  requestPeer(peerId: string): void {
    const peer = this.#peers.get(peerId)
    if (peer === undefined) return
    peer.plan.addEverything()
    this.#wake(peer)
  }

  /**
   * Hands what is own, and nobody got by sync yet, to connected peers; resolves when one has taken what it wanted, when
   * nobody is left to try, or when the signal ends the attempt. Never throws. True when nothing is left unsent.
   */
  async flush(signal: AbortSignal): Promise<boolean> {
    const profile = this.#init.profile()
    if (!this.#hasUnsent || profile === null) return true
    const news = this.#ownNews
    const { service } = this.#components
    const isDone = () => !this.#hasUnsent
    const attempts = this.#targets().map(({ peerId }) => handOver(service, { peerId, profile, isDone }, signal))
    try {
      await withSignal(Promise.any(attempts), signal)
      this.#noteHandedOn(news)
    } catch {
      this.#components.logger.debug({ tried: attempts.length }, 'own records could not be handed over')
    }
    return !this.#hasUnsent
  }

  // --- events ---

  #onHostEvent(event: HostEvent): void {
    if (event.type === 'peer-identified') {
      if (!event.protocols.includes(SYNC_PROTOCOL) || this.#peers.has(event.peerId)) return
      this.#add(event.peerId)
    } else if (event.type === 'peer-disconnected') {
      const peer = this.#peers.get(event.peerId)
      if (peer === undefined) return
      this.#clearTimer(peer)
      this.#earlyEnds.forget(event.peerId)
      this.#peers.delete(event.peerId)
    }
  }

  #add(peerId: string): void {
    const connection = this.#components.host.connections().find((other) => other.peerId === peerId)
    if (connection === undefined) return
    const peer = newPeer(peerId)
    this.#peers.set(peerId, peer)
    peer.plan.addEverything()
    if (connection.direction === 'out') this.#wake(peer)
    else this.#wait(peer, this.#times.stepInMs)
  }

  #onSyncEvent(event: SyncEvent): void {
    const peer = this.#peers.get(event.peerId)
    if (peer === undefined) return
    if (event.type === 'hello') peer.isSeed = event.hello.role === 'seed'
    if (event.type === 'asked') {
      const authors = event.needs.map(({ author }) => author)
      peer.asked = new Set(authors.map(toHex))
      peer.plan.relax(authors)
    }
    if (event.type === 'done' || event.type === 'failed') peer.asked = new Set()
    if (event.type !== 'done') return
    const { isInitiator, scope, summary } = event
    this.#askForTails(event.peerId, summary.behindBeat)
    this.#repair(peer, summary)
    if (scope !== null && summary.newRecords > 0) for (const other of this.#peers.values()) other.plan.relax(scope)
    if (isInitiator) return
    // The other side's session served us as well as one of ours, unless it kept to a scope.
    peer.refusals = 0
    if (summary.hello.scope === null && summary.isComplete) peer.plan.noteFullSession()
    if (peer.plan.isEmpty) this.#wait(peer, this.#times.fullEveryMs)
    else this.#wake(peer)
  }

  /** What a beat names and neither side of a session holds is asked of others (BEA8). */
  #askForTails(peerId: string, behind: SyncSummary['behindBeat']): void {
    if (behind.length === 0) return
    const others = [...this.#peers.values()].sort((a, b) => rankOf(b, null) - rankOf(a, null)).slice(0, MAX_ASKED)
    const named = others.map((peer) => peer.peerId)
    for (const { peerId: other, authors } of this.#tails.note(peerId, behind, named)) {
      const peer = this.#peers.get(other)
      if (peer !== undefined) this.#request([peer], authors)
    }
  }

  #push(): void {
    this.#pushTimer = null
    const profile = this.#init.profile()
    if (profile !== null) this.pushAuthors([profile])
  }

  /** Who gets own records pushed: every connected seed, else a few others, and who is reached through a relay. */
  #targets(): PeerState[] {
    const peers = [...this.#peers.values()].sort((a, b) => Math.sign(a.failures) - Math.sign(b.failures))
    const seeds = peers.filter(({ isSeed }) => isSeed)
    const connections = this.#components.host.connections()
    const behindRelays = new Set(connections.flatMap(({ peerId, isRelayed }) => (isRelayed === true ? [peerId] : [])))
    const relayed = peers.filter(({ peerId }) => behindRelays.has(peerId)).slice(0, MAX_PUSHED_RELAYED)
    return [...new Set([...(seeds.length > 0 ? seeds : peers.slice(0, MAX_PUSHED)), ...relayed])]
  }

  // --- one peer ---

  #wake(peer: PeerState, isUrgent = false): void {
    if (this.#isStopped || peer.isRunning) return
    // After a failure the wait goes on, unless a person asked: events must not become a busy loop against a broken peer.
    if (peer.failures + peer.refusals > 0 && peer.timer !== null && !isUrgent) return
    this.#clearTimer(peer)
    void this.#run(peer)
  }

  #wait(peer: PeerState, delayMs: number): void {
    this.#clearTimer(peer)
    if (this.#isStopped || this.#peers.get(peer.peerId) !== peer) return
    const jitter = 0.8 + 0.4 * (this.#init.jitter ?? Math.random)()
    peer.timer = setTimeout(() => {
      peer.timer = null
      if (peer.plan.isEmpty) peer.plan.addEverything()
      void this.#run(peer)
    }, delayMs * jitter)
  }

  async #run(peer: PeerState): Promise<void> {
    if (peer.isRunning || peer.plan.isEmpty) return
    peer.isRunning = true
    let delayMs = this.#times.fullEveryMs
    while (!peer.plan.isEmpty && this.#peers.get(peer.peerId) === peer) {
      const taken = peer.plan.take()
      const session = new AbortController()
      peer.session = session
      try {
        await this.#attempt(peer, taken, session.signal)
      } catch (error) {
        peer.plan.restore(taken)
        // It was ended for something urgent, which is no failure and comes next.
        if (!session.signal.aborted) {
          delayMs = delayAfter(peer, error, this.#times)
          break
        }
      } finally {
        peer.session = null
      }
    }
    peer.isRunning = false
    this.#wait(peer, delayMs)
  }

  async #attempt(peer: PeerState, taken: TakenPlan, signal: AbortSignal): Promise<void> {
    const { scope } = taken
    const profile = this.#init.profile()
    const news = this.#ownNews
    const summary = await this.#components.service.sync(peer.peerId, { scope, signal })
    const { isComplete, newRecords, sentRecords, keptRecords } = summary
    if (keptRecords >= sentRecords && profile !== null && isAbout(scope, profile)) this.#noteHandedOn(news)
    peer.failures = 0
    peer.refusals = 0
    peer.rounds = isComplete ? 0 : peer.rounds + 1
    // A session that moved nothing, on a full disk say, would move nothing again.
    const hasMoved = newRecords > 0 || keptRecords > 0
    noteHints(peer, newRecords > 0)
    if (!isComplete && hasMoved && peer.rounds < MAX_ROUNDS) peer.plan.restore(taken)
  }

  get #hasUnsent(): boolean {
    return this.#ownNews > this.#handedOn
  }

  #noteHandedOn(news: number): void {
    this.#handedOn = Math.max(this.#handedOn, news)
  }

  #clearTimer(peer: PeerState): void {
    if (peer.timer !== null) clearTimeout(peer.timer)
    peer.timer = null
  }
}
