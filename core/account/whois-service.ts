import type { IngestDoor } from '../ingest/door.ts'
import { FramedStream } from '../net/framed-stream.ts'
import type { HostEvent, PeerHost, PeerStream } from '../net/peer-host.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { TokenBucket } from '../util/token-bucket.ts'
import { WhoisError } from './whois-error.ts'
import type { WhoisQuestion } from './whois-frames.ts'
import {
  FAULT_REST_MS,
  MAX_ANSWERING,
  MAX_BUDGETED_PEERS,
  MAX_WHOIS_FRAME_BYTES,
  PRICED_BYTES,
  QUESTION_PRICE,
  WHOIS_BUDGET,
  WHOIS_DEADLINE_MS,
  WHOIS_PROTOCOL,
  WHOIS_STREAMS,
} from './whois-limits.ts'
import {
  askQuestion,
  type ChainIndex,
  findAnswer,
  readQuestion,
  sayWhoisError,
  sendAnswer,
  type ToldAnswer,
} from './whois-talk.ts'

export interface WhoisServiceComponents {
  readonly host: PeerHost
  readonly index: ChainIndex
  readonly door: IngestDoor
  readonly logger: Logger
  readonly clock: Clock
}

export interface WhoisServiceInit {
  /** The network's signature domain. */
  readonly network: string
  readonly deadlineMs?: number
}

/** Asking peers for the chain of somebody of whom only a key is known. */
export interface ChainAsker {
  /** Peers that can be asked now: connected, speaking the protocol, and none that lied lately. */
  peers(): readonly string[]
  /** Said when a peer may be asked that couldn't. Returns the function that ends it. A listener must not throw. */
  onPeer(listener: () => void): () => void
  /**
   * Asks one peer, and takes what it tells in through the door.
   *
   * @returns addresses whose chains are held here now
   * @throws WhoisError; NetworkError when there is no connection; what the store throws
   */
  ask(peerId: string, question: WhoisQuestion, options?: AbortOptions): Promise<readonly Uint8Array[]>
}

/** Serves `/palabre/whois/1` to everybody, within bounds, and asks (RCV3 … RCV7). */
export class WhoisService implements ChainAsker, Startable {
  readonly #components: WhoisServiceComponents
  readonly #init: WhoisServiceInit
  readonly #deadlineMs: number
  readonly #speakers = new Set<string>()
  readonly #budgets = new LruMap<string, TokenBucket>(MAX_BUDGETED_PEERS)
  /** Until when a peer that lied is left alone, milliseconds since 1970. */
  readonly #resting = new LruMap<string, number>(MAX_BUDGETED_PEERS)
  readonly #listeners = new Set<() => void>()
  readonly #working = new Set<Promise<unknown>>()
  readonly #stop = new AbortController()
  #unsubscribe: () => void = () => {}
  #answering = 0

  constructor(components: WhoisServiceComponents, init: WhoisServiceInit) {
    this.#components = components
    this.#init = init
    this.#deadlineMs = init.deadlineMs ?? WHOIS_DEADLINE_MS
  }

