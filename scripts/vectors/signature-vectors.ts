import { ed25519Sign } from '../../core/identity/ed25519.ts'
import { keyPairFromSeed } from '../../core/identity/keys.ts'
import { createSignatureVerifier } from '../../core/identity/signature.ts'
import { concatBytes, fromHex, toHex, utf8 } from '../../core/util/bytes.ts'
import {
  basePoint,
  challenge,
  craftSignature,
  FIELD,
  fromLittleEndian,
  ORDER,
  scalarOf,
  toLittleEndian,
  torsionPoint,
} from '../../test/harness/crafted-signatures.ts'
import { seededRandom } from '../../test/harness/seeded-random.ts'
import type { VectorFile } from './vector-file.ts'

export interface SignatureVector {
  readonly name: string
  readonly rule: string
  readonly publicKey: string
  readonly message: string
  readonly signature: string
  readonly valid: boolean
  readonly reason?: string
}

/** RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc). */
const RFC_8032: readonly (readonly [name: string, publicKey: string, message: string, signature: string])[] = [
  [
    'TEST 1',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'TEST 2',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'TEST 3',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'TEST SHA(abc)',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
]

const SECRET = scalarOf('palabre vector key')
const NONCE = scalarOf('palabre vector nonce')
const KEY = basePoint(SECRET)
const PUBLIC_KEY = KEY.toBytes()
const MESSAGE = utf8('palabre vector message')
const GOOD = craftSignature({ secret: SECRET, publicKey: PUBLIC_KEY, nonce: NONCE, message: MESSAGE })

export function signatureVectors(): VectorFile<SignatureVector> {
  const cases = [
    ...RFC_8032.map(([name, publicKey, message, signature]) =>
      vector(`RFC 8032 ${name}`, 'SIG4', unhex(publicKey), unhex(message), unhex(signature)),
    ),
    ...plainPairs(),
    ...keyCases(),
    ...signatureShapeCases(),
    ...equationCases(),
  ]
  return {
    description:
      'The signature rule, SIG1 to SIG4 of docs/protocol/signatures.md. The message is what the signature stands over, its domain included. A case with "valid": false is refused with the reason given.',
    cases,
  }
}

function plainPairs(): SignatureVector[] {
  const random = seededRandom('palabre signature vectors')
  return Array.from({ length: 4 }, (_, i) => {
    const { secretKey, publicKey } = keyPairFromSeed(random(32))
    const message = random([0, 1, 64, 300][i] as number)
    const signature = ed25519Sign(secretKey, message)
    return [
      vector(`plain signature ${i + 1}`, 'SIG4', publicKey, message, signature),
      vector(`plain signature ${i + 1}, a bit of R flipped`, 'SIG4', publicKey, message, flipped(signature, 8 * i + 3)),
      vector(
        `plain signature ${i + 1}, a bit of S flipped`,
        'SIG4',
        publicKey,
        message,
        flipped(signature, 256 + 9 * i),
      ),
      vector(
        `plain signature ${i + 1}, another message`,
        'SIG4',
        publicKey,
        concatBytes(message, utf8('.')),
        signature,
      ),
    ]
  }).flat()
}

function keyCases(): SignatureVector[] {
  const offCurve = Uint8Array.from(PUBLIC_KEY)
  offCurve.set(toLittleEndian(2n))
  const smallOrder = Array.from({ length: 8 }, (_, i) => torsionPoint(i))
  return [
    vector('a good key', 'SIG1', PUBLIC_KEY, MESSAGE, GOOD),
    vector('a key of 31 bytes', 'SIG1', PUBLIC_KEY.slice(1), MESSAGE, GOOD),
    vector('a key of 33 bytes', 'SIG1', concatBytes(PUBLIC_KEY, Uint8Array.of(0)), MESSAGE, GOOD),
    vector('an empty key', 'SIG1', new Uint8Array(), MESSAGE, GOOD),
    vector('a key that is no point (y = 2)', 'SIG1', offCurve, MESSAGE, GOOD),
    ...smallOrder.map((point, i) => {
      const publicKey = point.toBytes()
      const signature = craftSignature({ secret: 0n, publicKey, nonce: NONCE, message: MESSAGE })
      const name = i === 0 ? 'the identity as key, equation true' : `a key of small order, [${i}]T`
      return vector(name, 'SIG1', publicKey, MESSAGE, signature)
    }),
    ...nonCanonicalKeys().map(([name, publicKey]) =>
      vector(
        name,
        'SIG1',
        publicKey,
        MESSAGE,
        craftSignature({ secret: 0n, publicKey, nonce: NONCE, message: MESSAGE }),
      ),
    ),
    ...[1, 2, 4].map(mixedKeyCase),
  ]
}

/** Encodings that decode, in a lenient decoder, to a point with another encoding. */
function nonCanonicalKeys(): [string, Uint8Array][] {
  const signed = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, i) => (i === 31 ? byte | 0x80 : byte))
  return [
    ['the identity with the sign bit set', signed(toLittleEndian(1n))],
    ['a key with y = p', toLittleEndian(FIELD)],
    ['a key with y = p and the sign bit set', signed(toLittleEndian(FIELD))],
    ['a key with y = p + 1', toLittleEndian(FIELD + 1n)],
    ['a key with y = p + 1 and the sign bit set', signed(toLittleEndian(FIELD + 1n))],
    ['the point of order 2 with the sign bit set', signed(toLittleEndian(FIELD - 1n))],
    ['a key of 32 times 0xff', new Uint8Array(32).fill(0xff)],
  ]
}

