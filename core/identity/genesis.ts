import { type RandomSource, systemRandom } from '../util/random.ts'
import { DEFAULT_DOMAIN } from './domains.ts'
import { generateKeyPair, type KeyPair, signBytes } from './keys.ts'
import {
  CAPABILITY,
  encodeOperation,
  type IdentityOperation,
  OPERATION_VERSION,
  possessionProofInput,
  signOperation,
} from './operation.ts'
import { generateWordsEntropy, wordsKeyPair } from './words.ts'

/** The device that a new identity starts with. */
export interface FirstDevice {
  readonly keyPair: KeyPair
  /** X25519, 32 bytes. */
  readonly sealKey: Uint8Array
  /** What its owner calls it, at most 64 bytes of UTF-8. */
  readonly name: string
}

export interface CreateIdentityInit {
  readonly device: FirstDevice
  readonly random?: RandomSource
  readonly network?: string
}

export interface NewIdentity {
  /** The inception key, 32 bytes: formatPeerId of it is the profile address. */
  readonly address: Uint8Array
  readonly operation: IdentityOperation
  /** The genesis on the wire. */
  readonly genesis: Uint8Array
  /** 32 bytes that stand for the 24 words; a secret of rank 1. */
  readonly wordsEntropy: Uint8Array
}

/**
 * A new identity: an inception key signs a genesis that lists the device and the key of 24 new words, and is then
 * overwritten and forgotten, so that nothing is left to steal.
 */
export function createIdentity(init: CreateIdentityInit): NewIdentity {
  const { device, random = systemRandom, network = DEFAULT_DOMAIN } = init
  const inception = generateKeyPair(random)
  const wordsEntropy = generateWordsEntropy(random)
  const words = wordsKeyPair(wordsEntropy)
  const address = inception.publicKey
  const operation = signOperation(
    {
      version: OPERATION_VERSION,
      address,
      prev: null,
      paperHash: null,
      slots: [{ threshold: 1, keys: [authorityKey(words, address, network)] }],
      devices: [
        {
          key: device.keyPair.publicKey,
          sealKey: device.sealKey,
          capabilities: CAPABILITY.records | CAPABILITY.devices,
          name: device.name,
          proof: signBytes(device.keyPair.secretKey, possessionProofInput('device', address, device.sealKey, network)),
          seal: null,
          extras: {},
        },
      ],
      extras: {},
    },
    [inception],
    network,
  )
  inception.secretKey.fill(0)
  words.secretKey.fill(0)
  return { address, operation, genesis: encodeOperation(operation), wordsEntropy }
}

function authorityKey(keyPair: KeyPair, address: Uint8Array, network: string) {
  return {
    key: keyPair.publicKey,
    proof: signBytes(keyPair.secretKey, possessionProofInput('authority', address, null, network)),
  }
}