  async start(): Promise<void> {
    const { host } = this.#components
    this.#unsubscribe = host.subscribe((event) => this.#onHostEvent(event))
    await host.handle(WHOIS_PROTOCOL, (stream) => this.#track(this.#answer(stream)), {
      maxInbound: WHOIS_STREAMS,
      maxOutbound: WHOIS_STREAMS,
    })
  }

  async stop(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#unsubscribe()
      this.#stop.abort(new WhoisError('unavailable', 'the node stops'))
      await this.#components.host.unhandle(WHOIS_PROTOCOL)
    }
    await Promise.allSettled(this.#working)
  }

  peers(): readonly string[] {
    const now = this.#components.clock.now()
    return [...this.#speakers].filter((peerId) => (this.#resting.peek(peerId) ?? 0) <= now)
  }

  onPeer(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  ask(peerId: string, question: WhoisQuestion, options: AbortOptions = {}): Promise<readonly Uint8Array[]> {
    return this.#track(this.#ask(peerId, question, options))
  }

  async #ask(peerId: string, question: WhoisQuestion, options: AbortOptions): Promise<readonly Uint8Array[]> {
    const { host, logger, clock } = this.#components
    const outer = options.signal ? [options.signal, this.#stop.signal] : [this.#stop.signal]
    for (const signal of outer) signal.throwIfAborted()
    const deadline = this.#deadline()
    const signal = AbortSignal.any([...outer, deadline.signal])
    let duplex: FramedStream | null = null
    try {
      const stream = await host.openStream(peerId, WHOIS_PROTOCOL, { signal, maxOutbound: WHOIS_STREAMS })
      duplex = this.#framed(stream)
      const answer = await askQuestion(duplex, { question, network: this.#init.network, signal })
      deadline.end()
      return await this.#takeIn(peerId, answer)
    } catch (error) {
      duplex?.abort(error instanceof Error ? error : new WhoisError('unavailable', String(error)))
      if (error instanceof WhoisError) {
        logger.info({ peerId, code: error.code, isRemote: error.isRemote }, 'a question for a chain failed')
        if (error.isFault) this.#resting.set(peerId, clock.now() + FAULT_REST_MS)
      }
      throw error
    } finally {
      deadline.end()
    }
  }

  /** Own work: no deadline of the other side's. */
  async #takeIn(peerId: string, { chains }: ToldAnswer): Promise<Uint8Array[]> {
    const found: Uint8Array[] = []
    for (const { address, operations } of chains) {
      const { operations: outcomes } = await this.#components.door.ingest(
        { operations, records: [] },
        { kind: 'sync', peer: peerId },
        { signal: this.#stop.signal },
      )
      const invalid = outcomes.find(({ verdict }) => verdict.verdict === 'reject')?.verdict
      if (invalid?.verdict === 'reject') {
        throw new WhoisError('invalid-operation', `the other side sent something invalid: ${invalid.reason}`)
      }
      if (outcomes.some(({ isKept }) => isKept)) found.push(address)
    }
    return found
  }

  async #answer(stream: PeerStream): Promise<void> {
    const { index, logger } = this.#components
    const { peerId } = stream
    const duplex = this.#framed(stream)
    const budget = this.#budgetOf(peerId)
    if (this.#stop.signal.aborted || this.#answering >= MAX_ANSWERING || budget.available < QUESTION_PRICE) {
      return await sayWhoisError(duplex, 'busy')
    }
    const deadline = this.#deadline()
    const signal = AbortSignal.any([this.#stop.signal, deadline.signal])
    this.#answering++
    try {
      const question = await readQuestion(duplex, { network: this.#init.network, signal })
      const answer = await findAnswer(index, question).catch((cause: unknown) => {
        throw new WhoisError('unavailable', 'the store does not answer', { cause })
      })
      if (!budget.take(priceOf(answer))) throw new WhoisError('busy', 'this peer asks too much')
      await sendAnswer(duplex, answer, signal)
    } catch (cause) {
      const error = cause instanceof WhoisError ? cause : new WhoisError('truncated', String(cause), { cause })
      logger.debug({ peerId, code: error.code, reason: error.message }, 'a question was not answered')
      // Whoever asks wrongly pays for it as well.
      if (error.code !== 'busy') budget.take(QUESTION_PRICE)
      if (!signal.aborted && error.code !== 'truncated') await sayWhoisError(duplex, error.code)
      duplex.abort(error)
    } finally {
      deadline.end()
      this.#answering--
    }
  }

  #budgetOf(peerId: string): TokenBucket {
    const known = this.#budgets.get(peerId) ?? new TokenBucket({ clock: this.#components.clock }, WHOIS_BUDGET)
    this.#budgets.set(peerId, known)
    return known
  }

  #deadline(): { signal: AbortSignal; end(): void } {
    const controller = new AbortController()
    const timer = setTimeout(() => {
      controller.abort(new WhoisError('stalled', `the other side took more than ${this.#deadlineMs} ms`))
    }, this.#deadlineMs)
    return { signal: controller.signal, end: () => clearTimeout(timer) }
  }

  #onHostEvent(event: HostEvent): void {
    if (event.type === 'peer-disconnected') {
      this.#speakers.delete(event.peerId)
    } else if (event.type === 'peer-identified' && event.protocols.includes(WHOIS_PROTOCOL)) {
      this.#speakers.add(event.peerId)
      for (const listener of this.#listeners) listener()
    }
  }

  #framed(stream: PeerStream): FramedStream {
    return new FramedStream(stream, { maxFrameBytes: MAX_WHOIS_FRAME_BYTES })
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.catch(() => {})
    this.#working.add(tracked)
    try {
      return await work
    } finally {
      this.#working.delete(tracked)
    }
  }
}

function priceOf({ chains }: ToldAnswer): number {
  const bytes = chains.flatMap(({ operations }) => operations).reduce((sum, { length }) => sum + length, 0)
  return QUESTION_PRICE + Math.floor(bytes / PRICED_BYTES)
}
