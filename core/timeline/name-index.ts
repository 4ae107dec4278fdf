import { formatPeerId } from '../identity/peer-id.ts'
import { foldName } from '../record/name-text.ts'
import type { NamedPerson } from '../store/person-queries.ts'
import type { Clock } from '../util/clock.ts'

/** People whose names are looked through; more are left out, but for those who are followed. */
const MAX_PEOPLE = 50_000
/** Words of one name that it is found by. */
const MAX_WORDS = 8
/** While profiles come in by the hundred, what is typed is looked up in names of so long ago. */
const STALE_MS = 5_000
/** Two characters of an ID are anybody's. */
const LEAST_OF_ID = 3
/** Entries that are looked at for one question. */
const MAX_SCANNED = 20_000

interface Entry {
  readonly key: string
  /** It begins the short ID, not the name. */
  readonly isId: boolean
  readonly person: NamedPerson
}

export interface NameIndexComponents {
  readonly persons: {
    listNamed(limit: number): NamedPerson[]
  }
  readonly projections: { readonly profileChanges: number }
  readonly clock: Pick<Clock, 'now'>
}

/**
 * People by what their names begin with: a sorted list in memory, made at the first question and anew when profiles have
 * changed, at most every five seconds. A name stands in it from each of its words on, so that a beginning may go over a
 * space; and so does the short ID, for three characters of it and more.
 */
export class NameIndex {
  readonly #c: NameIndexComponents
  #entries: readonly Entry[] = []
  #madeAt = Number.NEGATIVE_INFINITY
  #seenChanges = -1

  constructor(components: NameIndexComponents) {
    this.#c = components
  }

  /** Each once, in the order of what they are found by; `typed` may be '', then nobody is. */
  find(typed: string): NamedPerson[] {
    const start = foldName(typed.trimStart())
    if (start === '') return []
    this.#renew()
    const found = new Map<number, NamedPerson>()
    const from = this.#firstNotBefore(start)
    for (let i = from; i < Math.min(this.#entries.length, from + MAX_SCANNED); i++) {
      const entry = this.#entries[i] as Entry
      if (!entry.key.startsWith(start)) break
      if (!entry.isId || start.length >= LEAST_OF_ID) found.set(entry.person.authorId, entry.person)
    }
    return [...found.values()]
  }

  #renew(): void {
    const { profileChanges } = this.#c.projections
    const now = this.#c.clock.now()
    if (profileChanges === this.#seenChanges || Math.abs(now - this.#madeAt) < STALE_MS) return
    this.#seenChanges = profileChanges
    this.#madeAt = now
    this.#entries = this.#c.persons
      .listNamed(MAX_PEOPLE)
      .flatMap(entriesOf)
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  }

  #firstNotBefore(start: string): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#entries[middle] as Entry).key < start) low = middle + 1
      else high = middle
    }
    return low
  }
}

function entriesOf(person: NamedPerson): Entry[] {
  const words = foldName(person.name).trimEnd().split(' ')
  const keys = words.slice(0, MAX_WORDS).map((_, i) => words.slice(i).join(' '))
  const short = formatPeerId(person.address).slice(-8).toLowerCase()
  const names = keys.filter((key) => key !== '').map((key) => ({ key, isId: false, person }))
  const ids = [short, `${short.slice(0, 4)} ${short.slice(4)}`].map((key) => ({ key, isId: true, person }))
  return [...names, ...ids]
}
