/**
 * One sync session over frames, whatever carries them (SYN3 … SYN13). Both sides do the same at the same time:
 *
 *     Hello → Interest → Have (what I hold of what you want) → Need (what I lack of what you hold) → data → Done
 *
 * Two loops share the work. The sender goes through those steps, waiting for the other side's where it needs them; the
 * reader takes frames in, hands data to the door and queues acknowledgements (intake.ts). The reader never waits for a write, and
 * data in flight is bounded by the window, so two sides that both have much to say can't block each other. A watchdog
 * ends a session in which nothing moves. Whatever the other side does wrong becomes one named SyncError.
 */
import { AckBook } from './ack-book.ts'
import { AuthorHeads } from './author-heads.ts'
import { BeatExchange } from './beat-exchange.ts'
import { NO_COMPARISON } from './buckets.ts'
import { SyncError } from './errors.ts'
import { ForkMemory } from './fork-memory.ts'
import { decodeFrame, encodeFrame, type NeedEntry, type OfferEntry, type SyncFrame } from './frames.ts'
import { Incoming, type Interest } from './incoming.ts'
import { Intake } from './intake.ts'
import { keyFrames } from './interest-book.ts'
import { Likeness } from './likeness.ts'
import { SYNC_VERSION } from './limits.ts'
import { NeedShare, type SharedNeeds } from './need-share.ts'
import { hasOpenBranch, needsOf, offerKeys, packEntries } from './offer.ts'
import { readNeeded } from './outgoing.ts'
import { OwnHoldings } from './own-holdings.ts'
import { linger, sayError } from './parting.ts'
import type { SyncSessionComponents, SyncSessionInit } from './session-init.ts'
import { ShortfallFinder, withoutOwed } from './shortfall.ts'
import { sayStanding } from './standing.ts'
import type { SyncSummary } from './summary.ts'
import { Watchdog } from './watchdog.ts'
import { readWishes, type Wishes } from './wishes.ts'

export class SyncSession {
  readonly #components: SyncSessionComponents
  readonly #init: SyncSessionInit
  readonly #watchdog: Watchdog
  readonly #acks: AckBook
  readonly #incoming: Incoming
  readonly #lacking: NeedShare
  #needs: SharedNeeds = { entries: [], records: 0, isCut: false }
  readonly #forks: ReturnType<ForkMemory['of']>
  readonly #intake: Intake
  readonly #likeness: Likeness
  readonly #beats: BeatExchange
  readonly #shortfall: ShortfallFinder
  readonly #holdings: OwnHoldings
  #wishes: Wishes | null = null
  /** What of this side the other one can know again. */
  #told: Wishes | null = null
  #writes: Promise<void> = Promise.resolve()
  #receivedBytes = 0
  #unackedIn = 0
  #isCapped = false

