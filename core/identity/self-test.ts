import { fromHex, utf8 } from '../util/bytes.ts'
import { isPublicKeyBy, type NativeX25519 } from './ed25519.ts'
import type { NativeVerify } from './signature.ts'

/**
 * Inputs that meet SIG1 … SIG3, on which Ed25519 libraries are known to differ. The key and the nonces are made from
 * public texts, so that crafted signatures could be made; nothing else uses them.
 */
const PUBLIC_KEY = 'fd118e7f2617a856ba4ee4dbeb6d0a2138574a4d1ebe3273c8387b00291c9f7e'
const MESSAGE = 'palabre signature self-test'

const CASES: readonly { readonly name: string; readonly signature: string; readonly isValid: boolean }[] = [
  {
    name: 'a plain signature',
    signature:
      '7eb64ebbecac58ae21c99b0146ca8bb922f31f618cee85784cbf1bf4d9b08942dc276b5f46dae50fd46fa39416b3333a6c94f770211d5292f80ca0667d749302',
    isValid: true,
  },
  {
    name: 'R with a point of order 8 added: valid with the cofactor, not without',
    signature:
      'b3128941d1d4bbf01eae175cf7db8a746c74cb42127120927a7d79fe33b2cd62a2b605e8503dfe4e2cc864c472d4c59d66ed5b8cc4cd22f3d66c6f8645008609',
    isValid: false,
  },
  {
    name: 'R the identity with y = p + 1',
    signature:
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fa99640b306dc3bc4e664d91d19655b9cad0f0ba1fe431eb9459006b88e3ea70c',
    isValid: false,
  },
  {
    name: 'R the identity with the sign bit set',
    signature:
      '0100000000000000000000000000000000000000000000000000000000000080e45cc5bec94cc33500e42164effad1ae6cf91d325b5a013a1dfbfcbfa116bb02',
    isValid: false,
  },
  {
    name: 'R the identity with y = p + 1 and the sign bit set',
    signature:
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff3dda76a05bce61dd04aceb2ab8926a8ae513bd9fdf8843045066a3e0575ccb01',
    isValid: false,
  },
]

/**
 * True when the native verifier may judge SIG4: it answers every case as the rule does, and a plain signature over
 * another message with no. A few milliseconds; run at every start, because the crypto library is the host's.
 */
export function runSignatureSelfTest(native: NativeVerify): boolean {
  const publicKey = fromHex(PUBLIC_KEY) as Uint8Array
  const message = utf8(MESSAGE)
  const answers = (signature: string, of: Uint8Array) => native(publicKey, of, fromHex(signature) as Uint8Array)
  try {
    const isRuleKept = CASES.every(({ signature, isValid }) => answers(signature, message) === isValid)
    return isRuleKept && CASES.every(({ signature }) => !answers(signature, utf8(`${MESSAGE}!`)))
  } catch {
    return false
  }
}

/** The key with each point of small order added, of order 8 first: SIG1 refuses all of them. */
const MIXED_KEYS: readonly string[] = [
  '04d920f91dd94752e26cdf049e8d16a080dcdb4da5bf5c49729fc7689f5ee826',
  'aa816d730e91f352089f30abbf9ac4e304453f18b57d815fbc12fc000071cf02',
  '6852f245d796214a39ca4fae42df5e9bb9c7e019452aa53e770caef2e091558b',
  'f0ed7180d9e857a945b11b241492f5dec7a8b5b2e141cd8c37c784ffd6e36081',
  'e926df06e226b8ad1d9320fb6172e95f7f2324b25a40a3b68d60389760a117d9',
  '437e928cf16e0cadf760cf5440653b1cfbbac0e74a827ea043ed03ffff8e30fd',
  '85ad0dba2869deb5c635b051bd20a16446381fe6bad55ac188f3510d1f6eaa74',
]

/** True when the native X25519 may judge SIG1: it takes a good key, and none with a part of small order. */
export function runKeySelfTest(x25519: NativeX25519): boolean {
  const isGood = (key: string) => isPublicKeyBy(x25519, fromHex(key) as Uint8Array)
  try {
    return isGood(PUBLIC_KEY) && !MIXED_KEYS.some(isGood)
  } catch {
    return false
  }
}
