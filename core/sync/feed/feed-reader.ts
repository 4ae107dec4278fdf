/**
 * The side of a feed that reads (FEE3 … FEE7): says whom it is about, hands what comes to the door, and acknowledges
 * each frame when what it carried is committed. Frames are taken one at a time: how fast the other side may send is
 * decided here.
 */
import type { IngestDoor, IngestOutcome } from '../../ingest/door.ts'
import type { FrameDuplex } from '../../net/framed-stream.ts'
import type { Clock } from '../../util/clock.ts'
import { TokenBucket } from '../../util/token-bucket.ts'
import { SyncError } from '../errors.ts'
import { Watchdog } from '../watchdog.ts'
import { decodeFeedFrame, encodeFeedFrame, type FeedFrame, type FeedFrameOf, type NamedLog } from './feed-frames.ts'
import { InterestSet, newIn } from './interest-set.ts'
import { FEED_VERSION, type FeedTimes, MAX_FRAME_PREFIXES } from './limits.ts'

/** What a feed may bring, bytes at once and a second: a long backlog is sync's to bring. The sender waits then. */
const BRINGS = { capacity: 8 * 1024 * 1024, refillPerSecond: 256 * 1024 } as const
/** No frame counts as less: what it makes this side look at costs more than its bytes. */
const FRAME_BYTES = 16 * 1024
const THROTTLED_MS = 250
const NOTHING = new BigUint64Array()

export interface FeedReaderComponents {
  readonly door: IngestDoor
  readonly duplex: FrameDuplex
  readonly clock: Clock
}

export interface FeedReaderInit {
  /** Peer ID of the side that serves, as the connection proved it. */
  readonly peerId: string
  /** The network's signature domain. */
  readonly network: string
  readonly times: FeedTimes
  /** 16 random bytes that salt the heads. */
  readonly nonce: Uint8Array
  /** New records come whole, or are only named. */
  readonly isWhole: boolean
  /** This side has no seed (FEE10). */
  readonly isAlone?: boolean
  /** Ascending. */
  readonly interest: BigUint64Array
  /** The other side has taken the feed. */
  readonly onOpen?: () => void
  /** Records that have just come whole and are committed; id and author of each. */
  readonly onNews?: (outcomes: readonly IngestOutcome[]) => void
  /** Records that the other side holds now. */
  readonly onNamed?: (logs: readonly NamedLog[]) => void
  /** What the other side holds of the interest, salted with the nonce. */
  readonly onHeads?: (hash: Uint8Array) => void
}

export class FeedReader {
  readonly #components: FeedReaderComponents
  readonly #init: FeedReaderInit
  readonly #watchdog: Watchdog
  readonly #bucket: TokenBucket
  /** All that was ever asked for: what is on its way when the interest shrinks is no offence. */
  readonly #asked = new InterestSet()
  #interest: BigUint64Array = NOTHING
  #isWhole: boolean
  #isWelcome = false
  #lastNumber = 0
  #writes: Promise<void> = Promise.resolve()

  constructor(components: FeedReaderComponents, init: FeedReaderInit) {
    this.#components = components
    this.#init = init
    this.#isWhole = init.isWhole
    const { idleMs, totalMs } = init.times
    this.#watchdog = new Watchdog({ idleMs, totalMs, quietMs: idleMs })
    this.#bucket = new TokenBucket(components, BRINGS)
  }

  get nonce(): Uint8Array {
    return this.#init.nonce
  }

  /** Ascending, as the other side knows it. */
  get interest(): BigUint64Array {
    return this.#interest
  }

  get isWhole(): boolean {
    return this.#isWhole
  }

