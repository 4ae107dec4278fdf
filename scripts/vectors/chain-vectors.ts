import { type IdentityState, resolveChain } from '../../core/identity/chain.ts'
import {
  type DeviceEntry,
  encodeOperation,
  type IdentityOperation,
  signOperation,
} from '../../core/identity/operation.ts'
import { toHex } from '../../core/util/bytes.ts'
import { adding, device, following, genesisOf, keyOf, paperHash, sealAt, slot } from '../../test/harness/chains.ts'
import { deviceEntry, genesisPayload, people } from './people.ts'
import type { VectorFile } from './vector-file.ts'

export interface ChainVector {
  readonly name: string
  readonly rule: string
  /** Operations on the wire; each is accepted by itself, and their order means nothing. */
  readonly operations: readonly string[]
  readonly expect: ChainOutcome | null
}

export interface ChainOutcome {
  readonly address: string
  readonly geneses: readonly string[]
  readonly contested: boolean
  readonly unapplied: number
  readonly devices: readonly {
    readonly key: string
    readonly name: string
    readonly capabilities: number
    readonly status: 'active' | 'sealed' | 'retired'
    /** [lastSeq, headId] */
    readonly seal: readonly [number, string] | null
    readonly addedBy: readonly string[]
    readonly contested: boolean
  }[]
}

/** What a vector says of a state. */
export function describeState(state: IdentityState | null): ChainOutcome | null {
  if (state === null) return null
  return {
    address: toHex(state.address),
    geneses: state.genesisHashes.map(toHex),
    contested: state.isContested,
    unapplied: state.unapplied,
    devices: state.devices.map(({ key, name, capabilities, status, seal, addedBy, contested }) => ({
      key: toHex(key),
      name,
      capabilities,
      status,
      seal: seal === null ? null : [seal.lastSeq, toHex(seal.headId)],
      addedBy: addedBy.map(toHex),
      contested,
    })),
  }
}

const genesis = genesisOf()
const phone = adding(genesis, 'laptop', device('phone'))
const thief = adding(genesis, 'laptop', device('thief'))

export function chainVectors(): VectorFile<ChainVector> {
  return {
    description:
      'Sets of identity operations and the state that they add up to, IDN10 to IDN25 of docs/protocol/identity.md, network "palabre". Every operation is accepted by itself; the order in which they stand here means nothing. Null: no genesis, no state. Devices are sorted by key, a seal is [lastSeq, headId].',
    cases: [...lines(), ...ranks(), ...forks(), ...contests(), ...notices()],
  }
}

function lines(): ChainVector[] {
  return [
    vector('a genesis alone', 'IDN11', [genesis]),
    vector('no genesis', 'IDN10', [phone]),
    vector('a linked device links the next', 'IDN15', [genesis, phone, adding(phone, 'phone', device('tablet'))]),
    vector('a link missing between', 'IDN13', [genesis, adding(phone, 'phone', device('tablet'))]),
    vector('a signer without any rank', 'IDN15', [genesis, adding(genesis, 'stranger', device('phone'))]),
    vector('the same payload signed by a device and by the words', 'IDN19', [
      genesis,
      phone,
      signOperation(sealedByWords(phone), [keyOf('phone')]),
      sealedByWords(phone),
    ]),
    vector('the same payload signed by a device alone', 'IDN17', [
      genesis,
      phone,
      signOperation(sealedByWords(phone), [keyOf('phone')]),
    ]),
  ]
}

function ranks(): ChainVector[] {
  const guarded = genesisOf({ slots: [slot(2, 'ann', 'ben', 'cleo')] })
  const recovery = (...by: string[]) => following(guarded, { by, devices: [device('laptop'), device('new')] })
  const sealed = sealedByWords(genesis)
  const byPaper = adding(genesis, 'paper', device('laptop', { seal: sealAt(3) }))
  const retired = adding(phone, 'laptop', device('laptop', { seal: sealAt(5) }))
  const two = CAPABLE_OF_ADDING
  return [
    vector('one of two guardians', 'IDN16', [guarded, recovery('ann')]),
    vector('two of two guardians', 'IDN16', [guarded, recovery('ann', 'cleo')]),
    vector('a device retires', 'IDN17', [genesis, phone, retired]),
    vector('a retired device adds one', 'IDN17', [genesis, phone, retired, adding(retired, 'laptop', device('x'))]),
    vector('a device seals another', 'IDN17', [
      genesis,
      phone,
      adding(phone, 'phone', device('laptop', { seal: sealAt(5) })),
    ]),
    vector('a device changes the paper key', 'IDN17', [
      genesis,
      following(genesis, { by: ['laptop'], paper: paperHash('other') }),
    ]),
    vector('a device gives away what it lacks', 'IDN17', [
      genesis,
      two,
      adding(two, 'adder', device('writer', { capabilities: 3 })),
    ]),
    vector('the words seal a device', 'IDN18', [genesis, sealed]),
    vector('the words raise their seal', 'IDN18', [genesis, sealed, adding(sealed, 'words', device('laptop'))]),
    vector('a device raises a seal of the words', 'IDN17', [
      genesis,
      phone,
      sealedByWords(phone),
      adding(sealedByWords(phone), 'phone', device('laptop')),
    ]),
    vector('the words raise a seal of the paper key', 'IDN18', [
      genesis,
      byPaper,
      adding(byPaper, 'words', device('laptop')),
    ]),
    vector('the words leave a device out', 'IDN18', [
      genesis,
      phone,
      following(phone, { by: ['words'], devices: [device('laptop')] }),
    ]),
  ]
}

