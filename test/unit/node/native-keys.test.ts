import { expect, it } from 'vitest'
import { keyPairFromSeed } from '../../../core/identity/keys.ts'
import { publicKeyOfSeed } from '../../../core/node/native-keys.ts'
import { SeededChoice } from '../../harness/seeded-random.ts'

it('says the same public key as the reference', () => {
  const choice = new SeededChoice(11)
  for (let i = 0; i < 50; i++) {
    const seed = choice.bytes(32)
    expect(publicKeyOfSeed(seed)).toEqual(keyPairFromSeed(seed).publicKey)
  }
})

it('refuses a seed of another length', () => {
  expect(() => publicKeyOfSeed(new Uint8Array(31))).toThrow(RangeError)
})
