/** A seed with which a feed can be kept. */
export interface FeedCandidate {
  readonly peerId: string
  /** Who runs it, as far as can be told: seeds with the same one fail and lie together. */
  readonly operator: string
  /** It was reached by dialling: somebody here chose it. */
  readonly isDialled: boolean
}

/**
 * The seeds to keep feeds with, the one that sends whole records first (FEE8): those in use before others, chosen ones
 * before those that came by themselves, and as many operators as there are before a second seed of any.
 */
export function pickHomes(
  candidates: readonly FeedCandidate[],
  inUse: readonly string[],
  max: number,
): readonly string[] {
  const placeOf = ({ peerId, isDialled }: FeedCandidate) => {
    const place = inUse.indexOf(peerId)
    if (place >= 0) return place
    return inUse.length + (isDialled ? 0 : 1)
  }
  const ranked = candidates.toSorted((a, b) => placeOf(a) - placeOf(b))
  const operators = new Set<string>()
  const firsts = ranked.filter(({ operator }) => !operators.has(operator) && operators.add(operator))
  const others = ranked.filter((candidate) => !firsts.includes(candidate))
  return [...firsts, ...others].slice(0, max).map(({ peerId }) => peerId)
}
