import type { SeqRange } from '../store/log-reader.ts'
import { intersectRanges, subtractRanges, uniteRanges } from '../sync/ranges.ts'
import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import { type Claim, type ClaimKind, isMissing } from './evidence-claims.ts'

/** Entries about one peer, and in all; noticed ones and those that are settled go first. */
export const MAX_PEER_ENTRIES = 32
export const MAX_ENTRIES = 256
/** Of one entry; the newest where there are more. */
const MAX_RANGES = 64
/** Logs of which it is known who brought something lately, and how many peers each. */
const MAX_BROUGHT_LOGS = 2_048
const MAX_BRINGERS = 4

/** A peer has so long to get what it was offered, where both sides said that they were done. */
const CATCH_UP_MS = 10 * 60_000
/** A peer that is never done has so long. */
const UNFINISHED_MS = 24 * 3_600_000
const KEEP_SETTLED_MS = 24 * 3_600_000
const KEEP_REPAIRED_MS = 7 * 24 * 3_600_000
const KEEP_UNSEEN_MS = 30 * 24 * 3_600_000
/** Afterwards a broken promise doesn't tell against a peer any more. */
const FORGIVEN_MS = 24 * 3_600_000

/** open: still so · repaired: the records came from another peer · settled: the peer has made good */
export type EvidenceState = 'open' | 'repaired' | 'settled'

/** What is known against one peer about one log. */
export interface EvidenceEntry {
  readonly kind: ClaimKind
  readonly peerId: string
  /** 32 bytes in hex, as is `device`. */
  readonly author: string
  readonly device: string
  /** All that it was about since it was seen first. */
  readonly ranges: readonly SeqRange[]
  /** Of those, what is missing here; of `hole` and `frozen`, what the peer doesn't hold. */
  readonly left: readonly SeqRange[]
  /** Milliseconds since 1970, as are the others. */
  readonly sinceMs: number
  readonly seenMs: number
  readonly state: EvidenceState
  readonly stateMs: number
  /** The peer that brought them instead, null where that isn't known. */
  readonly from: string | null
}

/** Seen, and not for long enough to count. */
interface Noticed {
  readonly ranges: readonly SeqRange[]
  readonly sinceMs: number
  /** The first session since then in which both sides were done. */
  readonly doneMs: number | null
}

interface Slot {
  entry: EvidenceEntry | null
  noticed: Noticed | null
  readonly claim: Pick<Claim, 'kind' | 'author' | 'device'>
  readonly peerId: string
}

/** One session's word about a peer. */
export interface SessionWord {
  readonly peerId: string
  readonly claims: readonly Claim[]
  readonly isComplete: boolean
  /** True for an author (in hex) of whom the session showed what the peer holds. */
  judges(author: string): boolean
}

/**
 * What peers owe: kept until they make good, and for a while after. It fills only from what peers themselves offered and
 * did in sessions with this node, so that nobody can bring another into it, and in bounds for each of them.
 */
export class EvidenceBook {
  readonly #clock: Clock
  /** By peer, kind and log; the one that changed last comes last. */
  readonly #slots = new Map<string, Slot>()
  /** By log: who brought which seqs, the latest last. */
  readonly #brought = new LruMap<string, { readonly peerId: string; ranges: readonly SeqRange[] }[]>(MAX_BROUGHT_LOGS)

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  /** What counts, the latest first. */
  list(): EvidenceEntry[] {
    this.#expire()
    const entries = [...this.#slots.values()].flatMap(({ entry }) => entry ?? [])
    return entries.toReversed().sort((a, b) => b.sinceMs - a.sinceMs)
  }

  /** True for a peer that hasn't kept its word lately. */
  owes(peerId: string): boolean {
    const nowMs = this.#clock.now()
    return [...this.#slots.values()].some(({ entry }) => {
      if (entry === null || entry.peerId !== peerId || entry.kind !== 'withheld') return false
      return entry.state === 'open' || (entry.state === 'repaired' && nowMs - entry.stateMs < FORGIVEN_MS)
    })
  }

  /** True when something that a peer owes of this log is missing here. */
  misses(author: string, device: string): boolean {
    for (const { claim, entry, noticed } of this.#slots.values()) {
      const isOf = isMissing(claim) && claim.author === author && claim.device === device
      if (isOf && (noticed !== null || entry?.state === 'open')) return true
    }
    return false
  }

