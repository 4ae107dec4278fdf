/**
 * How far catching up is: what this side asked for in all sessions under way, what of it came, and how fast. The total
 * is what was asked for, which is what peers say they hold: one that never sends it can't make it look done, and with
 * the session its part of the total goes. What several peers are asked for at once counts once, since the others only
 * send it a second time. Sessions that follow one another closely are one catch-up: a round after another because of
 * budgets, or a try after one that broke off.
 */

import type { CatchUp } from '../contract/catch-up.ts'
import { LARGE_CATCH_UP } from '../contract/figures.ts'
import type { NodeEvent } from '../contract/views.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { RateMeter } from '../util/rate-meter.ts'
import { AskedRecords, countNeeded } from './asked-records.ts'

/** Records come in batches, from several peers: so often at most a hint is given, one peer at a time. */
const HINT_MS = 250
const RATE_WINDOW_MS = 5_000
/** A rate that was measured over less says nothing about the rest. */
const STEADY_MS = 2_000
/** So long after its last session a catch-up may still go on with the next. */
const REST_MS = 3_000

export interface CatchUpProgressComponents {
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  /** For the rate: must not be set back or forward. */
  readonly steady: Clock
  readonly logger: Logger
}

/** Of one session, in records. */
interface Part {
  readonly peerId: string
  readonly asked: number
  readonly received: number
  readonly kept: number
  readonly fresh: number
}

interface Run {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly steadySince: number
  readonly asked: AskedRecords
  readonly meter: RateMeter
  /** Records that came and were not here before. */
  fresh: number
  /** On the steady clock: when something came last. */
  steadyUntil: number
  /** Its begin stands in the log, and so its end will. */
  isLogged: boolean
}

type EventOf<T extends SyncEvent['type']> = Extract<SyncEvent, { readonly type: T }>

export class CatchUpProgress {
  readonly #components: CatchUpProgressComponents
  /** Sessions in which something was asked for; with one peer there is one of each direction at most. */
  readonly #parts = new Map<string, Part>()
  #run: Run | null = null
  #restTimer: NodeJS.Timeout | undefined
  /** Peers of whom something new can be said, with the records received; the one that waits longest first. */
  readonly #moved = new Map<string, number>()
  #hintTimer: NodeJS.Timeout | undefined

  constructor(components: CatchUpProgressComponents) {
    this.#components = components
  }

  noteSync(event: SyncEvent): void {
    if (event.type === 'asked') this.#noteAsked(event)
    else if (event.type === 'progress') this.#noteProgress(event)
    else if (event.type === 'done') this.#noteEnd(event, event.summary.receivedRecords)
    else if (event.type === 'failed') this.#noteEnd(event, 0)
  }

  /** Null while nothing is on its way. */
  status(): CatchUp | null {
    const run = this.#run
    const waiting = this.#waiting()
    if (run === null || waiting.length === 0) return null
    const expected = this.#expectedOf(run)
    const { perSecond, overMs } = run.meter.read()
    const left = expected - run.fresh
    return {
      received: run.fresh,
      expected,
      ratePerSecond: Math.round(perSecond * 10) / 10,
      secondsLeft: overMs >= STEADY_MS ? Math.ceil(left / perSecond) : null,
      peers: waiting.map(({ peerId, kept, asked }) => ({ peerId, received: Math.min(kept, asked), expected: asked })),
      startedAt: run.startedAt,
    }
  }

