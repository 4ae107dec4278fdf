import { createSignatureVerifier, type SignatureVerifier } from '../../core/identity/signature.ts'
import { createNativeVerify } from '../../core/ingest/native-verify.ts'

/** Both paths of the signature rule, as rows of describe.each. */
export const VERIFIERS: readonly (readonly [name: string, verifier: SignatureVerifier])[] = [
  ['native path', createSignatureVerifier({ native: createNativeVerify(256) })],
  ['reference path', createSignatureVerifier()],
]
