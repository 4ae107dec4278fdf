/**
 * The side of a feed that serves (FEE4 … FEE7): what this node accepts of the reader's interest goes out at once, whole
 * or by name, at most a window without an acknowledgement; a hash of the heads follows now and then. What waits is a
 * bounded list of places, so a reader who takes nothing never grows the memory here.
 */
import type { IngestedEvent } from '../../ingest/door.ts'
import type { FrameDuplex } from '../../net/framed-stream.ts'
import type { LogReader } from '../../store/log-reader.ts'
import { toHex } from '../../util/bytes.ts'
import type { Clock } from '../../util/clock.ts'
import { TokenBucket } from '../../util/token-bucket.ts'
import type { AuthorHeads } from '../author-heads.ts'
import { SyncError } from '../errors.ts'
import { FRAME_FILL_BYTES, MAX_FRAME_OPERATIONS, MAX_FRAME_RECORDS } from '../limits.ts'
import { Watchdog } from '../watchdog.ts'
import { decodeFeedFrame, encodeFeedFrame, type FeedFrame, type FeedFrameOf, type NamedLog } from './feed-frames.ts'
import { InterestSet } from './interest-set.ts'
import { FEED_VERSION, FEED_WINDOW, type FeedTimes, MAX_FRAME_PLACES } from './limits.ts'
import { type LogRun, NewsQueue } from './news-queue.ts'

/** Bytes of the CBOR head of one item, and of what surrounds the items. */
const ITEM_BYTES = 3

/** Changes of interest and mode: at once, and a second. Each has all its authors sorted anew. */
const CHANGES = { capacity: 64, refillPerSecond: 1 } as const

export interface FeedSenderComponents {
  readonly reader: LogReader
  readonly heads: AuthorHeads
  readonly duplex: FrameDuplex
  readonly clock: Clock
}

export interface FeedSenderInit {
  /** Peer ID of the reader, as the connection proved it. */
  readonly peerId: string
  /** The network's signature domain. */
  readonly network: string
  readonly times: FeedTimes
  /** False when all feeds together would have more in their interests than this node serves. */
  readonly mayGrow: (prefixes: number) => boolean
  /** The reader has said whether it has seeds: false where this node has no room for it. */
  readonly onHello?: (isAlone: boolean) => boolean
}

export class FeedSender {
  readonly #components: FeedSenderComponents
  readonly #init: FeedSenderInit
  readonly #watchdog: Watchdog
  readonly #interest = new InterestSet()
  readonly #queue = new NewsQueue()
  readonly #changes: TokenBucket
  /** Numbers of the frames that aren't acknowledged. */
  readonly #open: number[] = []
  #hello: FeedFrameOf<'hello'> | null = null
  #isWhole = false
  #isReady = false
  #areHeadsDue = false
  #lastNumber = 0
  #headsTimer: NodeJS.Timeout | undefined
  #wake: () => void = () => {}

  constructor(components: FeedSenderComponents, init: FeedSenderInit) {
    this.#components = components
    this.#init = init
    this.#changes = new TokenBucket(components, CHANGES)
    const { idleMs, totalMs } = init.times
    this.#watchdog = new Watchdog({ idleMs, totalMs, quietMs: idleMs })
  }

  /** Authors in the reader's interest. */
  get interestSize(): number {
    return this.#interest.size
  }

