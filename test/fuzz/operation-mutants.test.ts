import { describe, expect, it } from 'vitest'
import { type CborValue, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { signingInput } from '../../core/identity/domains.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { checkOperation } from '../../core/identity/operation.ts'
import { createSignatureVerifier, type SignatureVerifier } from '../../core/identity/signature.ts'
import { fromHex, toHex } from '../../core/util/bytes.ts'
import { operationVectors } from '../../scripts/vectors/operation-vectors.ts'
import { people } from '../../scripts/vectors/people.ts'
import { mutateBytes, mutateValue } from '../harness/cbor-mutator.ts'
import { isSignedByNode, nodeSignerOf } from '../harness/node-signatures.ts'
import { isOperationAccepted } from '../harness/operation-oracle.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'

const SEED = fuzzSeed('operation mutants')
const MUTANTS = fuzzCases(10_000)

const LIMITS = { maxItems: 8_192 }
const REASONS = ['too-large', 'bad-cbor', 'bad-operation', 'bad-key', 'bad-signature']

const SEEDS = operationVectors()
  .cases.filter(({ expect: { verdict } }) => verdict === 'accept')
  .map(({ hex }) => decodeCbor(fromHex(hex) as Uint8Array, LIMITS) as CborValue[])

const { inception, laptop, phone, words, guardians } = people
const SIGNERS = new Map(
  [inception, laptop, phone, words].map((pair) => [toHex(pair.publicKey), nodeSignerOf(pair.secretKey)]),
)
const KNOWN = new Set([...SIGNERS.keys(), ...guardians.map(({ publicKey }) => toHex(publicKey))])

/** A change in the payload or in the wire, as value or as bytes, mostly signed again by those who had signed. */
function mutant(choice: SeededChoice): Uint8Array {
  const [payload, signatures, ...more] = choice.pick(SEEDS)
  let payloadBytes = payload as Uint8Array
  const place = choice.below(6)
  if (place < 3) payloadBytes = encodeCbor(mutateValue(decodeCbor(payloadBytes, LIMITS), choice))
  if (place === 3) payloadBytes = mutateBytes(payloadBytes, choice)
  const again = (signatures as Uint8Array[][]).map((entry): CborValue => {
    const signer = SIGNERS.get(toHex(entry[0] as Uint8Array))
    const isLeft = signer === undefined || choice.below(10) === 0
    return isLeft ? entry : [signer.publicKey, signer.sign(signingInput('id', payloadBytes))]
  })
  const wire: CborValue[] = [payloadBytes, again, ...more]
  if (place === 4) return encodeCbor(mutateValue(wire, choice))
  return place === 5 ? mutateBytes(encodeCbor(wire), choice) : encodeCbor(wire)
}

/** Asks `verifier`'s checkOperation and the judge about so many mutants; what differs, one sentence each. */
function compareWithJudge(verifier: SignatureVerifier, mutants: number) {
  const choice = new SeededChoice(SEED)
  const seen = new Map<string, number>()
  const wrong: string[] = []
  let done = 0
  while (done < mutants) {
    const bytes = attempt(() => mutant(choice))
    if (bytes === undefined) continue
    done++
    const { verdict, operation } = checkOperation(bytes, verifier)
    const name = verdict.verdict === 'accept' ? 'accept' : verdict.reason
    seen.set(name, (seen.get(name) ?? 0) + 1)
    if (name !== 'accept' && !REASONS.includes(name)) wrong.push(`no named verdict ${name}: ${toHex(bytes)}`)
    const isOurs = verdict.verdict === 'accept'
    if (isOurs && toHex(operation?.id ?? bytes) !== toHex(sha256(operation?.payloadBytes ?? bytes))) {
      wrong.push(`another id: ${toHex(bytes)}`)
    }
    if (isOurs !== isOperationAccepted(bytes, KNOWN)) {
      wrong.push(`${name}, judged otherwise: ${toHex(bytes)}`)
    }
  }
  return { done, seen, wrong }
}

describe(`checkOperation on ${MUTANTS} mutants, seed ${SEED}`, () => {
  it('never throws, names every verdict, and agrees with an independent judge (IDN9)', {
    timeout: FUZZ_TIMEOUT_MS,
  }, () => {
    const verifier = createSignatureVerifier({ native: isSignedByNode, maxKeys: 64 })
    const { done, seen, wrong } = compareWithJudge(verifier, MUTANTS)
    expect(wrong.slice(0, 3)).toEqual([])
    expect(done).toBe(MUTANTS)
    expect(seen.values().reduce((sum, count) => sum + count, 0)).toBe(MUTANTS)
    for (const name of ['accept', 'bad-cbor', 'bad-operation', 'bad-signature']) {
      expect(seen.get(name) ?? 0, name).toBeGreaterThan(100)
    }
  })

  it('would catch a verifier that takes every signature (control)', () => {
    expect(compareWithJudge({ verify: () => null }, 500).wrong).not.toEqual([])
  })
})

/** Undefined for a mutated value that can't be encoded at all. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
