import { z } from 'zod'
import { InboxError } from '../inbox/inbox-error.ts'
import type { InboxAsker } from '../inbox/inbox-service.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import { RunAgain } from '../util/run-again.ts'
import type { Startable } from '../util/startable.ts'
import type { NodePart, OwnIdentity, StateBook } from './ports.ts'

/** How often a connected seed is asked again; what is handed to it meanwhile it passes on by itself. */
const EVERY_MS = 60_000
/** How often it is looked whether a seed has come. */
const LOOK_MS = 1_000
/** A seed that keeps no inbox of this account: the profile that names it may be on its way there. */
const NOT_HOME_MS = 5_000
const MAX_PAGES = 40
const MAX_SEEDS = 16
const STATE = 'inbox-collected'

const stateSchema = z.record(z.string().max(128), z.number().int().nonnegative())

export interface InboxCollectorComponents {
  readonly identity: Pick<OwnIdentity, 'address'>
  readonly seeds: () => readonly string[]
  readonly inbox: () => Pick<InboxAsker, 'read'> | null
  readonly book: StateBook
  readonly clock: Clock
  readonly logger: Logger
}

/** Asks the seeds that keep this account's inbox for what came while nobody was there (INB8). */
export class InboxCollector implements Startable, NodePart {
  readonly #c: InboxCollectorComponents
  readonly #looking = new RunAgain(() => this.#look())
  /** When each seed is to be asked next, milliseconds since 1970. */
  readonly #due = new LruMap<string, number>(MAX_SEEDS)
  /** Up to when each seed's inbox was read, by its clock. */
  #read: Record<string, number> = {}
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | undefined

  constructor(components: InboxCollectorComponents) {
    this.#c = components
  }

  async start(): Promise<void> {
    const { data } = stateSchema.safeParse(await this.#c.book.getState(STATE))
    if (data !== undefined) this.#read = data
    this.#timer = setInterval(() => this.#looking.ask(), LOOK_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stop.abort(new Error('the node stops'))
    await this.#looking.settled()
  }

  noteIdentities(): void {}
  noteSynced(): void {}

  async #look(): Promise<void> {
    const { identity, inbox, clock } = this.#c
    const me = identity.address
    const asker = inbox()
    if (me === null || asker === null) return
    const seeds = this.#c.seeds().slice(0, MAX_SEEDS)
    for (const peerId of this.#due.keys()) if (!seeds.includes(peerId)) this.#due.delete(peerId)
    for (const peerId of seeds) {
      if (this.#stop.signal.aborted) return
      if ((this.#due.get(peerId) ?? 0) > clock.now()) continue
      this.#due.set(peerId, clock.now() + EVERY_MS)
      await this.#collect(asker, peerId, me)
    }
  }

  async #collect(asker: Pick<InboxAsker, 'read'>, peerId: string, me: Uint8Array): Promise<void> {
    const { book, clock, logger } = this.#c
    const since = this.#read[peerId] ?? 0
    let cursor: Uint8Array | null = null
    let until = since
    try {
      for (let page = 0; page < MAX_PAGES; page++) {
        const question = { purpose: 'collect', subject: me, since, cursor } as const
        const haul = await asker.read(peerId, question, { signal: this.#stop.signal })
        until = Math.max(until, haul.until)
        cursor = haul.next
        if (cursor === null) break
      }
      if (until === since) return
      const others = Object.entries(this.#read).filter(([name]) => name !== peerId)
      this.#read = Object.fromEntries([...others, [peerId, until] as const].slice(-MAX_SEEDS))
      await book.setState(STATE, this.#read)
    } catch (error) {
      const isAbsent = error instanceof InboxError && error.code === 'not-home'
      if (isAbsent) this.#due.set(peerId, clock.now() + NOT_HOME_MS)
      logger.debug({ peerId, error: String(error) }, 'an inbox was not read')
    }
  }
}
