import { describe, expect, it } from 'vitest'
import { decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { checkBeat, encodeBeat } from '../../core/record/beat.ts'
import { equalBytes } from '../../core/util/bytes.ts'
import { TestAuthor } from '../harness/authors.ts'
import { beatBytes } from '../harness/beats.ts'
import { mutateBytes, mutateValue } from '../harness/cbor-mutator.ts'
import { fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { VERIFIERS } from '../harness/verifiers.ts'

const ROUNDS = fuzzCases(4_000)
const SEED = fuzzSeed('beat mutants')
const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]

describe(`${ROUNDS} mutated beats, seed ${SEED}`, () => {
  it('are refused by name, or are the beat that was signed (BEA2)', () => {
    const choice = new SeededChoice(SEED)
    const ana = new TestAuthor('Ana')
    ana.post('one')
    const honest = beatBytes(ana)
    const reasons = new Map<string, number>()
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = mutate(honest, choice)
      const checked = checkBeat(bytes, verifier)
      const isSame = equalBytes(bytes, honest)
      if (checked.ok !== isSame) throw new Error(`round ${round} of seed ${SEED}: ${JSON.stringify(checked)}`)
      if (checked.ok) expect(encodeBeat(checked.beat)).toEqual(honest)
      else reasons.set(checked.reason, (reasons.get(checked.reason) ?? 0) + 1)
    }
    for (const reason of ['bad-cbor', 'bad-beat', 'bad-signature']) {
      expect(reasons.get(reason), reason).toBeGreaterThan(ROUNDS / 100)
    }
  })
})

/** Other bytes, or another value of the same making. */
function mutate(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  if (choice.below(2) === 0) return mutateBytes(bytes, choice)
  try {
    return encodeCbor(mutateValue(decodeCbor(bytes), choice))
  } catch {
    return mutateBytes(bytes, choice)
  }
}