  /** Queues what was committed of the reader's interest; what the reader itself gave is only named. */
  note(event: IngestedEvent): void {
    if (!this.#isReady) return
    const wanted = new Map<string, boolean>()
    const isWanted = (author: Uint8Array) => {
      const name = toHex(author)
      const known = wanted.get(name) ?? this.#interest.has(author)
      wanted.set(name, known)
      return known
    }
    const isEcho = event.source.peer === this.#init.peerId
    if (this.#isWhole && !isEcho) {
      for (const author of event.identities) if (isWanted(author)) this.#queue.addChain(author)
    }
    const records = event.records.filter(({ author }) => isWanted(author))
    this.#queue.addRecords(records, this.#isWhole && !isEcho)
    this.#wake()
  }

  /**
   * Runs until the reader ends it.
   * @throws SyncError for what the reader did, and the signal's reason when aborted
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = this.#watchdog.start(signal)
    const onAbort = () => this.#wake()
    stop.addEventListener('abort', onAbort)
    try {
      await Promise.race([this.#read(stop), this.#send(stop)])
    } finally {
      this.#watchdog.stop()
      clearTimeout(this.#headsTimer)
      stop.removeEventListener('abort', onAbort)
      onAbort()
    }
  }

  // --- reading ---

  async #read(signal: AbortSignal): Promise<void> {
    const { duplex } = this.#components
    for (;;) {
      const bytes = await duplex.readFrame({ signal })
      if (bytes === null) return
      this.#watchdog.noteProgress()
      this.#take(decodeFeedFrame(bytes))
    }
  }

  #take(frame: FeedFrame): void {
    if (frame.type === 'error')
      throw new SyncError(frame.code, `the reader ended the feed: ${frame.code}`, { isRemote: true })
    if ((frame.type === 'hello') !== (this.#hello === null)) throw unexpected(frame)
    if ((frame.type === 'interest' || frame.type === 'mode') && !this.#changes.take()) {
      throw new SyncError('budget', 'the reader changes its mind too often')
    }
    switch (frame.type) {
      case 'hello':
        this.#takeHello(frame)
        break
      case 'interest':
        this.#takeInterest(frame)
        break
      case 'mode':
        this.#isWhole = frame.isWhole
        break
      case 'ack':
        this.#takeAck(frame.number)
        break
      default:
        throw unexpected(frame)
    }
  }

  #takeHello(frame: FeedFrameOf<'hello'>): void {
    if (frame.version !== FEED_VERSION) throw new SyncError('wrong-version', `version ${frame.version} is unknown here`)
    if (frame.network !== this.#init.network) {
      throw new SyncError('wrong-network', 'the reader belongs to another network')
    }
    if (this.#init.onHello?.(frame.isAlone) === false) throw new SyncError('busy', 'as many feeds as may be are served')
    this.#hello = frame
    this.#isWhole = frame.isWhole
    this.#wake()
  }

  #takeInterest({ added, removed, isLast }: FeedFrameOf<'interest'>): void {
    if (!this.#init.mayGrow(added.length) || !this.#interest.change(added, removed)) {
      throw new SyncError('budget', 'there are more authors in the interest than are served')
    }
    if (!isLast) return
    if (!this.#isReady) this.#armHeads(this.#init.times.firstHeadsMs)
    this.#isReady = true
    this.#wake()
  }

  #takeAck(number: number): void {
    if (this.#open.shift() !== number) {
      throw new SyncError('bad-ack', `frame ${number} was acknowledged and is not the oldest one open`)
    }
    this.#wake()
  }

  // --- sending ---

  async #send(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#hello !== null, signal)
    await this.#write({ type: 'welcome', version: FEED_VERSION, network: this.#init.network })
    for (;;) {
      await this.#until(() => this.#open.length < FEED_WINDOW && this.#hasSomething(), signal)
      const frame = await this.#next()
      if (frame === null) continue
      this.#open.push(frame.number)
      await this.#write(frame)
    }
  }

  #hasSomething(): boolean {
    return this.#isReady && (this.#queue.hasNews || this.#queue.hasNames || this.#areHeadsDue || this.#queue.hasSkipped)
  }

  async #next(): Promise<FeedFrameOf<'news'> | FeedFrameOf<'names'> | FeedFrameOf<'heads'> | null> {
    if (this.#queue.hasNews) return await this.#readNews()
    if (this.#queue.hasNames) return await this.#readNames()
    return await this.#readHeads()
  }

  async #readNews(): Promise<FeedFrameOf<'news'> | null> {
    const operations: Uint8Array[] = []
    const records: Uint8Array[] = []
    let left = FRAME_FILL_BYTES
    for (;;) {
      const author = this.#queue.takeChain()
      if (author === undefined) break
      const chain = await this.#readChain(author)
      const size = sizeOf(chain)
      if (size > left || operations.length + chain.length > MAX_FRAME_OPERATIONS) {
        // A chain that fills a frame by itself is the next sync's.
        if (operations.length === 0) this.#queue.noteSkipped()
        else this.#queue.addChain(author)
        break
      }
      operations.push(...chain)
      left -= size
    }
    while (records.length < MAX_FRAME_RECORDS && left > 0) {
      const run = this.#queue.takeRun(MAX_FRAME_RECORDS - records.length)
      if (run === undefined) break
      const taken = await this.#readRun(run, left, records.length + operations.length === 0)
      if (taken === null) break
      records.push(...taken)
      left -= sizeOf(taken)
    }
    if (operations.length + records.length === 0) return null
    return { type: 'news', number: this.#number(), operations, records }
  }

  async #readChain(author: Uint8Array): Promise<readonly Uint8Array[]> {
    const [chain] = await this.#components.reader.listOperations([author])
    return chain?.operations ?? []
  }

  /** Ascending; null, and everything put back, where not all of it fits and something else can go first. */
  async #readRun(run: LogRun, left: number, isFirst: boolean): Promise<Uint8Array[] | null> {
    const { author, device, from, to } = run
    const read = await this.#components.reader.readLog(author, device, [from, to], left)
    const records = read.map(({ record }) => record).slice(0, MAX_FRAME_RECORDS)
    const lowest = read[records.length - 1]?.seq ?? from
    if (sizeOf(records) > left && !isFirst) {
      this.#queue.restoreRun(run)
      return null
    }
    // What came back is the newest part.
    if (lowest > from) this.#queue.restoreRun({ author, device, from, to: lowest - 1 })
    return records.reverse()
  }