/** A key with a point of small order added, signed so that the cofactorless equation holds all the same. */
function mixedKeyCase(i: number): SignatureVector {
  const publicKey = KEY.add(torsionPoint(i)).toBytes()
  for (let nonce = NONCE; ; nonce++) {
    const r = basePoint(nonce).toBytes()
    if (challenge(r, publicKey, MESSAGE) % 8n !== 0n) continue
    const signature = craftSignature({ secret: SECRET, publicKey, nonce, r, message: MESSAGE })
    return vector(`a good key plus [${i}]T, equation true`, 'SIG1', publicKey, MESSAGE, signature)
  }
}

function signatureShapeCases(): SignatureVector[] {
  const r = GOOD.slice(0, 32)
  const s = fromLittleEndian(GOOD.slice(32))
  const identity = toLittleEndian(1n)
  return [
    vector('a good signature', 'SIG2', PUBLIC_KEY, MESSAGE, GOOD),
    vector('S + L', 'SIG2', PUBLIC_KEY, MESSAGE, concatBytes(r, toLittleEndian(s + ORDER))),
    vector('S + 8 L', 'SIG2', PUBLIC_KEY, MESSAGE, concatBytes(r, toLittleEndian(s + 8n * ORDER))),
    vector('S = L', 'SIG2', PUBLIC_KEY, MESSAGE, concatBytes(r, toLittleEndian(ORDER))),
    vector('S = 2^256 − 1', 'SIG2', PUBLIC_KEY, MESSAGE, concatBytes(r, new Uint8Array(32).fill(0xff))),
    vector(
      'S = L − 1, a number that is allowed',
      'SIG4',
      PUBLIC_KEY,
      MESSAGE,
      concatBytes(r, toLittleEndian(ORDER - 1n)),
    ),
    vector('a signature of 63 bytes', 'SIG2', PUBLIC_KEY, MESSAGE, GOOD.slice(0, 63)),
    vector('a signature of 65 bytes', 'SIG2', PUBLIC_KEY, MESSAGE, concatBytes(GOOD, Uint8Array.of(0))),
    vector('an empty signature', 'SIG2', PUBLIC_KEY, MESSAGE, new Uint8Array()),
    vector(
      'R the identity, equation true',
      'SIG3',
      PUBLIC_KEY,
      MESSAGE,
      craftSignature({ secret: SECRET, publicKey: PUBLIC_KEY, nonce: 0n, r: identity, message: MESSAGE }),
    ),
  ]
}

function equationCases(): SignatureVector[] {
  const torsion = Array.from({ length: 7 }, (_, i) => {
    const r = basePoint(NONCE)
      .add(torsionPoint(i + 1))
      .toBytes()
    const signature = craftSignature({ secret: SECRET, publicKey: PUBLIC_KEY, nonce: NONCE, r, message: MESSAGE })
    return vector(`R plus [${i + 1}]T: true with the cofactor`, 'SIG4', PUBLIC_KEY, MESSAGE, signature)
  })
  const identities = nonCanonicalKeys()
    .filter(([name]) => name.includes('identity') || name.includes('p + 1'))
    .map(([name, r]) => {
      const signature = craftSignature({ secret: SECRET, publicKey: PUBLIC_KEY, nonce: 0n, r, message: MESSAGE })
      const shown = name.replace('a key', 'R')
      return vector(`R not canonical: ${shown}`, 'SIG4', PUBLIC_KEY, MESSAGE, signature)
    })
  return [
    ...torsion,
    ...identities,
    vector('S = 0', 'SIG4', PUBLIC_KEY, MESSAGE, concatBytes(GOOD.slice(0, 32), new Uint8Array(32))),
  ]
}

const reference = createSignatureVerifier()

/** The verdict is what the reference path says; the tests hold every other path, and the published cases, against it. */
function vector(
  name: string,
  rule: string,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): SignatureVector {
  const reason = reference.verify(publicKey, message, signature)
  return {
    name,
    rule,
    publicKey: toHex(publicKey),
    message: toHex(message),
    signature: toHex(signature),
    valid: reason === null,
    ...(reason === null ? {} : { reason }),
  }
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}

function unhex(text: string): Uint8Array {
  return fromHex(text) as Uint8Array
}
