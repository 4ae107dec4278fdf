import { DESKTOP_GOALS, DIRECT_GOALS } from '../../core/discovery/dial-plan.ts'
import { DISCOVERY_TIMES } from '../../core/discovery/discovery.ts'
import { FLUSH_DELAY_MS } from '../../core/gossip/announcer.ts'
import { MAX_PENDING_MESSAGES } from '../../core/gossip/fair-intake.ts'
import { PEER_MESSAGE_RATE } from '../../core/gossip/listener.ts'
import {
  DESKTOP_LIMITS,
  DIAL_TIMEOUT_MS,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  SEED_LIMITS,
} from '../../core/net/net-limits.ts'
import { DIAL_TIMES } from '../../core/net/peer-manager.ts'
import { WANTED_HOME_SEEDS } from '../../core/node/home-seeds.ts'
import { HOME_FEED_TIMES } from '../../core/sync/feed/home-feeds.ts'
import { FEED_TIMES, OUTAGE_FEEDS, WANTED_FEEDS } from '../../core/sync/feed/limits.ts'
import { NAMED_WATCH_TIMES } from '../../core/sync/feed/named-watch.ts'
import { SCHEDULER_TIMES } from '../../core/sync/scheduler.ts'

/** What the program says itself: read from it, so that the simulator can't go on with an older truth. */
export const PROGRAM = {
  wantedHomes: Math.min(WANTED_HOME_SEEDS, WANTED_FEEDS),
  seedConnections: SEED_LIMITS.maxConnections,
  seedPending: SEED_LIMITS.maxPending,
  desktopConnections: DESKTOP_LIMITS.maxConnections,
  outageFeeds: OUTAGE_FEEDS,
  outageAfterMs: DISCOVERY_TIMES.directAfterMs,
  peerLinks: DESKTOP_GOALS.friends,
  outageLinks: DIRECT_GOALS.friends,
  dialTimeoutMs: DIAL_TIMEOUT_MS,
  pingIntervalMs: PING_INTERVAL_MS,
  pingTimeoutMs: PING_TIMEOUT_MS,
  dial: DIAL_TIMES,
  flushMs: FLUSH_DELAY_MS,
  pushDelayMs: SCHEDULER_TIMES.pushDelayMs,
  hintDelayMs: SCHEDULER_TIMES.hintDelayMs,
  /** Of `core/node/network-stack.ts`, which loads all of libp2p: a test holds this against it. */
  fullSyncMs: 5 * 60_000,
  namedGraceMs: NAMED_WATCH_TIMES.graceMs,
  feedSettleMs: HOME_FEED_TIMES.settleMs,
  headsRecheckMs: HOME_FEED_TIMES.recheckMs,
  firstHeadsMs: FEED_TIMES.firstHeadsMs,
  headsEveryMs: FEED_TIMES.headsEveryMs,
  pendingMessages: MAX_PENDING_MESSAGES,
  /** A seed takes four times as much of one peer (GOS6). */
  messagesPerSecond: 4 * PEER_MESSAGE_RATE.perSecond,
  messagesBurst: 4 * PEER_MESSAGE_RATE.burst,
} as const

/** Reservations at one seed's relay that nodes behind a NAT can have. */
export const RELAY_RESERVATIONS = 512

/** Defaults of the gossip library, which the program leaves alone; a test holds them against the installed one. */
export const GOSSIP = {
  d: 6,
  dLow: 4,
  dHigh: 12,
  dLazy: 6,
  dOut: 2,
  lazyShare: 0.25,
  heartbeatMs: 1_000,
  lazyBeats: 3,
} as const

/** How desktops that have had no seed for a minute help each other. */
export type OutageMode =
  /** They go on dialling and nothing else. */
  | 'none'
  /** As built (FEE10, FEE11): links to known open desktops, and each carries what its neighbours follow. */
  | 'carry'
  /** Open desktops stand in for seeds. */
  | 'stand-in'

export interface Parameters {
  readonly seed: number
  readonly users: number
  readonly seeds: number
  readonly minutes: number

  // --- people ---
  /** Mean of a log-normal number of follows, and its deviation. */
  readonly follows: number
  readonly followsSigma: number
  /** Share of the follows that lies within one's own circle, and its size. */
  readonly circleShare: number
  readonly circle: number
  /** Exponent of the popularity of the others, by rank. */
  readonly zipf: number
  /** Share of all who follow the first user; 0 for no such person. */
  readonly celebrity: number
  /** Records per person and day, the mean of a heavy tail (Pareto with this exponent). */
  readonly recordsPerDay: number
  readonly activityTail: number
  /** Share of people whose program runs, mean of the day; swing over the day; the hour at the start. */
  readonly online: number
  readonly dailySwing: number
  readonly hour: number
  /** Mean length of a session. */
  readonly sessionMinutes: number
  /** Of the posts, only this share is followed through; traffic is scaled up again. */
  readonly sample: number

