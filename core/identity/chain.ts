/**
 * From the set of an address's operations to who may sign for it: a pure function of the set, whatever the order and
 * without a clock (IDN10 … IDN24).
 *
 * Operations form a tree by their links. Walking down from the genesis, wherever operations of rank 0 or 1 stand in
 * several branches, the branch wins in which the highest rank speaks, counted by the authorities of the fork itself:
 * what a branch gave itself counts for nothing there. Of equal branches none wins. Operations of devices never take
 * part in that; they are united where the walk ends, whatever others have built on them.
 */
import { compareBytes, fromHex, toHex } from '../util/bytes.ts'
import {
  compareEntries,
  deviceOperationsOf,
  type MergedDevices,
  mergeDevices,
  subtreeOf,
  uniteBranches,
} from './chain-merge.ts'
import {
  authorityRank,
  NOTHING_COUNTS,
  type PlacedOperation,
  placeOperations,
  type Rank,
  uniteSignatures,
} from './chain-path.ts'
import {
  CAPABILITY,
  type DeviceEntry,
  type DeviceSeal,
  type IdentityOperation,
  isNotice,
  MAX_DEVICES,
} from './operation.ts'

export interface IdentityState {
  /** 32-byte inception key. */
  readonly address: Uint8Array
  /** Id of the genesis, 32 bytes; of several the lowest, which decides nothing. */
  readonly genesisHash: Uint8Array
  /** Ids of all genesis operations, ascending; more than one only when the inception key was not erased. */
  readonly genesisHashes: readonly Uint8Array[]
  /** Branches of equal rank, or two genesis operations: neither wins, the devices of all stay. */
  readonly isContested: boolean
  /** The rank of those branches, null for none and for two genesis operations: only a higher one settles it. */
  readonly contestedRank: 0 | 1 | null
  /** Every device that was ever rightly added, sorted by key; at most 512. */
  readonly devices: readonly IdentityDevice[]
  /** Operations to build on, the best first: the ends of all branches that count. */
  readonly heads: readonly IdentityOperation[]
  /** What an authority builds on: the first head, or the fork when there is one to settle. Null for two geneses. */
  readonly base: IdentityOperation | null
  /** `base` and what it builds on, up to the genesis: a higher rank may have to go back to where it is named. */
  readonly line: readonly IdentityOperation[]
  /** Operations, notices left out, that are kept and not applied: beyond their signers' rights, or without what they build on. */
  readonly unapplied: number
}

export interface IdentityDevice {
  /** Ed25519, 32 bytes. */
  readonly key: Uint8Array
  /** X25519, 32 bytes. */
  readonly sealKey: Uint8Array
  readonly capabilities: number
  readonly name: string
  /**
   * Sealed and retired devices may not go on; what they signed before is shown up to the seal. A device that lost its
   * place, by a fork or by being left out, is sealed with nothing that counts.
   */
  readonly status: 'active' | 'sealed' | 'retired'
  /** Set unless active: the last record that counts. */
  readonly seal: DeviceSeal | null
  /** The rank that stands behind the seal: it takes that one or a higher one to change it. Null without one behind it. */
  readonly sealRank: Rank | null
  /** Keys of the devices that added it, ascending; none when the inception key or an authority did. */
  readonly addedBy: readonly Uint8Array[]
  /** Branches of equal rank, or a retirement, disagree about it. */
  readonly contested: boolean
  /** As an operation lists it, seal and all. */
  readonly entry: DeviceEntry
}

interface Outcome {
  readonly devices: MergedDevices
  readonly heads: readonly PlacedOperation[]
  /** The uppermost fork that nobody settled. */
  readonly fork: { readonly at: PlacedOperation | null; readonly rank: 0 | 1 | null } | null
}

/**
 * The state that checked operations of one address add up to; those of another address than the first genesis' are
 * passed over. Null without a genesis.
 */
export function resolveChain(operations: readonly IdentityOperation[]): IdentityState | null {
  const unique = uniteSignatures(operations)
  const first = unique.find(({ prev }) => prev === null)
  if (first === undefined) return null
  const ours = unique.filter((one) => compareBytes(one.address, first.address) === 0 && !isNotice(one))
  const placed = placeOperations(ours)
  const geneses = placed.filter(({ parent }) => parent === null)
  const { devices, heads, fork } = settleGeneses(geneses, authorityBearers(placed))
  const line = lineOf(fork === null ? heads[0] : fork.at)
  return {
    address: first.address,
    genesisHash: first.id,
    genesisHashes: geneses.map(({ operation }) => operation.id),
    isContested: fork !== null,
    contestedRank: fork?.rank ?? null,
    devices: listDevices(devices, placed),
    heads: heads.map(({ operation }) => operation),
    base: line[0] ?? null,
    line,
    unapplied: ours.length - placed.length,
  }
}

/**
 * Devices whose records are this person's (IDN12): they are kept and passed on. Those of a sealed or retired device are
 * shown only up to its seal.
 */
export function listRecordDevices(state: IdentityState): readonly IdentityDevice[] {
  return state.devices.filter(({ capabilities }) => (capabilities & CAPABILITY.records) !== 0)
}

function lineOf(from: PlacedOperation | null | undefined): IdentityOperation[] {
  const line: IdentityOperation[] = []
  for (let at = from ?? null; at !== null; at = at.parent) line.push(at.operation)
  return line
}

/** Operations of rank 0 or 1, and all that lie above one. */
function authorityBearers(placed: readonly PlacedOperation[]): ReadonlySet<PlacedOperation> {
  const bearers = new Set<PlacedOperation>()
  for (const one of placed) {
    if (one.rank !== 0 && one.rank !== 1) continue
    for (let at: PlacedOperation | null = one; at !== null && !bearers.has(at); at = at.parent) bearers.add(at)
  }
  return bearers
}

