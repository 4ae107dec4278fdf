import type { DrillCut } from '../contract/drill.ts'
import { ipOf, isNearAddress, parseAddress } from '../net/addresses.ts'
import type { CutRule } from '../net/cut.ts'

export interface DrillRuleInit {
  /** Loopback stands for the whole network. */
  readonly isLocal: boolean
  /** Whoever is known as a seed now: by its word, its card, a profile that names it, or the network's descriptor. */
  readonly isSeed: (peerId: string) => boolean
  /** Addresses that the network's descriptor lists. */
  readonly bootstrap: readonly string[]
}

/** What a drill keeps out (RCH10). */
export function drillRule(cut: DrillCut, init: DrillRuleInit): CutRule {
  const seeds: CutRule = {
    coversPeer: init.isSeed,
    coversAddress: (address) => init.bootstrap.includes(address),
  }
  if (cut === 'seeds') return seeds
  if (!init.isLocal) return { coversPeer: () => false, coversAddress: (address) => !isNearAddress(address) }
  return {
    coversPeer: seeds.coversPeer,
    coversAddress: (address) => seeds.coversAddress(address) || !isHousehold(address),
  }
}

/**
 * On a local network 127.0.0.0/24 and ::1 stand for the own household; the rest of loopback and every seed, for what
 * lies outside.
 */
function isHousehold(address: string): boolean {
  const parsed = parseAddress(address)
  const host = parsed === undefined ? undefined : ipOf(parsed)?.host
  return host === '::1' || host?.startsWith('127.0.0.') === true
}
