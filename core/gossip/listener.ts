/**
 * The receiving end of gossip: from a message to a verdict (GOS5 … GOS9). Size and shape are checked first, then the
 * sender's budget, then the door decides; nothing is passed on before its answer. What the door says about the single
 * inputs becomes one verdict of the message: a reject anywhere rejects it; anything held, or dropped for its author's
 * quota, lets it be ignored, and so does a message in which nothing is new, or old records in ever new wrappings would
 * go round for ever; the rest is accepted, whether this node keeps it or not.
 */
import type { IngestDoor, IngestOutcome, IngestResult } from '../ingest/door.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import type { Logger } from '../util/logger.ts'
import { FairIntake } from './fair-intake.ts'
import type { GossipVerdict } from './gossipsub-host.ts'
import { decodeMessage } from './message.ts'
import type { OwedRecords } from './owed-records.ts'
import { formatTopic, shardOf } from './shards.ts'

/** Messages a second and at once that one peer may deliver (GOS6); a seed takes four times as much. */
export const PEER_MESSAGE_RATE = { perSecond: 50, burst: 200 } as const
const SEED_FACTOR = 4

export interface GossipListenerComponents {
  readonly door: IngestDoor
  readonly owed?: Pick<OwedRecords, 'settle'>
  readonly logger: Logger
  readonly clock?: Clock
}

export interface GossipListenerInit {
  readonly isSeed: boolean
  readonly domain?: string
  /** A valid-looking record came from somebody whose chain isn't held: the sender may be asked for it. */
  readonly onUnknownAuthor?: (peerId: string, author: Uint8Array) => void
  /** A peer delivered something wrong in the bytes. */
  readonly onReject?: (peerId: string, reason: string) => void
}

export interface GossipCounts {
  accepted: number
  ignored: number
  rejected: number
}

export class GossipListener {
  readonly #intake: FairIntake
  readonly #owed: Pick<OwedRecords, 'settle'> | undefined
  readonly #logger: Logger
  readonly #init: GossipListenerInit
  readonly #buckets: KeyedBuckets
  readonly #counts: GossipCounts = { accepted: 0, ignored: 0, rejected: 0 }

  constructor(components: GossipListenerComponents, init: GossipListenerInit) {
    this.#intake = new FairIntake(components)
    this.#owed = components.owed
    this.#logger = components.logger
    this.#init = init
    const factor = init.isSeed ? SEED_FACTOR : 1
    this.#buckets = new KeyedBuckets(
      { clock: components.clock ?? systemClock },
      { capacity: PEER_MESSAGE_RATE.burst * factor, refillPerSecond: PEER_MESSAGE_RATE.perSecond * factor },
    )
  }

  /** Messages judged since the start. */
  get counts(): Readonly<GossipCounts> {
    return this.#counts
  }

  /** Never throws: a door that can't answer makes the message ignored. */
  async validate(peerId: string, topic: string, data: Uint8Array): Promise<GossipVerdict> {
    const verdict = await this.#judge(peerId, topic, data)
    if (verdict === 'accept') this.#counts.accepted++
    else if (verdict === 'ignore') this.#counts.ignored++
    else this.#counts.rejected++
    return verdict
  }

  async #judge(peerId: string, topic: string, data: Uint8Array): Promise<GossipVerdict> {
    const batch = decodeMessage(data)
    if (batch === null) {
      this.#init.onReject?.(peerId, 'bad-message')
      return 'reject'
    }
    if (!this.#buckets.take(peerId)) return 'ignore'
    try {
      const result = await this.#intake.ingest(batch, peerId, data.byteLength)
      return result === null ? 'ignore' : this.#verdictOf(peerId, topic, result)
    } catch (error) {
      this.#logger.warn({ error: String(error) }, 'a gossip message could not be stored')
      return 'ignore'
    }
  }

  #verdictOf(peerId: string, topic: string, result: IngestResult): GossipVerdict {
    let isAnyFresh = false
    let isAnyHeldBack = false
    for (const outcome of [...result.operations, ...result.records]) {
      const { verdict, author, mayForward } = outcome
      const reason = rejectReasonOf(outcome) ?? (this.#isInTopic(outcome, topic) ? null : 'wrong-shard')
      if (reason !== null) {
        this.#init.onReject?.(peerId, reason)
        return 'reject'
      }
      const isOwed = outcome.id !== null && this.#owed?.settle(outcome.id) === true
      if (mayForward || isOwed) isAnyFresh = true
      else if (verdict.verdict === 'hold' || verdict.verdict === 'drop') isAnyHeldBack = true
      if (verdict.verdict === 'hold' && author !== null && isUnknown(verdict.reason)) {
        this.#init.onUnknownAuthor?.(peerId, author)
      }
    }
    return isAnyFresh && !isAnyHeldBack ? 'accept' : 'ignore'
  }

  /** The author stands in the signed bytes, so a wrong topic is the sender's doing and nobody else's (GOS8). */
  #isInTopic(outcome: IngestOutcome, topic: string): boolean {
    return outcome.author === null || formatTopic(shardOf(outcome.author), this.#init.domain) === topic
  }
}

function rejectReasonOf(outcome: IngestOutcome): string | null {
  return outcome.verdict.verdict === 'reject' ? outcome.verdict.reason : null
}

function isUnknown(reason: string): boolean {
  return reason === 'unknown-identity' || reason === 'unknown-device'
}
