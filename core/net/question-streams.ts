/**
 * A protocol in which one side asks one question a stream and the other answers it: who can be asked, what a peer may
 * ask, how long either may take, and who is left alone for having answered what can't be true. What is asked and answered
 * is the protocol's own.
 */
import type { Clock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import type { TokenBucket, TokenBucketInit } from '../util/token-bucket.ts'
import type { QuestionError } from './errors.ts'
import { FramedStream } from './framed-stream.ts'
import type { HostEvent, PeerHost, PeerStream } from './peer-host.ts'

/** Longest that a parting word may take. */
const PARTING_MS = 1_000

/** That of the protocol. */
export interface QuestionRules {
  readonly protocol: string
  /** Streams of one connection, each way. */
  readonly streams: number
  /** Largest frame, bytes, without its length. */
  readonly maxFrameBytes: number
  /** Both sides: from opening the stream to its end. */
  readonly deadlineMs: number
  /** Answers at a time, all peers together. */
  readonly maxAnswering: number
  /** What a peer may ask; a question costs at least `price`. */
  readonly budget: TokenBucketInit
  readonly price: number
  /** How long a peer at fault is left alone. */
  readonly restMs: number
  /** Peers whose budgets and faults are remembered. */
  readonly maxPeers: number
}

/** A question on its way, as the answering side has it. */
export interface Asked {
  readonly peerId: string
  /** What the peer may still ask: the question isn't paid yet. */
  readonly budget: TokenBucket
  /** Aborted when the time is over and when the node stops. */
  readonly signal: AbortSignal
}

/** A question of this side's. */
export interface Asking {
  readonly signal: AbortSignal
  /** The other side has answered: what follows is own work and takes as long as it takes. */
  endDeadline(): void
}

export interface QuestionComponents {
  readonly host: PeerHost
  readonly logger: Logger
  readonly clock: Clock
}

export interface QuestionInit<E extends QuestionError<string>> {
  readonly rules: QuestionRules
  /** Reads the question and answers it. @throws E, which the other side is told */
  readonly answer: (duplex: FramedStream, asked: Asked) => Promise<void>
  readonly toError: (code: 'stalled' | 'truncated' | 'unavailable', message: string, options?: { cause?: unknown }) => E
  readonly isError: (error: unknown) => error is E
  /** The Error frame with that code. */
  readonly encodeError: (code: E['code'] | 'busy') => Uint8Array
}

export class QuestionStreams<E extends QuestionError<string>> implements Startable {
  readonly #c: QuestionComponents
  readonly #init: QuestionInit<E>
  readonly #speakers = new Set<string>()
  readonly #budgets: KeyedBuckets
  /** Until when a peer that lied is left alone, milliseconds since 1970. */
  readonly #resting: LruMap<string, number>
  readonly #listeners = new Set<(peerId: string) => void>()
  readonly #working = new Set<Promise<unknown>>()
  readonly #stop = new AbortController()
  #unsubscribe: () => void = () => {}
  #answering = 0

  constructor(components: QuestionComponents, init: QuestionInit<E>) {
    this.#c = components
    this.#init = init
    this.#budgets = new KeyedBuckets(components, { ...init.rules.budget, maxKeys: init.rules.maxPeers })
    this.#resting = new LruMap(init.rules.maxPeers)
  }

  async start(): Promise<void> {
    const { host } = this.#c
    const { protocol, streams } = this.#init.rules
    this.#unsubscribe = host.subscribe((event) => this.#onHostEvent(event))
    await host.handle(protocol, (stream) => this.#track(this.#answer(stream)), {
      maxInbound: streams,
      maxOutbound: streams,
    })
  }

  async stop(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#unsubscribe()
      this.#stop.abort(this.#init.toError('unavailable', 'the node stops'))
      await this.#c.host.unhandle(this.#init.rules.protocol)
    }
    await Promise.allSettled(this.#working)
  }

  /** Aborted when the node stops. */
  get stopped(): AbortSignal {
    return this.#stop.signal
  }

  /** Peers that can be asked now: connected, speaking the protocol, and none that lied lately. */
  peers(): readonly string[] {
    const now = this.#c.clock.now()
    return [...this.#speakers].filter((peerId) => (this.#resting.peek(peerId) ?? 0) <= now)
  }

  /** Said when a peer may be asked that couldn't. Returns the function that ends it. A listener must not throw. */
  onPeer(listener: (peerId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Opens a stream to the peer for one question. Whoever answers what can't be true is left alone for a while.
   *
   * @throws what `talk` throws; NetworkError when there is no connection; the signal's reason
   */
  ask<T>(
    peerId: string,
    talk: (duplex: FramedStream, asking: Asking) => Promise<T>,
    options: AbortOptions = {},
  ): Promise<T> {
    return this.#track(this.#ask(peerId, talk, options))
  }

  async #ask<T>(
    peerId: string,
    talk: (duplex: FramedStream, asking: Asking) => Promise<T>,
    options: AbortOptions,
  ): Promise<T> {
    const { host, logger, clock } = this.#c
    const { rules, isError, toError } = this.#init
    const { protocol, streams, restMs } = rules
    const outer = options.signal ? [options.signal, this.#stop.signal] : [this.#stop.signal]
    for (const signal of outer) signal.throwIfAborted()
    const deadline = this.#deadline()
    const signal = AbortSignal.any([...outer, deadline.signal])
    let duplex: FramedStream | null = null
    try {
      duplex = this.#framed(await host.openStream(peerId, protocol, { signal, maxOutbound: streams }))
      return await talk(duplex, { signal, endDeadline: deadline.end })
    } catch (error) {
      duplex?.abort(error instanceof Error ? error : toError('truncated', String(error)))
      if (isError(error)) {
        logger.debug({ protocol, peerId, code: error.code, isRemote: error.isRemote }, 'a question failed')
        if (error.isFault) this.#resting.set(peerId, clock.now() + restMs)
      }
      throw error
    } finally {
      deadline.end()
    }
  }

  async #answer(stream: PeerStream): Promise<void> {
    const { rules, answer, isError, toError } = this.#init
    const { peerId } = stream
    const duplex = this.#framed(stream)
    const budget = this.#budgets.of(peerId)
    if (this.#stop.signal.aborted || this.#answering >= rules.maxAnswering || budget.available < rules.price) {
      return await this.#sayError(duplex, 'busy')
    }
    const deadline = this.#deadline()
    const signal = AbortSignal.any([this.#stop.signal, deadline.signal])
    this.#answering++
    try {
      await answer(duplex, { peerId, budget, signal })
    } catch (cause) {
      const error = isError(cause) ? cause : toError('truncated', String(cause), { cause })
      const { protocol } = rules
      this.#c.logger.debug({ protocol, peerId, code: error.code, reason: error.message }, 'a question was not answered')
      // Whoever asks wrongly pays for it as well.
      if (error.code !== 'busy') budget.take(rules.price)
      if (!signal.aborted && error.code !== 'truncated') await this.#sayError(duplex, error.code)
      duplex.abort(error)
    } finally {
      deadline.end()
      this.#answering--
    }
  }

  /** Says why, then drops the stream; whether anybody hears it doesn't matter. */
  async #sayError(duplex: FramedStream, code: E['code'] | 'busy'): Promise<void> {
    const signal = AbortSignal.timeout(PARTING_MS)
    try {
      await duplex.writeFrame(this.#init.encodeError(code), { signal })
      await duplex.close({ signal })
    } catch {
      // The stream is gone or nobody reads it.
    }
  }

  #deadline(): { signal: AbortSignal; end: () => void } {
    const { toError, rules } = this.#init
    const controller = new AbortController()
    const timer = setTimeout(() => {
      controller.abort(toError('stalled', `the other side took more than ${rules.deadlineMs} ms`))
    }, rules.deadlineMs)
    return { signal: controller.signal, end: () => clearTimeout(timer) }
  }

  #onHostEvent(event: HostEvent): void {
    if (event.type === 'peer-disconnected') {
      this.#speakers.delete(event.peerId)
    } else if (event.type === 'peer-identified' && event.protocols.includes(this.#init.rules.protocol)) {
      // Peers say anew what they speak whenever that changes.
      if (this.#speakers.has(event.peerId)) return
      this.#speakers.add(event.peerId)
      for (const listener of this.#listeners) listener(event.peerId)
    }
  }

  #framed(stream: PeerStream): FramedStream {
    return new FramedStream(stream, { maxFrameBytes: this.#init.rules.maxFrameBytes })
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
