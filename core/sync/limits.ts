/** Protocol id (SYN1). */
export const SYNC_PROTOCOL = '/palabre/sync/1'
export const SYNC_VERSION = 1

/** Largest frame, bytes, without its length (SYN2). */
export const MAX_FRAME_BYTES = 64 * 1024

/** Fill of a frame that is made here: leaves room for its head. */
export const FRAME_FILL_BYTES = 60 * 1024

/** Values inside one frame; the shortest take two bytes. */
export const MAX_FRAME_ITEMS = 40_000

/** Data frames that may be on their way without an acknowledgement (SYN9). */
export const WINDOW_FRAMES = 4

/** Records, and operations, in one data frame (SYN8). */
export const MAX_FRAME_RECORDS = 256
export const MAX_FRAME_OPERATIONS = 64

/** Buckets that an interest says digests of, and bytes of each digest; bytes of the digest of one author (SYN6). */
export const MAX_BUCKETS = 4_096
export const BUCKET_DIGEST_BYTES = 4
export const AUTHOR_DIGEST_BYTES = 8

/** Bytes of the hash that stands for an interest of an earlier session (SYN5). */
export const INTEREST_HASH_BYTES = 16

/** Authors that the initiator may restrict a session to (SYN4). */
export const MAX_SCOPE = 64

/** Runs of sequence numbers said of one log (SYN6). */
export const MAX_RANGES = 64

/** Records with one sequence number that a device may have signed and a peer keeps: more than one proves a fork. */
export const MAX_FORKS = 4

/** What is said of one log besides its ranges: its tip, and further seqs that were signed more than once (SYN6). */
export const MAX_MARKS = 9

/** Seqs of one log that are asked for in one session although something is held there (SYN7). */
export const MAX_FORK_SEQS = 64

/** Of those, at a mark that doesn't fit: itself, and what may lie below it on its branch. */
export const MARK_WINDOW = 8

/** Budgets of one session (SYN11). */
export interface SyncLimits {
  /** Keys in one interest, and authors in one offer. */
  readonly maxAuthors: number
  /** Logs in one offer or one request. */
  readonly maxLogs: number
  /** Records asked for in one session. */
  readonly maxRecords: number
  readonly maxReceivedBytes: number
  readonly maxSentBytes: number
  /** Longest time without a frame in either direction. */
  readonly idleMs: number
  /** As long without a frame and the session gives way to one that waits for its slot. */
  readonly quietMs: number
  /** And so does one that after this time has moved fewer bytes a second than that, own work not counted. */
  readonly slowAfterMs: number
  readonly minBytesPerSecond: number
  /** Keys in the interests of all sessions at once. */
  readonly maxInterests: number
  readonly totalMs: number
}

export const SYNC_LIMITS: SyncLimits = {
  maxAuthors: 20_000,
  maxLogs: 40_000,
  maxRecords: 100_000,
  maxReceivedBytes: 128 * 1024 * 1024,
  maxSentBytes: 64 * 1024 * 1024,
  idleMs: 30_000,
  quietMs: 10_000,
  slowAfterMs: 30_000,
  minBytesPerSecond: 1_024,
  maxInterests: 400_000,
  totalMs: 10 * 60_000,
}

/** Sessions at a time, both directions together; one of them per peer (SYN12). */
export const DESKTOP_SESSIONS = 8
export const SEED_SESSIONS = 64
