import { runKeySelfTest, runSignatureSelfTest } from '../identity/self-test.ts'
import { createSignatureVerifier, type SignatureVerifierAside } from '../identity/signature.ts'
import type { Logger } from '../util/logger.ts'
import { createNativeVerify, createNativeVerifyAside, createNativeX25519, keepKeys } from './native-verify.ts'

/** The native path only where it gives the answers of the rule; else the slower reference path. */
export function createPlatformVerifier(
  components: { readonly logger: Logger },
  maxKeys: number,
): SignatureVerifierAside {
  const keyOf = keepKeys(maxKeys)
  const native = createNativeVerify(maxKeys, keyOf)
  const isSound = runSignatureSelfTest(native)
  if (!isSound) {
    components.logger.warn({}, "this platform's Ed25519 breaks the signature rule: using the slower reference path")
  }
  const nativeX25519 = createNativeX25519()
  return createSignatureVerifier({
    ...(isSound && { native, nativeAside: createNativeVerifyAside(maxKeys, keyOf) }),
    ...(runKeySelfTest(nativeX25519) && { nativeX25519 }),
    maxKeys,
  })
}
