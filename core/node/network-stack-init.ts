import type { BeatDoor, IngestDoor } from '../ingest/door.ts'
import type { BanBook } from '../net/ban-book.ts'
import type { Cut } from '../net/cut.ts'
import type { AuthorityIndex, HoldingBook, InboxReader, LogReader } from '../store/log-reader.ts'
import type { BlockStore } from '../store/media-index.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { NetworkDescriptor } from './network-descriptor.ts'
import type { CarryingStore } from './outage-help.ts'
import type { PeerCards } from './peer-cards.ts'
import type { SyncedSession } from './ports.ts'
import type { NamingStore } from './room-keeper.ts'
import type { WantedProfiles } from './wanted-profiles.ts'

/** What a running network needs of the node around it. */
export interface NetworkStackComponents {
  readonly square: BeatDoor &
    IngestDoor &
    LogReader &
    AuthorityIndex &
    InboxReader &
    BlockStore &
    CarryingStore &
    NamingStore
  readonly book: HoldingBook
  readonly bans: BanBook
  readonly logger: Logger
  readonly clock: Clock
  readonly random: RandomSource
  /** What is kept out for a while; left out: nothing ever is. */
  readonly cut?: Cut
}

export interface NetworkStackInit {
  readonly network: NetworkDescriptor
  readonly role: 'peer' | 'seed'
  readonly deviceSeed: Uint8Array
  readonly deviceKey: Uint8Array
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  /** Peers that this node passes connections on for; undefined: what its role does. */
  readonly relayPlaces?: number | undefined
  /** Connections at the same time; undefined: what its role has. */
  readonly maxConnections?: number | undefined
  /** 32-byte address of the account here, null while there is none. */
  readonly profile: () => Uint8Array | null
  /** Its name, '' while there is none; told to peers in the greeting. */
  readonly name: () => string
  /** Whom this node wants to hear: their devices count as friends. */
  readonly wanted: Pick<WantedProfiles, 'hasProfile'>
  /** Where people were seen; null for a node that dials only whom it is told to. */
  readonly cards: PeerCards | null
  readonly onSync: (event: SyncEvent) => void
  /** True for a peer that hasn't kept its word lately. */
  readonly owes: (peerId: string) => boolean
  /** A peer came, went, or said who it is. */
  readonly onPeersChanged: () => void
  /** A peer that may be asked for pictures. */
  readonly onPeerJoined: () => void
  readonly onUsefulAddress: (address: string) => void
  /** A session that took what there was has ended. */
  readonly onSynced: (session: SyncedSession) => void
}
