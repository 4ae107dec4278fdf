/**
 * The course of the other side: which frame may come when (SYN3), what it says until it has said it all, and the
 * budgets of that (SYN11). Each step is a promise that the sending loop waits for.
 */
import type { HeldDigests } from './buckets.ts'
import { SyncError } from './errors.ts'
import type { HelloFrame, NeedEntry, SyncFrame } from './frames.ts'
import { SYNC_VERSION, type SyncLimits } from './limits.ts'
import { uniqueKeys } from './offer.ts'
import { countRanges } from './ranges.ts'

/** What the other side sends next. */
export type Step = 'hello' | 'interest' | 'have' | 'need' | 'data' | 'done'

export interface Interest extends HeldDigests {
  readonly everyone: boolean
  readonly keys: readonly Uint8Array[]
}

export interface IncomingInit {
  readonly isInitiator: boolean
  readonly network: string
  readonly limits: SyncLimits
  /** Keys of the interest of an earlier session; undefined for one that isn't known. */
  readonly findInterest?: (everyone: boolean, hash: Uint8Array) => readonly Uint8Array[] | undefined
}

type FrameOf<T extends SyncFrame['type']> = Extract<SyncFrame, { readonly type: T }>

export class Incoming {
  readonly #init: IncomingInit
  readonly #hello = Promise.withResolvers<HelloFrame>()
  readonly #interest = Promise.withResolvers<Interest>()
  readonly #offerEnd = Promise.withResolvers<void>()
  readonly #request = Promise.withResolvers<readonly NeedEntry[]>()
  readonly #done = Promise.withResolvers<boolean>()
  readonly #keys: Uint8Array[] = []
  readonly #needs: NeedEntry[] = []
  #logs = 0
  #askedRecords = 0
  #step: Step = 'hello'

  constructor(init: IncomingInit) {
    this.#init = init
    for (const { promise } of this.#all()) promise.catch(() => {})
  }

  get hello(): Promise<HelloFrame> {
    return this.#hello.promise
  }

  /** All that the other side wants. */
  get interest(): Promise<Interest> {
    return this.#interest.promise
  }

  /** The other side has said all that it holds. */
  get offerEnd(): Promise<void> {
    return this.#offerEnd.promise
  }

  /** All that the other side asks for. */
  get request(): Promise<readonly NeedEntry[]> {
    return this.#request.promise
  }

  /** The other side has sent its last data; true when it held nothing back. */
  get done(): Promise<boolean> {
    return this.#done.promise
  }

  get isDone(): boolean {
    return this.#step === 'done'
  }

  /** @throws SyncError `unexpected-frame` when this is not the step. */
  expect(step: Step, type: string): void {
    if (this.#step !== step) throw new SyncError('unexpected-frame', `a ${type} frame came in step ${this.#step}`)
  }

  takeHello(frame: HelloFrame): void {
    this.expect('hello', frame.type)
    if (frame.version !== SYNC_VERSION) throw new SyncError('wrong-version', `version ${frame.version} is unknown here`)
    if (frame.network !== this.#init.network) {
      throw new SyncError('wrong-network', 'the other side belongs to another network')
    }
    if (this.#init.isInitiator && frame.scope !== null) throw new SyncError('bad-frame', 'the answer sets a scope')
    this.#step = 'interest'
    this.#hello.resolve(frame)
  }

  /** Answers how many keys it has brought. */
  takeInterest(frame: FrameOf<'interest'>): number {
    this.expect('interest', frame.type)
    expectWords(frame, frame.keys)
    const keys = frame.known === null ? frame.keys : this.#find(frame.everyone, frame.known)
    this.#keys.push(...keys)
    if (this.#keys.length > this.#init.limits.maxAuthors) throw overBudget('authors')
    if (!frame.isLast) return keys.length
    this.#step = 'have'
    const { everyone, digests, sketch } = frame
    this.#interest.resolve({ everyone, keys: uniqueKeys(this.#keys), digests, sketch })
    return keys.length
  }

  #find(everyone: boolean, hash: Uint8Array): readonly Uint8Array[] {
    const keys = this.#keys.length === 0 ? this.#init.findInterest?.(everyone, hash) : undefined
    if (keys === undefined) throw new SyncError('unknown-interest', 'the interest is one that is not known here')
    return keys
  }

  /** Counts; what the entries mean is the session's. */
  countOffer(frame: FrameOf<'have'>): void {
    this.expect('have', frame.type)
    expectWords(frame, frame.entries)
    this.#countLogs(frame.entries)
  }

  endOffer(): void {
    this.#logs = 0
    this.#step = 'need'
    this.#offerEnd.resolve()
  }

  takeNeed(frame: FrameOf<'need'>): void {
    this.expect('need', frame.type)
    expectWords(frame, frame.entries)
    this.#countLogs(frame.entries)
    const ranges = frame.entries.flatMap(({ logs }) => logs.map((log) => log.ranges))
    this.#askedRecords += ranges.reduce((sum, log) => sum + countRanges(log), 0)
    if (this.#askedRecords > this.#init.limits.maxRecords) throw overBudget('records asked for')
    this.#needs.push(...frame.entries)
    if (!frame.isLast) return
    this.#step = 'data'
    this.#request.resolve(this.#needs)
  }

  takeDone(frame: FrameOf<'done'>): void {
    this.expect('data', frame.type)
    this.#step = 'done'
    this.#done.resolve(frame.isComplete)
  }

  /** Releases whoever waits for a step that won't come. */
  fail(error: unknown): void {
    for (const { reject } of this.#all()) reject(error)
  }

  #all(): { promise: Promise<unknown>; reject: (error: unknown) => void }[] {
    return [this.#hello, this.#interest, this.#offerEnd, this.#request, this.#done]
  }

  #countLogs(entries: readonly { readonly logs: readonly unknown[] }[]): void {
    this.#logs += entries.reduce((sum, { logs }) => sum + 1 + logs.length, 0)
    const { maxAuthors, maxLogs } = this.#init.limits
    if (this.#logs > maxAuthors + maxLogs) throw overBudget('logs')
  }
}

export function overBudget(what: string): SyncError {
  return new SyncError('budget', `more ${what} than a session may have`)
}

/** Frames that say nothing cost no budget, so that there could be any number of them. */
function expectWords({ isLast }: { readonly isLast: boolean }, words: readonly unknown[]): void {
  if (!isLast && words.length === 0) throw new SyncError('bad-frame', 'a frame that is not the last says nothing')
}
