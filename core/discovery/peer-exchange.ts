/**
 * Serves `/palabre/peers/1` to everybody, within bounds, and asks (DSC4 … DSC6): who knows where these authors' devices
 * are, and which seeds there are? A card is believed for its signature, never for who hands it over.
 */
import { parsePeerId } from '../identity/peer-id.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { FramedStream, FrameError } from '../net/framed-stream.ts'
import type { HostEvent, PeerHost, PeerStream } from '../net/peer-host.ts'
import { checkPeerCard, encodePeerCard, type PeerCard } from '../record/peer-card.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { TokenBucket } from '../util/token-bucket.ts'
import type { CardBook } from './card-book.ts'
import { DiscoveryError, type DiscoveryErrorCode } from './discovery-error.ts'
import { decodePeersFrame, encodePeersFrame, type PeersFrame } from './frames.ts'
import {
  FAULT_REST_MS,
  MAX_ANSWER_CARDS,
  MAX_ANSWERING,
  MAX_ASKED_AUTHORS,
  MAX_ASKED_SEEDS,
  MAX_BUDGETED_PEERS,
  MAX_PEERS_FRAME_BYTES,
  PEERS_BUDGET,
  PEERS_DEADLINE_MS,
  PEERS_FILL_BYTES,
  PEERS_PROTOCOL,
  PEERS_STREAMS,
  PEERS_VERSION,
} from './limits.ts'

/** Bytes of the CBOR head of one card. */
const ITEM_BYTES = 3
const PARTING_MS = 1_000

export interface PeersQuestion {
  /** 32-byte addresses; at most 128 are asked for. */
  readonly authors: readonly Uint8Array[]
  /** 0 … 32 */
  readonly seeds: number
}

export interface PeerExchangeComponents {
  readonly host: PeerHost
  readonly book: CardBook
  readonly verifier: SignatureVerifier
  readonly logger: Logger
  readonly clock: Clock
}

export interface PeerExchangeInit {
  /** The network's signature domain. */
  readonly network: string
  /** The card of this device as it is now; null while it has no address that may be told. */
  readonly ownCard: () => PeerCard | null
  /** A card that is kept now: of this device's address something new is known. */
  readonly onCard?: (card: PeerCard) => void
  /** A peer that can be asked. */
  readonly onSpeaker?: (peerId: string) => void
  readonly deadlineMs?: number
}

export class PeerExchange implements Startable {
  readonly #components: PeerExchangeComponents
  readonly #init: PeerExchangeInit
  readonly #deadlineMs: number
  readonly #speakers = new Set<string>()
  readonly #budgets = new LruMap<string, TokenBucket>(MAX_BUDGETED_PEERS)
  /** Until when a peer that sent what can't be true is left alone, milliseconds since 1970. */
  readonly #resting = new LruMap<string, number>(MAX_BUDGETED_PEERS)
  readonly #working = new Set<Promise<unknown>>()
  readonly #stop = new AbortController()
  #unsubscribe: () => void = () => {}
  #answering = 0

  constructor(components: PeerExchangeComponents, init: PeerExchangeInit) {
    this.#components = components
    this.#init = init
    this.#deadlineMs = init.deadlineMs ?? PEERS_DEADLINE_MS
  }

