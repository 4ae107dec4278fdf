import type { BeatDoor, IngestDoor } from '../ingest/door.ts'
import type { FrameDuplex } from '../net/framed-stream.ts'
import type { HoldingBook, LogReader } from '../store/log-reader.ts'
import type { Clock } from '../util/clock.ts'
import type { RandomSource } from '../util/random.ts'
import type { AuthorHeads } from './author-heads.ts'
import type { ForkMemory } from './fork-memory.ts'
import type { HelloFrame, NeedEntry } from './frames.ts'
import type { GuestSession } from './guest-budget.ts'
import type { IntakeProgress } from './intake.ts'
import type { InterestBook } from './interest-book.ts'
import type { SyncLimits } from './limits.ts'
import type { Standing } from './standing.ts'

/** What one session needs of the node around it. */
export interface SyncSessionComponents {
  readonly door: IngestDoor & BeatDoor
  readonly reader: LogReader
  readonly book: HoldingBook
  readonly duplex: FrameDuplex
  readonly clock: Clock
  readonly random: RandomSource
  /** What was asked for in sessions before this one. */
  readonly interests?: InterestBook
  /** What is known of authors from sessions before this one. */
  readonly heads?: AuthorHeads
  /** What sessions before this one asked about forks. */
  readonly forks?: ForkMemory
}

/** Who the two sides are, what the session is about, and who is told of its course. */
export interface SyncSessionInit {
  /** Peer ID of the other side, as the connection proved it. */
  readonly peerId: string
  readonly isInitiator: boolean
  /** The network's signature domain. */
  readonly network: string
  readonly role: 'peer' | 'seed'
  /** 32-byte address of the account here: acknowledgements of its records are noted, whichever device signed them. */
  readonly profile: Uint8Array | null
  /** What the account here is called, '' for nothing. */
  readonly name: string
  /** What this side has besides the other one, as it says it; left out for nothing said. */
  readonly standing?: Standing | undefined
  /** 32-byte key of this device, whose records are own ones before there is an account here, too. */
  readonly device: Uint8Array
  /** Authors that the session is about, null for all; initiator only. */
  readonly scope: readonly Uint8Array[] | null
  readonly limits: SyncLimits
  readonly onHello?: (hello: HelloFrame) => void
  /** Nothing has moved for `quietMs`, or something does again. */
  readonly onQuiet?: (isQuiet: boolean) => void
  /** What may be asked of this side now. */
  readonly guest?: GuestSession
  /** What this side asks for; said once, before any of it comes. */
  readonly onAsked?: (needs: readonly NeedEntry[]) => void
  readonly onProgress?: (progress: IntakeProgress) => void
}
