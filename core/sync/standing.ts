import type { HelloFrame } from './frames.ts'

/** More is said to nobody: what decides who gets a place are zero, a few and enough. */
export const MAX_SAID = 8

/** What a side has besides the connection on which it says so (RCH8). A claim. */
export interface Standing {
  readonly seeds: number
  readonly links: number
}

/** As it stands among the capabilities of a Hello. */
export function sayStanding({ seeds, links }: Standing): Record<'seeds' | 'links', number> {
  return { seeds: Math.min(seeds, MAX_SAID), links: Math.min(links, MAX_SAID) }
}

/** Null where the other side doesn't say it, or not in numbers that can be. */
export function claimedStanding({ capabilities }: Pick<HelloFrame, 'capabilities'>): Standing | null {
  const { seeds, links } = capabilities
  return isCount(seeds) && isCount(links) ? { seeds, links } : null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_SAID
}
