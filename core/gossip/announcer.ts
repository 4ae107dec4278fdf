/**
 * The sending end of gossip: own records, batched by shard, out within 200 ms (GOS10). What comes when nothing was sent
 * lately goes out at once, what comes right after it waits for company. The author's identity chain
 * goes along with the first message, whenever a peer has come since it was last sent, and every five minutes, so that
 * who joined later can check the signatures; whoever missed even that asks by sync. The waiting records are bounded,
 * the oldest let go: gossip is a hint and sync is the truth.
 */
import { compareBytes, equalBytes, toHex } from '../util/bytes.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import { encodeMessage, MAX_MESSAGE_BYTES, MAX_MESSAGE_OPERATIONS, MAX_MESSAGE_RECORDS } from './message.ts'
import { formatTopic, shardOf } from './shards.ts'

/** Longest that a record waits for company: so long after a message the next one goes out. */
export const FLUSH_DELAY_MS = 20
export const CHAIN_INTERVAL_MS = 5 * 60_000
export const MAX_WAITING_RECORDS = 1_024
/** Chains that wait; what is over is left to sync. */
const MAX_GROWN_CHAINS = 64

/** CBOR heads of a message and of each of its byte strings are at most this many bytes. */
const MESSAGE_OVERHEAD_BYTES = 16
const ITEM_OVERHEAD_BYTES = 5

export interface AnnouncedRecord {
  /** 32-byte address. */
  readonly author: Uint8Array
  /** Wire bytes. */
  readonly record: Uint8Array
}

export interface AnnouncerComponents {
  readonly pubsub: { publish(topic: string, data: Uint8Array): Promise<readonly string[]> }
  /** The author's chain on the wire, genesis first. */
  readonly chains: {
    listOperations(
      authors: readonly Uint8Array[],
    ): Promise<readonly { readonly author: Uint8Array; readonly operations: readonly Uint8Array[] }[]>
  }
  readonly logger: Logger
  readonly clock?: Clock
}

export class GossipAnnouncer {
  readonly #components: AnnouncerComponents
  readonly #clock: Clock
  readonly #domain: string | undefined
  readonly #chainSentAt = new LruMap<string, { atMs: number; count: number }>(256)
  #waiting: AnnouncedRecord[] = []
  /** Addresses, by hex, whose chains go out with the next messages whether records wait or not. */
  readonly #grown = new Map<string, Uint8Array>()
  #dropped = 0
  /** Runs while something was sent lately. */
  #timer: NodeJS.Timeout | null = null
  #flushing: Promise<void> = Promise.resolve()

  constructor(components: AnnouncerComponents, init: { readonly domain?: string } = {}) {
    this.#components = components
    this.#clock = components.clock ?? systemClock
    this.#domain = init.domain
  }

  /** Records let go because too many waited. */
  get dropped(): number {
    return this.#dropped
  }

  /** Takes records that are committed; returns at once. */
  announce(records: readonly AnnouncedRecord[]): void {
    this.#waiting.push(...records)
    const excess = this.#waiting.length - MAX_WAITING_RECORDS
    if (excess > 0) {
      this.#waiting.splice(0, excess)
      this.#dropped += excess
    }
    if (this.#timer === null) this.#sendSoon()
  }

  /** The chain of this address has grown: it goes out by itself if no record takes it along. Returns at once. */
  announceChain(address: Uint8Array): void {
    if (this.#grown.size >= MAX_GROWN_CHAINS) return
    this.#grown.set(toHex(address), address)
    if (this.#timer === null) this.#sendSoon()
  }

  /** Somebody new listens: chains go along again with the next message. */
  notePeerJoined(): void {
    this.#chainSentAt.clear()
  }

  /** Sends what waits; resolves when it has been handed to the connections. Never throws. */
  async flush(): Promise<void> {
    const records = this.#waiting
    const grown = [...this.#grown.values()]
    this.#waiting = []
    this.#grown.clear()
    if (records.length + grown.length > 0) this.#flushing = this.#flushing.then(() => this.#send(records, grown))
    await this.#flushing
  }

  /** What is announced in one go leaves together: whatever comes before the promises of this turn are done. */
  #sendSoon(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#waiting.length + this.#grown.size > 0) this.#sendSoon()
    }, FLUSH_DELAY_MS)
    queueMicrotask(() => void this.flush())
  }

  /** Lets go of what waits. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#waiting = []
    this.#grown.clear()
  }

  async #send(records: readonly AnnouncedRecord[], grown: readonly Uint8Array[]): Promise<void> {
    const groups = groupByAuthor(records)
    for (const address of grown) {
      this.#chainSentAt.delete(toHex(address))
      if (!groups.some(({ author }) => equalBytes(author, address))) groups.push({ author: address, records: [] })
    }
    for (const { author, records: own } of groups) {
      try {
        const topic = formatTopic(shardOf(author), this.#domain)
        const operations = await this.#chainDue(author)
        for (const message of packMessages(operations, own)) await this.#components.pubsub.publish(topic, message)
      } catch (error) {
        this.#components.logger.warn({ error: String(error) }, 'own records could not be announced')
      }
    }
  }

  async #chainDue(author: Uint8Array): Promise<readonly Uint8Array[]> {
    const key = toHex(author)
    const [chain] = await this.#components.chains.listOperations([author])
    const operations = chain?.operations ?? []
    const sent = this.#chainSentAt.get(key)
    const now = this.#clock.now()
    if (sent?.count === operations.length && now - sent.atMs < CHAIN_INTERVAL_MS) return []
    this.#chainSentAt.set(key, { atMs: now, count: operations.length })
    return operations
  }
}

/** Messages within the limits of GOS3, operations before records; what alone is too large is left to sync. */
export function packMessages(operations: readonly Uint8Array[], records: readonly Uint8Array[]): Uint8Array[] {
  const messages: Uint8Array[] = []
  let batch = { operations: [] as Uint8Array[], records: [] as Uint8Array[] }
  let size = MESSAGE_OVERHEAD_BYTES
  const close = () => {
    if (batch.operations.length + batch.records.length > 0) messages.push(encodeMessage(batch))
    batch = { operations: [], records: [] }
    size = MESSAGE_OVERHEAD_BYTES
  }
  const add = (kind: 'operations' | 'records', item: Uint8Array, maxItems: number) => {
    const itemSize = item.byteLength + ITEM_OVERHEAD_BYTES
    if (itemSize + MESSAGE_OVERHEAD_BYTES > MAX_MESSAGE_BYTES) return
    if (size + itemSize > MAX_MESSAGE_BYTES || batch[kind].length >= maxItems) close()
    batch[kind].push(item)
    size += itemSize
  }
  for (const operation of operations) add('operations', operation, MAX_MESSAGE_OPERATIONS)
  for (const record of records) add('records', record, MAX_MESSAGE_RECORDS)
  close()
  return messages
}

function groupByAuthor(records: readonly AnnouncedRecord[]): { author: Uint8Array; records: Uint8Array[] }[] {
  const groups: { author: Uint8Array; records: Uint8Array[] }[] = []
  for (const { author, record } of records) {
    const group = groups.find((other) => compareBytes(other.author, author) === 0)
    if (group === undefined) groups.push({ author, records: [record] })
    else group.records.push(record)
  }
  return groups
}
