import type { Holding } from '../../../core/contract/views.ts'

/** Seeds that a record should be on before its author can forget about it. */
export const SAFE_SEEDS = 3
/** The line goes away this long after the post, once it is held. */
const KEEP_MS = 24 * 3_600_000

/** Own posts say where they are: always while nobody holds them, and for a day after that. */
export function isHoldingShown(holding: Holding | null, ts: number, now: number): holding is Holding {
  return holding !== null && (holding.seeds.length === 0 || now - ts < KEEP_MS)
}

export type HoldingStep =
  | { label: 'only' | 'here'; state: 'current' | 'reached' }
  | { label: 'on' | 'seeds'; count: number; state: 'current' | 'ahead' | 'reached' }

/** The three steps that the line shows: this computer, the first seed or seeds, three seeds. */
export function holdingSteps(held: number): HoldingStep[] {
  if (held === 0) {
    return [
      { label: 'only', state: 'current' },
      { label: 'seeds', count: 1, state: 'ahead' },
      { label: 'seeds', count: SAFE_SEEDS, state: 'ahead' },
    ]
  }
  if (held < SAFE_SEEDS) {
    return [
      { label: 'here', state: 'reached' },
      { label: 'on', count: held, state: 'current' },
      { label: 'on', count: SAFE_SEEDS, state: 'ahead' },
    ]
  }
  return [
    { label: 'here', state: 'reached' },
    { label: 'seeds', count: 1, state: 'reached' },
    { label: 'on', count: held, state: 'current' },
  ]
}
