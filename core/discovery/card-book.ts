/**
 * The cards that are kept: of seeds, of the devices of authors whom this node wants, and of others, each in a shelf of
 * its own, so that a crowd of strangers never pushes out a friend (DSC6). In memory, bounded; the newest card of a
 * device counts. What each has been good for decides which goes first.
 */
import type { PeerCard } from '../record/peer-card.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import {
  MAX_AUTHOR_CARDS,
  MAX_CARD_AGE_MS,
  MAX_CARD_AHEAD_MS,
  MAX_CARDS_PER_HOST,
  MAX_OTHER_CARDS,
  MAX_SEED_CARDS,
  MAX_WANTED_CARDS,
  MAX_WITHDRAWN,
} from './limits.ts'

/** What became of a card that was shown to the book. */
export type CardOutcome = 'kept' | 'known' | 'older' | 'too-old' | 'too-new' | 'no-address' | 'crowd' | 'full'

type ShelfName = 'seeds' | 'wanted' | 'others'

interface Entry {
  readonly card: PeerCard
  readonly key: string
  readonly shelf: ShelfName
  /** The author's chain lists the device: the card's claim is true. */
  readonly isListed: boolean
  /** When a connection to it stood last, 0 for never; milliseconds since 1970. */
  readonly metAt: number
  /** Attempts without an answer since then. */
  readonly failures: number
}

const ROOM: Readonly<Record<ShelfName, number>> = {
  seeds: MAX_SEED_CARDS,
  wanted: MAX_WANTED_CARDS,
  others: MAX_OTHER_CARDS,
}
/** A seed remembers more of everybody. */
const SEED_FACTOR = 4

export interface CardBookInit {
  /** True for a 32-byte address of whom this node wants to hear. */
  readonly isWanted: (author: Uint8Array) => boolean
  readonly isSeed?: boolean
}

export class CardBook {
  readonly #clock: Clock
  readonly #init: CardBookInit
  /** Device in hex → entry, oldest change first. */
  readonly #entries = new Map<string, Entry>()
  /** Author in hex → devices in hex. */
  readonly #byAuthor = new Map<string, Set<string>>()
  readonly #sizes: Record<ShelfName, number> = { seeds: 0, wanted: 0, others: 0 }
  readonly #hosts = new Map<string, number>()
  /** Device in hex → `ts` of the card that took back its addresses: others may still hand on one from before. */
  readonly #withdrawn = new LruMap<string, number>(MAX_WITHDRAWN)

  readonly #room: Readonly<Record<ShelfName, number>>

  constructor(components: { readonly clock: Clock }, init: CardBookInit) {
    this.#clock = components.clock
    this.#init = init
    this.#room = init.isSeed === true ? { ...ROOM, others: ROOM.others * SEED_FACTOR } : ROOM
  }

  get size(): number {
    return this.#entries.size
  }

