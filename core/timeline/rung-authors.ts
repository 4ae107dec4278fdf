import { parsePeerId } from '../identity/peer-id.ts'
import type { BeyondQueries } from '../store/beyond-queries.ts'
import type { BeyondQuery } from './reader.ts'

const MAX_ON_RUNG = 1_000
const MAX_VOICES = 500

export interface RungComponents {
  readonly beyond: BeyondQueries
  readonly identities: { findAuthor(address: Uint8Array): number | undefined }
}

/** Whose posts stand on a rung below home: nobody on two of them, and nobody who stands at home. */
export function authorsOn({ beyond, identities }: RungComponents, query: BeyondQuery): readonly number[] {
  const idsOf = (profiles: readonly string[]) =>
    profiles.slice(0, MAX_VOICES).flatMap((profile) => {
      const address = parsePeerId(profile)
      return address === undefined ? [] : (identities.findAuthor(address) ?? [])
    })
  const pack = idsOf(query.voices)
  if (query.rung === 'welcome') return beyond.notAtHome(idsOf(query.spoken))
  const friends = beyond.friends(MAX_ON_RUNG).filter((id) => !pack.includes(id))
  if (query.rung === 'friends') return friends
  return beyond.others(new Set([...friends, ...pack]), MAX_ON_RUNG)
}
