import { describe, expect, it } from 'vitest'
import { resolveChain } from '../../../core/identity/chain.ts'
import { withSignaturesOf } from '../../../core/identity/chain-path.ts'
import {
  ChangeRefusedError,
  changeByAuthority,
  linkDevice,
  proveAuthority,
  proveDevice,
  retireDevice,
  revokeDevice,
  rotatePaperKey,
  setGuardians,
  withWordsKey,
} from '../../../core/identity/change.ts'
import { createIdentity } from '../../../core/identity/genesis.ts'
import {
  type AuthoritySlot,
  checkOperation,
  encodeOperation,
  type IdentityOperation,
} from '../../../core/identity/operation.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { wordsKeyPair } from '../../../core/identity/words.ts'
import { people } from '../../../scripts/vectors/people.ts'
import { keyOf, sealAt, statuses } from '../../harness/chains.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const NETWORK = 'palabre-test'
const { sealKey } = people
const laptop = keyOf('laptop')
const identity = createIdentity({
  device: { keyPair: laptop, sealKey, name: 'laptop' },
  random: seededRandom('change'),
  network: NETWORK,
})
const words = wordsKeyPair(identity.wordsEntropy)
const { address } = identity
const start = [identity.operation]
const verifier = createSignatureVerifier()

function stateOf(operations: readonly IdentityOperation[]) {
  for (const operation of operations) {
    const { verdict } = checkOperation(encodeOperation(operation), verifier, NETWORK)
    expect(verdict).toEqual({ verdict: 'accept' })
  }
  const state = resolveChain(operations)
  if (state === null) throw new Error('no genesis')
  expect(state.unapplied).toBe(0)
  return state
}

function entry(name: string, capabilities = 3) {
  return proveDevice({ keyPair: keyOf(name), sealKey, name, capabilities }, address, NETWORK)
}

function link(operations: readonly IdentityOperation[], name: string, by = 'laptop'): IdentityOperation[] {
  return [...operations, linkDevice(stateOf(operations), entry(name), keyOf(by), NETWORK)]
}

function refusalOf(work: () => unknown): string {
  try {
    work()
    return 'done'
  } catch (error) {
    if (error instanceof ChangeRefusedError) return error.code
    throw error
  }
}

describe('changes by a device', () => {
  it('link a device, which may link the next (IDN17)', () => {
    const operations = link(link(start, 'phone'), 'tablet', 'phone')
    expect(statuses(stateOf(operations))).toEqual({ laptop: 'active', phone: 'active', tablet: 'active' })
  })

  it('build on the branch that lists the device (IDN21)', () => {
    const operations = [...link(start, 'phone'), ...link(start, 'tablet').slice(1)]
    const both = [...link(operations, 'phone 2', 'phone'), ...link(operations, 'tablet 2', 'tablet').slice(3)]
    expect(Object.values(statuses(stateOf(both)))).toEqual(['active', 'active', 'active', 'active', 'active'])
  })

  it('retire the device itself (IDN17)', () => {
    const linked = link(start, 'phone')
    const retired = [...linked, retireDevice(stateOf(linked), sealAt(12), laptop, NETWORK)]
    expect(statuses(stateOf(retired))).toEqual({ laptop: 'retired 12', phone: 'active' })
    expect(refusalOf(() => link(retired, 'tablet'))).toBe('no-right')
  })

  it('are refused without the right to them (IDN17)', () => {
    const state = stateOf(link(start, 'phone'))
    expect(refusalOf(() => linkDevice(state, entry('x'), keyOf('stranger'), NETWORK))).toBe('no-right')
    expect(refusalOf(() => linkDevice(state, entry('x', 7), laptop, NETWORK))).toBe('no-right')
    expect(refusalOf(() => linkDevice(state, entry('phone'), laptop, NETWORK))).toBe('unknown-device')
  })
})

