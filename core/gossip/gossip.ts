import type { IngestDoor } from '../ingest/door.ts'
import type { PeerHost } from '../net/peer-host.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { Startable } from '../util/startable.ts'
import { type AnnouncedRecord, type AnnouncerComponents, GossipAnnouncer } from './announcer.ts'
import type { Pubsub } from './gossipsub-host.ts'
import { type GossipCounts, GossipListener, type GossipListenerInit } from './listener.ts'
import { OwedRecords } from './owed-records.ts'
import { PeerSentinel } from './peer-sentinel.ts'
import { listTopics } from './shards.ts'

export interface GossipComponents {
  readonly host: PeerHost
  readonly pubsub: Pubsub
  readonly door: IngestDoor
  readonly chains: AnnouncerComponents['chains']
  readonly logger: Logger
  readonly clock?: Clock
}

/**
 * Live delivery: joins every shard (GOS5), puts what comes through the door, sends own records out and sees to the
 * peers' conduct. Gossip promises nothing; what it loses, sync repairs.
 */
export class Gossip implements Startable {
  readonly #components: GossipComponents
  readonly #domain: string | undefined
  readonly #listener: GossipListener
  readonly #announcer: GossipAnnouncer
  readonly #sentinel: PeerSentinel
  readonly #owed = new OwedRecords()
  #isStopped = false

  constructor(components: GossipComponents, init: GossipListenerInit) {
    this.#components = components
    this.#domain = init.domain
    this.#listener = new GossipListener({ ...components, owed: this.#owed }, init)
    this.#announcer = new GossipAnnouncer(components, init.domain === undefined ? {} : { domain: init.domain })
    this.#sentinel = new PeerSentinel(components)
  }

  get counts(): Readonly<GossipCounts> {
    return this.#listener.counts
  }

  start(): void {
    const { pubsub } = this.#components
    pubsub.setValidator(async (peerId, topic, data) => {
      return this.#isStopped ? 'ignore' : await this.#listener.validate(peerId, topic, data)
    })
    pubsub.onSubscriptions(() => this.#announcer.notePeerJoined())
    for (const topic of listTopics(this.#domain)) pubsub.subscribe(topic)
    this.#sentinel.start()
  }

  /** Own records that are committed; returns at once and sends them within 200 ms. */
  announce(records: readonly AnnouncedRecord[]): void {
    if (!this.#isStopped) this.#announcer.announce(records)
  }

  /** A chain to which this node has added something goes out by itself. */
  announceChain(address: Uint8Array): void {
    if (!this.#isStopped) this.#announcer.announceChain(address)
  }

  /** Records that sync has brought, before their author's message: that message is passed on when it comes. */
  noteSynced(ids: readonly Uint8Array[]): void {
    this.#owed.note(ids)
  }

  /** Resolves when what was announced has been handed to the connections. */
  async flush(): Promise<void> {
    await this.#announcer.flush()
  }

  stop(): void {
    this.#isStopped = true
    this.#announcer.stop()
    this.#sentinel.stop()
  }
}
