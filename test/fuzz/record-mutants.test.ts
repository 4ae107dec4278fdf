import { describe, expect, it } from 'vitest'
import { type CborValue, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { signingInput } from '../../core/identity/domains.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { createSignatureVerifier, type SignatureVerifier } from '../../core/identity/signature.ts'
import { checkRecord } from '../../core/record/check-record.ts'
import { fromHex, toHex } from '../../core/util/bytes.ts'
import { recordVectors } from '../../scripts/vectors/record-vectors.ts'
import { flipBit, mutateBytes, mutateValue } from '../harness/cbor-mutator.ts'
import { isSignedByNode, type NodeSigner, nodeSignerOf } from '../harness/node-signatures.ts'
import { judgeRecord } from '../harness/record-oracle.ts'
import { FUZZ_IS_LONG, FUZZ_TIMEOUT_MS, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'

const SEED = fuzzSeed('record mutants')
const MUTANTS = FUZZ_IS_LONG ? 1_000_000 : 50_000

const REASONS = new Set(
  'too-large bad-cbor bad-header bad-key bad-signature body-hash body-length ts-range seq-prev'
    .concat(' key-order duplicate-key bad-utf8 too-deep too-many-items bad-link body-schema')
    .split(' '),
)

/** Growth of the process over the whole run; the mutants themselves add up to about 50 MB. */
const MAX_GROWTH_BYTES = 256 * 1_048_576

const SEEDS = recordVectors()
  .cases.filter(({ expect: { verdict } }) => verdict !== 'reject')
  .map(({ hex }) => decodeCbor(fromHex(hex) as Uint8Array) as CborValue[])

/**
 * A mutant of a record that knows its structure: a change of the bytes at any level, or of the value at any level; and
 * mostly with the hash, the length and the signature made right again, so that the change comes through to the rule
 * that judges it.
 */
function mutant(choice: SeededChoice, signer: NodeSigner): Uint8Array {
  const [headerBytes, signature, body, ...reason] = choice.pick(SEEDS)
  let h = headerBytes as Uint8Array
  let b = body as Uint8Array | null
  let wire: CborValue[]
  const place = choice.below(8)
  if (place < 4 && b !== null) b = place < 2 ? mutateBytes(b, choice) : encodeOr(mutateValue(decodeOr(b), choice), b)
  const header = decodeOr(h)
  if (Array.isArray(header) && choice.below(8) > 0) {
    const fixed = header.with(3, signer.publicKey)
    const withBody = b === null ? fixed : fixed.with(7, b.length).with(8, sha256(b))
    h = encodeOr(place === 4 ? mutateValue(withBody, choice) : withBody, h)
  }
  if (place === 5) h = mutateBytes(h, choice)
  const signed = choice.below(6) > 0 ? signer.sign(signingInput('record', h)) : (signature as Uint8Array)
  wire = [h, choice.below(30) === 0 ? flipBit(signed, choice) : signed, b, ...reason]
  if (place === 6) wire = mutateValue(wire, choice) as CborValue[]
  const bytes = encodeOr(wire, h)
  return place === 7 ? mutateBytes(bytes, choice) : bytes
}

function decodeOr(bytes: Uint8Array): CborValue {
  try {
    return decodeCbor(bytes)
  } catch {
    return []
  }
}

function encodeOr(value: CborValue, otherwise: Uint8Array): Uint8Array {
  try {
    return encodeCbor(value)
  } catch {
    return otherwise
  }
}

/** Asks `verifier`'s checkRecord and the judge about so many mutants; what differs, one sentence each. */
function compareWithJudge(verifier: SignatureVerifier, mutants: number) {
  const choice = new SeededChoice(SEED)
  const signers = Array.from({ length: 4 }, () => nodeSignerOf(choice.bytes(32)))
  const laptop = (decodeCbor((SEEDS[0] as CborValue[])[0] as Uint8Array) as CborValue[])[3] as Uint8Array
  const keys = new Set([...signers.map(({ publicKey }) => publicKey), laptop].map(toHex))
  const seen = new Map<string, number>()
  const wrong: string[] = []
  let done = 0
  for (; done < mutants; done++) {
    const bytes = mutant(choice, choice.pick(signers))
    const { verdict, record, body } = checkRecord(bytes, verifier)
    const name = verdict.verdict === 'accept' ? 'accept' : verdict.reason
    seen.set(name, (seen.get(name) ?? 0) + 1)
    if (name !== 'accept' && !REASONS.has(name)) wrong.push(`no named verdict ${name}: ${toHex(bytes)}`)
    if ((record === null) !== (verdict.verdict === 'reject')) wrong.push(`record without verdict: ${toHex(bytes)}`)
    if (body !== null && verdict.verdict !== 'accept') wrong.push(`body without verdict: ${toHex(bytes)}`)
    const judged = judgeRecord(bytes, keys)
    if (judged !== verdict.verdict) {
      wrong.push(`${verdict.verdict} ${name}, judged ${judged}: ${toHex(bytes)}`)
    }
  }
  return { done, seen, wrong }
}

describe(`checkRecord on ${MUTANTS} mutants, seed ${SEED}`, () => {
  it('never throws, names every verdict, and agrees with an independent judge (REC7)', {
    timeout: FUZZ_TIMEOUT_MS,
  }, () => {
    const verifier = createSignatureVerifier({ native: isSignedByNode, maxKeys: 64 })
    const before = process.memoryUsage().rss
    const { done, seen, wrong } = compareWithJudge(verifier, MUTANTS)
    expect(wrong.slice(0, 3)).toEqual([])
    expect(done).toBe(MUTANTS)
    expect(seen.values().reduce((sum, count) => sum + count, 0)).toBe(MUTANTS)
    expect([...REASONS].filter((reason) => reason !== 'bad-key' && (seen.get(reason) ?? 0) < 3)).toEqual([])
    expect(seen.get('accept')).toBeGreaterThan(1_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES)
  })

  it('would catch a verifier that takes every signature (control)', () => {
    expect(compareWithJudge({ verify: () => null }, 2_000).wrong).not.toEqual([])
  })
})