describe('changes by an authority', () => {
  it('revoke a device with the words, and what it added (IDN18)', () => {
    const operations = link(link(link(start, 'phone'), 'tablet', 'phone'), 'watch')
    const revoked = revokeDevice(
      stateOf(operations),
      { key: keyOf('phone').publicKey, seal: sealAt(3) },
      [words],
      NETWORK,
    )
    const state = stateOf([...operations, revoked])
    expect(statuses(state)).toEqual({ laptop: 'active', phone: 'sealed 3', tablet: 'sealed 0', watch: 'active' })
    const seals = [
      { key: keyOf('phone').publicKey, seal: null },
      { key: keyOf('tablet').publicKey, seal: null },
    ]
    const raised = changeByAuthority(state, { seals }, [words], { network: NETWORK })
    expect(new Set(Object.values(statuses(stateOf([...operations, revoked, raised]))))).toEqual(new Set(['active']))
    const keep = [keyOf('tablet').publicKey]
    const mild = revokeDevice(
      stateOf(operations),
      { key: keyOf('phone').publicKey, seal: sealAt(3), keep },
      [words],
      NETWORK,
    )
    expect(statuses(stateOf([...operations, mild])).tablet).toBe('active')
  })

  it('bring an account back with the words alone', () => {
    const lost = [{ key: laptop.publicKey, seal: sealAt(40) }]
    const recovered = changeByAuthority(stateOf(start), { add: [entry('new')], seals: lost }, [words], {
      network: NETWORK,
    })
    const operations = [...start, recovered]
    expect(statuses(stateOf(operations))).toEqual({ laptop: 'sealed 40', new: 'active' })
    expect(statuses(stateOf(link(operations, 'phone', 'new'))).phone).toBe('active')
  })

  it('set guardians, of whom as many as agreed bring it back (IDN16)', () => {
    const keys = ['ann', 'ben', 'cleo'].map((name) => proveAuthority(keyOf(name), address, NETWORK))
    const guarded = [...start, setGuardians(stateOf(start), { threshold: 2, keys }, [words], NETWORK)]
    const state = stateOf(guarded)
    const change = { add: [entry('new')] }
    expect(refusalOf(() => changeByAuthority(state, change, [keyOf('ann')], { network: NETWORK }))).toBe('no-right')
    const [one, other] = ['ann', 'cleo'].map((name) =>
      changeByAuthority(state, change, [keyOf(name)], { network: NETWORK, isPartial: true }),
    ) as [IdentityOperation, IdentityOperation]
    expect(resolveChain([...guarded, one])?.unapplied).toBe(1)
    expect(statuses(stateOf([...guarded, withSignaturesOf(one, other)])).new).toBe('active')
    expect(statuses(stateOf([...guarded, one, other].slice(0, 2)))).toEqual({ laptop: 'active' })
    expect(refusalOf(() => setGuardians(state, { threshold: 4, keys }, [words], NETWORK))).toBe('too-large')
    const none = setGuardians(state, { threshold: 0, keys: [] }, [words], NETWORK)
    expect(stateOf([...guarded, none]).base?.slots).toHaveLength(1)
  })

  it('make a paper key, which then makes the next (IDN16)', () => {
    const papered = [...start, rotatePaperKey(stateOf(start), keyOf('paper').publicKey, [words], NETWORK)]
    const next = rotatePaperKey(stateOf(papered), keyOf('paper 2').publicKey, [keyOf('paper')], NETWORK)
    expect(
      refusalOf(() => rotatePaperKey(stateOf([...papered, next]), laptop.publicKey, [keyOf('paper')], NETWORK)),
    ).toBe('no-right')
  })

  it('go back to before a thief of the words named another paper key (IDN20)', () => {
    const papered = [...start, rotatePaperKey(stateOf(start), keyOf('paper').publicKey, [words], NETWORK)]
    const theft = changeByAuthority(
      stateOf(papered),
      {
        add: [entry('thief')],
        without: [laptop.publicKey],
        slots: [{ threshold: 1, keys: [proveAuthority(keyOf('thief words'), address, NETWORK)] }],
        paperHash: keyOf('thief').publicKey,
      },
      [words],
      { network: NETWORK },
    )
    const state = stateOf([...papered, theft])
    expect(statuses(state)).toEqual({ laptop: 'sealed 0', thief: 'active' })
    expect(refusalOf(() => changeByAuthority(state, {}, [words], { network: NETWORK }))).toBe('no-right')
    const change = {
      seals: [{ key: laptop.publicKey, seal: null }],
      without: [keyOf('thief').publicKey],
      slots: [{ threshold: 1, keys: [proveAuthority(keyOf('words 2'), address, NETWORK)] }],
    }
    const back = changeByAuthority(state, change, [keyOf('paper')], { network: NETWORK })
    expect(statuses(stateOf([...papered, theft, back]))).toEqual({ laptop: 'active', thief: 'sealed 0' })
  })

  it('put new words in place of those before, and keep the guardians that the fork names (IDN20)', () => {
    const papered = [...start, rotatePaperKey(stateOf(start), keyOf('paper').publicKey, [words], NETWORK)]
    const keys = ['ann', 'ben'].map((name) => proveAuthority(keyOf(name), address, NETWORK))
    const guarded = [...papered, setGuardians(stateOf(papered), { threshold: 2, keys }, [words], NETWORK)]
    const next = proveAuthority(keyOf('words 2'), address, NETWORK)
    const slots = (before: readonly AuthoritySlot[]) => withWordsKey(before, next)
    const renewed = [...guarded, changeByAuthority(stateOf(guarded), { slots }, [words], { network: NETWORK })]
    expect(renewed.at(-1)?.slots.map(({ threshold, keys: { length } }) => [threshold, length])).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(refusalOf(() => changeByAuthority(stateOf(renewed), {}, [words], { network: NETWORK }))).toBe('no-right')
    expect(refusalOf(() => changeByAuthority(stateOf(renewed), {}, [keyOf('words 2')], { network: NETWORK }))).toBe(
      'done',
    )
  })

  it('take slots from the operation that names the signer, not from what a thief wrote since (IDN20)', () => {
    const papered = [...start, rotatePaperKey(stateOf(start), keyOf('paper').publicKey, [words], NETWORK)]
    const thiefSlots = [{ threshold: 1, keys: [proveAuthority(keyOf('thief words'), address, NETWORK)] }]
    const theft = { slots: thiefSlots, paperHash: null }
    const stolen = [...papered, changeByAuthority(stateOf(papered), theft, [words], { network: NETWORK })]
    const keys = ['ann', 'ben'].map((name) => proveAuthority(keyOf(name), address, NETWORK))
    const guarded = setGuardians(stateOf(stolen), { threshold: 2, keys }, [keyOf('paper')], NETWORK)
    expect(guarded.slots[0]?.keys[0]?.key).toEqual(words.publicKey)
  })

  it('settle a contest only from above (IDN22)', () => {
    const papered = [...start, rotatePaperKey(stateOf(start), keyOf('paper').publicKey, [words], NETWORK)]
    const before = stateOf(papered)
    const branches = ['one', 'other'].map((name) =>
      changeByAuthority(before, { add: [entry(name)] }, [words], { network: NETWORK }),
    )
    const state = stateOf([...papered, ...branches])
    expect(statuses(state)).toEqual({ laptop: 'active', one: 'active!', other: 'active!' })
    expect(refusalOf(() => changeByAuthority(state, {}, [words], { network: NETWORK }))).toBe('contested')
    const change = { without: [keyOf('other').publicKey] }
    const settled = changeByAuthority(state, change, [keyOf('paper')], { network: NETWORK })
    expect(statuses(stateOf([...papered, ...branches, settled]))).toEqual({
      laptop: 'active',
      one: 'active',
      other: 'sealed 0',
    })
  })

  it('leave a seal of a higher rank alone (IDN18)', () => {
    const papered = [...start, rotatePaperKey(stateOf(start), keyOf('paper').publicKey, [words], NETWORK)]
    const key = laptop.publicKey
    const sealed = changeByAuthority(stateOf(papered), { seals: [{ key, seal: sealAt(1) }] }, [keyOf('paper')], {
      network: NETWORK,
    })
    const state = stateOf([...papered, sealed])
    const raise = { seals: [{ key, seal: null }] }
    expect(refusalOf(() => changeByAuthority(state, raise, [words], { network: NETWORK }))).toBe('no-right')
    expect(refusalOf(() => changeByAuthority(state, raise, [keyOf('paper')], { network: NETWORK }))).toBe('done')
    const strange = { seals: [{ key: keyOf('nobody').publicKey, seal: sealAt(1) }] }
    expect(refusalOf(() => changeByAuthority(state, strange, [words], { network: NETWORK }))).toBe('unknown-device')
  })

  it('fit an operation (IDN2)', () => {
    const add = Array.from({ length: 230 }, (_, i) => entry(`device ${i}`))
    expect(refusalOf(() => changeByAuthority(stateOf(start), { add }, [words], { network: NETWORK }))).toBe('too-large')
  })
})
