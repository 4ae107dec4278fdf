import * as nodeCrypto from 'node:crypto'
import { type PassphraseKdf, referenceKdf } from '../identity/passphrase.ts'
import { equalBytes } from '../util/bytes.ts'

/** Node.js's own argon2id. Throws before Node.js 24.7, and where the crypto library below has none, as in Electron. */
export const nativeKdf: PassphraseKdf = (passphrase, salt, { memoryKiB, passes, lanes }) =>
  // Through the namespace: a name that is missing there would keep the whole program from loading.
  nodeCrypto.argon2Sync('argon2id', {
    message: passphrase,
    nonce: salt,
    memory: memoryKiB,
    passes,
    parallelism: lanes,
    tagLength: 32,
  })

/** The native KDF where it is there and agrees with the reference on a small case, else the reference. */
export function chooseKdf(native: PassphraseKdf = nativeKdf): PassphraseKdf {
  const passphrase = Uint8Array.of(1, 2, 3)
  const salt = new Uint8Array(16).fill(7)
  const cost = { memoryKiB: 32, passes: 1, lanes: 2 }
  try {
    return equalBytes(native(passphrase, salt, cost), referenceKdf(passphrase, salt, cost)) ? native : referenceKdf
  } catch {
    return referenceKdf
  }
}
