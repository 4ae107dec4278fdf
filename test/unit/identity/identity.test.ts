import { describe, expect, it } from 'vitest'
import { listRecordDevices, resolveChain } from '../../../core/identity/chain.ts'
import { createIdentity } from '../../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair } from '../../../core/identity/keys.ts'
import {
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  signOperation,
} from '../../../core/identity/operation.ts'
import { wordsKeyPair } from '../../../core/identity/words.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { deviceEntry, genesisPayload, people } from '../../../scripts/vectors/people.ts'
import { seededRandom } from '../../harness/seeded-random.ts'
import { VERIFIERS } from '../../harness/verifiers.ts'

const random = seededRandom('identity')
const keyPair = generateKeyPair(random)
const sealKey = generateSealKeyPair(random).publicKey
const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]

describe('createIdentity', () => {
  const identity = createIdentity({ device: { keyPair, sealKey, name: 'laptop' }, random: seededRandom('new') })

  it('makes a genesis that every peer accepts (IDN4)', () => {
    const { verdict, operation } = checkOperation(identity.genesis, verifier)
    expect(verdict).toEqual({ verdict: 'accept' })
    expect(operation).toEqual({ ...identity.operation, devices: operation?.devices, extras: operation?.extras })
    expect(operation?.address).toEqual(identity.address)
  })

  it('lists the device and the key of the words, and nothing else', () => {
    const { slots, devices, prev, paperHash } = identity.operation
    expect(slots.map(({ threshold, keys }) => [threshold, keys.map(({ key }) => toHex(key))])).toEqual([
      [1, [toHex(wordsKeyPair(identity.wordsEntropy).publicKey)]],
    ])
    expect(devices.map(({ key, name, capabilities }) => [toHex(key), name, capabilities])).toEqual([
      [toHex(keyPair.publicKey), 'laptop', 3],
    ])
    expect([prev, paperHash]).toEqual([null, null])
  })

  it('leaves the inception key nowhere in what it returns', () => {
    const secret = toHex(seededRandom('new')(32))
    const shown = JSON.stringify(identity, (_, value) => (value instanceof Uint8Array ? toHex(value) : value))
    expect(toHex(generateKeyPair(seededRandom('new')).publicKey)).toBe(toHex(identity.address))
    expect(shown).not.toContain(secret)
  })

  it('is worth nothing on another network (SIG5)', () => {
    const local = createIdentity({ device: { keyPair, sealKey, name: 'laptop' }, network: 'palabre-test' })
    expect(checkOperation(local.genesis, verifier).verdict).toEqual({ verdict: 'reject', reason: 'bad-signature' })
    expect(checkOperation(local.genesis, verifier, 'palabre-test').verdict).toEqual({ verdict: 'accept' })
  })

  it('refuses nothing silently: a device name that is too long is rejected by everyone', () => {
    const long = createIdentity({ device: { keyPair, sealKey, name: 'n'.repeat(65) } })
    expect(checkOperation(long.genesis, verifier).verdict).toEqual({ verdict: 'reject', reason: 'bad-operation' })
  })
})

describe('checkOperation', () => {
  it('throws for nothing, whatever the bytes', () => {
    for (let length = 0; length < 64; length++) {
      expect(checkOperation(random(length), verifier).verdict.verdict).toBe('reject')
    }
  })

  it('keeps the bytes of the payload as they came', () => {
    const operation = signOperation(genesisPayload(), [people.inception])
    const checked = checkOperation(encodeOperation(operation), verifier).operation as IdentityOperation
    expect(encodeOperation(checked)).toEqual(encodeOperation(operation))
  })
})

describe('resolveChain', () => {
  const { inception, laptop, phone, words, stranger } = people
  const genesis = signOperation(genesisPayload(), [inception])
  const second = signOperation({ ...genesisPayload(), devices: [deviceEntry(phone, 'phone')] }, [inception])
  const withPhone = signOperation(
    { ...genesisPayload(), prev: genesis.id, devices: [deviceEntry(phone, 'phone'), deviceEntry(laptop, 'laptop')] },
    [words],
  )

  it('gives the devices of the genesis (IDN11)', () => {
    const state = resolveChain([genesis])
    expect(state?.address).toEqual(inception.publicKey)
    expect(state?.genesisHash).toEqual(genesis.id)
    expect(state?.devices).toMatchObject([
      { key: laptop.publicKey, sealKey: people.sealKey, capabilities: 3, name: 'laptop', status: 'active', seal: null },
    ])
    expect(state).toMatchObject({ isContested: false, unapplied: 0 })
  })

  it('applies what the words say, and keeps what it cannot apply (IDN13)', () => {
    const state = resolveChain([withPhone, genesis, withPhone])
    expect(state?.devices.map(({ name }) => name).sort()).toEqual(['laptop', 'phone'])
    expect(state?.unapplied).toBe(0)
    const loose = signOperation({ ...genesisPayload(), prev: people.inception.publicKey }, [words])
    expect(resolveChain([loose, genesis])?.unapplied).toBe(1)
  })

  it('settles nothing between two genesis operations (IDN11)', () => {
    const state = resolveChain([genesis, second])
    expect(state?.isContested).toBe(true)
    expect(state?.devices.map(({ name }) => name).sort()).toEqual(['laptop', 'phone'])
    expect(state?.genesisHashes).toHaveLength(2)
  })

  it('does not depend on the order (IDN10)', () => {
    expect(resolveChain([second, withPhone, genesis])).toEqual(resolveChain([genesis, second, withPhone]))
  })

  it('passes over the operations of others, and is null without a genesis', () => {
    const other = signOperation({ ...genesisPayload(), address: stranger.publicKey, prev: genesis.id }, [stranger])
    expect(resolveChain([genesis, other])?.unapplied).toBe(0)
    expect(resolveChain([withPhone])).toBeNull()
    expect(resolveChain([])).toBeNull()
  })

  it('says which devices may sign records (IDN12)', () => {
    const mute = { ...deviceEntry(phone, 'kiosk'), capabilities: 2 }
    const state = resolveChain([signOperation({ ...genesisPayload(), devices: [mute] }, [inception])])
    expect(state === null ? null : listRecordDevices(state)).toEqual([])
    const plain = resolveChain([genesis])
    expect(plain === null ? null : listRecordDevices(plain).map(({ key }) => key)).toEqual([laptop.publicKey])
  })
})
