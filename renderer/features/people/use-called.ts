import { useQuery } from '@tanstack/react-query'
import type { Petnames } from '../../../core/contract/petnames.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { calledName } from './called-name.ts'

/** The names of an answer by profile: every name on the page asks for one of them. */
const maps = new WeakMap<Petnames, ReadonlyMap<string, string>>()

function mapOf(petnames: Petnames): ReadonlyMap<string, string> {
  const known = maps.get(petnames) ?? new Map(petnames.items.map(({ profile, name }) => [profile, name]))
  maps.set(petnames, known)
  return known
}

const NOBODY: ReadonlyMap<string, string> = new Map()

/** The account's own names for others, by profile. */
export function usePetnames(): ReadonlyMap<string, string> {
  const { orpc } = useRpc()
  const options = orpc.profiles.petnames.queryOptions({ staleTime: Number.POSITIVE_INFINITY })
  return useQuery({ ...options, select: mapOf }).data ?? NOBODY
}

/** What people are called here: by the account's own name for them, else by the one that they give, else by the short ID. */
export function useCalled(): (person: { profile: string; name: string }) => string {
  const petnames = usePetnames()
  return (person) => petnames.get(person.profile) ?? calledName(person)
}