  /** From now on whole records, or only their names. */
  setWhole(isWhole: boolean): void {
    if (isWhole === this.#isWhole) return
    this.#isWhole = isWhole
    this.#say({ type: 'mode', isWhole })
  }

  /** Tells the other side what changed. More than an interest takes is the caller's to leave out. */
  setInterest(interest: BigUint64Array): void {
    const added = newIn(interest, this.#interest)
    const removed = newIn(this.#interest, interest)
    this.#interest = interest
    if (added.length + removed.length > 0) this.#sayInterest(added, removed)
  }

  /**
   * Runs until the other side ends it.
   * @throws SyncError for what it did, `budget` when the feed has lived as long as it may; the signal's reason
   */
  async run(signal: AbortSignal): Promise<void> {
    const { network, nonce, interest, isWhole, isAlone = false } = this.#init
    const stop = this.#watchdog.start(signal)
    try {
      this.#say({ type: 'hello', version: FEED_VERSION, network, nonce, isWhole, isAlone })
      this.#interest = interest
      this.#sayInterest(interest, NOTHING)
      await this.#read(stop)
    } finally {
      this.#watchdog.stop()
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { duplex } = this.#components
    for (;;) {
      const bytes = await duplex.readFrame({ signal })
      if (bytes === null) return
      this.#watchdog.noteProgress()
      await this.#throttle(Math.max(bytes.byteLength, FRAME_BYTES), signal)
      const frame = decodeFeedFrame(bytes)
      await this.#take(frame)
      if ('number' in frame) this.#say({ type: 'ack', number: frame.number })
    }
  }

  async #take(frame: FeedFrame): Promise<void> {
    if (frame.type === 'error') {
      throw new SyncError(frame.code, `the other side ended the feed: ${frame.code}`, { isRemote: true })
    }
    if ((frame.type === 'welcome') === this.#isWelcome) throw unexpected(frame)
    if ('number' in frame) this.#count(frame)
    switch (frame.type) {
      case 'welcome':
        return this.#takeWelcome(frame)
      case 'news':
        return await this.#takeNews(frame)
      case 'names':
        return this.#takeNames(frame)
      case 'heads':
        return this.#init.onHeads?.(frame.hash)
      default:
        throw unexpected(frame)
    }
  }

  #count({ number, type }: { readonly number: number; readonly type: string }): void {
    this.#lastNumber++
    if (number !== this.#lastNumber) throw new SyncError('unexpected-frame', `${type} ${number} is out of order`)
  }

  #takeWelcome({ version, network }: FeedFrameOf<'welcome'>): void {
    if (version !== FEED_VERSION) throw new SyncError('wrong-version', `version ${version} is unknown here`)
    if (network !== this.#init.network) throw new SyncError('wrong-network', 'the other side is of another network')
    this.#isWelcome = true
    this.#init.onOpen?.()
  }

  async #takeNews({ operations, records }: FeedFrameOf<'news'>): Promise<void> {
    const { door } = this.#components
    this.#watchdog.suspend()
    const source = { kind: 'feed', peer: this.#init.peerId } as const
    const result = await door.ingest({ operations, records }, source, { signal: this.#watchdog.signal }).finally(() => {
      this.#watchdog.resume()
    })
    for (const { verdict, author } of [...result.operations, ...result.records]) {
      if (verdict.verdict === 'reject') {
        throw new SyncError('invalid-record', `what came is no valid record: ${verdict.reason}`)
      }
      this.#expectAsked(author)
    }
    this.#init.onNews?.(result.records)
  }

  #takeNames({ logs }: FeedFrameOf<'names'>): void {
    for (const { author } of logs) this.#expectAsked(author)
    this.#init.onNamed?.(logs)
  }

  #expectAsked(author: Uint8Array | null): void {
    if (author === null || this.#asked.has(author)) return
    throw new SyncError('unexpected-author', 'something came of an author who was not asked for')
  }

  /** The other side waits when there is more than a feed may bring. */
  async #throttle(bytes: number, signal: AbortSignal): Promise<void> {
    while (!this.#bucket.take(bytes)) {
      signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, THROTTLED_MS))
    }
  }

  #sayInterest(added: BigUint64Array, removed: BigUint64Array): void {
    if (!this.#asked.change(added, NOTHING)) this.#asked.change(this.#interest, this.#asked.prefixes)
    const frames = Math.max(1, Math.ceil(Math.max(added.length, removed.length) / HALF_FRAME))
    for (let i = 0; i < frames; i++) {
      const page = (prefixes: BigUint64Array) => prefixes.slice(i * HALF_FRAME, (i + 1) * HALF_FRAME)
      this.#say({ type: 'interest', added: page(added), removed: page(removed), isLast: i === frames - 1 })
    }
  }

  /** In order; the reader doesn't wait, and who takes nothing is ended by the watchdog. */
  #say(frame: FeedFrame): void {
    const { duplex } = this.#components
    const signal = this.#watchdog.signal
    this.#writes = this.#writes.then(() => duplex.writeFrame(encodeFeedFrame(frame), { signal }))
    this.#writes.catch((error: unknown) => duplex.abort(error instanceof Error ? error : new Error(String(error))))
  }
}

/** Prefixes of either kind in one frame. */
const HALF_FRAME = MAX_FRAME_PREFIXES / 2

function unexpected(frame: FeedFrame): SyncError {
  return new SyncError('unexpected-frame', `a ${frame.type} frame has no place here`)
}
