import { runKeySelfTest, runSignatureSelfTest } from '../identity/self-test.ts'
import { createSignatureVerifier, type SignatureVerifierAside } from '../identity/signature.ts'
import type { Logger } from '../util/logger.ts'
import { createNativeVerify, createNativeVerifyAside, createNativeX25519, keepKeys } from './native-verify.ts'

/**
 * A verifier that uses Node.js's own Ed25519 only where it gives the answers of the rule (SIG1 … SIG4); else the slower
 * reference path. Keys of the `maxKeys` devices that were used last are kept.
 */
export function createSoundVerifier(init: {
  readonly maxKeys: number
  readonly logger: Logger
}): SignatureVerifierAside {
  const { maxKeys, logger } = init
  const keyOf = keepKeys(maxKeys)
  const native = createNativeVerify(maxKeys, keyOf)
  const isSound = runSignatureSelfTest(native)
  if (!isSound) logger.warn({}, "this platform's Ed25519 breaks the signature rule: using the slower reference path")
  const nativeX25519 = createNativeX25519()
  return createSignatureVerifier({
    ...(isSound && { native, nativeAside: createNativeVerifyAside(maxKeys, keyOf) }),
    ...(runKeySelfTest(nativeX25519) && { nativeX25519 }),
    maxKeys,
  })
}
