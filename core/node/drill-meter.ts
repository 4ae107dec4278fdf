import type { Drill, DrillCut } from '../contract/drill.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import type { Flow } from '../net/peer-host.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import { equalBytes, toHex } from '../util/bytes.ts'

/** People who are followed and looked for, at most; own records that are told apart. */
export const MAX_DRILL_FOLLOWED = 1_024
const MAX_WRITTEN = 4_096

/** How it stands at one moment. */
export interface DrillSample {
  readonly peers: readonly { readonly peerId: string; readonly isSeed: boolean; readonly profile: string | null }[]
  readonly isDirect: boolean
  /** Peers that keep a place for this node; null where there are no relays. */
  readonly relays: number | null
  /** Computers that multicast has found; null where nobody listens for them. */
  readonly nearby: number | null
  readonly traffic: Flow
}

export interface DrillMeterInit {
  readonly cut: DrillCut
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endsAt: number
  /** Before the cut. */
  readonly before: DrillSample
  /** 32-byte key of this device. */
  readonly device: Uint8Array
  /** Whose chain is here; profile address and the same as 32 bytes. */
  readonly followed: readonly { readonly profile: string; readonly key: Uint8Array }[]
}

/** Counts during one drill. Everything in it was seen: what isn't known is null or left out. */
export class DrillMeter {
  readonly #init: DrillMeterInit
  readonly #written = new Set<number>()
  readonly #held = new Set<number>()
  readonly #direct = new Set<string>()
  /** Hex of authors whose records somebody else keeps. */
  readonly #carried = new Set<string>()
  #last: DrillSample
  #lowestPeers: number
  #lowestSeeds: number
  #firstPeerMs: number | null
  #directAfterMs: number | null
  #received = 0
  #sent = 0
  #dhtAnswers: number | null = null

  constructor(init: DrillMeterInit) {
    this.#init = init
    const { before } = init
    this.#last = before
    this.#lowestPeers = countPeers(before)
    this.#lowestSeeds = countSeeds(before)
    this.#firstPeerMs = null
    this.#directAfterMs = before.isDirect ? 0 : null
  }

  /** To be called now and then while the cut is on; `elapsedMs` since the start. */
  look(sample: DrillSample, elapsedMs: number): void {
    const peers = countPeers(sample)
    this.#last = sample
    this.#lowestPeers = Math.min(this.#lowestPeers, peers)
    this.#lowestSeeds = Math.min(this.#lowestSeeds, countSeeds(sample))
    if (sample.isDirect) this.#directAfterMs ??= elapsedMs
    if (peers > 0) this.#firstPeerMs ??= countPeers(this.#init.before) > 0 && this.#lowestPeers > 0 ? 0 : elapsedMs
    for (const { profile } of sample.peers) {
      if (profile !== null && this.#init.followed.some((one) => one.profile === profile)) this.#direct.add(profile)
    }
  }

  noteIngested({ source, records }: IngestedEvent): void {
    if (source.kind === 'own') {
      for (const { seq } of records) if (this.#written.size < MAX_WRITTEN) this.#written.add(seq)
    } else if (source.kind === 'gossip' || source.kind === 'sync' || source.kind === 'feed') {
      this.#received += records.length
    }
  }

  /** A session with somebody who isn't cut. */
  noteSync(event: SyncEvent): void {
    if (event.type !== 'done') return
    this.#sent += event.summary.keptRecords
    for (const author of event.summary.compared) {
      if (this.#init.followed.some(({ key }) => equalBytes(key, author))) this.#carried.add(toHex(author))
    }
  }

  /** Somebody who isn't cut says to keep these records of `device`. */
  noteHeld(device: Uint8Array, seqs: readonly number[]): void {
    if (!equalBytes(device, this.#init.device)) return
    for (const seq of seqs) if (this.#written.has(seq)) this.#held.add(seq)
  }

  noteDhtAnswers(count: number): void {
    this.#dhtAnswers = count
  }

  /** What was seen so far. `holders`: own records that each peer keeps. */
  sum(own: { readonly records: number; readonly holders: readonly { peerId: string; count: number }[] }): Drill {
    const { cut, startedAt, endsAt, before, followed } = this.#init
    const last = this.#last
    const isHere = new Set(last.peers.map(({ peerId }) => peerId))
    const holding = own.holders.filter(({ peerId, count }) => count > 0 && isHere.has(peerId))
    const isDirect = ({ profile }: { profile: string }) => this.#direct.has(profile)
    return {
      cut,
      state: 'running',
      startedAt,
      endsAt,
      peers: { before: countPeers(before), lowest: this.#lowestPeers, last: countPeers(last) },
      seeds: { before: countSeeds(before), lowest: this.#lowestSeeds, last: countSeeds(last) },
      directAfterMs: this.#directAfterMs,
      firstPeerMs: this.#firstPeerMs,
      received: this.#received,
      sent: this.#sent,
      data: {
        receivedBytes: Math.max(0, last.traffic.receivedBytes - before.traffic.receivedBytes),
        sentBytes: Math.max(0, last.traffic.sentBytes - before.traffic.sentBytes),
      },
      written: { count: this.#written.size, held: this.#held.size },
      own: {
        records: own.records,
        holders: holding.length,
        most: Math.max(0, ...holding.map(({ count }) => count)),
      },
      followed: {
        count: followed.length,
        direct: followed.filter(isDirect).length,
        carried: followed.filter((one) => !isDirect(one) && this.#carried.has(toHex(one.key))).length,
      },
      ways: this.#ways(),
      seedsBackMs: null,
    }
  }

  #ways(): Drill['ways'] {
    const last = this.#last
    const counts: readonly [Drill['ways'][number]['way'], number | null][] = [
      ['people', countPeers(last)],
      ['nearby', last.nearby],
      ['seeds', countSeeds(last)],
      ['relays', last.relays],
      ['dht', this.#dhtAnswers],
    ]
    return counts.flatMap(([way, count]) => (count === null ? [] : [{ way, count }]))
  }
}

function countPeers({ peers }: DrillSample): number {
  return peers.filter(({ isSeed }) => !isSeed).length
}

export function countSeeds({ peers }: DrillSample): number {
  return peers.filter(({ isSeed }) => isSeed).length
}
