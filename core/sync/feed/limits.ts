/** Protocol id (FEE1). */
export const FEED_PROTOCOL = '/palabre/feed/1'
export const FEED_VERSION = 1

/** Frames of news, names and heads that may be on their way without an acknowledgement (FEE5). */
export const FEED_WINDOW = 4

/** Bytes of an author's address that stand for it in an interest (FEE3). */
export const PREFIX_BYTES = 8

/** Authors in the interest of one feed, and in those of all feeds that a node serves. */
export const MAX_INTEREST = 20_000
export const MAX_SERVED_INTEREST = 4_000_000

/** Prefixes in one frame. */
export const MAX_FRAME_PREFIXES = 7_000

/** Places that are named in one frame. */
export const MAX_FRAME_PLACES = 512

/** New records that wait to be sent to one reader; what comes on top is found by its next sync (FEE6). */
export const MAX_QUEUED_PLACES = 4_096
export const MAX_QUEUED_CHAINS = 256

/** Feeds that a desktop serves to those who have seeds, and one a connection in an outage (FEE10); those of a seed. */
export const DESKTOP_FEEDS = 16
export const OUTAGE_FEEDS = 100
export const SEED_FEEDS = 2_000

/** Authors that a desktop carries for its neighbours, of them for one; neighbours whose wishes it remembers (FEE11). */
export const MAX_CARRIED = 5_000
export const MAX_CARRIED_FOR_ONE = 512
export const MAX_REMEMBERED_NEIGHBOURS = 256

/** Seeds that a node keeps feeds with (FEE8). */
export const WANTED_FEEDS = 3

export interface FeedTimes {
  /** From the interest to the first hash of heads, and from one to the next. */
  readonly firstHeadsMs: number
  readonly headsEveryMs: number
  /** Longest time without a frame of the other side. */
  readonly idleMs: number
  /** Longest life of one feed; a new one is opened then. */
  readonly totalMs: number
}

export const FEED_TIMES: FeedTimes = {
  firstHeadsMs: 5_000,
  headsEveryMs: 30_000,
  idleMs: 90_000,
  totalMs: 24 * 3_600_000,
}

/** On one machine nothing is far. */
export const LOCAL_FEED_TIMES: FeedTimes = { ...FEED_TIMES, firstHeadsMs: 2_000, headsEveryMs: 5_000 }
