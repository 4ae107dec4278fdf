import type { AnswersState } from '../contract/views.ts'
import type { InboxQuestion } from '../inbox/inbox-talk.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import type { NodePart } from './ports.ts'

/** Seeds that are asked about one thread or tag, and pages that each may tell. */
const MAX_SEEDS = 3
const MAX_PAGES = 4
/** Threads and tags that are asked about at the same time, and that wait for it. */
const MAX_ASKING = 4
const MAX_WAITING = 32
/** Threads and tags of which it is remembered that they were asked about, and how long that holds. */
const MAX_REMEMBERED = 512
export const ANSWERS_HOLD_MS = 3 * 60_000

export interface AnswerFinderComponents {
  /** Seeds that can be asked now. */
  readonly seeds: () => readonly string[]
  readonly read: (
    peerId: string,
    question: InboxQuestion,
    options: AbortOptions,
  ) => Promise<{ readonly next: Uint8Array | null }>
  readonly clock: Clock
  readonly logger: Logger
}

interface Asked {
  state: 'asking' | 'asked'
  seedsAsked: number
  readonly atMs: number
}

/**
 * Asks seeds for what strangers say in a thread or with a tag when somebody looks at it (INB7). What comes goes through the
 * door and shows as any other record; who looks is told whether seeds are being asked, were asked, or can't be.
 */
export class AnswerFinder implements Startable, NodePart {
  readonly #c: AnswerFinderComponents
  readonly #asked = new LruMap<string, Asked>(MAX_REMEMBERED)
  readonly #waiting: (() => Promise<void>)[] = []
  readonly #working = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(components: AnswerFinderComponents) {
    this.#c = components
  }

  start(): void {}

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the node stops'))
    this.#waiting.length = 0
    await Promise.all(this.#working)
  }

  noteIdentities(): void {}
  noteSynced(): void {}

  /** To be called when somebody looks; returns at once. `subject`: id of the root, or a folded tag in UTF-8. */
  look(purpose: 'answers' | 'tag', subject: Uint8Array): AnswersState {
    const name = `${purpose} ${toHex(subject)}`
    const nowMs = this.#c.clock.now()
    const known = this.#asked.get(name)
    const isFresh = known !== undefined && Math.abs(nowMs - known.atMs) < ANSWERS_HOLD_MS
    if (known !== undefined && (isFresh || known.state === 'asking')) return toState(known)
    const seeds = this.#c.seeds().slice(0, MAX_SEEDS)
    if (seeds.length === 0 || this.#stop.signal.aborted) return { answers: 'nobody', seedsAsked: 0 }
    // Who looks asks again a moment later.
    if (this.#waiting.length >= MAX_WAITING) return { answers: 'asking', seedsAsked: 0 }
    const asked: Asked = { state: 'asking', seedsAsked: 0, atMs: nowMs }
    this.#asked.set(name, asked)
    this.#waiting.push(() => this.#ask(name, asked, seeds, { purpose, subject }))
    this.#next()
    return toState(asked)
  }

  #next(): void {
    while (this.#working.size < MAX_ASKING) {
      const work = this.#waiting.shift()
      if (work === undefined) return
      const running: Promise<void> = work().finally(() => {
        this.#working.delete(running)
        this.#next()
      })
      this.#working.add(running)
    }
  }

  async #ask(name: string, asked: Asked, seeds: readonly string[], question: InboxQuestion): Promise<void> {
    const told = await Promise.all(seeds.map((peerId) => this.#askSeed(peerId, question)))
    asked.seedsAsked = told.filter((isTold) => isTold).length
    asked.state = 'asked'
    // Nobody has answered: the next look asks again.
    if (asked.seedsAsked === 0) this.#asked.delete(name)
  }

  async #askSeed(peerId: string, question: InboxQuestion): Promise<boolean> {
    let cursor: Uint8Array | null = null
    for (let page = 0; page < MAX_PAGES; page++) {
      try {
        const { next } = await this.#c.read(peerId, { ...question, cursor }, { signal: this.#stop.signal })
        if (next === null) return true
        cursor = next
      } catch (error) {
        this.#c.logger.debug({ peerId, error: String(error) }, 'a seed did not say what answers')
        return page > 0
      }
    }
    return true
  }
}

function toState({ state, seedsAsked }: Asked): AnswersState {
  return { answers: state, seedsAsked }
}
