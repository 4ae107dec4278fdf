import { sha256 } from '../../core/identity/hash.ts'
import { type KeyPair, keyPairFromSeed, sealKeyPairFromSeed, signBytes } from '../../core/identity/keys.ts'
import {
  type AuthorityKey,
  type DeviceEntry,
  type OperationPayload,
  possessionProofInput,
} from '../../core/identity/operation.ts'
import { wordsKeyPair } from '../../core/identity/words.ts'
import { utf8 } from '../../core/util/bytes.ts'

/** Keys of the people in the vectors: every seed is the sha256 of a name. */
function keyOf(name: string): KeyPair {
  return keyPairFromSeed(sha256(utf8(`palabre vectors: ${name}`)))
}

export const people = {
  inception: keyOf('inception'),
  laptop: keyOf('laptop'),
  phone: keyOf('phone'),
  words: wordsKeyPair(sha256(utf8('palabre vectors: words'))),
  guardians: [keyOf('guardian 1'), keyOf('guardian 2'), keyOf('guardian 3')],
  /** Somebody else's address. */
  stranger: keyOf('stranger'),
  sealKey: sealKeyPairFromSeed(sha256(utf8('palabre vectors: seal'))).publicKey,
}

export function authorityKey(pair: KeyPair, address = people.inception.publicKey): AuthorityKey {
  return { key: pair.publicKey, proof: signBytes(pair.secretKey, possessionProofInput('authority', address, null)) }
}

export function deviceEntry(
  pair: KeyPair,
  name: string,
  sealKey = people.sealKey,
  address = people.inception.publicKey,
): DeviceEntry {
  const proof = signBytes(pair.secretKey, possessionProofInput('device', address, sealKey))
  return { key: pair.publicKey, sealKey, capabilities: 3, name, proof, seal: null, extras: {} }
}

/** The genesis that most vectors start from: the laptop, and the words as the one authority. */
export function genesisPayload(): OperationPayload {
  return {
    version: 1,
    address: people.inception.publicKey,
    prev: null,
    paperHash: null,
    slots: [{ threshold: 1, keys: [authorityKey(people.words)] }],
    devices: [deviceEntry(people.laptop, 'laptop')],
    extras: {},
  }
}
