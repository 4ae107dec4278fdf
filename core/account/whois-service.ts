import type { IngestDoor } from '../ingest/door.ts'
import type { FramedStream } from '../net/framed-stream.ts'
import type { PeerHost } from '../net/peer-host.ts'
import { type Asked, QuestionStreams } from '../net/question-streams.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { WhoisError, type WhoisErrorCode } from './whois-error.ts'
import { encodeWhoisFrame, type WhoisQuestion } from './whois-frames.ts'
import { PRICED_BYTES, QUESTION_PRICE, WHOIS_RULES } from './whois-limits.ts'
import { askQuestion, type ChainIndex, findAnswer, readQuestion, sendAnswer, type ToldAnswer } from './whois-talk.ts'

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
  readonly #streams: QuestionStreams<WhoisError>

  constructor(components: WhoisServiceComponents, init: WhoisServiceInit) {
    this.#components = components
    this.#init = init
    this.#streams = new QuestionStreams(components, {
      rules: { ...WHOIS_RULES, ...(init.deadlineMs === undefined ? {} : { deadlineMs: init.deadlineMs }) },
      answer: (duplex, asked) => this.#answer(duplex, asked),
      toError: (code, message, options) => new WhoisError(code, message, options),
      isError: (error) => error instanceof WhoisError,
      encodeError: (code: WhoisErrorCode) => encodeWhoisFrame({ type: 'error', code }),
    })
  }

  start(): Promise<void> {
    return this.#streams.start()
  }

  stop(): Promise<void> {
    return this.#streams.stop()
  }

  peers(): readonly string[] {
    return this.#streams.peers()
  }

  onPeer(listener: () => void): () => void {
    return this.#streams.onPeer(listener)
  }

  ask(peerId: string, question: WhoisQuestion, options: AbortOptions = {}): Promise<readonly Uint8Array[]> {
    const { network } = this.#init
    return this.#streams.ask(
      peerId,
      async (duplex, { signal, endDeadline }) => {
        const answer = await askQuestion(duplex, { question, network, signal })
        endDeadline()
        return await this.#takeIn(peerId, answer)
      },
      options,
    )
  }

  async #takeIn(peerId: string, { chains }: ToldAnswer): Promise<Uint8Array[]> {
    const found: Uint8Array[] = []
    for (const { address, operations } of chains) {
      const { operations: outcomes } = await this.#components.door.ingest(
        { operations, records: [] },
        { kind: 'sync', peer: peerId },
        { signal: this.#streams.stopped },
      )
      const invalid = outcomes.find(({ verdict }) => verdict.verdict === 'reject')?.verdict
      if (invalid?.verdict === 'reject') {
        throw new WhoisError('invalid-operation', `the other side sent something invalid: ${invalid.reason}`)
      }
      if (outcomes.some(({ isKept }) => isKept)) found.push(address)
    }
    return found
  }

  async #answer(duplex: FramedStream, { budget, signal }: Asked): Promise<void> {
    const question = await readQuestion(duplex, { network: this.#init.network, signal })
    const answer = await findAnswer(this.#components.index, question).catch((cause: unknown) => {
      throw new WhoisError('unavailable', 'the store does not answer', { cause })
    })
    if (!budget.take(priceOf(answer))) throw new WhoisError('busy', 'this peer asks too much')
    await sendAnswer(duplex, answer, signal)
  }
}

function priceOf({ chains }: ToldAnswer): number {
  const bytes = chains.flatMap(({ operations }) => operations).reduce((sum, { length }) => sum + length, 0)
  return QUESTION_PRICE + Math.floor(bytes / PRICED_BYTES)
}
