/**
 * What devices add up to where the line of an identity chain has been settled (IDN20 … IDN23). The state after the
 * last operation of rank 0 or 1 is the ground. On it come the additions and retirements of devices, as a union: those
 * below it, whose signers stood on this ground, and those beside the line, which whoever wrote it may not have seen.
 * Everything here is a closure over a set, so no order matters.
 */
import { compareBytes } from '../util/bytes.ts'
import { isSameSeal, mayAdd, type PathDevice, type PlacedOperation, type Rank } from './chain-path.ts'
import type { DeviceEntry, DeviceSeal } from './operation.ts'

export interface MergedDevice {
  readonly entry: DeviceEntry
  readonly capabilities: number
  readonly seal: DeviceSeal | null
  readonly sealRank: Rank | null
  readonly isRetired: boolean
  readonly addedBy: ReadonlySet<string>
  readonly isContested: boolean
  /** Where on the line it first stands; later ones are left out first when there are too many. */
  readonly depth: number
}

export type MergedDevices = Map<string, MergedDevice>

/** One device's word that another is this person's. */
interface Addition {
  readonly name: string
  readonly device: PathDevice
  readonly by: PlacedOperation
}

/**
 * The devices at `tip`, an operation with no operation of rank 0 or 1 below it. `beside` are operations of rank 2 that
 * hang off the line above.
 */
export function mergeDevices(tip: PlacedOperation, beside: readonly PlacedOperation[]): MergedDevices {
  const devices: MergedDevices = new Map()
  for (const [name, device] of tip.devices) {
    const depth = device.isListed ? 0 : Number.MAX_SAFE_INTEGER
    devices.set(name, { ...device, addedBy: new Set(device.addedBy), isContested: false, depth })
  }
  const below = tip.children.flatMap(subtreeOf)
  const certain = below.flatMap(additionsOf)
  for (const addition of certain) include(devices, addition)
  const possible = trusted(devices, beside.flatMap(additionsOf))
  const counted = [...certain, ...includeEntitled(devices, possible)]
  // What the line lists stands as the line lists it: off the line, only those retire who were added there.
  const retirements = [...below, ...beside.filter((one) => !tip.devices.has(retiree(one) ?? ''))].filter(
    (one) => retiree(one) !== null,
  )
  retire(devices, retirements)
  markContested(devices, { tip, counted, retirements })
  return devices
}

/** The devices of branches of which none wins: all stay, and where the branches differ they are contested (IDN22). */
export function uniteBranches(branches: readonly MergedDevices[]): MergedDevices {
  const united: MergedDevices = new Map()
  for (const name of new Set(branches.flatMap((branch) => [...branch.keys()]))) {
    const views = branches.flatMap((branch) => branch.get(name) ?? [])
    const best = views.reduce((a, b) => (compareKindness(a, b) <= 0 ? a : b))
    const isAgreed = views.length === branches.length && views.every((view) => isSameSeal(view.seal, best.seal))
    united.set(name, {
      ...best,
      capabilities: views.reduce((bits, view) => bits | view.capabilities, 0),
      addedBy: new Set(views.flatMap((view) => [...view.addedBy])),
      isContested: !isAgreed || views.some((view) => view.isContested),
      depth: Math.min(...views.map(({ depth }) => depth)),
    })
  }
  return united
}

/** The operation and all below it, parents first. */
export function subtreeOf(root: PlacedOperation): PlacedOperation[] {
  const all = [root]
  for (const one of all) all.push(...one.children)
  return all
}

/** The device operations of a branch that no other operation stands before, parents first. */
export function deviceOperationsOf(branch: PlacedOperation): PlacedOperation[] {
  const all = branch.signers.length > 0 ? [branch] : []
  for (const one of all) all.push(...one.children.filter(({ signers }) => signers.length > 0))
  return all
}

function additionsOf(by: PlacedOperation): Addition[] {
  const before = by.parent?.devices
  if (by.signers.length === 0 || before === undefined) return []
  return [...by.devices].flatMap(([name, device]) => (before.has(name) ? [] : { name, device, by }))
}

/** Name of the device that the operation retires. */
function retiree(one: PlacedOperation): string | null {
  return one.signers.find((name) => one.devices.get(name)?.seal !== null) ?? null
}

