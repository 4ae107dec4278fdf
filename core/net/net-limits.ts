/** How much of the network one node takes on (reliability.md, table of limits). */
export interface NetLimits {
  readonly maxConnections: number
  /** New inbound connections per second from one IP address. */
  readonly inboundPerSecond: number
  /** Inbound connections that are still shaking hands. */
  readonly maxPending: number
  /** Streams of one connection, all protocols together, each way. */
  readonly maxStreams: number
}

export const DESKTOP_LIMITS: NetLimits = { maxConnections: 100, inboundPerSecond: 10, maxPending: 20, maxStreams: 128 }

export const SEED_LIMITS: NetLimits = { maxConnections: 2_000, inboundPerSecond: 50, maxPending: 100, maxStreams: 256 }

/** On one machine every peer has the same IP address: a test or a demo would refuse honest neighbours. */
export const LOCAL_LIMITS: NetLimits = { ...SEED_LIMITS, maxConnections: 200 }

export interface LimitsInit {
  readonly isLocal: boolean
  readonly isSeed: boolean
  /** Connections at the same time; undefined: what its role has. */
  readonly maxConnections?: number | undefined
}

export function limitsOf({ isLocal, isSeed, maxConnections }: LimitsInit): NetLimits {
  const limits = isLocal ? LOCAL_LIMITS : isSeed ? SEED_LIMITS : DESKTOP_LIMITS
  return maxConnections === undefined ? limits : { ...limits, maxConnections }
}

/** Largest receive window of one stream, bytes: what a peer may have in flight towards a reader that is slow. */
export const MAX_STREAM_WINDOW_BYTES = 1024 * 1024

/** Unread bytes at which a stream is dropped; more than a window, so that only a peer that ignores windows meets it. */
export const MAX_READ_BUFFER_BYTES = 4 * 1024 * 1024

/** Unsent bytes at which a stream is dropped: the other side stopped reading. */
export const MAX_WRITE_BUFFER_BYTES = 16 * 1024 * 1024

export const DIAL_TIMEOUT_MS = 10_000

/** A connection on which a ping finds no answer in this time is dropped. */
export const PING_INTERVAL_MS = 15_000
export const PING_TIMEOUT_MS = 20_000

/** Peers behind NATs that a seed passes connections on for, at the same time. */
export const SEED_RELAY_PLACES = 512