  stop(): void {
    clearTimeout(this.#hintTimer)
    clearTimeout(this.#restTimer)
    this.#endRun()
  }

  // --- events ---

  #noteAsked(event: EventOf<'asked'>): void {
    const asked = countNeeded(event.needs)
    if (asked === 0) return
    // A few records more are not the catch-up from before that goes on.
    if (this.#waiting().length === 0 && asked < LARGE_CATCH_UP) this.#endRun()
    const run = this.#run ?? this.#begin()
    run.asked.add(event.needs)
    this.#parts.set(keyOf(event), { peerId: event.peerId, asked, received: 0, kept: 0, fresh: 0 })
    this.#hintSoon(event.peerId, 0)
    this.#settle()
  }

  #noteProgress(event: EventOf<'progress'>): void {
    const { peerId, received, kept, fresh } = event
    const part = this.#parts.get(keyOf(event))
    if (part !== undefined && this.#run !== null) {
      this.#run.fresh += fresh - part.fresh
      this.#run.meter.add(fresh - part.fresh)
      this.#run.steadyUntil = this.#components.steady.now()
      this.#parts.set(keyOf(event), { ...part, received, kept, fresh })
    }
    this.#hintSoon(peerId, received)
    this.#settle()
  }

  #noteEnd(event: EventOf<'done' | 'failed'>, received: number): void {
    const { peerId } = event
    const part = this.#parts.get(keyOf(event))
    this.#parts.delete(keyOf(event))
    this.#moved.delete(peerId)
    const came = Math.max(received, part?.received ?? 0)
    if (part !== undefined || came > 0) {
      this.#components.events.publish({ type: 'sync', peerId, received: came, done: true })
    }
    this.#settle()
  }

  #hintSoon(peerId: string, received: number): void {
    this.#moved.set(peerId, received)
    this.#hintTimer ??= setTimeout(() => {
      this.#hintTimer = undefined
      const [next] = this.#moved
      if (next === undefined) return
      const [peer, came] = next
      this.#moved.delete(peer)
      this.#components.events.publish({ type: 'sync', peerId: peer, received: came, done: false })
      const [other] = this.#moved
      if (other !== undefined) this.#hintSoon(...other)
    }, HINT_MS)
    this.#hintTimer.unref()
  }

  // --- the catch-up as a whole ---

  #begin(): Run {
    const { clock, steady } = this.#components
    const run: Run = {
      startedAt: clock.now(),
      steadySince: steady.now(),
      asked: new AskedRecords(),
      meter: new RateMeter({ clock: steady }, { windowMs: RATE_WINDOW_MS }),
      fresh: 0,
      steadyUntil: steady.now(),
      isLogged: false,
    }
    this.#run = run
    return run
  }

  /** Sessions of which something may still come. */
  #waiting(): Part[] {
    return [...this.#parts.values()].filter(({ asked, received }) => received < asked)
  }

  #expectedOf({ fresh, asked }: Run): number {
    const left = this.#waiting().reduce((sum, part) => sum + part.asked - part.received, 0)
    return Math.max(fresh, Math.min(asked.count, fresh + left))
  }

  #settle(): void {
    const run = this.#run
    if (run === null) return
    if (this.#waiting().length > 0) {
      clearTimeout(this.#restTimer)
      this.#restTimer = undefined
      this.#logBegin(run)
      return
    }
    this.#restTimer ??= setTimeout(() => this.#endRun(), REST_MS)
    this.#restTimer.unref()
  }

  #endRun(): void {
    clearTimeout(this.#restTimer)
    this.#restTimer = undefined
    if (this.#run !== null) this.#logEnd(this.#run)
    this.#run = null
  }

  #logBegin(run: Run): void {
    const expected = this.#expectedOf(run)
    if (run.isLogged || expected < LARGE_CATCH_UP) return
    run.isLogged = true
    const peers = this.#waiting().map(({ peerId }) => peerId)
    const from = peers.length === 1 ? '1 peer' : `${peers.length} peers`
    this.#components.logger.info({ expected, peers }, `catching up: about ${expected} records to come from ${from}`)
  }

  #logEnd({ fresh: received, asked, steadySince, steadyUntil, isLogged }: Run): void {
    if (!isLogged) return
    const expected = Math.max(received, asked.count)
    const tookMs = Math.round(steadyUntil - steadySince)
    const ratePerSecond = Math.round((1_000 * received) / Math.max(tookMs, 1))
    this.#components.logger.info(
      { received, expected, tookMs, ratePerSecond },
      `catching up is over: ${received} of about ${expected} records came in ${(tookMs / 1_000).toFixed(1)} s, ${ratePerSecond} a second`,
    )
  }
}

function keyOf({ peerId, isInitiator }: { readonly peerId: string; readonly isInitiator: boolean }): string {
  return `${peerId} ${isInitiator}`
}
