import type { LogReader } from '../store/log-reader.ts'
import { toHex } from '../util/bytes.ts'
import type { RandomSource } from '../util/random.ts'
import type { OfferEntry } from './frames.ts'
import { uniqueKeys } from './offer.ts'

/** What this side asks the other for in one session (SYN5). */
export interface Wishes {
  readonly everyone: boolean
  readonly keys: readonly Uint8Array[]
  /** There are more keys than one session takes; another part goes next time. */
  readonly isCapped: boolean
  /** True for an offer that answers these wishes. */
  covers(offer: Pick<OfferEntry, 'author' | 'alias'>): boolean
}

/**
 * Within a scope: those of its authors that are wanted. Without: everyone, or all that are wanted, at most `maxAuthors`
 * beginning somewhere else each time.
 */
export async function readWishes(
  components: { readonly reader: LogReader; readonly random: RandomSource },
  init: { readonly scope: readonly Uint8Array[] | null; readonly maxAuthors: number },
): Promise<Wishes> {
  const { reader, random } = components
  const { scope, maxAuthors } = init
  const takesAll = await reader.wantsEveryone()
  const wanted = takesAll ? (scope ?? []) : await reader.listWanted()
  const all = uniqueKeys(scope === null || takesAll ? wanted : intersectKeys(scope, wanted))
  const keys = all.length > maxAuthors ? turn(all, random).slice(0, maxAuthors) : all
  const everyone = takesAll && scope === null
  const names = new Set(keys.map(toHex))
  return {
    everyone,
    keys,
    isCapped: keys.length < all.length,
    covers: ({ author, alias }) => everyone || names.has(toHex(author)) || (alias !== null && names.has(toHex(alias))),
  }
}

/** Those of the keys that this node wants. */
export async function filterWanted(reader: LogReader, keys: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  return (await reader.wantsEveryone()) ? keys : intersectKeys(keys, await reader.listWanted())
}

function intersectKeys(keys: readonly Uint8Array[], others: readonly Uint8Array[]): Uint8Array[] {
  const names = new Set(others.map(toHex))
  return keys.filter((key) => names.has(toHex(key)))
}

/** The same keys, beginning at a random one. */
function turn(keys: readonly Uint8Array[], random: RandomSource): Uint8Array[] {
  const [high = 0, middle = 0, low = 0] = random(3)
  const start = (high * 65_536 + middle * 256 + low) % keys.length
  return [...keys.slice(start), ...keys.slice(0, start)]
}