  /** Authors (in hex) of whom something is owed and missing here. */
  listMissed(): string[] {
    const open = [...this.#slots.values()].filter(({ claim, entry }) => isMissing(claim) && entry?.state === 'open')
    return [...new Set(open.map(({ claim }) => claim.author))]
  }

  /** True when something changed that counts. */
  noteSession({ peerId, claims, isComplete, judges }: SessionWord): boolean {
    const nowMs = this.#clock.now()
    let hasChanged = false
    for (const claim of claims) {
      if (this.#noteClaim(peerId, claim, isComplete, nowMs)) hasChanged = true
    }
    const said = new Set(claims.map((claim) => keyOf(peerId, claim)))
    for (const [key, slot] of this.#slots) {
      if (slot.peerId !== peerId || slot.claim.kind === 'withheld' || said.has(key)) continue
      if (!judges(slot.claim.author)) continue
      slot.noticed = null
      const isOpen = slot.entry?.state === 'open'
      if (isOpen) hasChanged = true
      slot.entry = isOpen ? this.#unsaid(slot.entry as EvidenceEntry, nowMs) : slot.entry
      if (slot.entry === null) this.#slots.delete(key)
    }
    return hasChanged
  }

  /** This peer brought these records. */
  noteBrought(peerId: string, author: string, device: string, seqs: readonly number[]): void {
    const log = author + device
    const others = (this.#brought.peek(log) ?? []).filter((other) => other.peerId !== peerId)
    const own = this.#brought.peek(log)?.find((other) => other.peerId === peerId)?.ranges ?? []
    const came = toRanges(seqs)
    const ranges = newestRanges(uniteRanges(own, came))
    this.#brought.set(log, [...others, { peerId, ranges }].slice(-MAX_BRINGERS))
  }

  /** This is held of the log now. True when something changed that counts. */
  noteHeld(author: string, device: string, held: readonly SeqRange[]): boolean {
    const nowMs = this.#clock.now()
    let hasChanged = false
    for (const [key, slot] of this.#slots) {
      const { claim, entry, noticed } = slot
      if (!isMissing(claim) || claim.author !== author || claim.device !== device) continue
      if (noticed !== null) {
        const ranges = subtractRanges(noticed.ranges, held)
        slot.noticed = ranges.length === 0 ? null : { ...noticed, ranges }
      }
      if (entry?.state === 'open') {
        const came = intersectRanges(entry.left, held)
        if (came.length > 0) {
          hasChanged = true
          slot.entry = this.#without(entry, came, nowMs)
        }
      }
      if (slot.entry === null && slot.noticed === null) this.#slots.delete(key)
    }
    return hasChanged
  }

  /** The entry when these seqs have come, with who brought them. */
  #without(entry: EvidenceEntry, came: readonly SeqRange[], nowMs: number): EvidenceEntry {
    const left = subtractRanges(entry.left, came)
    const from = this.#bringerOf(entry.author + entry.device, came) ?? entry.from
    const state = left.length > 0 ? 'open' : from === entry.peerId ? 'settled' : 'repaired'
    return { ...entry, left, state, stateMs: state === 'open' ? entry.stateMs : nowMs, from }
  }

  /** An open entry of which a session showed nothing any more; null for one that is over without having been made good. */
  #unsaid(entry: EvidenceEntry, nowMs: number): EvidenceEntry | null {
    if (!isMissing(entry)) return { ...entry, left: [], state: 'settled', stateMs: nowMs }
    // The records may just have come; else the seed no longer keeps the author, or owes in another way.
    const brought = (this.#brought.peek(entry.author + entry.device) ?? []).map(({ ranges }) => ranges)
    const left = brought.reduce(subtractRanges, entry.left)
    return left.length === 0 ? this.#without(entry, entry.left, nowMs) : null
  }

  /** Puts entries of an earlier run here, in order. */
  restore(entries: readonly EvidenceEntry[]): void {
    for (const entry of entries) {
      const { kind, author, device, peerId } = entry
      const claim = { kind, author, device }
      this.#put(keyOf(peerId, claim), { entry, noticed: null, claim, peerId })
    }
    this.#expire()
  }

  #noteClaim(peerId: string, claim: Claim, isComplete: boolean, nowMs: number): boolean {
    const key = keyOf(peerId, claim)
    const slot = this.#slots.get(key) ?? { entry: null, noticed: null, claim, peerId }
    const known = slot.entry?.state === 'open' ? slot.entry : null
    let sure: readonly SeqRange[] = claim.isSure ? claim.ranges : []
    if (claim.isSure) slot.noticed = null
    else {
      const kept = known === null ? [] : intersectRanges(known.ranges, claim.ranges)
      const fresh = { ranges: subtractRanges(claim.ranges, kept), known: claim.known ?? claim.ranges }
      const { noticed, ripe } = ripen(slot.noticed, fresh, isComplete, nowMs)
      slot.noticed = noticed
      sure = uniteRanges(kept, ripe)
    }
    const entry = this.#grown(slot, claim, sure, nowMs)
    const hasChanged = entry !== slot.entry && (entry?.left.length !== slot.entry?.left.length || known === null)
    slot.entry = entry
    this.#slots.delete(key)
    if (slot.entry !== null || slot.noticed !== null) this.#put(key, slot)
    return hasChanged
  }

  /** The entry after a session in which these seqs counted. */
  #grown({ entry, peerId }: Slot, claim: Claim, sure: readonly SeqRange[], nowMs: number): EvidenceEntry | null {
    const { kind, author, device } = claim
    const isOpen = entry?.state === 'open'
    if (sure.length === 0) {
      // What the peer didn't hold it holds now, and something else is too fresh to count.
      const isOver = isOpen && kind !== 'withheld'
      return isOver ? this.#unsaid(entry, nowMs) : entry
    }
    const before = isOpen ? entry : null
    const isPromise = isMissing(claim)
    const ranges = newestRanges(isPromise ? uniteRanges(before?.ranges ?? [], sure) : sure)
    const from = this.#bringerOf(author + device, sure, peerId) ?? before?.from ?? null
    return {
      ...{ kind, peerId, author, device, ranges },
      left: newestRanges(kind === 'withheld' ? uniteRanges(before?.left ?? [], sure) : sure),
      sinceMs: before?.sinceMs ?? nowMs,
      seenMs: nowMs,
      state: 'open',
      stateMs: before?.stateMs ?? nowMs,
      from: isPromise ? (before?.from ?? null) : from,
    }
  }

