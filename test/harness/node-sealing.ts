/**
 * What opens private records, once more without our code or its libraries: node:crypto, and HChaCha20 as
 * draft-irtf-cfrg-xchacha-03 writes it. Written from docs/protocol/records.md; slow and plain on purpose.
 */
import { createDecipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto'

const TAG_BYTES = 16
/** DER that stands before the 32 bytes of an X25519 key. */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex')

/** Columns, then diagonals. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const

/** HChaCha20 (section 2.2): a key of 32 bytes and the first 16 of the nonce make a key of 32 bytes. */
export function nodeHChaCha20(key: Uint8Array, nonce: Uint8Array): Buffer {
  const input = Buffer.concat([Buffer.from('expand 32-byte k'), key, nonce])
  const state = Uint32Array.from({ length: 16 }, (_, i) => input.readUInt32LE(4 * i))
  const add = (to: number, from: number, mixed: number, bits: number) => {
    state[to] = (state[to] as number) + (state[from] as number)
    const word = (state[mixed] as number) ^ (state[to] as number)
    state[mixed] = (word << bits) | (word >>> (32 - bits))
  }
  for (let round = 0; round < 10; round++) {
    for (const [a, b, c, d] of QUARTERS) {
      add(a, b, d, 16)
      add(c, d, b, 12)
      add(a, b, d, 8)
      add(c, d, b, 7)
    }
  }
  const output = Buffer.alloc(32)
  for (let i = 0; i < 4; i++) {
    output.writeUInt32LE(state[i] as number, 4 * i)
    output.writeUInt32LE(state[12 + i] as number, 16 + 4 * i)
  }
  return output
}

/** XChaCha20-Poly1305: the plain bytes, undefined when it doesn't open. */
export function nodeOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  associated: Uint8Array,
): Buffer | undefined {
  if (key.length !== 32 || nonce.length !== 24 || sealed.length < TAG_BYTES) return undefined
  const iv = Buffer.concat([Buffer.alloc(4), nonce.subarray(16)])
  const decipher = createDecipheriv('chacha20-poly1305', nodeHChaCha20(key, nonce.subarray(0, 16)), iv, {
    authTagLength: TAG_BYTES,
  })
  const end = sealed.length - TAG_BYTES
  decipher.setAAD(associated, { plaintextLength: end })
  decipher.setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()])
  } catch {
    return undefined
  }
}

/** REC19: what is in a box, still padded. */
export function nodeOpenBox(key: Uint8Array, address: Uint8Array, box: Uint8Array): Buffer | undefined {
  const associated = Buffer.concat([Buffer.from('palabre/private/1\0'), address, shortHash(key)])
  return nodeOpen(key, box.subarray(0, 24), box.subarray(24), associated)
}

/** REC21: the private key in a grant for an X25519 secret. */
export function nodeOpenGrant(
  secret: Uint8Array,
  grant: { readonly recipient: Uint8Array; readonly once: Uint8Array; readonly wrapped: Uint8Array },
  address: Uint8Array,
  keyId: Uint8Array,
): Buffer | undefined {
  const { recipient, once, wrapped } = grant
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  const ownKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(SPKI.length)
  if (once.length !== 32 || !shortHash(ownKey).equals(recipient)) return undefined
  const shared = nodeShared(privateKey, once)
  if (shared === undefined) return undefined
  const material = Buffer.concat([shared, once, ownKey])
  const wrappingKey = Buffer.from(hkdfSync('sha256', material, Buffer.alloc(0), 'palabre/private-grant/1', 32))
  const associated = Buffer.concat([Buffer.from('palabre/private-grant/1\0'), address, keyId])
  const key = nodeOpen(wrappingKey, Buffer.alloc(24), wrapped, associated)
  return key !== undefined && shortHash(key).equals(keyId) ? key : undefined
}

function nodeShared(privateKey: ReturnType<typeof createPrivateKey>, once: Uint8Array): Buffer | undefined {
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([SPKI, once]), format: 'der', type: 'spki' })
    return diffieHellman({ privateKey, publicKey })
  } catch {
    return undefined
  }
}

function shortHash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, 8)
}
