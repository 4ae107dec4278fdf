import { concatBytes, utf8 } from '../util/bytes.ts'

/** What a signature is for. One made for a purpose, or for a network, is worth nothing in another (SIG5). */
export type SigningPurpose = 'record' | 'id' | 'key' | 'beat' | 'card' | 'invite'

/** The domain of the public network; other networks have their own. */
export const DEFAULT_DOMAIN = 'palabre'

const prefixes = new Map<string, Uint8Array>()

/** What is signed: utf8(`network/purpose/1\0`) ‖ payload. */
export function signingInput(purpose: SigningPurpose, payload: Uint8Array, network = DEFAULT_DOMAIN): Uint8Array {
  const name = `${network}/${purpose}/1\0`
  let prefix = prefixes.get(name)
  if (prefix === undefined) {
    prefix = utf8(name)
    // A node has one network; tests have a few. Never filled from outside.
    if (prefixes.size < 64) prefixes.set(name, prefix)
  }
  return concatBytes(prefix, payload)
}
