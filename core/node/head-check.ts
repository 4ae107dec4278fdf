import type { SyncEvent } from '../sync/sync-service.ts'
import { equalBytes } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions } from '../util/startable.ts'
import { withSignal } from '../util/with-signal.ts'
import type { ConnectedPeer, OwnIdentity } from './ports.ts'

/** How long the first signature after a start waits for somebody's word, milliseconds (LOG7). */
export interface HeadCheckTimes {
  /** While somebody is connected. */
  readonly connectedMs: number
  /** While nobody is, and somebody is being dialled. */
  readonly dialingMs: number
}

export const HEAD_CHECK_TIMES: HeadCheckTimes = { connectedMs: 3_000, dialingMs: 1_500 }

/** So many peers' word is enough. */
const MAX_ASKED = 32

export interface HeadCheckComponents {
  readonly identity: OwnIdentity
  readonly network: {
    listConnected(): readonly ConnectedPeer[]
    /** Nobody is connected, and somebody is being dialled or will be soon. */
    readonly isDialing: boolean
  }
  readonly logger: Logger
}

export interface HeadCheckInit {
  /** An account that was made in this process has nothing that it could have lost. */
  readonly isNeeded: boolean
  /** Asks who is connected about the own log, now. */
  readonly ask: () => void
  readonly times?: HeadCheckTimes
}

/**
 * Lets the first signature after a start wait until a seed, or everybody who is connected, was asked for the own head
 * (LOG7): an own.db that comes from an older image of the disk would sign numbers again that others hold. Nobody is
 * waited for long, and without anybody to ask not at all.
 */
export class HeadCheck {
  readonly #components: HeadCheckComponents
  readonly #init: HeadCheckInit
  readonly #times: HeadCheckTimes
  /** Peers with whom a session about the own log has ended. */
  readonly #asked = new Set<string>()
  #isDone: boolean
  #isStopped = false
  #waiting: Promise<void> | null = null
  #look: () => void = () => {}

  constructor(components: HeadCheckComponents, init: HeadCheckInit) {
    this.#components = components
    this.#init = init
    this.#times = init.times ?? HEAD_CHECK_TIMES
    this.#isDone = !init.isNeeded
  }

  /** True when a record could be signed without waiting for anybody's word. */
  get isKnown(): boolean {
    return this.#isDone || this.#isAnswered(this.#components.network.listConnected())
  }

  /** Releases who waits. */
  stop(): void {
    this.#isStopped = true
    this.#look()
  }

  noteSync(event: SyncEvent): void {
    if (this.#isDone || event.type !== 'done') return
    const { address } = this.#components.identity
    const { scope, hello } = event.summary
    if (address === null || (scope !== null && !scope.some((author) => equalBytes(author, address)))) return
    this.#asked.add(event.peerId)
    if (hello.role === 'seed' || this.#asked.size >= MAX_ASKED) this.#end()
    this.#look()
  }

  /** Somebody came or went. */
  notePeers(): void {
    this.#look()
  }

  /** Resolves when a record may be signed. @throws the signal's reason; PalabreError stopping */
  async ready(options: AbortOptions = {}): Promise<void> {
    if (this.#isDone) return
    this.#waiting ??= this.#wait().finally(() => {
      this.#waiting = null
    })
    await withSignal(this.#waiting, options.signal)
  }

  async #wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { network } = this.#components
    const begunMs = performance.now()
    let hasAsked = false
    let timer: NodeJS.Timeout | undefined
    const look = () => {
      clearTimeout(timer)
      const connected = network.listConnected()
      const limitMs = connected.length > 0 ? this.#times.connectedMs : network.isDialing ? this.#times.dialingMs : 0
      const leftMs = limitMs - (performance.now() - begunMs)
      if (this.#isDone || this.#isStopped || this.#isAnswered(connected) || leftMs <= 0) return resolve()
      timer = setTimeout(look, leftMs)
      if (connected.length > 0 && !hasAsked) {
        hasAsked = true
        this.#init.ask()
      }
    }
    this.#look = look
    look()
    await promise
    this.#look = () => {}
    if (this.#isStopped) throw new PalabreError('stopping', 'the node is stopping')
    this.#components.logger.debug(
      { asked: this.#asked.size, ms: performance.now() - begunMs },
      'asked for the own head',
    )
    this.#end()
  }

  #isAnswered(connected: readonly ConnectedPeer[]): boolean {
    return connected.length > 0 && connected.every(({ peerId }) => this.#asked.has(peerId))
  }

  #end(): void {
    this.#isDone = true
    this.#asked.clear()
  }
}
