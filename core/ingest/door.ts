import type { BeatFault } from '../record/beat.ts'
import type { DropReason, HoldReason, Verdict } from '../record/verdict.ts'
import type { AbortOptions } from '../util/startable.ts'

/**
 * Where bytes come from; inbox: they speak to somebody (INB3); asked: they answer what was asked of a seed (INB4); salvage:
 * from a damaged database of this node; welcome: the pack inside the app. `peer` is the peer ID that delivered them.
 */
export interface IngestSource {
  readonly kind: 'own' | 'gossip' | 'sync' | 'feed' | 'inbox' | 'asked' | 'import' | 'welcome' | 'salvage'
  readonly peer?: string
}

/** Raw wire bytes, operations first: chains travel before records. */
export interface IngestBatch {
  /** Identity operations on the wire (IDN2). */
  readonly operations: readonly Uint8Array[]
  /** Records on the wire, `[h, s, b]` (REC1). */
  readonly records: readonly Uint8Array[]
}

/** One input's outcome, in the order of the batch. Valid, forwarded and kept are three decisions. */
export interface IngestOutcome {
  readonly verdict: Verdict
  /** Record id (32 bytes), where the bytes decode far enough to have one; null for operations. */
  readonly id: Uint8Array | null
  readonly author: Uint8Array | null
  /** Not held before, held now. */
  readonly isNew: boolean
  /** On this disk now, committed, with its body or with its verified deletion. */
  readonly isKept: boolean
  /** Within the author's quota: gossip may pass it on, wanted or not. */
  readonly mayForward: boolean
}

export interface IngestResult {
  readonly operations: readonly IngestOutcome[]
  readonly records: readonly IngestOutcome[]
}

/** The only door into the store. Never throws for bad input; throws only when the disk refuses or the node stops. */
export interface IngestDoor {
  ingest(batch: IngestBatch, source: IngestSource, options?: AbortOptions): Promise<IngestResult>
}

/** `accept` also of one that is older than the beat that is here. What is held back doesn't wait: it is offered again. */
export type BeatVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'hold'; readonly reason: HoldReason }
  | { readonly verdict: 'drop'; readonly reason: DropReason }
  | { readonly verdict: 'reject'; readonly reason: BeatFault }

export interface BeatOutcome {
  readonly verdict: BeatVerdict
  /** The newest of its device from now on. */
  readonly isNew: boolean
}

/** The same door for beats on the wire (BEA1), one outcome each, in order. */
export interface BeatDoor {
  ingestBeats(
    beats: readonly Uint8Array[],
    source: IngestSource,
    options?: AbortOptions,
  ): Promise<readonly BeatOutcome[]>
}

/** Said after a batch is committed, for gossip, sync, timeline hints and media. */
export interface IngestedEvent {
  readonly source: IngestSource
  /** New records with what their kind says; at most 512 a batch. */
  readonly records: readonly {
    readonly id: Uint8Array
    readonly author: Uint8Array
    readonly device: Uint8Array
    readonly seq: number
    readonly kind: number
    /** Post ids whose view changed by this record: itself, the parent of a reply, the subject of a reaction or deletion. */
    readonly touches: readonly Uint8Array[]
    /** Stands in the home timeline of this account. */
    readonly isHome: boolean
    readonly isOwn: boolean
    /** CIDs of media that the record refers to and that this node wants. */
    readonly media: readonly string[]
    /** Its number or the one before was signed twice (LOG11); left out where it wasn't. */
    readonly isForked?: true
    /** It says something to the account of this node: a notification; left out where it doesn't. */
    readonly isNotice?: true
  }[]
  /** Posts that a seal hid, or that are shown again: they changed without a record. */
  readonly reshown: readonly Uint8Array[]
  /** Addresses (32-byte keys) whose chain grew, or of whom something was hidden or shown again. */
  readonly identities: readonly Uint8Array[]
  /** Devices of whom a newer beat is here now. */
  readonly beats: readonly { readonly author: Uint8Array; readonly device: Uint8Array }[]
  /** Logs in which a hole was seen: somebody should be asked. */
  readonly gaps: readonly { readonly author: Uint8Array; readonly device: Uint8Array }[]
}
