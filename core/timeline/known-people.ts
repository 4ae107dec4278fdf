import { formatPeerId } from '../identity/peer-id.ts'
import { decodeBody, KIND } from '../record/kinds/kind-table.ts'
import type { MediaEntry } from '../record/kinds/media-entry.ts'
import type { ProfileBody } from '../record/kinds/profile.ts'
import { bytesName } from '../store/bytes-name.ts'
import type { PersonQueries } from '../store/person-queries.ts'
import type { Projections } from '../store/projections.ts'
import { LruMap } from '../util/lru-map.ts'

/** People of many pages, a few hundred bytes each. */
const MAX_PEOPLE = 4_096

export interface KnownPerson {
  /** '12D3Koo…' */
  readonly profile: string
  /** '' while unknown. */
  readonly name: string
  readonly avatar: MediaEntry | null
}

/**
 * What pages say of people: who stands on one page stands on the next one too. Remembered until any profile changes;
 * to be asked between transactions.
 */
export class KnownPeople {
  readonly #persons: Pick<PersonQueries, 'find'>
  readonly #projections: Pick<Projections, 'profileChanges'>
  readonly #people = new LruMap<string, KnownPerson>(MAX_PEOPLE)
  #seenChanges = 0

  constructor(components: {
    readonly persons: Pick<PersonQueries, 'find'>
    readonly projections: Pick<Projections, 'profileChanges'>
  }) {
    this.#persons = components.persons
    this.#projections = components.projections
  }

  find(address: Uint8Array): KnownPerson {
    const { profileChanges } = this.#projections
    if (profileChanges !== this.#seenChanges) this.#people.clear()
    this.#seenChanges = profileChanges
    const key = bytesName(address)
    const known = this.#people.get(key)
    if (known !== undefined) return known
    const row = this.#persons.find(address)
    const avatar = (row === null ? null : readProfile(row.profileBody))?.avatar ?? null
    const person = { profile: formatPeerId(address), name: row?.name ?? '', avatar }
    this.#people.set(key, person)
    return person
  }
}

/** A held profile record's body; null while there is none. */
export function readProfile(body: Uint8Array | null): ProfileBody | null {
  if (body === null) return null
  const decoded = decodeBody(KIND.profile, body)
  return decoded.ok && decoded.kind === 'profile' ? decoded.body : null
}
