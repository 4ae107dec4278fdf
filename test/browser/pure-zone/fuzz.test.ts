import { describe, expect, inject, it } from 'vitest'
import { CodecError, type CodecFault, decodeCbor } from '../../../core/codec/dag-cbor.ts'
import { sha512 } from '../../../core/identity/hash.ts'
import { createSignatureVerifier } from '../../../core/identity/signature.ts'
import { CODEC_DIFFERENCES, compareDecoder } from '../../harness/codec-differential.ts'
import { fuzzSeed, SeededChoice } from '../../harness/seeded-random.ts'
import { compareSignaturePaths, SIGNATURE_CLASSES } from '../../harness/signature-differential.ts'
import { createSignatureJudge, SIGNATURE_STEPS } from '../../harness/signature-oracle.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** PALABRE_SEED of the run, '' for none. */
    fuzzSeed: string
  }
}

/** A slice of test/fuzz, for some seconds: the engines of pages have numbers and text decoders of their own. */
const SEED = fuzzSeed('pure zone in a page', inject('fuzzSeed'))
const PER_CLASS = 30
const MUTANTS = 20_000

function askOurs(bytes: Uint8Array): CodecFault | null {
  try {
    decodeCbor(bytes)
    return null
  } catch (error) {
    if (error instanceof CodecError) return error.reason
    throw error
  }
}

describe(`the pure zone under mutants, seed ${SEED}`, () => {
  it('judges crafted signatures as an independent judge does (SIG1 … SIG4)', () => {
    const verifier = createSignatureVerifier()
    const paths = [['reference path', verifier.verify.bind(verifier)]] as const
    const components = { paths, judge: createSignatureJudge(sha512), choice: new SeededChoice(SEED) }
    const report = compareSignaturePaths(components, PER_CLASS)
    expect([...report.disagreements.values()].flat().slice(0, 3)).toEqual([])
    expect(report.cases).toBe(PER_CLASS * SIGNATURE_CLASSES.length)
    expect(SIGNATURE_STEPS.filter((step) => (report.byStep.get(step) ?? 0) === 0)).toEqual([])
  })

  it('decodes as decode → re-encode → compare does, but for named rules (CBR1 … CBR12)', () => {
    const report = compareDecoder(askOurs, new SeededChoice(SEED), MUTANTS)
    expect(report.unexplained.slice(0, 5)).toEqual([])
    expect(report.mutants).toBe(MUTANTS)
    expect(CODEC_DIFFERENCES.filter((rule) => (report.outcomes.get(rule) ?? 0) === 0)).toEqual([])
  })

  it('would catch a wrong rule and a lax decoder here too (control)', () => {
    const wrong = createSignatureJudge(sha512, 'multiplies by the cofactor')
    const paths = [['wrong', (...input: Parameters<typeof wrong>) => wrong(...input).reason]] as const
    const components = { paths, judge: createSignatureJudge(sha512), choice: new SeededChoice(SEED) }
    expect([...compareSignaturePaths(components, 4).disagreements.keys()]).toContain('R with torsion')
    const lax = (bytes: Uint8Array) => (askOurs(bytes) === 'key-order' ? null : askOurs(bytes))
    expect(compareDecoder(lax, new SeededChoice(SEED), 1_000).unexplained).not.toEqual([])
  })
})