  constructor(components: SyncSessionComponents, init: SyncSessionInit) {
    this.#components = components
    this.#init = init
    const { slowAfterMs: afterMs, minBytesPerSecond: bytesPerSecond } = init.limits
    this.#watchdog = new Watchdog({ ...init.limits, onQuiet: init.onQuiet, slow: { afterMs, bytesPerSecond } })
    this.#lacking = new NeedShare(init.limits)
    this.#acks = new AckBook({ isOwn: (author, device) => this.#holdings.isOwn(author, device) })
    const findInterest = components.interests?.finderOf(init.peerId)
    this.#incoming = new Incoming(findInterest === undefined ? init : { ...init, findInterest })
    this.#holdings = new OwnHoldings(components, {
      ...init,
      isSeed: async () => (await this.#incoming.hello).role === 'seed',
      working: (work) => this.#working(work),
    })
    this.#beats = new BeatExchange(components, init)
    const heads = components.heads ?? new AuthorHeads(components)
    this.#likeness = new Likeness({ ...components, heads }, init)
    this.#shortfall = new ShortfallFinder({ ...components, beats: this.#beats })
    const source = { kind: 'sync', peer: init.peerId } as const
    this.#intake = new Intake({
      ingest: (batch) => this.#working(components.door.ingest(batch, source, { signal: this.#watchdog.signal })),
      acknowledge: (number, kept) => this.#acknowledge(number, kept),
      fail: (error) => this.#fail(error),
      onProgress: init.onProgress,
    })
    this.#forks = (components.forks ?? new ForkMemory(components)).of(init.peerId)
  }

  /**
   * Runs to the end and closes the duplex.
   * @throws SyncError for what the other side did or the session's budgets; the signal's reason when aborted.
   */
  async run(signal: AbortSignal): Promise<SyncSummary> {
    const { duplex } = this.#components
    const stop = this.#watchdog.start(signal)
    try {
      const reading = this.#read(stop)
      const sending = this.#noteTails().then(() => this.#send(stop))
      reading.catch((error: unknown) => this.#fail(error))
      sending.catch((error: unknown) => this.#fail(error))
      const [isComplete, hello] = await Promise.all([this.#incoming.done, this.#incoming.hello, sending])
      await this.#writes
      const behindBeat = await this.#working(this.#beats.settle(stop))
      await duplex.close({ signal: stop })
      await linger(duplex, reading)
      const isOpen =
        this.#intake.newRecords > 0 && (await hasOpenBranch(this.#components.reader, this.#needs.entries, this.#forks))
      if (isOpen) this.#isCapped = true
      // Of what was noted a part wasn't asked for.
      if (!this.#needs.isCut) this.#forks.keep()
      if (this.#told !== null) this.#components.interests?.noteTold(this.#init.peerId, this.#told)
      const compared = this.#likeness.listCompared(this.#needs.entries, this.#intake)
      const end = { needs: this.#needs.entries, intake: this.#intake, compared, isComplete }
      const shortfall = await this.#working(this.#shortfall.sum(end))
      return {
        hello,
        scope: this.#init.isInitiator ? this.#init.scope : hello.scope,
        receivedOperations: this.#intake.receivedOperations,
        newOperations: this.#intake.newOperations,
        receivedRecords: this.#intake.receivedRecords,
        newRecords: this.#intake.newRecords,
        sentRecords: this.#acks.sentRecords,
        keptRecords: this.#acks.keptRecords,
        compared: withoutOwed(compared, shortfall),
        behindBeat,
        shortfall,
        isComplete: isComplete && !this.#isCapped,
      }
    } catch (error) {
      signal.throwIfAborted()
      throw await this.#giveUp(error)
    } finally {
      this.#watchdog.stop()
    }
  }

  // --- sending ---

  /** What is lacking before anything is said: seeds are held to what they know of it. */
  async #noteTails(): Promise<void> {
    const mayBeSeed = this.#init.isInitiator || (await this.#incoming.hello).role === 'seed'
    if (mayBeSeed) await this.#working(this.#beats.noteTails())
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { reader, clock, random } = this.#components
    const { isInitiator, network, role, profile, name, standing, limits } = this.#init
    const scope = isInitiator ? this.#init.scope : (await this.#incoming.hello).scope
    const wishes = await readWishes(this.#components, { scope, maxAuthors: limits.maxAuthors })
    this.#wishes = wishes
    if (wishes.isCapped) this.#isCapped = true
    const nonce = random(16)
    await this.#write({
      type: 'hello',
      version: SYNC_VERSION,
      network,
      nonce,
      clockMs: clock.now(),
      role,
      scope: isInitiator ? scope : null,
      profile,
      capabilities: {
        ...(name === '' ? {} : { name }),
        ...(standing === undefined ? {} : sayStanding(standing)),
      },
    })
    // The side that answers says nothing of whom the other has already said what it holds.
    await this.#sendInterest(wishes, nonce, scope, isInitiator ? null : await this.#incoming.interest)
    let sentLogs = 0
    const interest = await this.#incoming.interest
    if (scope === null) this.#components.interests?.noteHeard(this.#init.peerId, interest)
    if (this.#init.guest?.mayServe(interest) === false) throw new SyncError('busy', 'the other side asks for too much')
    // And the initiator offers nothing of whom the other has answered that both hold the same.
    if (isInitiator) await this.#incoming.offerEnd
    const other = { interest, hello: await this.#incoming.hello }
    const { keys, answer } = await this.#likeness.listOffered(other, wishes, scope)
    for await (const entries of offerKeys(reader, keys)) {
      for (const frame of packEntries(entries)) {
        signal.throwIfAborted()
        sentLogs += frame.reduce((sum, { logs }) => sum + logs.length, 0)
        if (sentLogs > limits.maxLogs) this.#isCapped = true
        else await this.#write({ type: 'have', entries: frame, ...NO_COMPARISON, isLast: false })
      }
    }
    await this.#write({ type: 'have', entries: [], ...answer, isLast: true })
    await this.#incoming.offerEnd
    this.#init.onAsked?.(this.#needs.entries)
    for (const entries of packEntries(this.#needs.entries)) await this.#write({ type: 'need', entries, isLast: false })
    await this.#write({ type: 'need', entries: [], isLast: true })
    await this.#sendData(await this.#incoming.request, signal)
    const isComplete = !this.#isCapped
    await this.#write({
      type: 'done',
      operations: this.#acks.sentOperations,
      records: this.#acks.sentRecords,
      isComplete,
    })
  }

  async #sendInterest(
    wishes: Wishes,
    nonce: Uint8Array,
    scope: readonly Uint8Array[] | null,
    initiator: Interest | null,
  ): Promise<void> {
    const { interests } = this.#components
    const isWhole = scope === null && !wishes.isCapped
    const known = isWhole ? (interests?.findTold(this.#init.peerId, wishes) ?? null) : null
    for (const frame of keyFrames(wishes, known)) await this.#write(frame)
    const { digests, sketch } = await this.#likeness.summarize(wishes, nonce, initiator)
    await this.#write({ type: 'interest', everyone: wishes.everyone, keys: [], digests, sketch, known, isLast: true })
    if (isWhole) this.#told = wishes
  }

  async #sendData(request: readonly NeedEntry[], signal: AbortSignal): Promise<void> {
    const { limits } = this.#init
    let sentBytes = 0
    for await (const data of readNeeded(this.#components.reader, request, signal)) {
      await this.#acks.awaitSlot(signal)
      sentBytes += data.items.reduce((sum, item) => sum + item.byteLength, 0)
      if (sentBytes > limits.maxSentBytes || this.#watchdog.isEndNear) {
        this.#isCapped = true
        break
      }
      const number = this.#acks.noteSent(data)
      await this.#write({ type: data.type, number, items: data.items })
    }
    await this.#acks.awaitAll(signal)
  }

  /** In order; the caller may go on without waiting. */
  async #write(frame: SyncFrame): Promise<void> {
    const { duplex } = this.#components
    this.#writes = this.#writes.then(async () => {
      const bytes = encodeFrame(frame)
      await duplex.writeFrame(bytes, { signal: this.#watchdog.signal })
      if (frame.type === 'have') this.#beats.noteGiven(frame.entries)
      this.#watchdog.noteProgress(bytes.byteLength)
    })
    await this.#writes
  }

  // --- reading ---

  async #read(signal: AbortSignal): Promise<void> {
    const { duplex } = this.#components
    for (;;) {
      const bytes = await duplex.readFrame({ signal }).catch((error: unknown) => {
        signal.throwIfAborted()
        throw new SyncError('truncated', `the stream broke: ${String(error)}`, { cause: error })
      })
      if (bytes === null) {
        if (this.#incoming.isDone && this.#acks.isSettled) return
        throw new SyncError('truncated', 'the other side ended before both were done')
      }
      this.#watchdog.noteProgress(bytes.byteLength)
      this.#receivedBytes += bytes.byteLength
      if (this.#receivedBytes > this.#init.limits.maxReceivedBytes) {
        throw new SyncError('budget', `more than ${this.#init.limits.maxReceivedBytes} bytes came in one session`)
      }
      await this.#take(decodeFrame(bytes))
    }
  }

  async #take(frame: SyncFrame): Promise<void> {
    switch (frame.type) {
      case 'hello':
        this.#incoming.takeHello(frame)
        return this.#init.onHello?.(frame)
      case 'interest':
        this.#takeInterest(this.#incoming.takeInterest(frame))
        return
      case 'have':
        this.#incoming.countOffer(frame)
        await this.#takeOffer(frame.entries)
        if (!frame.isLast) return
        this.#likeness.noteAnswer(frame)
        this.#settleNeeds()
        return this.#incoming.endOffer()
      case 'need':
        return this.#incoming.takeNeed(frame)
      case 'operations':
      case 'records':
        this.#incoming.expect('data', frame.type)
        return this.#intake.take(frame)
      case 'ack':
        return await this.#takeAck(frame.number, frame.kept)
      case 'done':
        await this.#intake.settled
        return this.#incoming.takeDone(frame)
      case 'error':
        throw new SyncError(frame.code, `the other side ended the session: ${frame.code}`, { isRemote: true })
    }
  }

  #takeInterest(keys: number): void {
    if (this.#init.guest?.mayHold(keys) === false) throw new SyncError('busy', 'there is no room for the interest')
  }

  async #takeOffer(entries: readonly OfferEntry[]): Promise<void> {
    if (!entries.every((entry) => this.#wishes?.covers(entry))) {
      throw new SyncError('unexpected-author', 'the other side offers an author that was not asked for')
    }
    await this.#holdings.noteOffered(entries)
    const needs = await this.#working(needsOf(this.#components.reader, entries, this.#forks))
    if (needs.isCapped) this.#isCapped = true
    this.#lacking.add(needs.entries)
    const { role } = await this.#incoming.hello
    this.#shortfall.noteOffer(needs, role === 'seed' ? await this.#incoming.interest : null)
    this.#likeness.noteOffer(entries, needs.entries)
    this.#beats.noteOffer(entries, needs.held)
  }

  /** All that the other side holds is said: what of it is asked for in this session. */
  #settleNeeds(): void {
    this.#needs = this.#lacking.take()
    const { entries, records, isCut } = this.#needs
    if (isCut) this.#isCapped = true
    const chains = entries.filter(({ needsChain }) => needsChain).map(({ author }) => author)
    this.#intake.expect(records, chains)
  }

  #acknowledge(number: number, kept: Uint8Array): void {
    this.#unackedIn++
    if (this.#unackedIn > MAX_QUEUED_ACKS) throw new SyncError('window', 'acknowledgements are not taken')
    this.#write({ type: 'ack', number, kept }).then(
      () => this.#unackedIn--,
      (error: unknown) => this.#fail(error),
    )
  }

  async #takeAck(number: number, kept: Uint8Array): Promise<void> {
    for (const own of this.#acks.noteAcked(number, kept)) await this.#holdings.noteHeld(own)
  }

  /** Our own store may take its time: that is no stall of the other side. */
  async #working<T>(work: Promise<T>): Promise<T> {
    this.#watchdog.suspend()
    try {
      return await work
    } catch (error) {
      if (error instanceof SyncError) throw error
      throw new SyncError('unavailable', 'the store took nothing', { cause: error })
    } finally {
      this.#watchdog.resume()
    }
  }

  // --- ending ---

  #fail(error: unknown): void {
    this.#incoming.fail(error)
    this.#acks.fail(error)
  }

  /** Tells the other side why, drops the stream and answers what to throw. */
  async #giveUp(cause: unknown): Promise<SyncError> {
    const error = cause instanceof SyncError ? cause : new SyncError('unavailable', String(cause), { cause })
    const { duplex } = this.#components
    if (!error.isRemote && error.code !== 'truncated' && error.code !== 'stalled') {
      await sayError(duplex, encodeFrame({ type: 'error', code: error.code }))
    }
    duplex.abort(error)
    return error
  }
}

/** Own acknowledgements that wait for a peer to take them: more than its window can have caused by honest means. */
const MAX_QUEUED_ACKS = 64
