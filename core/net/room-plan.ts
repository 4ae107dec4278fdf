/** Who stays when there are more connections than there is room for (RCH8, RCH9). */

/** A connected peer as it is weighed. */
export interface RoomGuest {
  readonly peerId: string
  /** Milliseconds since 1970. */
  readonly connectedSince: number
  /** Never closed on: this side dialled it, or it is a seed. */
  readonly isKept: boolean
  /** Its profile names this node as a home seed. */
  readonly isNamed: boolean
  /** How many it has besides this one, seeds and connections; null before it has said so. */
  readonly others: { readonly seeds: number; readonly links: number } | null
}

/** Of a seed's room, what is for everybody; the rest is for those who have no other seed, and for its own people. */
const SHARED_PART = 0.8
/** Whoever hasn't said by then what it has counts as having enough; before, it is neither counted nor closed on. */
const SAY_MS = 10_000
/** Of a desktop in an outage: who has fewer links is let in at the cost of who has more than twice as many. */
export const FEW_LINKS = 3
const ENOUGH = 2 * FEW_LINKS + 1

/** A part of the connections stays free: whoever is to be weighed has to come in first. */
export function roomOf(maxConnections: number): number {
  return maxConnections - Math.max(2, Math.ceil(maxConnections * 0.02))
}

/** Peers that a seed closes on now: strangers who have other seeds first, never more than is needed. */
export function planSeedRoom(guests: readonly RoomGuest[], room: number, nowMs: number): readonly string[] {
  const counted = listCounted(guests, nowMs)
  const isAlone = ({ others }: RoomGuest) => others?.seeds === 0
  const free = counted.filter(({ isKept }) => !isKept)
  const named = free.filter(({ isNamed }) => isNamed)
  const alone = free.filter((guest) => !guest.isNamed && isAlone(guest)).toSorted(newestFirst)
  const seedsOf = ({ others }: RoomGuest) => others?.seeds ?? ENOUGH
  const others = free.filter((guest) => !guest.isNamed && !isAlone(guest))

  const leaving: RoomGuest[] = []
  // Whoever came last, of those who may not have the last fifth.
  const shared = Math.floor(room * SHARED_PART)
  const tooMany = others.length + counted.length - free.length - shared
  if (tooMany > 0) leaving.push(...others.toSorted(newestFirst).slice(0, tooMany))
  const left = others.filter((guest) => !leaving.includes(guest))
  const ranked = [
    ...left.toSorted((a, b) => seedsOf(b) - seedsOf(a) || newestFirst(a, b)),
    ...alone,
    ...named.toSorted(newestFirst),
  ]
  leaving.push(...ranked.slice(0, Math.max(0, counted.length - leaving.length - room)))
  return leaving.map(({ peerId }) => peerId)
}

/** The same of a desktop in an outage: one that has many links leaves for one that has few, else who came last. */
export function planDesktopRoom(guests: readonly RoomGuest[], room: number, nowMs: number): readonly string[] {
  const counted = listCounted(guests, nowMs)
  const links = ({ others }: RoomGuest) => others?.links ?? ENOUGH
  const leaving: string[] = []
  let stays = counted.filter(({ isKept }) => !isKept).toSorted(newestFirst)
  for (let over = counted.length - room; over > 0 && stays.length > 0; over--) {
    const [newest, ...before] = stays as [RoomGuest, ...RoomGuest[]]
    const best = before.reduce((most, guest) => (links(guest) > links(most) ? guest : most), before[0] ?? newest)
    const isWorthIt = links(newest) < FEW_LINKS && links(best) > 2 * FEW_LINKS
    const leaves = isWorthIt ? best : newest
    leaving.push(leaves.peerId)
    stays = stays.filter((guest) => guest !== leaves)
  }
  return leaving
}

function listCounted(guests: readonly RoomGuest[], nowMs: number): readonly RoomGuest[] {
  return guests.filter(({ others, connectedSince }) => others !== null || nowMs - connectedSince >= SAY_MS)
}

function newestFirst(a: RoomGuest, b: RoomGuest): number {
  return b.connectedSince - a.connectedSince
}