  async start(): Promise<void> {
    const { host } = this.#components
    this.#unsubscribe = host.subscribe((event) => this.#onHostEvent(event))
    await host.handle(PEERS_PROTOCOL, (stream) => this.#track(this.#answer(stream)), {
      maxInbound: PEERS_STREAMS,
      maxOutbound: PEERS_STREAMS,
    })
  }

  async stop(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#unsubscribe()
      this.#stop.abort(new DiscoveryError('busy', 'the node stops'))
      await this.#components.host.unhandle(PEERS_PROTOCOL)
    }
    await Promise.allSettled(this.#working)
  }

  /** Peers that can be asked now: connected, speaking the protocol, and none that lied lately. */
  peers(): readonly string[] {
    const now = this.#components.clock.now()
    return [...this.#speakers].filter((peerId) => (this.#resting.peek(peerId) ?? 0) <= now)
  }

  /**
   * Asks one peer and keeps the cards that it tells.
   *
   * @returns the cards that came, as far as they were new here
   * @throws DiscoveryError; NetworkError when there is no connection
   */
  ask(peerId: string, question: PeersQuestion, options: AbortOptions = {}): Promise<readonly PeerCard[]> {
    return this.#track(this.#ask(peerId, question, options))
  }

  async #ask(peerId: string, question: PeersQuestion, options: AbortOptions): Promise<readonly PeerCard[]> {
    const { host, logger, clock } = this.#components
    const outer = options.signal ? [options.signal, this.#stop.signal] : [this.#stop.signal]
    for (const signal of outer) signal.throwIfAborted()
    const deadline = this.#deadline()
    const signal = AbortSignal.any([...outer, deadline.signal])
    let duplex: FramedStream | null = null
    try {
      const stream = await host.openStream(peerId, PEERS_PROTOCOL, { signal, maxOutbound: PEERS_STREAMS })
      duplex = framed(stream)
      const asked = {
        authors: question.authors.slice(0, MAX_ASKED_AUTHORS),
        seeds: Math.min(question.seeds, MAX_ASKED_SEEDS),
      }
      const { network } = this.#init
      await this.#send(
        duplex,
        { type: 'ask', version: PEERS_VERSION, network, card: this.#ownCard(), ...asked, extensions: {} },
        signal,
      )
      const frame = await readFrame(duplex, signal)
      if (frame.type === 'error') {
        throw new DiscoveryError(frame.code, `the other side does not answer: ${frame.code}`, { isRemote: true })
      }
      if (frame.type !== 'cards') throw new DiscoveryError('unexpected-frame', 'a question came as an answer')
      await duplex.close({ signal })
      return this.#takeAnswer(peerId, asked, frame)
    } catch (error) {
      duplex?.abort(error instanceof Error ? error : new DiscoveryError('truncated', String(error)))
      if (error instanceof DiscoveryError) {
        logger.debug({ peerId, code: error.code, isRemote: error.isRemote }, 'a question for peers failed')
        if (error.isFault) this.#resting.set(peerId, clock.now() + FAULT_REST_MS)
      }
      throw error
    } finally {
      deadline.end()
    }
  }

  /** All of an answer is judged before anything of it is kept. @throws DiscoveryError */
  #takeAnswer(peerId: string, asked: PeersQuestion, answer: PeersFrame & { type: 'cards' }): PeerCard[] {
    const own = answer.card === null ? [] : [this.#judgeOwn(peerId, answer.card)]
    const told = answer.cards.map((bytes) => this.#judge(bytes))
    const seeds = told.filter((card) => !asked.authors.some((author) => isOf(card, author)))
    if (seeds.length > asked.seeds || seeds.some(({ role }) => role !== 'seed')) {
      throw new DiscoveryError('unrelated', 'the other side told of somebody who was not asked for')
    }
    return this.#keep([...own, ...told])
  }

  #keep(cards: readonly PeerCard[]): PeerCard[] {
    const { book, host } = this.#components
    return cards.filter((card) => {
      const isSelf = equalBytes(card.device, parsePeerId(host.peerId) ?? new Uint8Array())
      if (isSelf || book.note(card) !== 'kept') return false
      this.#init.onCard?.(card)
      return true
    })
  }

  #judge(bytes: Uint8Array): PeerCard {
    const checked = checkPeerCard(bytes, this.#components.verifier, this.#init.network)
    if (checked.ok) return checked.card
    throw new DiscoveryError('bad-card', `the other side sent a card that is none: ${checked.reason}`)
  }

  /** The other side's own card: of nobody else. */
  #judgeOwn(peerId: string, bytes: Uint8Array): PeerCard {
    const card = this.#judge(bytes)
    const key = parsePeerId(peerId)
    if (key !== undefined && equalBytes(key, card.device)) return card
    throw new DiscoveryError('bad-card', 'the other side shows the card of somebody else as its own')
  }

  async #answer(stream: PeerStream): Promise<void> {
    const { logger } = this.#components
    const { peerId } = stream
    const duplex = framed(stream)
    if (this.#stop.signal.aborted || this.#answering >= MAX_ANSWERING || !this.#budgetOf(peerId).take()) {
      return await sayError(duplex, 'busy')
    }
    const deadline = this.#deadline()
    const signal = AbortSignal.any([this.#stop.signal, deadline.signal])
    this.#answering++
    try {
      const frame = await readFrame(duplex, signal)
      if (frame.type !== 'ask') throw new DiscoveryError('unexpected-frame', `a ${frame.type} came before the question`)
      if (frame.version !== PEERS_VERSION) {
        throw new DiscoveryError('wrong-version', `version ${frame.version} is unknown here`)
      }
      if (frame.network !== this.#init.network) {
        throw new DiscoveryError('wrong-network', 'the other side belongs to another network')
      }
      if (frame.card !== null) this.#keep([this.#judgeOwn(peerId, frame.card)])
      await this.#send(duplex, { type: 'cards', card: this.#ownCard(), cards: this.#find(peerId, frame) }, signal)
      await duplex.close({ signal })
    } catch (cause) {
      const error = cause instanceof DiscoveryError ? cause : new DiscoveryError('truncated', String(cause), { cause })
      logger.debug({ peerId, code: error.code, reason: error.message }, 'a question for peers was not answered')
      if (!signal.aborted && error.code !== 'truncated') await sayError(duplex, error.code)
      duplex.abort(error)
    } finally {
      deadline.end()
      this.#answering--
    }
  }

  /** What is known, as much as fits: the authors' devices first. Nobody is told of itself. */
  #find(peerId: string, { authors, seeds }: PeersQuestion): Uint8Array[] {
    const { book } = this.#components
    const asker = parsePeerId(peerId)
    const own = this.#init.ownCard()
    const found = [...book.ofAuthors(authors, MAX_ANSWER_CARDS), ...book.seeds(seeds)]
    const told: Uint8Array[] = []
    const seen: Uint8Array[] = [...(asker === undefined ? [] : [asker]), ...(own === null ? [] : [own.device])]
    let size = 0
    for (const card of found) {
      if (told.length >= MAX_ANSWER_CARDS) break
      if (seen.some((device) => equalBytes(device, card.device))) continue
      const bytes = encodePeerCard(card)
      size += bytes.length + ITEM_BYTES
      if (size > PEERS_FILL_BYTES) break
      seen.push(card.device)
      told.push(bytes)
    }
    return told
  }

  #ownCard(): Uint8Array | null {
    const card = this.#init.ownCard()
    return card === null ? null : encodePeerCard(card)
  }

  async #send(duplex: FramedStream, frame: PeersFrame, signal: AbortSignal): Promise<void> {
    await duplex.writeFrame(encodePeersFrame(frame), { signal })
  }

  #budgetOf(peerId: string): TokenBucket {
    const known = this.#budgets.get(peerId) ?? new TokenBucket({ clock: this.#components.clock }, PEERS_BUDGET)
    this.#budgets.set(peerId, known)
    return known
  }

  #deadline(): { signal: AbortSignal; end(): void } {
    const controller = new AbortController()
    const timer = setTimeout(() => {
      controller.abort(new DiscoveryError('stalled', `the other side took more than ${this.#deadlineMs} ms`))
    }, this.#deadlineMs)
    return { signal: controller.signal, end: () => clearTimeout(timer) }
  }

  #onHostEvent(event: HostEvent): void {
    if (event.type === 'peer-disconnected') {
      this.#speakers.delete(event.peerId)
    } else if (event.type === 'peer-identified' && event.protocols.includes(PEERS_PROTOCOL)) {
      this.#speakers.add(event.peerId)
      this.#init.onSpeaker?.(event.peerId)
    }
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

function isOf({ author }: PeerCard, asked: Uint8Array): boolean {
  return author !== null && equalBytes(author, asked)
}

function framed(stream: PeerStream): FramedStream {
  return new FramedStream(stream, { maxFrameBytes: MAX_PEERS_FRAME_BYTES })
}

async function readFrame(duplex: FramedStream, signal: AbortSignal): Promise<PeersFrame> {
  const bytes = await duplex.readFrame({ signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    if (cause instanceof FrameError) throw new DiscoveryError('bad-frame', cause.message, { cause })
    throw new DiscoveryError('truncated', `the stream broke: ${String(cause)}`, { cause })
  })
  if (bytes === null) throw new DiscoveryError('truncated', 'the other side ended before it was done')
  return decodePeersFrame(bytes)
}

/** Says why; whether anybody hears it doesn't matter. */
async function sayError(duplex: FramedStream, code: DiscoveryErrorCode): Promise<void> {
  const signal = AbortSignal.timeout(PARTING_MS)
  try {
    await duplex.writeFrame(encodePeersFrame({ type: 'error', code }), { signal })
    await duplex.close({ signal })
  } catch {
    // The stream is gone or nobody reads it.
  }
}