  /** Who brought the newest of these seqs that somebody is known to have brought, other than `except`. */
  #bringerOf(log: string, ranges: readonly SeqRange[], except?: string): string | null {
    const candidates = (this.#brought.peek(log) ?? []).filter(({ peerId }) => peerId !== except)
    return candidates.findLast((one) => intersectRanges(one.ranges, ranges).length > 0)?.peerId ?? null
  }

  #put(key: string, slot: Slot): void {
    const others = [...this.#slots].filter(([, other]) => other.peerId === slot.peerId)
    if (others.length >= MAX_PEER_ENTRIES) this.#dropFrom(others)
    if (this.#slots.size >= MAX_ENTRIES) {
      const byPeer = Map.groupBy(this.#slots, ([, { peerId }]) => peerId)
      const most = [...byPeer.values()].reduce((a, b) => (b.length > a.length ? b : a))
      this.#dropFrom(most)
    }
    this.#slots.set(key, slot)
  }

  /** The least of them goes: noticed, settled, repaired, open; of equal ones the oldest. */
  #dropFrom(slots: readonly (readonly [string, Slot])[]): void {
    const weights = { settled: 1, repaired: 2, open: 3 }
    const weightOf = ({ entry }: Slot) => (entry === null ? 0 : weights[entry.state])
    const [key] = slots.reduce((a, b) => (weightOf(b[1]) < weightOf(a[1]) ? b : a))
    this.#slots.delete(key)
  }

  #expire(): void {
    const nowMs = this.#clock.now()
    for (const [key, { entry }] of this.#slots) {
      if (entry === null) continue
      const ageMs = nowMs - (entry.state === 'open' ? entry.seenMs : entry.stateMs)
      const limits = { settled: KEEP_SETTLED_MS, repaired: KEEP_REPAIRED_MS, open: KEEP_UNSEEN_MS }
      if (ageMs > limits[entry.state]) this.#slots.delete(key)
    }
  }
}

/** What was noticed and is still so: `ripe` where that has gone on for long enough. */
function ripen(
  before: Noticed | null,
  { ranges, known }: { readonly ranges: readonly SeqRange[]; readonly known: readonly SeqRange[] },
  isComplete: boolean,
  nowMs: number,
): { readonly noticed: Noticed | null; readonly ripe: readonly SeqRange[] } {
  const begin = (all: readonly SeqRange[]): Noticed | null => {
    const some = intersectRanges(all, known)
    return some.length === 0 ? null : { ranges: newestRanges(some), sinceMs: nowMs, doneMs: isComplete ? nowMs : null }
  }
  const still = before === null ? [] : intersectRanges(before.ranges, ranges)
  if (before === null || still.length === 0) return { noticed: begin(ranges), ripe: [] }
  const doneMs = before.doneMs ?? (isComplete ? nowMs : null)
  const isCaughtUp = isComplete && doneMs !== null && nowMs - doneMs >= CATCH_UP_MS
  if (!isCaughtUp && nowMs - before.sinceMs < UNFINISHED_MS) {
    return { noticed: { ...before, ranges: still, doneMs }, ripe: [] }
  }
  return { noticed: begin(subtractRanges(ranges, still)), ripe: still }
}

function keyOf(peerId: string, { kind, author, device }: Pick<Claim, 'kind' | 'author' | 'device'>): string {
  return `${peerId} ${kind} ${author} ${device}`
}

function newestRanges(ranges: readonly SeqRange[]): readonly SeqRange[] {
  return ranges.slice(-MAX_RANGES)
}

function toRanges(seqs: readonly number[]): SeqRange[] {
  const ranges: [number, number][] = []
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && seq <= last[1] + 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}