  // --- machines ---
  readonly openShare: number
  readonly coneShare: number
  /** Mbit/s up, median of a log-normal. */
  readonly desktopMbit: number
  readonly serverMbit: number
  readonly homeSeedMbit: number
  readonly homeSeedShare: number
  /** Largest operators' share by rank: exponent of the number of seeds each runs. */
  readonly operatorZipf: number
  /** Exponent of the seeds' popularity as homes, by rank. */
  readonly seedZipf: number
  /** Computing time of a seed for one new record. */
  readonly serviceMs: number

  // --- records ---
  readonly recordBytes: number
  /** Around a record in gossip, around one in a feed, a name, an acknowledgement. */
  readonly gossipOverhead: number
  readonly feedOverhead: number
  readonly nameBytes: number
  readonly ackBytes: number

  // --- the design, with switches ---
  /** How seeds and desktops know each other: the list that comes with the program, or slots for many peers. */
  readonly links: 'today' | 'slots'
  readonly bootstrap: number
  /** Links to other seeds that a seed dials. */
  readonly seedLinks: number
  /** Links to other desktops that a desktop keeps. */
  readonly peerLinks: number
  /** Shards on a desktop: all always, or all below a measured traffic. */
  readonly shards: 'all' | 'budget' | 'none'
  readonly shardBudgetMB: number
  readonly outage: OutageMode
  readonly outageAfterMs: number
  readonly outageLinks: number
  /** Links of one stand-in to others. */
  readonly standInLinks: number
  /** Feeds that a desktop serves in an outage. */
  readonly outageFeeds: number
  /** Share of remembered addresses of desktops that are still true. */
  readonly addressTruth: number
  /** What a full seed does: refuse, or let go of a reader who has others for one who has none. */
  readonly crowded: 'refuse' | 'share'
  /** A seed makes room for people whose profile names it by closing on strangers. */
  readonly knowsItsPeople: boolean
  /** Room of a seed; for parts of larger populations. */
  readonly seedRoom: number

  // --- faults ---
  readonly takedown: number
  readonly takedownAt: number
  readonly takedownOrder: 'random' | 'operators'
  /** Machines vanish, or their connections are closed in an orderly way. */
  readonly takedownIs: 'silent' | 'closed'
  /** Posts between the takedown and this moment after it are told apart. */
  readonly settleSeconds: number
  /** Strangers that only take, for each honest connection of a seed. */
  readonly sybils: number
  /** Share of the seeds that feed and forward nothing. */
  readonly liars: number
  /** Records a second that all seeds carry besides those of these users: a larger population. */
  readonly background: number
  /** Nothing leaves an author's computer: everything must come out as lost. */
  readonly isMute: boolean
}

export const DEFAULTS: Parameters = {
  seed: 1,
  users: 10_000,
  seeds: 50,
  minutes: 10,
  follows: 100,
  followsSigma: 1.1,
  circleShare: 0.5,
  circle: 150,
  zipf: 0.7,
  celebrity: 0,
  recordsPerDay: 10,
  activityTail: 1.5,
  online: 0.3,
  dailySwing: 0.5,
  hour: 20,
  sessionMinutes: 60,
  sample: 1,
  openShare: 0.2,
  coneShare: 0.6,
  desktopMbit: 12,
  serverMbit: 200,
  homeSeedMbit: 20,
  homeSeedShare: 0.3,
  operatorZipf: 0.9,
  seedZipf: 0.5,
  serviceMs: 0.4,
  recordBytes: 380,
  gossipOverhead: 90,
  feedOverhead: 60,
  nameBytes: 140,
  ackBytes: 40,
  links: 'slots',
  bootstrap: 8,
  seedLinks: 12,
  peerLinks: PROGRAM.peerLinks,
  shards: 'budget',
  shardBudgetMB: 20,
  outage: 'carry',
  outageAfterMs: PROGRAM.outageAfterMs,
  outageLinks: PROGRAM.outageLinks,
  standInLinks: 8,
  outageFeeds: PROGRAM.outageFeeds,
  addressTruth: 0.8,
  crowded: 'share',
  knowsItsPeople: true,
  seedRoom: PROGRAM.seedConnections,
  takedown: 0,
  takedownAt: 0.3,
  takedownOrder: 'random',
  takedownIs: 'silent',
  settleSeconds: 120,
  sybils: 0,
  liars: 0,
  background: 0,
  isMute: false,
}

/** Long enough for whatever repairs a loss at once; what comes later is left to the rounds of sync. */
export const RECORD_WINDOW_MS = 60_000
export const GOAL_MS = 5_000
