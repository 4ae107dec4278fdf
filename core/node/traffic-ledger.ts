import type { TrafficDay } from '../contract/storage.ts'
import type { Flow, Traffic } from '../net/peer-host.ts'
import type { TrafficRow } from '../store/traffic-table.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { LedgerCalls } from './api/services.ts'
import type { NodePart } from './ports.ts'

/** A crash takes no more than this from the ledger. */
const WRITE_EVERY_MS = 60_000

const PARTS = ['gossip', 'sync', 'feed', 'media', 'other'] as const
type Part = (typeof PARTS)[number]
type Totals = Record<Part, Flow>

/** By the beginning of a protocol's name. */
const PART_OF: readonly (readonly [start: string, part: Part])[] = [
  ['/meshsub/', 'gossip'],
  ['/floodsub/', 'gossip'],
  ['/palabre/sync/', 'sync'],
  ['/palabre/feed/', 'feed'],
  ['/ipfs/bitswap', 'media'],
]

const NOTHING: Flow = { receivedBytes: 0, sentBytes: 0 }

export interface TrafficLedgerComponents {
  readonly network: { traffic(): Traffic | null }
  readonly book: {
    addTraffic(rows: readonly TrafficRow[]): Promise<void>
    listTraffic(days: number): Promise<readonly TrafficRow[]>
  }
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Bytes by the day. The network counts from its own start; what has come to that since the last look is added to the day
 * that it is now.
 */
export class TrafficLedger implements LedgerCalls, NodePart {
  readonly #components: TrafficLedgerComponents
  #seen: Totals = emptyTotals()
  #seenAll = NOTHING
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(components: TrafficLedgerComponents) {
    this.#components = components
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.write(), WRITE_EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#writing
  }

  noteIdentities(): void {}
  noteSynced(): void {}

  /** Puts down what came and went since the last time. Never rejects. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async list(days: number): Promise<TrafficDay[]> {
    await this.write()
    const rows = await this.#components.book.listTraffic(days)
    return Array.from(
      Map.groupBy(rows, ({ day }) => day),
      ([day, flows]) => toDay(day, flows),
    )
  }

  #forget(): void {
    this.#seen = emptyTotals()
    this.#seenAll = NOTHING
  }

  async #write(): Promise<void> {
    const { book, clock, logger, network } = this.#components
    const traffic = network.traffic()
    // A network that comes up anew counts from zero.
    if (traffic === null || isLess(traffic, this.#seenAll)) this.#forget()
    if (traffic === null) return
    const totals = totalsOf(traffic)
    const day = dayOf(clock.now())
    const rows = PARTS.flatMap((part): TrafficRow[] => {
      // What a protocol put back into its stream counts once more at the next look.
      const receivedBytes = Math.max(0, totals[part].receivedBytes - this.#seen[part].receivedBytes)
      const sentBytes = Math.max(0, totals[part].sentBytes - this.#seen[part].sentBytes)
      return receivedBytes + sentBytes === 0 ? [] : [{ day, part, receivedBytes, sentBytes }]
    })
    if (rows.length === 0) return
    try {
      await book.addTraffic(rows)
      this.#seen = totals
      this.#seenAll = traffic
    } catch (error) {
      // It is in the next one.
      logger.debug({ error: String(error) }, 'the ledger of bytes could not be written')
    }
  }
}

function isLess(a: Flow, b: Flow): boolean {
  return a.receivedBytes < b.receivedBytes || a.sentBytes < b.sentBytes
}

function emptyTotals(): Totals {
  return { gossip: NOTHING, sync: NOTHING, feed: NOTHING, media: NOTHING, other: NOTHING }
}

function totalsOf(traffic: Traffic): Totals {
  const totals = emptyTotals()
  let { receivedBytes, sentBytes } = traffic
  for (const [protocol, flow] of traffic.protocols) {
    const part = PART_OF.find(([start]) => protocol.startsWith(start))?.[1]
    if (part === undefined) continue
    totals[part] = {
      receivedBytes: totals[part].receivedBytes + flow.receivedBytes,
      sentBytes: totals[part].sentBytes + flow.sentBytes,
    }
    receivedBytes -= flow.receivedBytes
    sentBytes -= flow.sentBytes
  }
  totals.other = { receivedBytes: Math.max(0, receivedBytes), sentBytes: Math.max(0, sentBytes) }
  return totals
}

/** The day of this computer's calendar, `2026-01-31`. */
export function dayOf(ms: number): string {
  const date = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

function toDay(day: string, rows: readonly TrafficRow[]): TrafficDay {
  const flowOf = (part: Part): Flow => {
    const row = rows.find((one) => one.part === part)
    return { receivedBytes: row?.receivedBytes ?? 0, sentBytes: row?.sentBytes ?? 0 }
  }
  const parts = {
    gossip: flowOf('gossip'),
    sync: flowOf('sync'),
    feed: flowOf('feed'),
    media: flowOf('media'),
    other: flowOf('other'),
  }
  const sum = (side: keyof Flow) => PARTS.reduce((bytes, part) => bytes + parts[part][side], 0)
  return { day, receivedBytes: sum('receivedBytes'), sentBytes: sum('sentBytes'), parts }
}
