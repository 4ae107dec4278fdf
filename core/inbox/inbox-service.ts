import { parsePeerId } from '../identity/peer-id.ts'
import type { IngestBatch, IngestDoor } from '../ingest/door.ts'
import type { FramedStream } from '../net/framed-stream.ts'
import type { PeerHost } from '../net/peer-host.ts'
import { type Asked, QuestionStreams } from '../net/question-streams.ts'
import type { InboxReader } from '../store/log-reader.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { InboxError, type InboxErrorCode } from './inbox-error.ts'
import { encodeInboxFrame } from './inbox-frames.ts'
import { INBOX_RULES, PRICED_BYTES, QUESTION_PRICE } from './inbox-limits.ts'
import { askInbox, type InboxAnswer, type InboxQuestion, NOTHING, readQuestion, sendAnswer } from './inbox-talk.ts'

/** Devices to which what came for their person is passed on at the same time; more find it when they ask. */
const MAX_PASSING = 16

export interface InboxServiceComponents {
  readonly host: PeerHost
  readonly store: InboxReader
  readonly door: IngestDoor
  readonly logger: Logger
  readonly clock: Clock
}

export interface InboxServiceInit {
  /** The network's signature domain. */
  readonly network: string
  readonly role: 'peer' | 'seed'
  /** 32-byte address of the account here, null while there is none. */
  readonly profile: () => Uint8Array | null
  readonly deadlineMs?: number
}

/** What one answer brought. */
export interface InboxHaul {
  /** Records that are new here. */
  readonly fresh: number
  readonly next: Uint8Array | null
  readonly until: number
}

/** Hands over, and asks (INB3, INB4). */
export interface InboxAsker {
  /** Peers that can be asked now: connected, speaking the protocol, and none that was at fault lately. */
  peers(): readonly string[]
  /**
   * Hands over what speaks to a person. One bool a record: the other side keeps it, or has handed it on.
   * @throws InboxError; NetworkError when there is no connection
   */
  put(peerId: string, target: Uint8Array, batch: IngestBatch, options?: AbortOptions): Promise<readonly boolean[]>
  /**
   * Asks, and takes what comes in through the door.
   * @throws InboxError; NetworkError when there is no connection; what the store throws
   */
  read(peerId: string, question: InboxQuestion, options?: AbortOptions): Promise<InboxHaul>
}

/** Serves `/palabre/inbox/1` within bounds, and asks (INB2 … INB5). */
export class InboxService implements InboxAsker, Startable {
  readonly #c: InboxServiceComponents
  readonly #init: InboxServiceInit
  readonly #streams: QuestionStreams<InboxError>
  #passing = 0

