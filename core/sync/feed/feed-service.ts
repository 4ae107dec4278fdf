import type { IngestDoor, IngestedEvent } from '../../ingest/door.ts'
import { type FrameDuplex, FramedStream } from '../../net/framed-stream.ts'
import type { PeerHost, PeerStream } from '../../net/peer-host.ts'
import type { LogReader } from '../../store/log-reader.ts'
import { type Clock, systemClock } from '../../util/clock.ts'
import type { Logger } from '../../util/logger.ts'
import { type RandomSource, systemRandom } from '../../util/random.ts'
import type { AbortOptions, Startable } from '../../util/startable.ts'
import type { AuthorHeads } from '../author-heads.ts'
import { SyncError, type SyncErrorCode } from '../errors.ts'
import { MAX_FRAME_BYTES } from '../limits.ts'
import { refuse, sayError } from '../parting.ts'
import { encodeFeedFrame } from './feed-frames.ts'
import { FeedReader, type FeedReaderInit } from './feed-reader.ts'
import { FeedSender } from './feed-sender.ts'
import {
  DESKTOP_FEEDS,
  FEED_PROTOCOL,
  FEED_TIMES,
  type FeedTimes,
  MAX_SERVED_INTEREST,
  OUTAGE_FEEDS,
  SEED_FEEDS,
} from './limits.ts'

/** A parting word may take so long. */
const PARTING_MS = 1_000
const NONCE_BYTES = 16

export interface FeedServiceComponents {
  readonly host: PeerHost
  readonly door: IngestDoor
  readonly reader: LogReader
  /** Told of everything that is committed. */
  readonly heads: AuthorHeads
  readonly logger: Logger
  readonly clock?: Clock
  readonly random?: RandomSource
}

export interface FeedServiceInit {
  /** The network's signature domain. */
  readonly network: string
  readonly role: 'peer' | 'seed'
  readonly times?: FeedTimes
  /** This node has no seed: it serves on every connection (FEE10). */
  readonly isInOutage?: () => boolean
  /** A reader without seeds came or went. */
  readonly onAlone?: () => void
}

interface Served {
  readonly sender: FeedSender
  readonly stop: AbortController
  /** What the reader said of itself; null before it did. */
  isAlone: boolean | null
}

/** A feed that this side reads. */
export interface OpenFeed {
  readonly reader: FeedReader
  /** Resolves when the other side has ended it; rejects with a SyncError, or the signal's reason. */
  readonly ended: Promise<void>
}

