import { useNetwork } from '../../app/use-network.ts'

export interface ClockWarning {
  /** This clock is before or behind those of the seeds. */
  side: 'ahead' | 'behind'
  /** By so much, milliseconds. */
  offMs: number
}

/** The clock of this computer is wrong by more than others put up with; undefined while it is right or nobody can say. */
export function useClockWarning(): ClockWarning | undefined {
  const { offsetMs, warning } = useNetwork()?.clock ?? { offsetMs: null, warning: false }
  if (!warning || offsetMs === null) return undefined
  return { side: offsetMs > 0 ? 'ahead' : 'behind', offMs: Math.abs(offsetMs) }
}

const SYSTEMS = [
  ['windows', /Windows/u],
  ['mac', /Mac|iPhone|iPad/u],
  ['linux', /Linux|X11/u],
] as const

/** Where the clock is set depends on it. */
export function systemOf(userAgent: string): 'windows' | 'mac' | 'linux' | 'other' {
  return SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'other'
}