/** Nobody stands above two geneses, except an authority that all of them name (IDN11). */
function settleGeneses(geneses: readonly PlacedOperation[], bearers: ReadonlySet<PlacedOperation>): Outcome {
  if (geneses.length === 1) return settle(geneses[0] as PlacedOperation, [], bearers)
  const { winners } = strongest(geneses, geneses)
  if (winners.length === 1) return settle(winners[0] as PlacedOperation, [], bearers)
  return contest(
    winners.map((one) => settle(one, [], bearers)),
    { at: null, rank: null },
  )
}

/** Walks from an operation to where no authority has spoken below. `beside` grows by what devices did off the line. */
function settle(
  from: PlacedOperation,
  beside: readonly PlacedOperation[],
  bearers: ReadonlySet<PlacedOperation>,
): Outcome {
  const off = [...beside]
  for (let at = from; ; ) {
    const branches = at.children.filter((child) => bearers.has(child))
    if (branches.length === 0) return { devices: mergeDevices(at, off), heads: headsOf(at, off), fork: null }
    const { winners, rank } = strongest(branches, [at])
    const offTo = (line: PlacedOperation) => at.children.filter((child) => child !== line).flatMap(deviceOperationsOf)
    if (winners.length > 1) {
      return contest(
        winners.map((winner) => settle(winner, [...off, ...offTo(winner)], bearers)),
        { at, rank },
      )
    }
    const [winner] = winners as [PlacedOperation]
    off.push(...offTo(winner))
    at = winner
  }
}

function contest(outcomes: readonly Outcome[], fork: NonNullable<Outcome['fork']>): Outcome {
  return {
    devices: uniteBranches(outcomes.map(({ devices }) => devices)),
    heads: outcomes.flatMap(({ heads }) => heads),
    fork,
  }
}

/** The branches in which the highest rank speaks, by what all of `grounds` entitle the signers to (IDN20). */
function strongest(branches: readonly PlacedOperation[], grounds: readonly PlacedOperation[]) {
  if (branches.length === 1) return { winners: branches, rank: null }
  const ranked = branches.map((branch) => {
    const ranks = subtreeOf(branch).map((one) =>
      Math.max(...grounds.map((ground) => authorityRank(ground.authorities, one) ?? 2)),
    )
    return { branch, rank: Math.min(...ranks) }
  })
  const best = Math.min(...ranked.map(({ rank }) => rank))
  const rank: 0 | 1 | null = best === 2 ? null : best === 0 ? 0 : 1
  return { winners: ranked.filter((one) => one.rank === best).map(({ branch }) => branch), rank }
}

/** Ends of the branches below the tip, the longest first, then those beside the line. */
function headsOf(tip: PlacedOperation, beside: readonly PlacedOperation[]): PlacedOperation[] {
  const ends = (all: readonly PlacedOperation[]) => {
    const counted = new Set(all)
    return all
      .filter(({ children }) => children.every((child) => !counted.has(child)))
      .sort((a, b) => b.depth - a.depth || compareBytes(a.operation.id, b.operation.id))
  }
  return [...ends(subtreeOf(tip)), ...ends(beside)]
}

/**
 * All devices of the outcome and, sealed with nothing that counts, those that stood rightly on a line that lost: their
 * records are kept and passed on alike by those who heard of them before and after. At most 256 of each (IDN24).
 */
function listDevices(merged: MergedDevices, placed: readonly PlacedOperation[]): IdentityDevice[] {
  const shown = [...merged]
    .sort(([a, one], [b, other]) => one.depth - other.depth || (a < b ? -1 : 1))
    .slice(0, MAX_DEVICES)
    .map(([, { entry, capabilities, seal, sealRank, isRetired, addedBy, isContested }]): IdentityDevice => {
      const status = seal === null ? 'active' : isRetired ? 'retired' : 'sealed'
      return describe(entry, { capabilities, status, seal, sealRank, addedBy: [...addedBy], contested: isContested })
    })
  const isShown = new Set(shown.map(({ key }) => toHex(key)))
  const lost = new Map<string, { entry: DeviceEntry; capabilities: number; addedBy: string[]; depth: number }>()
  for (const { devices, depth } of placed) {
    for (const [name, { entry, capabilities, addedBy }] of devices) {
      if (isShown.has(name)) continue
      const held = lost.get(name)
      lost.set(name, {
        entry: held === undefined || compareEntries(entry, held.entry) < 0 ? entry : held.entry,
        capabilities: capabilities | (held?.capabilities ?? 0),
        addedBy: [...new Set([...addedBy, ...(held?.addedBy ?? [])])],
        depth: held?.depth ?? depth,
      })
    }
  }
  const hidden = [...lost]
    .sort(([a, one], [b, other]) => one.depth - other.depth || (a < b ? -1 : 1))
    .slice(0, MAX_DEVICES)
    .map(([, { entry, capabilities, addedBy }]) =>
      describe(entry, {
        capabilities,
        status: 'sealed',
        seal: NOTHING_COUNTS,
        sealRank: null,
        addedBy,
        contested: false,
      }),
    )
  return [...shown, ...hidden].sort((a, b) => compareBytes(a.key, b.key))
}

function describe(
  entry: DeviceEntry,
  facts: Pick<IdentityDevice, 'capabilities' | 'status' | 'seal' | 'sealRank' | 'contested'> & {
    readonly addedBy: string[]
  },
): IdentityDevice {
  const { key, sealKey, name } = entry
  const { addedBy, ...rest } = facts
  const adders = addedBy.sort().map((name) => fromHex(name) as Uint8Array)
  return { key, sealKey, name, ...rest, addedBy: adders, entry: { ...entry, seal: facts.seal } }
}