/** Serves `/palabre/feed/1`, one feed a peer, and opens feeds with others. */
export class FeedService implements Startable {
  readonly #components: FeedServiceComponents
  readonly #init: FeedServiceInit
  readonly #clock: Clock
  readonly #random: RandomSource
  readonly #times: FeedTimes
  readonly #served = new Map<string, Served>()
  readonly #running = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(components: FeedServiceComponents, init: FeedServiceInit) {
    this.#components = components
    this.#init = init
    this.#clock = components.clock ?? systemClock
    this.#random = components.random ?? systemRandom
    this.#times = init.times ?? FEED_TIMES
  }

  /** Feeds that are served now. */
  get served(): number {
    return this.#served.size
  }

  /** Peer IDs of the readers that say they have no seed. */
  listAlone(): readonly string[] {
    return [...this.#served].flatMap(([peerId, { isAlone }]) => (isAlone === true ? [peerId] : []))
  }

  async start(): Promise<void> {
    // A reader that comes again over the same connection may do so before its old stream has ended.
    await this.#components.host.handle(FEED_PROTOCOL, (stream) => this.#serve(stream), {
      maxInbound: 2,
      maxOutbound: 2,
    })
  }

  /** Ends all feeds and waits for them. */
  async stop(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort(new SyncError('unavailable', 'the node stops'))
      await this.#components.host.unhandle(FEED_PROTOCOL)
    }
    await Promise.all(this.#running)
  }

  /** What was committed: readers whose interest it is in hear of it. Returns at once. */
  noteIngested(event: IngestedEvent): void {
    for (const { sender } of this.#served.values()) sender.note(event)
  }

  /** @throws NetworkError when there is no connection or the peer doesn't speak the protocol */
  async open(
    peerId: string,
    init: Pick<FeedReaderInit, 'interest' | 'isAlone' | 'isWhole' | 'onHeads' | 'onNamed' | 'onNews' | 'onOpen'>,
    options: AbortOptions = {},
  ): Promise<OpenFeed> {
    const { host, door } = this.#components
    const signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal
    const stream = await host.openStream(peerId, FEED_PROTOCOL, { signal, maxOutbound: 2 })
    const duplex = framed(stream)
    const { network } = this.#init
    const nonce = this.#random(NONCE_BYTES)
    const reader = new FeedReader(
      { door, duplex, clock: this.#clock },
      { ...init, peerId, network, nonce, times: this.#times },
    )
    return { reader, ended: this.#track(this.#carry(duplex, () => reader.run(signal), signal)) }
  }

  async #serve(stream: PeerStream): Promise<void> {
    const { peerId } = stream
    const duplex = framed(stream)
    const max = this.#init.role === 'seed' ? SEED_FEEDS : OUTAGE_FEEDS
    const before = this.#served.get(peerId)
    if (before === undefined && this.#served.size >= max) return await refuse(duplex, wordOf('busy'))
    before?.stop.abort(new SyncError('truncated', 'the reader has come again'))
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, this.#stop.signal])
    const { reader, heads, logger } = this.#components
    const sender = new FeedSender(
      { reader, heads, duplex, clock: this.#clock },
      {
        peerId,
        network: this.#init.network,
        times: this.#times,
        mayGrow: (prefixes) => this.#mayGrow(prefixes),
        onHello: (isAlone) => this.#takesIn(entry, isAlone),
      },
    )
    const entry: Served = { sender, stop, isAlone: null }
    this.#served.set(peerId, entry)
    try {
      await this.#track(this.#carry(duplex, () => sender.run(signal), signal))
    } catch (error) {
      logger.debug({ peerId, error: String(error) }, 'a feed has ended')
    } finally {
      if (this.#served.get(peerId) === entry) this.#served.delete(peerId)
      if (entry.isAlone === true) this.#init.onAlone?.()
    }
  }

  /** Whoever has no seed is served on its connection; a few of the others are, by a desktop that has seeds itself. */
  #takesIn(entry: Served, isAlone: boolean): boolean {
    const others = [...this.#served.values()].filter((other) => other !== entry && other.isAlone === false).length
    const isServed = isAlone || this.#init.role === 'seed' || others < DESKTOP_FEEDS
    if (!isServed && this.#init.isInOutage?.() !== true) return false
    entry.isAlone = isAlone
    if (isAlone) this.#init.onAlone?.()
    return true
  }

  #mayGrow(prefixes: number): boolean {
    let sum = prefixes
    for (const { sender } of this.#served.values()) sum += sender.interestSize
    return sum <= MAX_SERVED_INTEREST
  }

  /** Runs one side and ends the stream as that side ended. */
  async #carry(duplex: FrameDuplex, run: () => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await run()
      await duplex.close({ signal: AbortSignal.timeout(PARTING_MS) })
    } catch (cause) {
      const error = cause instanceof SyncError ? cause : new SyncError('truncated', String(cause), { cause })
      await part(duplex, error)
      signal.throwIfAborted()
      throw error
    }
  }

  async #track(run: Promise<void>): Promise<void> {
    const settled = run.then(
      () => {},
      () => {},
    )
    this.#running.add(settled)
    try {
      await run
    } finally {
      this.#running.delete(settled)
    }
  }
}

function framed(stream: PeerStream): FramedStream {
  return new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES })
}

/** Says why where this side ends it, and drops the stream. Never throws. */
async function part(duplex: FrameDuplex, error: SyncError): Promise<void> {
  if (!error.isRemote && error.code !== 'truncated' && error.code !== 'stalled')
    await sayError(duplex, wordOf(error.code))
  duplex.abort(error)
}

function wordOf(code: SyncErrorCode): Uint8Array {
  return encodeFeedFrame({ type: 'error', code })
}