function include(devices: MergedDevices, { name, device, by }: Addition): void {
  const held = devices.get(name)
  if (held === undefined) {
    devices.set(name, { ...device, addedBy: new Set(by.signers), isContested: false, depth: by.depth })
    return
  }
  devices.set(name, {
    ...held,
    entry: compareEntries(held.entry, device.entry) <= 0 ? held.entry : device.entry,
    capabilities: held.capabilities | device.capabilities,
    addedBy: new Set([...held.addedBy, ...by.signers]),
    depth: Math.min(held.depth, by.depth),
  })
}

/**
 * What no sealed device has a part in. A device that was added beside the line by one that the line seals goes with
 * it, and what that one added, even where an honest device listed it again without knowing (IDN21).
 */
function trusted(ground: MergedDevices, additions: readonly Addition[]): Addition[] {
  const open = additions.filter(({ name }) => !ground.has(name))
  const sealed = new Set<string>()
  for (const [name, { sealRank }] of ground) if (sealRank !== null && sealRank < 2) sealed.add(name)
  for (let before = -1; before !== sealed.size; ) {
    before = sealed.size
    for (const { name, by } of open) if (by.signers.some((signer) => sealed.has(signer))) sealed.add(name)
  }
  return open.filter(({ name }) => !sealed.has(name))
}

/** Takes in what devices that are in have added, until nothing more comes; returns that. */
function includeEntitled(devices: MergedDevices, possible: readonly Addition[]): Addition[] {
  const counted = new Set<Addition>()
  for (let before = -1; before !== counted.size; ) {
    before = counted.size
    for (const addition of possible) {
      if (counted.has(addition)) continue
      const { capabilities } = addition.device
      const isEntitled = addition.by.signers.some((name) => {
        const signer = devices.get(name)
        if (signer === undefined || (capabilities & ~signer.capabilities) !== 0) return false
        // A retired device added while it was in use.
        return mayAdd(signer.sealRank === 2 ? { ...signer, seal: null } : signer)
      })
      if (!isEntitled) continue
      counted.add(addition)
      include(devices, addition)
    }
  }
  return [...counted]
}

/** Of two retirements of one device the one counts that leaves less: a retired key cannot go on. */
function retire(devices: MergedDevices, retirements: readonly PlacedOperation[]): void {
  for (const one of retirements) {
    const name = retiree(one) as string
    const seal = one.devices.get(name)?.seal as DeviceSeal
    const held = devices.get(name)
    if (held === undefined || (held.sealRank !== null && held.sealRank < 2)) continue
    if (held.seal !== null && compareSeals(held.seal, seal) <= 0) continue
    devices.set(name, { ...held, seal, sealRank: 2, isRetired: true })
  }
}

/**
 * A device that only a retired one added, in an operation that its retirement doesn't know: either a thief found the
 * old disk, or a thief retired the owner's device to be rid of those that it added. Nobody can tell: it stays,
 * contested, until an authority speaks (IDN23).
 */
function markContested(
  devices: MergedDevices,
  known: {
    readonly tip: PlacedOperation
    readonly counted: readonly Addition[]
    readonly retirements: readonly PlacedOperation[]
  },
): void {
  const { tip, counted, retirements } = known
  const certain = new Set(tip.devices.keys())
  const vouches = (signer: string, added: string): boolean =>
    certain.has(signer) && retirements.every((one) => retiree(one) !== signer || one.devices.has(added))
  for (let before = -1; before !== certain.size; ) {
    before = certain.size
    for (const { name, by } of counted) if (by.signers.some((signer) => vouches(signer, name))) certain.add(name)
  }
  for (const [name, device] of devices) if (!certain.has(name)) devices.set(name, { ...device, isContested: true })
}

/** Lower seals first. */
function compareSeals(a: DeviceSeal, b: DeviceSeal): number {
  return a.lastSeq - b.lastSeq || compareBytes(a.headId, b.headId)
}

/** What shows more first: in use, then the higher seal. */
function compareKindness(a: MergedDevice, b: MergedDevice): number {
  if (a.seal === null || b.seal === null) {
    return Number(a.seal !== null) - Number(b.seal !== null) || compareEntries(a.entry, b.entry)
  }
  return (
    b.seal.lastSeq - a.seal.lastSeq ||
    compareBytes(a.seal.headId, b.seal.headId) ||
    (a.sealRank ?? 2) - (b.sealRank ?? 2) ||
    compareEntries(a.entry, b.entry)
  )
}

/** Any order that is the same everywhere: what is chosen by it is a name and a key for what is sealed. */
export function compareEntries(a: DeviceEntry, b: DeviceEntry): number {
  return (
    compareBytes(a.sealKey, b.sealKey) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
    a.capabilities - b.capabilities ||
    compareBytes(a.proof, b.proof)
  )
}