  constructor(components: InboxServiceComponents, init: InboxServiceInit) {
    this.#c = components
    this.#init = init
    this.#streams = new QuestionStreams(components, {
      rules: { ...INBOX_RULES, ...(init.deadlineMs === undefined ? {} : { deadlineMs: init.deadlineMs }) },
      answer: (duplex, asked) => this.#answer(duplex, asked),
      toError: (code, message, options) => new InboxError(code, message, options),
      isError: (error) => error instanceof InboxError,
      encodeError: (code: InboxErrorCode) => encodeInboxFrame({ type: 'error', code }),
    })
  }

  async start(): Promise<void> {
    const own = parsePeerId(this.#c.host.peerId)
    if (this.#init.role === 'seed' && own !== undefined) await this.#c.store.openInbox(own)
    await this.#streams.start()
  }

  stop(): Promise<void> {
    return this.#streams.stop()
  }

  peers(): readonly string[] {
    return this.#streams.peers()
  }

  put(peerId: string, target: Uint8Array, batch: IngestBatch, options: AbortOptions = {}): Promise<readonly boolean[]> {
    const question: InboxQuestion = { purpose: 'put', subject: target }
    return this.#streams.ask(
      peerId,
      async (duplex, { signal }) => {
        const { kept } = await askInbox(duplex, { question, batch, network: this.#init.network, signal })
        return [...kept].map((one) => one === 1)
      },
      options,
    )
  }

  read(peerId: string, question: InboxQuestion, options: AbortOptions = {}): Promise<InboxHaul> {
    return this.#streams.ask(
      peerId,
      async (duplex, { signal, endDeadline }) => {
        const answer = await askInbox(duplex, { question, batch: NOTHING, network: this.#init.network, signal })
        endDeadline()
        const outcomes = await this.#takeIn(question.purpose === 'collect' ? 'inbox' : 'asked', answer, peerId)
        return { fresh: outcomes.filter(({ isNew }) => isNew).length, next: answer.next, until: answer.until }
      },
      options,
    )
  }

  /** All that comes goes through the door, which judges signatures and chains. */
  async #takeIn(kind: 'inbox' | 'asked', { operations, records }: IngestBatch, peer: string) {
    if (operations.length + records.length === 0) return []
    const signal = this.#streams.stopped
    const result = await this.#c.door.ingest({ operations, records }, { kind, peer }, { signal })
    const invalid = [...result.operations, ...result.records].find(({ verdict }) => verdict.verdict === 'reject')
    if (invalid?.verdict.verdict === 'reject') {
      throw new InboxError('invalid-record', `the other side sent something invalid: ${invalid.verdict.reason}`)
    }
    return result.records
  }

  async #answer(duplex: FramedStream, { peerId, budget, signal }: Asked): Promise<void> {
    const { ask, batch } = await readQuestion(duplex, { network: this.#init.network, signal })
    const answer = ask.purpose === 'put' ? await this.#take(peerId, ask.subject, batch) : await this.#find(peerId, ask)
    if (!budget.take(priceOf(batch) + priceOf(answer))) throw new InboxError('busy', 'this peer asks too much')
    await sendAnswer(duplex, answer, signal)
  }

  async #take(peerId: string, target: Uint8Array, batch: IngestBatch): Promise<InboxAnswer> {
    const own = this.#init.profile()
    const isMine = own !== null && equalBytes(own, target)
    const isHome = isMine || (this.#init.role === 'seed' && (await this.#ofStore(this.#c.store.isHomeOf(target))))
    if (!isHome) throw new InboxError('not-home', 'nobody of that address takes anything in here')
    const outcomes = await this.#takeIn('inbox', batch, peerId)
    if (outcomes.some(({ isNew }) => isNew) && !isMine) this.#passOn(peerId, target, batch)
    return { ...NOTHING, next: null, until: 0, kept: Uint8Array.from(outcomes, ({ isKept }) => (isKept ? 1 : 0)) }
  }

  async #find(peerId: string, ask: InboxQuestion): Promise<InboxAnswer> {
    const { purpose, subject, since = 0, cursor = null } = ask
    if (purpose === 'put') throw new InboxError('unexpected-frame', 'what is handed over is no question')
    if (this.#init.role !== 'seed') throw new InboxError('not-seed', 'only seeds are asked')
    const { store } = this.#c
    if (purpose === 'collect') {
      if (!(await this.#isDeviceOf(peerId, subject))) throw new InboxError('not-yours', "that is somebody else's inbox")
      if (!(await this.#ofStore(store.isHomeOf(subject)))) throw new InboxError('not-home', 'that inbox is not here')
    }
    const page = await this.#ofStore(store.readInbox({ purpose, subject, since, cursor }))
    return { ...page, until: purpose === 'collect' ? page.until : 0, kept: new Uint8Array() }
  }

  /** Whoever it is for and is connected need not ask. */
  #passOn(from: string, target: Uint8Array, batch: IngestBatch): void {
    for (const peerId of this.peers()) {
      if (peerId === from || this.#passing >= MAX_PASSING) continue
      this.#passing++
      this.#isDeviceOf(peerId, target)
        .then((isTheirs) => (isTheirs ? this.put(peerId, target, batch) : []))
        .catch((error: unknown) => this.#c.logger.debug({ peerId, error: String(error) }, 'not passed on'))
        .finally(() => {
          this.#passing--
        })
    }
  }

  async #isDeviceOf(peerId: string, address: Uint8Array): Promise<boolean> {
    const device = parsePeerId(peerId)
    if (device === undefined) return false
    const author = await this.#ofStore(this.#c.store.findAuthorOfDevice(device))
    return author !== null && equalBytes(author, address)
  }

  #ofStore<T>(work: Promise<T>): Promise<T> {
    return work.catch((cause: unknown) => {
      throw new InboxError('unavailable', 'the store does not answer', { cause })
    })
  }
}

function priceOf({ operations, records }: IngestBatch): number {
  const bytes = [...operations, ...records].reduce((sum, { length }) => sum + length, 0)
  return QUESTION_PRICE / 2 + Math.floor(bytes / PRICED_BYTES)
}
