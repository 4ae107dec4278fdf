import { createSignatureVerifier, type SignatureVerifier } from '../../core/identity/signature.ts'
import { createNativeVerify, createNativeX25519 } from '../../core/ingest/native-verify.ts'

/** The paths of the signature rule, as rows of describe.each. */
export const VERIFIERS: readonly (readonly [name: string, verifier: SignatureVerifier])[] = [
  ['native path', createSignatureVerifier({ native: createNativeVerify(256), nativeX25519: createNativeX25519() })],
  ['native path, keys judged here', createSignatureVerifier({ native: createNativeVerify(256) })],
  ['reference path, keys judged natively', createSignatureVerifier({ nativeX25519: createNativeX25519() })],
  ['reference path', createSignatureVerifier()],
]
