import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { runSignatureSelfTest } from '../../core/identity/self-test.ts'
import { createSignatureVerifier } from '../../core/identity/signature.ts'
import { createNativeVerify, createNativeVerifyAside } from '../../core/ingest/native-verify.ts'
import { FUZZ_IS_LONG, FUZZ_TIMEOUT_MS, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { compareSignaturePaths, SIGNATURE_CLASSES } from '../harness/signature-differential.ts'
import { createSignatureJudge, SIGNATURE_STEPS, type WrongRule } from '../harness/signature-oracle.ts'
import { VERIFIERS } from '../harness/verifiers.ts'

const SEED = fuzzSeed('signature rule')
const PER_CLASS = FUZZ_IS_LONG ? 2_800 : 80
const CASES = PER_CLASS * SIGNATURE_CLASSES.length
/** Enough that a wrong rule shows, whatever the seed. */
const CONTROL_PER_CLASS = 24
/** The rule is the same code: this only shows that nothing is lost on the way. */
const ASIDE_PER_CLASS = 8

const sha512 = (bytes: Uint8Array) => createHash('sha512').update(bytes).digest()
/** Remembers the keys of one seed. */
const judge = createSignatureJudge(sha512)

describe(`the two paths of the signature rule on ${CASES} crafted inputs, seed ${SEED}`, () => {
  it('never disagree, nor with an independent judge (SIG1 … SIG4)', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const paths = VERIFIERS.map(([name, verifier]) => [name, verifier.verify.bind(verifier)] as const)
    const components = { paths, judge, choice: new SeededChoice(SEED) }
    const report = compareSignaturePaths(components, PER_CLASS)
    expect([...report.disagreements.values()].flat().slice(0, 3)).toEqual([])
    expect(report.cases).toBe(CASES)
    expect(CASES).toBeGreaterThanOrEqual(FUZZ_IS_LONG ? 50_000 : 1_500)
    expect(Object.fromEntries(report.byClass)).toEqual(
      Object.fromEntries(SIGNATURE_CLASSES.map((name) => [name, PER_CLASS])),
    )
    expect(SIGNATURE_STEPS.filter((step) => (report.byStep.get(step) ?? 0) === 0)).toEqual([])
    process.stderr.write(
      `signature rule: ${report.cases} cases, ${JSON.stringify(Object.fromEntries(report.byStep))}\n`,
    )
  })

  it('give the same answer beside the thread (SIG1 … SIG4)', { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const native = createNativeVerify(256)
    const asides = [createNativeVerifyAside(256), () => Promise.reject(new Error('unsupported'))]
    for (const nativeAside of asides) {
      const verifier = createSignatureVerifier({ native, nativeAside })
      const asked: Promise<string | null>[] = []
      const answers: (string | null)[] = []
      const path = (...input: Parameters<typeof verifier.verify>) => {
        const answer = verifier.verify(...input)
        asked.push(verifier.verifyAside(...input))
        answers.push(answer)
        return answer
      }
      const components = { paths: [['native path', path]] as const, judge, choice: new SeededChoice(SEED) }
      compareSignaturePaths(components, ASIDE_PER_CLASS)
      expect(await Promise.all(asked)).toEqual(answers)
      expect(new Set(answers)).toEqual(new Set([null, 'bad-key', 'bad-signature']))
    }
  })

  it.each<[WrongRule, string[]]>([
    ['multiplies by the cofactor', ['R with torsion']],
    ['decodes R', ['R with y not below p', 'R with the sign of x = 0']],
    ['takes S of L and above', ['S + n L']],
    ['takes the identity as R', ['R the identity']],
    ['takes keys with torsion', ['key with torsion', 'key and R with torsion', 'key of small order']],
    ['takes all keys that decode', ['key the identity', 'key with the sign of x = 0', 'key with y not below p']],
  ])('would catch a rule that %s (control)', { timeout: FUZZ_TIMEOUT_MS }, (rule, classes) => {
    const wrong = createSignatureJudge(sha512, rule)
    const paths = [['wrong', (...input: Parameters<typeof wrong>) => wrong(...input).reason]] as const
    const components = { paths, judge, choice: new SeededChoice(SEED) }
    const { disagreements } = compareSignaturePaths(components, CONTROL_PER_CLASS)
    expect([...disagreements.keys()]).toEqual(expect.arrayContaining(classes))
    expect(disagreements.has('honest')).toBe(false)
  })

  it('rest on a self-test that the native verifier of this machine passes', () => {
    expect(runSignatureSelfTest(createNativeVerify(4))).toBe(true)
  })
})
