import type { ListPeople, ListView } from '../contract/lists.ts'
import type { Person } from '../contract/views.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { EdgeTable } from '../store/edge-table.ts'
import { equalBytes, toHex } from '../util/bytes.ts'

/** Of this account; further ones are left out. */
const MAX_LISTS = 100
const MAX_MEMBERS = 1_000

type Edges = Pick<EdgeTable, 'listOn' | 'listMembers'>

/** The lists of an author, by name. `about`: address of somebody of whom each says whether they are on it. */
export function readLists(edges: Edges, authorId: number, about: Uint8Array | null): ListView[] {
  const lists = edges.listOn(KIND.list, authorId).slice(0, MAX_LISTS)
  return lists
    .map(({ subject, value, tsMs }) => {
      const members = edges.listMembers(authorId, subject, MAX_MEMBERS)
      const has = about !== null && members.some((member) => equalBytes(member, about))
      return { id: toHex(subject), name: value ?? '', members: members.length, since: tsMs, has }
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
}

/** Null for a list that the author doesn't have. */
export function readListPeople(
  edges: Edges,
  authorId: number,
  list: Uint8Array,
  view: (address: Uint8Array) => Person,
): ListPeople | null {
  const found = readLists(edges, authorId, null).find(({ id }) => id === toHex(list))
  if (found === undefined) return null
  return { ...found, people: edges.listMembers(authorId, list, MAX_MEMBERS).map(view) }
}
