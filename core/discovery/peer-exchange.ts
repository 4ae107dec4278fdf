/**
 * Serves `/palabre/peers/1` to everybody, within bounds, and asks (DSC4 … DSC6): who knows where these authors' devices
 * are, and which seeds there are? A card is believed for its signature, never for who hands it over.
 */
import { parsePeerId } from '../identity/peer-id.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { type FramedStream, FrameError } from '../net/framed-stream.ts'
import type { PeerHost } from '../net/peer-host.ts'
import { type Asked, QuestionStreams } from '../net/question-streams.ts'
import { checkPeerCard, encodePeerCard, type PeerCard } from '../record/peer-card.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import type { CardBook } from './card-book.ts'
import { DiscoveryError, type DiscoveryErrorCode } from './discovery-error.ts'
import { decodePeersFrame, encodePeersFrame, type PeersFrame } from './frames.ts'
import {
  MAX_ANSWER_CARDS,
  MAX_ASKED_AUTHORS,
  MAX_ASKED_SEEDS,
  PEERS_FILL_BYTES,
  PEERS_RULES,
  PEERS_VERSION,
} from './limits.ts'

/** Bytes of the CBOR head of one card. */
const ITEM_BYTES = 3

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
  readonly #streams: QuestionStreams<DiscoveryError>

  constructor(components: PeerExchangeComponents, init: PeerExchangeInit) {
    this.#components = components
    this.#init = init
    this.#streams = new QuestionStreams(components, {
      rules: { ...PEERS_RULES, ...(init.deadlineMs === undefined ? {} : { deadlineMs: init.deadlineMs }) },
      answer: (duplex, asked) => this.#answer(duplex, asked),
      toError: (code, message, options) => new DiscoveryError(code, message, options),
      isError: (error) => error instanceof DiscoveryError,
      encodeError: (code: DiscoveryErrorCode) => encodePeersFrame({ type: 'error', code }),
    })
    if (init.onSpeaker !== undefined) this.#streams.onPeer(init.onSpeaker)
  }

  start(): Promise<void> {
    return this.#streams.start()
  }

  stop(): Promise<void> {
    return this.#streams.stop()
  }

  /** Peers that can be asked now: connected, speaking the protocol, and none that lied lately. */
  peers(): readonly string[] {
    return this.#streams.peers()
  }

  /**
   * Asks one peer and keeps the cards that it tells.
   *
   * @returns the cards that came, as far as they were new here
   * @throws DiscoveryError; NetworkError when there is no connection
   */
  ask(peerId: string, question: PeersQuestion, options: AbortOptions = {}): Promise<readonly PeerCard[]> {
    const authors = question.authors.slice(0, MAX_ASKED_AUTHORS)
    const seeds = Math.min(question.seeds, MAX_ASKED_SEEDS)
    const { network } = this.#init
    return this.#streams.ask(
      peerId,
      async (duplex, { signal }) => {
        const card = this.#ownCard()
        const ask = { type: 'ask', version: PEERS_VERSION, network, card, authors, seeds, extensions: {} } as const
        await duplex.writeFrame(encodePeersFrame(ask), { signal })
        const frame = await readFrame(duplex, signal)
        if (frame.type === 'error') {
          throw new DiscoveryError(frame.code, `the other side does not answer: ${frame.code}`, { isRemote: true })
        }
        if (frame.type !== 'cards') throw new DiscoveryError('unexpected-frame', 'a question came as an answer')
        await duplex.close({ signal })
        return this.#takeAnswer(peerId, { authors, seeds }, frame)
      },
      options,
    )
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

  async #answer(duplex: FramedStream, { peerId, budget, signal }: Asked): Promise<void> {
    const frame = await readFrame(duplex, signal)
    if (frame.type !== 'ask') throw new DiscoveryError('unexpected-frame', `a ${frame.type} came before the question`)
    if (frame.version !== PEERS_VERSION) {
      throw new DiscoveryError('wrong-version', `version ${frame.version} is unknown here`)
    }
    if (frame.network !== this.#init.network) {
      throw new DiscoveryError('wrong-network', 'the other side belongs to another network')
    }
    if (frame.card !== null) this.#keep([this.#judgeOwn(peerId, frame.card)])
    if (!budget.take()) throw new DiscoveryError('busy', 'this peer asks too much')
    const answer = { type: 'cards', card: this.#ownCard(), cards: this.#find(peerId, frame) } as const
    await duplex.writeFrame(encodePeersFrame(answer), { signal })
    await duplex.close({ signal })
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
}

function isOf({ author }: PeerCard, asked: Uint8Array): boolean {
  return author !== null && equalBytes(author, asked)
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
