import { describe, expect, it } from 'vitest'
import { runSignatureSelfTest } from '../../core/identity/self-test.ts'
import type { SignatureReason } from '../../core/identity/signature.ts'
import { createNativeVerify } from '../../core/ingest/native-verify.ts'
import { concatBytes, toHex } from '../../core/util/bytes.ts'
import { flipBit } from '../harness/cbor-mutator.ts'
import {
  basePoint,
  challenge,
  craftSignature,
  FIELD,
  fromLittleEndian,
  ORDER,
  toLittleEndian,
  torsionPoint,
} from '../harness/crafted-signatures.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { VERIFIERS } from '../harness/verifiers.ts'

interface Case {
  readonly name: string
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** What the rule says, known from how the case was made; undefined where only agreement is asked for. */
  readonly expected?: SignatureReason | null
}

interface Person {
  readonly secret: bigint
  readonly publicKey: Uint8Array
  /** The same key with each point of small order added, [1]T … [7]T. */
  readonly mixed: readonly Uint8Array[]
}

function person(choice: SeededChoice): Person {
  const secret = fromLittleEndian(choice.bytes(32)) % ORDER
  const point = basePoint(secret)
  const mixed = Array.from({ length: 7 }, (_, i) => point.add(torsionPoint(i + 1)).toBytes())
  return { secret, publicKey: point.toBytes(), mixed }
}

/** Encodings that lenient decoders take for a point that is written in another way. */
const ODD_POINTS = [0n, 1n, FIELD - 1n, FIELD, FIELD + 1n, FIELD + 3n, FIELD + 18n, 2n ** 255n - 1n].flatMap((y) => [
  toLittleEndian(y),
  toLittleEndian(y + 2n ** 255n),
])

const MAKERS: readonly ((person: Person, choice: SeededChoice) => Case)[] = [
  (one, choice) => ({ ...honest(one, choice), name: 'honest', expected: null }),
  (one, choice) => {
    const good = honest(one, choice)
    return {
      ...good,
      name: 'bit of the signature',
      signature: flipBit(good.signature, choice),
      expected: 'bad-signature',
    }
  },
  (one, choice) => {
    const good = honest(one, choice)
    return { ...good, name: 'bit of the message', message: flipBit(good.message, choice), expected: 'bad-signature' }
  },
  (one, choice) => {
    const good = honest(one, choice)
    return { ...good, name: 'bit of the key', publicKey: flipBit(good.publicKey, choice) }
  },
  (one, choice) => {
    const good = honest(one, choice)
    const s = fromLittleEndian(good.signature.slice(32)) + ORDER * BigInt(1 + choice.below(14))
    const signature = concatBytes(good.signature.slice(0, 32), toLittleEndian(s))
    return { ...good, name: 'S + n L', signature, expected: 'bad-signature' }
  },
  (one, choice) => {
    const nonce = fromLittleEndian(choice.bytes(32)) % ORDER
    const r = basePoint(nonce)
      .add(torsionPoint(1 + choice.below(7)))
      .toBytes()
    return { ...crafted(one, choice, nonce, r), name: 'R with torsion', expected: 'bad-signature' }
  },
  (one, choice) => {
    const publicKey = choice.pick(one.mixed)
    const message = choice.bytes(20)
    // Every eighth time or so the torsion falls away, and the cofactorless equation is true.
    const nonce = fromLittleEndian(choice.bytes(32)) % ORDER
    const signature = craftSignature({ secret: one.secret, publicKey, nonce, message })
    return { name: 'key with torsion', publicKey, message, signature, expected: 'bad-key' }
  },
  (one, choice) => {
    const publicKey = choice.pick(one.mixed)
    const message = choice.bytes(20)
    const nonce = fromLittleEndian(choice.bytes(32)) % ORDER
    const i = one.mixed.indexOf(publicKey) + 1
    const r = basePoint(nonce)
      .add(torsionPoint(choice.below(8)))
      .toBytes()
    const k = challenge(r, publicKey, message)
    const signature = concatBytes(r, toLittleEndian((nonce + k * one.secret) % ORDER))
    return { name: `key with torsion ${i}, R too`, publicKey, message, signature, expected: 'bad-key' }
  },
  (_, choice) => {
    const publicKey = choice.pick(ODD_POINTS)
    const message = choice.bytes(20)
    const nonce = fromLittleEndian(choice.bytes(32)) % ORDER
    const signature = craftSignature({ secret: 0n, publicKey, nonce, message })
    return { name: 'odd key', publicKey, message, signature, expected: 'bad-key' }
  },
  (one, choice) => ({ ...crafted(one, choice, 0n, choice.pick(ODD_POINTS)), name: 'odd R', expected: 'bad-signature' }),
  (one, choice) => {
    const good = honest(one, choice)
    return { ...good, name: 'random R', signature: good.signature.with(choice.below(32), choice.below(256)) }
  },
  (one, choice) => {
    const good = honest(one, choice)
    const signature = concatBytes(good.signature, choice.bytes(2)).slice(0, choice.pick([0, 32, 63, 65]))
    return { ...good, name: 'length', signature, expected: 'bad-signature' }
  },
]

function honest(one: Person, choice: SeededChoice): Case {
  return crafted(one, choice, 1n + (fromLittleEndian(choice.bytes(32)) % (ORDER - 1n)))
}

function crafted(one: Person, choice: SeededChoice, nonce: bigint, r?: Uint8Array): Case {
  const message = choice.bytes(1 + choice.below(60))
  const init = { secret: one.secret, publicKey: one.publicKey, nonce, message, ...(r === undefined ? {} : { r }) }
  return { name: '', publicKey: one.publicKey, message, signature: craftSignature(init) }
}

describe('the two paths of the signature rule', () => {
  it('never disagree on crafted inputs (SIG1 … SIG4)', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const choice = new SeededChoice(fuzzSeed('signature rule'))
    const people = Array.from({ length: 12 }, () => person(choice))
    const wrong: string[] = []
    const answers = new Map<string, number>()
    for (let i = fuzzCases(5_400); i > 0; i--) {
      const one = (MAKERS[i % MAKERS.length] as (typeof MAKERS)[number])(choice.pick(people), choice)
      const [native, reference] = VERIFIERS.map(([, verifier]) =>
        verifier.verify(one.publicKey, one.message, one.signature),
      )
      const answer = String(reference)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
      if (native !== reference || (one.expected !== undefined && reference !== one.expected)) {
        const bytes = [one.publicKey, one.message, one.signature].map(toHex).join(' ')
        wrong.push(`${one.name}: native ${native}, reference ${reference}, expected ${one.expected}: ${bytes}`)
      }
    }
    expect(wrong.slice(0, 3)).toEqual([])
    for (const answer of ['null', 'bad-key', 'bad-signature']) expect(answers.get(answer)).toBeGreaterThan(400)
  })

  it('rest on a self-test that the native verifier of this machine passes', () => {
    expect(runSignatureSelfTest(createNativeVerify(4))).toBe(true)
  })
})