  async #readNames(): Promise<FeedFrameOf<'names'> | null> {
    const places = this.#queue.takeNames(MAX_FRAME_PLACES)
    const digests = await this.#components.reader.listDigests(places)
    const logs = places.flatMap(({ author, device }, i): NamedLog[] => {
      const seqs = digests[i] ?? []
      return seqs.length === 0 ? [] : [{ author, device, seqs }]
    })
    return logs.length === 0 ? null : { type: 'names', number: this.#number(), logs }
  }

  async #readHeads(): Promise<FeedFrameOf<'heads'>> {
    this.#areHeadsDue = false
    this.#queue.takeSkipped()
    const hash = await this.#components.heads.hash(this.#interest.prefixes, this.#hello?.nonce ?? new Uint8Array())
    this.#armHeads(this.#init.times.headsEveryMs)
    return { type: 'heads', number: this.#number(), hash }
  }

  #number(): number {
    this.#lastNumber++
    return this.#lastNumber
  }

  #armHeads(delayMs: number): void {
    clearTimeout(this.#headsTimer)
    if (this.#watchdog.signal.aborted) return
    this.#headsTimer = setTimeout(() => {
      this.#areHeadsDue = true
      this.#wake()
    }, delayMs)
  }

  async #write(frame: FeedFrame): Promise<void> {
    await this.#components.duplex.writeFrame(encodeFeedFrame(frame), { signal: this.#watchdog.signal })
  }

  async #until(isMet: () => boolean, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      if (isMet()) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

function sizeOf(items: readonly Uint8Array[]): number {
  return items.reduce((sum, item) => sum + item.byteLength + ITEM_BYTES, 0)
}

function unexpected(frame: FeedFrame): SyncError {
  return new SyncError('unexpected-frame', `a ${frame.type} frame has no place here`)
}
