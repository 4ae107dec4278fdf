import type { MediaView } from '../contract/media.ts'
import type { MediaStates } from '../timeline/reader.ts'
import { toHex } from '../util/bytes.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { Startable } from '../util/startable.ts'
import type { BlockSource } from './helia-host.ts'
import { MAX_IMAGE_BYTES } from './limits.ts'
import { type MediaTables, registerDag } from './register.ts'
import { walkMedia } from './walker.ts'

/**
 * Brings the media of posts here: of people this node keeps by itself, of others when somebody asks. A file is
 * `waiting` until its turn, `fetching` while connected peers are asked, then `here`, or `missing` when nobody sent it
 * in time. While nobody is connected, nothing is asked for and nothing counts as missing. Missing ones are asked again
 * when a peer connects and after growing pauses; files that broke a rule are never asked again while this process runs,
 * unless somebody asks for them by name.
 */

type State = MediaView['state']

/** Files that are asked for at once. */
const CONCURRENT_FETCHES = 4
/** A file that doesn't come in this time counts as missing. */
const FETCH_DEADLINE_MS = 30_000
/** Files that wait for their turn; the list of what is missing is read again when they are through. */
const MAX_QUEUED = 256
/** Pause between two looks at that list: while a sync brings posts, each of its batches asks for one. */
const LIST_PAUSE_MS = 200
/** Files looked at for that: those that were asked for in vain stand in the way of older ones. */
const MAX_LISTED = 4_096
/** Files whose state is remembered. */
const MAX_STATES = 20_000
/** Pause before a missing file is asked for again, by number of failures. */
const RETRY_PAUSES_MS = [10_000, 30_000, 120_000, 600_000, 3_600_000]
/** What one author's posts may bring in by themselves: a burst, then so much an hour. Clicks aren't counted. */
const AUTHOR_BURST_BYTES = 256 * 1024 * 1024
const AUTHOR_BYTES_PER_SECOND = (128 * 1024 * 1024) / 3_600
/** A file that somebody asks for while nobody is connected: peers may be about to come. */
const PEER_GRACE_MS = 5_000
/** How long the fetcher sleeps when nobody wakes it. */
const IDLE_MS = 10_000

interface Attempt {
  readonly claim: Job['claim']
  failures: number
  /** Milliseconds since 1970. */
  nextAt: number
  /** It broke a rule: another try brings the same bytes. */
  isRefused: boolean
}

interface Job {
  readonly root: string
  /** Somebody waits for it. */
  isAsked: boolean
  readonly claim: { readonly type: string; readonly size: number }
  readonly done: PromiseWithResolvers<State>
}

export interface MediaFetcherComponents extends MediaTables {
  readonly source: BlockSource
  readonly logger: Logger
  readonly clock?: Clock
  /** Whether anybody is there to be asked; always, where this isn't given. */
  readonly hasPeers?: () => boolean
  /** Nothing comes by itself then, only what somebody asks for; never, where this isn't given. */
  readonly isSaving?: () => boolean
}

export class MediaFetcher implements MediaStates, Startable {
  readonly #components: MediaFetcherComponents
  readonly #clock: Clock
  readonly #deadlineMs: number
  readonly #states = new LruMap<string, State>(MAX_STATES)
  readonly #attempts = new LruMap<string, Attempt>(MAX_STATES)
  readonly #budgets: KeyedBuckets
  readonly #jobs = new Map<string, Job>()
  readonly #queue: Job[] = []
  readonly #listeners = new Set<(cid: string, state: State) => void>()
  readonly #running = new Set<Promise<void>>()
  #stop = new AbortController()
  #isStarted = false
  #timer: NodeJS.Timeout | undefined
  #listing: Promise<void> | undefined
  /** Files that came here while the list of missing ones was read: it may still name them. */
  readonly #cameMeanwhile = new Set<string>()
  #listAgain = false
  #isResting = false
  /** More is missing than had room in the queue. */
  #hasMore = false
  /** Files that wait and are counted in what their author brings in. */
  readonly #paid = new LruMap<string, true>(MAX_STATES)