const CAPABLE_OF_ADDING = adding(genesis, 'laptop', device('adder', { capabilities: 2 }))

function forks(): ChainVector[] {
  const stolen = following(genesis, { by: ['words'], devices: [device('thief')], paper: paperHash('theirs') })
  const deeper = adding(stolen, 'theirs', device('second thief'))
  const owner = following(genesis, { by: ['paper'], slots: [slot(1, 'words 2')], paper: paperHash('paper 2') })
  const guarded = following(genesis, { by: ['words'], slots: [slot(1, 'words'), slot(1, 'ann', 'ben')] })
  const above = following(guarded, { by: ['paper'], paper: paperHash('paper 2') })
  return [
    vector('two devices added beside each other', 'IDN21', [
      genesis,
      phone,
      adding(genesis, 'laptop', device('tablet')),
    ]),
    vector('a device added while the words set guardians', 'IDN21', [genesis, phone, guarded]),
    vector("a stolen device's additions beside its seal", 'IDN21', [
      genesis,
      phone,
      thief,
      adding(thief, 'thief', device('second thief')),
      sealedByWords(phone),
    ]),
    vector('an honest device lists a thief again', 'IDN21', [
      genesis,
      phone,
      thief,
      adding(phone, 'phone', device('thief'), device('tablet')),
      sealedByWords(phone),
    ]),
    vector('a thief of the words builds on an addition', 'IDN21', [
      genesis,
      phone,
      following(phone, { by: ['words'], devices: [device('thief')] }),
      owner,
    ]),
    vector('a thief of the words signs an addition too', 'IDN21', [
      genesis,
      phone,
      signOperation(phone, [keyOf('words')]),
      adding(phone, 'phone', device('tablet')),
      owner,
    ]),
    vector('words stolen, overridden by the paper key', 'IDN20', [genesis, stolen, deeper, owner]),
    vector('words stolen, linked further up than the paper key spoke', 'IDN20', [
      genesis,
      guarded,
      above,
      stolen,
      deeper,
    ]),
  ]
}

function contests(): ChainVector[] {
  const one = adding(genesis, 'words', device('laptop', { seal: sealAt(2) }), device('new'))
  const other = adding(genesis, 'words', device('tablet'))
  const retired = adding(genesis, 'laptop', device('laptop', { seal: sealAt(5) }))
  const second = signOperation({ ...genesisPayload(), devices: [deviceEntry(people.phone, 'second')] }, [
    people.inception,
  ])
  return [
    vector('the words twice', 'IDN22', [genesis, one, other]),
    vector('the words twice, settled by the paper key', 'IDN22', [
      genesis,
      one,
      other,
      following(genesis, { by: ['paper'], devices: [device('laptop'), device('tablet')] }),
    ]),
    vector('the words seal twice', 'IDN22', [
      genesis,
      adding(genesis, 'words', device('laptop', { seal: sealAt(2) })),
      adding(genesis, 'words', device('laptop', { seal: sealAt(9) })),
    ]),
    vector('the paper key twice', 'IDN22', [
      genesis,
      adding(genesis, 'paper', device('one')),
      adding(genesis, 'paper', device('other')),
    ]),
    vector('two geneses', 'IDN11', [genesis, second]),
    vector('a retirement that does not know an addition', 'IDN23', [genesis, phone, retired]),
    vector('a retirement that knows it', 'IDN23', [
      genesis,
      phone,
      adding(phone, 'laptop', device('laptop', { seal: sealAt(5) })),
    ]),
    vector('two retirements', 'IDN23', [
      genesis,
      retired,
      adding(genesis, 'laptop', device('laptop', { seal: sealAt(9) })),
    ]),
  ]
}

function notices(): ChainVector[] {
  const loud = (prev: IdentityOperation, by: readonly string[], devices: readonly DeviceEntry[] = []) =>
    signOperation(
      { ...following(prev, { by: [], devices }), paperHash: null, slots: [], extras: { notice: 'recovery' } },
      by.map(keyOf),
    )
  const byWords = loud(genesis, ['words'])
  const one = adding(genesis, 'words', device('laptop', { seal: sealAt(2) }), device('new'))
  const other = adding(genesis, 'words', device('tablet'))
  return [
    vector('a notice by a device', 'IDN25', [genesis, phone, loud(phone, ['phone'])]),
    vector('a notice by the words that would leave all devices out', 'IDN25', [genesis, phone, byWords]),
    vector('a notice by the paper key that would settle a fork', 'IDN25', [
      genesis,
      one,
      other,
      loud(genesis, ['paper'], [device('laptop')]),
    ]),
    vector('a device added on a notice', 'IDN25', [genesis, byWords, adding(byWords, 'laptop', device('phone'))]),
    vector('a device adds one and says notice', 'IDN25', [
      genesis,
      signOperation({ ...phone, extras: { notice: '' } }, [keyOf('laptop')]),
    ]),
    vector('the same without saying so', 'IDN25', [genesis, phone]),
    vector('a genesis that says notice', 'IDN25', [
      signOperation({ ...genesis, extras: { notice: 'recovery' } }, [people.inception]),
    ]),
  ]
}

function sealedByWords(prev: IdentityOperation): IdentityOperation {
  return adding(prev, 'words', device('laptop', { seal: sealAt(3) }))
}

function vector(name: string, rule: string, operations: readonly IdentityOperation[]): ChainVector {
  const wire = operations.map((operation) => toHex(encodeOperation(operation)))
  return { name, rule, operations: wire, expect: describeState(resolveChain(operations)) }
}
