import type { MediaCollector } from '../media/collector.ts'
import type { MediaFetcher } from '../media/fetcher.ts'
import type { BanBook } from '../net/ban-book.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { AccountService } from './account-service.ts'
import type { BeatMaker } from './beat-maker.ts'
import type { BlackoutDrill } from './blackout-drill.ts'
import type { CatchUpProgress } from './catch-up-progress.ts'
import type { ClockWatch } from './clock-watch.ts'
import type { ComparisonBook } from './comparison-book.ts'
import type { AccountLinker } from './device-linker.ts'
import type { DeviceReplacer } from './device-replacer.ts'
import type { DeviceRights } from './device-rights.ts'
import type { EventHub } from './event-hub.ts'
import type { EvidenceKeeper } from './evidence-keeper.ts'
import type { FollowManager } from './follow-manager.ts'
import type { HeadCheck } from './head-check.ts'
import type { HoldingNotes } from './holding-notes.ts'
import type { HomeSeeds } from './home-seeds.ts'
import type { Introduction } from './introduction.ts'
import type { KnownPeers } from './known-peers.ts'
import type { LateBlockSource } from './late-block-source.ts'
import type { MediaService } from './media-service.ts'
import type { NetworkService } from './network-service.ts'
import type { PeerCards } from './peer-cards.ts'
import type { PinKeeper } from './pin-keeper.ts'
import type { NodePart } from './ports.ts'
import type { Publisher } from './publish/publisher.ts'
import type { SquareClient } from './square-client.ts'
import type { WantedProfiles } from './wanted-profiles.ts'

/** What a node's life is made of. */
export interface NodeRuntimeComponents {
  readonly account: AccountService
  readonly bans: BanBook
  readonly beats: BeatMaker
  readonly blockSource: LateBlockSource
  readonly cards: PeerCards
  readonly catchUps: CatchUpProgress
  readonly clock: Clock
  readonly clocks: ClockWatch
  readonly comparisons: ComparisonBook
  readonly collector: MediaCollector
  readonly devices: DeviceReplacer
  readonly drill: BlackoutDrill
  readonly events: EventHub
  readonly evidence: EvidenceKeeper
  readonly fetcher: MediaFetcher
  readonly follows: FollowManager
  readonly headCheck: HeadCheck
  readonly holdingNotes: HoldingNotes
  readonly homeSeeds: HomeSeeds
  readonly introduction: Introduction
  readonly knownPeers: KnownPeers
  readonly linker: AccountLinker
  readonly logger: Logger
  readonly media: MediaService
  readonly network: NetworkService
  /** Started once the store answers. */
  readonly parts: readonly NodePart[]
  readonly pinKeeper: PinKeeper
  readonly publisher: Publisher
  readonly random: RandomSource
  readonly rights: DeviceRights
  /** Files that are waited for at the stop. */
  readonly saved: readonly { flush(): Promise<void> }[]
  readonly square: SquareClient
  readonly wanted: WantedProfiles
}