  constructor(components: MediaFetcherComponents, init: { readonly deadlineMs?: number } = {}) {
    this.#components = components
    this.#clock = components.clock ?? systemClock
    this.#deadlineMs = init.deadlineMs ?? FETCH_DEADLINE_MS
    this.#budgets = new KeyedBuckets(
      { clock: this.#clock },
      { capacity: AUTHOR_BURST_BYTES, refillPerSecond: AUTHOR_BYTES_PER_SECOND },
    )
  }

  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    this.#stop = new AbortController()
    this.wake()
  }

  async stop(): Promise<void> {
    this.#isStarted = false
    clearTimeout(this.#timer)
    this.#isResting = false
    this.#listAgain = false
    this.#stop.abort(new Error('the node stops'))
    for (const job of this.#queue.splice(0)) this.#finish(job, 'waiting')
    await Promise.all([...this.#running, this.#listing])
  }

  /** Looks soon for wanted media that isn't here: after new records, follows and admissions. */
  wake(): void {
    if (!this.#isStarted) return
    if (this.#listing !== undefined || this.#isResting) {
      this.#listAgain = true
      return
    }
    clearTimeout(this.#timer)
    this.#listing = this.#list()
      .catch((error: unknown) => {
        if (this.#isStarted) this.#components.logger.warn({ error: String(error) }, 'missing media could not be listed')
      })
      .finally(() => {
        this.#listing = undefined
        if (!this.#isStarted) return
        this.#isResting = true
        this.#wakeAfter(LIST_PAUSE_MS, () => this.#listAgain)
      })
  }

  #wakeAfter(delayMs: number, isDue: () => boolean): void {
    this.#timer = setTimeout(() => {
      this.#isResting = false
      if (!isDue()) return this.#wakeAfter(IDLE_MS, () => true)
      this.#listAgain = false
      this.wake()
    }, delayMs)
    this.#timer.unref()
  }

  /** Somebody new may hold what is missing. */
  peerConnected(): void {
    this.#fill()
    if (this.#isSaving()) return
    for (const [root, attempt] of this.#attempts.entries()) {
      if (attempt.isRefused || this.#jobs.has(root) || this.#queue.length >= MAX_QUEUED) continue
      attempt.nextAt = this.#clock.now() + this.#deadlineMs
      this.#enqueue(root, attempt.claim, 'last')
    }
    this.wake()
  }

  /** Tells that a file has come here by another way: added by this person, imported. */
  noteHere(root: string): void {
    this.#attempts.delete(root)
    if (this.#listing !== undefined) this.#cameMeanwhile.add(root)
    this.#setState(root, 'here')
  }

  /**
   * Fetches a file although its author isn't kept here; answers its state once it is `here` or `missing`, at once when
   * no held record refers to it, and after a few seconds when nobody is connected.
   */
  async fetch(root: string): Promise<State> {
    if ((await this.#components.index.getDag(root)) !== null) {
      this.noteHere(root)
      return 'here'
    }
    const claim = await this.#components.index.findClaim(root)
    if (claim === null || !this.#isStarted) return this.stateOf(root)
    const job = this.#hurry(root) ?? this.#enqueueNow(root, claim)
    if (!this.#hasPeers()) await settledWithin(job.done.promise, Math.min(PEER_GRACE_MS, this.#deadlineMs))
    // It keeps its place in the queue; the answer doesn't wait for somebody to come.
    if (!this.#hasPeers()) return this.stateOf(root)
    return await job.done.promise
  }

  stateOf(root: string): State {
    return this.#states.peek(root) ?? 'waiting'
  }

  /** Called at each change of a file's state; must not throw. Returns the function that ends it. */
  subscribe(listener: (cid: string, state: State) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #list(): Promise<void> {
    if (this.#isSaving()) return this.#shed()
    const now = this.#clock.now()
    this.#cameMeanwhile.clear()
    const missing = await this.#components.index.listMissing(MAX_LISTED)
    if (!this.#isStarted) return
    const waiting = new Set(this.#queue)
    const ranked: Job[] = []
    this.#hasMore = false
    for (const { root, type, size, author } of missing) {
      this.#hasMore = ranked.length >= MAX_QUEUED
      if (this.#hasMore) break
      const job = this.#jobs.get(root)
      if (job !== undefined && waiting.has(job)) ranked.push(job)
      if (job !== undefined || this.#cameMeanwhile.has(root)) continue
      const attempt = this.#attempts.peek(root)
      if (attempt !== undefined && (attempt.isRefused || attempt.nextAt > now)) continue
      if (this.#pay(author, root, Math.min(size, MAX_IMAGE_BYTES))) ranked.push(this.#newJob(root, { type, size }))
    }
    this.#arrange(ranked)
    this.#fill()
  }

  /** What somebody waits for stays first; then these, whose order is that of the list; then what it doesn't name. */
  #arrange(ranked: readonly Job[]): void {
    const isRanked = new Set(ranked)
    const asked = this.#queue.filter(({ isAsked }) => isAsked)
    const others = this.#queue.filter((job) => !job.isAsked && !isRanked.has(job))
    this.#queue.splice(0, this.#queue.length, ...asked, ...ranked.filter(({ isAsked }) => !isAsked), ...others)
    for (const job of this.#queue.splice(MAX_QUEUED)) this.#finish(job, 'waiting')
  }

  /** Once for each time that it is asked for, however often it leaves the queue for a newer one. */
  #pay(author: Uint8Array, root: string, bytes: number): boolean {
    if (this.#paid.peek(root) === true) return true
    if (!this.#budgets.take(toHex(author), bytes)) return false
    this.#paid.set(root, true)
    return true
  }

  /** One that waits goes to the front. */
  #hurry(root: string): Job | undefined {
    const job = this.#jobs.get(root)
    const place = job === undefined ? -1 : this.#queue.indexOf(job)
    if (job === undefined || place < 0) return job
    job.isAsked = true
    this.#queue.splice(place, 1)
    this.#queue.unshift(job)
    return job
  }

  #enqueueNow(root: string, claim: Job['claim']): Job {
    this.#attempts.delete(root)
    return this.#enqueue(root, claim, 'first')
  }

  #enqueue(root: string, claim: Job['claim'], place: 'first' | 'last'): Job {
    const job = this.#newJob(root, claim, place === 'first')
    if (place === 'first') this.#queue.unshift(job)
    else this.#queue.push(job)
    const last = this.#queue.length > MAX_QUEUED ? this.#queue.pop() : undefined
    if (last !== undefined) this.#finish(last, 'waiting')
    this.#fill()
    return job
  }

  #newJob(root: string, claim: Job['claim'], isAsked = false): Job {
    const job: Job = { root, claim, isAsked, done: Promise.withResolvers() }
    this.#jobs.set(root, job)
    return job
  }

  #hasPeers(): boolean {
    return this.#components.hasPeers?.() ?? true
  }

  /** What nobody waits for leaves the queue; the list names it again. */
  #shed(): void {
    const others = this.#queue.filter(({ isAsked }) => !isAsked)
    this.#queue.splice(0, this.#queue.length, ...this.#queue.filter(({ isAsked }) => isAsked))
    for (const job of others) this.#finish(job, 'waiting')
    this.#hasMore = false
  }

  #isSaving(): boolean {
    return this.#components.isSaving?.() ?? false
  }

  #fill(): void {
    if (this.#isSaving()) this.#shed()
    while (this.#isStarted && this.#hasPeers() && this.#running.size < CONCURRENT_FETCHES) {
      const job = this.#queue.shift()
      if (job === undefined) {
        if (this.#hasMore) this.wake()
        this.#hasMore = false
        return
      }
      const run = this.#run(job).finally(() => {
        this.#running.delete(run)
        this.#fill()
      })
      this.#running.add(run)
    }
  }

  async #run(job: Job): Promise<void> {
    const { index, logger } = this.#components
    const { root, claim } = job
    this.#setState(root, 'fetching')
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(this.#deadlineMs)])
    try {
      const walk = await walkMedia(this.#components, root, claim, { signal })
      if (walk.ok) {
        const { blocks, type, bytes } = walk.media
        await registerDag(this.#components, { blocks, type, size: bytes.length, isPending: false })
        this.#attempts.delete(root)
        this.#finish(job, 'here')
        return
      }
      logger.info({ root, reason: walk.reason }, 'media refused')
      this.#attempts.set(root, { claim, failures: 1, nextAt: 0, isRefused: true })
    } catch (error) {
      if (this.#stop.signal.aborted) {
        this.#finish(job, 'waiting')
        return
      }
      logger.debug({ root, error: String(error) }, 'media not fetched')
      if (!this.#hasPeers()) {
        this.#finish(job, 'waiting')
        return
      }
      const failures = (this.#attempts.peek(root)?.failures ?? 0) + 1
      const pauseMs = RETRY_PAUSES_MS[Math.min(failures, RETRY_PAUSES_MS.length) - 1] as number
      this.#attempts.set(root, { claim, failures, nextAt: this.#clock.now() + pauseMs, isRefused: false })
    }
    this.#finish(job, 'missing')
    await index.noteFetchFailed(root).catch((error: unknown) => {
      logger.warn({ root, error: String(error) }, 'a failed fetch could not be noted')
    })
  }

  #finish(job: Job, state: State): void {
    this.#jobs.delete(job.root)
    if (state !== 'waiting') this.#paid.delete(job.root)
    if (state === 'here' && this.#listing !== undefined) this.#cameMeanwhile.add(job.root)
    this.#setState(job.root, state)
    job.done.resolve(state)
  }

  #setState(root: string, state: State): void {
    const before = this.#states.get(root)
    this.#states.set(root, state)
    if (before !== state) for (const listener of this.#listeners) listener(root, state)
  }
}

/** Resolves when the promise has settled or the time is over, and never rejects. */
async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, ms)
  await Promise.race([promise.catch(() => {}), over.promise])
  clearTimeout(timer)
}
