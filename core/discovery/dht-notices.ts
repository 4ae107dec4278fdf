import type { Dht } from '../net/dht.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { Startable } from '../util/startable.ts'

/** What stands in the DHT is forgotten after two days. */
const AGAIN_AFTER_MS = 12 * 3_600_000
/** Where fewer were told, the last of them may be gone tomorrow, or there was nobody yet: it is said again soon. */
const ENOUGH_TOLD = 3
const SOON_MS = 600_000
/** On one machine everything is near. */
const LOCAL_SOON_MS = 10_000
const LOOK_EVERY_MS = 60_000
const LOCAL_LOOK_EVERY_MS = 2_000
const DEADLINE_MS = 60_000
/** Authors that one look says, and that are remembered as said. */
const MAX_AT_ONCE = 64
const MAX_SAID = 10_000

export interface DhtNoticesComponents {
  readonly dht: Pick<Dht, 'provide'>
  readonly clock: Clock
  readonly logger: Logger
}

export interface DhtNoticesInit {
  readonly isLocal: boolean
  /** Whose records are here for whoever looks for them, 32-byte addresses, most important first. */
  readonly authors: () => readonly Uint8Array[]
  /** Somebody is there who could keep it. */
  readonly isConnected: () => boolean
}

/** Says in the DHT whose records are here, each twice a day, one after the other; sooner again where few were told. */
export class DhtNotices implements Startable {
  readonly #c: DhtNoticesComponents
  readonly #init: DhtNoticesInit
  /** Author in hex → when it is said again, milliseconds since 1970. */
  readonly #dueAt = new LruMap<string, number>(MAX_SAID)
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> | null = null

  constructor(components: DhtNoticesComponents, init: DhtNoticesInit) {
    this.#c = components
    this.#init = init
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#init.isLocal ? LOCAL_LOOK_EVERY_MS : LOOK_EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stop.abort(new Error('the node stops'))
    await this.#work
  }

  #look(): void {
    if (this.#work !== null || !this.#init.isConnected()) return
    this.#work = this.#sayDue().finally(() => {
      this.#work = null
    })
  }

  get #soonMs(): number {
    return this.#init.isLocal ? LOCAL_SOON_MS : SOON_MS
  }

  async #sayDue(): Promise<void> {
    const { dht, clock, logger } = this.#c
    const due = this.#init.authors().filter((author) => clock.now() >= (this.#dueAt.peek(toHex(author)) ?? 0))
    for (const author of due.slice(0, MAX_AT_ONCE)) {
      if (this.#stop.signal.aborted) return
      try {
        const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(DEADLINE_MS)])
        const told = await dht.provide(author, { signal })
        this.#dueAt.set(toHex(author), clock.now() + (told < ENOUGH_TOLD ? this.#soonMs : AGAIN_AFTER_MS))
      } catch (error) {
        if (!this.#stop.signal.aborted) logger.debug({ err: error }, 'the DHT did not take who is here')
      }
    }
  }
}
