/** Bytes of a ping with its stream, of the heads of a feed with their acknowledgement, of a sync of two that are alike. */
const PING_BYTES = 250
const HEADS_BYTES = 110
const SYNC_BYTES = 2_000
const DAY_MS = 86_400_000

export interface KeepUp {
  readonly pingIntervalMs: number
  readonly headsEveryMs: number
  readonly fullSyncMs: number
}

export const TRAFFIC_PARTS = ['feeds', 'names', 'gossip', 'own', 'carried', 'connections'] as const
export type TrafficPart = (typeof TRAFFIC_PARTS)[number]

/** Bytes on the connections of desktops, both ways, without what TCP and IP add. */
export class Traffic {
  readonly #users: Float64Array
  readonly #parts: Record<TrafficPart, number> = { feeds: 0, names: 0, gossip: 0, own: 0, carried: 0, connections: 0 }
  /** Milliseconds that all users together were online. */
  onlineMs = 0
  seedBytes = 0

  constructor(users: number) {
    this.#users = new Float64Array(users)
  }

  add(user: number, part: TrafficPart, bytes: number): void {
    this.#users[user] = (this.#users[user] as number) + bytes
    this.#parts[part] += bytes
  }

  /** What a connection costs by itself. */
  addConnection(user: number, connectedMs: number, keepUp: KeepUp, isFeed: boolean): void {
    this.add(user, 'connections', (connectedMs / DAY_MS) * this.perConnectionDay(keepUp, isFeed))
  }

  /** Bytes of a connection that stands the whole day and carries nothing. */
  perConnectionDay(keepUp: KeepUp, isFeed: boolean): number {
    const perMs = PING_BYTES / keepUp.pingIntervalMs + SYNC_BYTES / keepUp.fullSyncMs
    return DAY_MS * (isFeed ? perMs + HEADS_BYTES / keepUp.headsEveryMs : perMs)
  }

  /** Bytes of all users. */
  total(): number {
    return Object.values(this.#parts).reduce((sum, bytes) => sum + bytes, 0)
  }

  parts(): Readonly<Record<TrafficPart, number>> {
    return this.#parts
  }

  of(user: number): number {
    return this.#users[user] as number
  }
}