  /** Takes a card whose signature was judged. */
  note(card: PeerCard): CardOutcome {
    const now = this.#clock.now()
    if (card.ts > now + MAX_CARD_AHEAD_MS) return 'too-new'
    if (card.ts < now - MAX_CARD_AGE_MS) return 'too-old'
    const key = toHex(card.device)
    const known = this.#entries.get(key)
    if (known !== undefined && known.card.ts >= card.ts) return known.card.ts === card.ts ? 'known' : 'older'
    if (card.ts <= (this.#withdrawn.peek(key) ?? 0)) return 'older'
    if (card.addresses.length === 0) {
      // Whoever has no address any more takes the old ones back.
      this.#remove(key)
      this.#withdrawn.set(key, card.ts)
      return 'no-address'
    }
    const shelf = this.#shelfOf(card)
    const host = hostOf(card)
    if (known === undefined && shelf !== 'wanted' && (this.#hosts.get(host) ?? 0) >= MAX_CARDS_PER_HOST) return 'crowd'
    this.#remove(key)
    if (this.#sizes[shelf] >= this.#room[shelf] && !this.#makeRoom(shelf)) return 'full'
    if (card.author !== null && (this.#byAuthor.get(toHex(card.author))?.size ?? 0) >= MAX_AUTHOR_CARDS) {
      this.#dropOldestOf(card.author)
    }
    const isSame = known !== undefined && String(known.card.author) === String(card.author)
    const isListed = isSame && known.isListed
    this.#add({ card, key, shelf, isListed, metAt: known?.metAt ?? 0, failures: known?.failures ?? 0 })
    return 'kept'
  }

  /** The device answered under an address of its card. */
  noteMet(device: Uint8Array): void {
    this.#change(device, { metAt: this.#clock.now(), failures: 0 })
  }

  noteSilent(device: Uint8Array): void {
    const entry = this.#entries.get(toHex(device))
    if (entry !== undefined) this.#change(device, { failures: entry.failures + 1 })
  }

  /** The chain of the author whom the card names lists the device, or it doesn't. */
  noteListed(device: Uint8Array, isListed: boolean): void {
    this.#change(device, { isListed })
  }

  /** Others are wanted than before: cards move between the shelves. */
  noteWanted(): void {
    for (const entry of [...this.#entries.values()]) {
      const shelf = this.#shelfOf(entry.card)
      if (shelf === entry.shelf) continue
      this.#remove(entry.key)
      if (this.#sizes[shelf] < this.#room[shelf] || this.#makeRoom(shelf)) this.#add({ ...entry, shelf })
    }
  }

  get(device: Uint8Array): PeerCard | null {
    const entry = this.#entries.get(toHex(device))
    return entry === undefined || this.#isStale(entry) ? null : entry.card
  }

  /** Cards of the devices of these authors, those first that their chains list, at most eight of each. */
  ofAuthors(authors: readonly Uint8Array[], limit: number): PeerCard[] {
    const found: PeerCard[] = []
    for (const author of authors) {
      const devices = this.#byAuthor.get(toHex(author)) ?? []
      const cards = [...devices].flatMap((key) => this.#entries.get(key) ?? []).filter((entry) => !this.#isStale(entry))
      found.push(...cards.sort(byTrust).map(({ card }) => card))
      if (found.length >= limit) break
    }
    return found.slice(0, limit)
  }

  /** True when a card of one of the author's devices is held that isn't stale. */
  hasAuthor(author: Uint8Array): boolean {
    return this.ofAuthors([author], 1).length > 0
  }

  /** Seeds, those that answered lately first, then by the age of their card; no operator twice before all stood once. */
  seeds(limit: number): PeerCard[] {
    const seeds = [...this.#entries.values()].filter((entry) => entry.card.role === 'seed' && !this.#isStale(entry))
    const good = seeds.sort((a, b) => b.metAt - a.metAt || a.failures - b.failures || b.card.ts - a.card.ts)
    const seen = new Set<string>()
    const first: PeerCard[] = []
    const again: PeerCard[] = []
    for (const { card } of good) {
      const operator = card.author === null ? hostOf(card) : toHex(card.author)
      if (seen.has(operator)) again.push(card)
      else first.push(card)
      seen.add(operator)
    }
    return [...first, ...again].slice(0, limit)
  }

  /** Devices of wanted authors, those first that their chains list, then those that answered lately. */
  wanted(limit: number): PeerCard[] {
    const cards = this.#list('wanted').sort(
      (a, b) =>
        Number(b.isListed) - Number(a.isListed) ||
        a.failures - b.failures ||
        b.metAt - a.metAt ||
        b.card.ts - a.card.ts,
    )
    return cards.slice(0, limit).map(({ card }) => card)
  }

  /** Anybody else, those that answered lately first. */
  others(limit: number): PeerCard[] {
    const cards = this.#list('others').sort(
      (a, b) => a.failures - b.failures || b.metAt - a.metAt || b.card.ts - a.card.ts,
    )
    return cards.slice(0, limit).map(({ card }) => card)
  }

  /** Everything that isn't stale, for the disk. */
  all(): { readonly card: PeerCard; readonly metAt: number }[] {
    return [...this.#entries.values()]
      .filter((entry) => !this.#isStale(entry))
      .map(({ card, metAt }) => ({ card, metAt }))
  }

  /** From the disk: a card with what was remembered of it. */
  restore(card: PeerCard, metAt: number): void {
    if (this.note(card) === 'kept') this.#change(card.device, { metAt })
  }

  #list(shelf: ShelfName): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.shelf === shelf && !this.#isStale(entry))
  }

  #shelfOf({ author, role }: PeerCard): ShelfName {
    if (author !== null && this.#init.isWanted(author)) return 'wanted'
    return role === 'seed' ? 'seeds' : 'others'
  }

  #isStale({ card }: Entry): boolean {
    return card.ts < this.#clock.now() - MAX_CARD_AGE_MS
  }

  /** Lets go of the one that was of least use: never answered and silent, then the oldest. */
  #makeRoom(shelf: ShelfName): boolean {
    let worst: Entry | null = null
    for (const entry of this.#entries.values()) {
      if (entry.shelf !== shelf) continue
      if (
        worst === null ||
        worth(entry) < worth(worst) ||
        (worth(entry) === worth(worst) && entry.card.ts < worst.card.ts)
      ) {
        worst = entry
      }
    }
    // A newcomer never replaces a seed or a friend that has answered.
    if (worst === null || (worst.metAt > 0 && shelf !== 'others')) return false
    this.#remove(worst.key)
    return true
  }

  #dropOldestOf(author: Uint8Array): void {
    const entries = [...(this.#byAuthor.get(toHex(author)) ?? [])].flatMap((key) => this.#entries.get(key) ?? [])
    const last = entries.sort(byTrust).at(-1)
    if (last !== undefined) this.#remove(last.key)
  }

  #change(device: Uint8Array, change: Partial<Pick<Entry, 'metAt' | 'failures' | 'isListed'>>): void {
    const key = toHex(device)
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#entries.set(key, { ...entry, ...change })
  }

  #add(entry: Entry): void {
    this.#entries.set(entry.key, entry)
    this.#sizes[entry.shelf]++
    const host = hostOf(entry.card)
    this.#hosts.set(host, (this.#hosts.get(host) ?? 0) + 1)
    if (entry.card.author === null) return
    const author = toHex(entry.card.author)
    const devices = this.#byAuthor.get(author) ?? new Set()
    this.#byAuthor.set(author, devices.add(entry.key))
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#sizes[entry.shelf]--
    const host = hostOf(entry.card)
    const left = (this.#hosts.get(host) ?? 1) - 1
    if (left > 0) this.#hosts.set(host, left)
    else this.#hosts.delete(host)
    if (entry.card.author === null) return
    const author = toHex(entry.card.author)
    const devices = this.#byAuthor.get(author)
    devices?.delete(key)
    if (devices?.size === 0) this.#byAuthor.delete(author)
  }
}

/** What a chain confirms before what is only claimed, then the newer. */
function byTrust(a: Entry, b: Entry): number {
  return Number(b.isListed) - Number(a.isListed) || b.card.ts - a.card.ts
}

/** What never answered goes by how often it was tried, the rest by when it was met. */
function worth({ metAt, failures }: Entry): number {
  return metAt > 0 ? metAt : -failures
}

/** The IP address or name that the first address begins with. */
function hostOf({ addresses }: PeerCard): string {
  return (addresses[0] ?? '').split('/').slice(1, 3).join('/')
}
