import { describe, expect, it } from 'vitest'
import { CodecError, type CodecFault, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { toHex } from '../../core/util/bytes.ts'
import { MUTATION_NAMES, randomValue } from '../harness/cbor-mutator.ts'
import { CODEC_DIFFERENCES, compareDecoder } from '../harness/codec-differential.ts'
import { FUZZ_IS_LONG, FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'

const SEED = fuzzSeed('codec')
const MUTANTS = FUZZ_IS_LONG ? 2_000_000 : 80_000
const VALUES = fuzzCases(5_000)
/** Enough that a wrong decoder shows, whatever the seed. */
const CONTROL_MUTANTS = 6_000
const FAULTS = [
  ...(['bad-cbor', 'key-order', 'duplicate-key', 'bad-utf8', 'too-deep', 'too-many-items', 'bad-link'] as const),
] satisfies CodecFault[]

function askOurs(bytes: Uint8Array): CodecFault | null {
  try {
    decodeCbor(bytes)
    return null
  } catch (error) {
    if (error instanceof CodecError) return error.reason
    throw error
  }
}

describe(`the strict decoder beside decode → re-encode → compare, ${MUTANTS} mutants, seed ${SEED}`, () => {
  it('differs only by a named rule (CBR1 … CBR12)', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const report = compareDecoder(askOurs, new SeededChoice(SEED), MUTANTS)
    expect(report.unexplained.slice(0, 5)).toEqual([])
    expect(report.mutants).toBe(MUTANTS)
    expect(MUTANTS).toBeGreaterThanOrEqual(FUZZ_IS_LONG ? 1_000_000 : 80_000)
    for (const outcome of ['both take', 'both refuse', ...CODEC_DIFFERENCES] as const) {
      expect(report.outcomes.get(outcome) ?? 0, `mutants that meet: ${outcome}`).toBeGreaterThan(10)
    }
    expect(FAULTS.filter((fault) => (report.faults.get(fault) ?? 0) <= 10)).toEqual([])
    expect(MUTATION_NAMES.filter((name) => (report.mutations.get(name) ?? 0) < MUTANTS / 20)).toEqual([])
    const figures = Object.fromEntries([...report.outcomes, ...report.faults])
    process.stderr.write(`codec: ${report.mutants} mutants, ${JSON.stringify(figures)}\n`)
  })

  it.each(FAULTS)('would catch a decoder that forgives %s (control)', (fault) => {
    const lax = (bytes: Uint8Array) => {
      const reason = askOurs(bytes)
      return reason === fault ? null : reason
    }
    expect(compareDecoder(lax, new SeededChoice(SEED), CONTROL_MUTANTS).unexplained).not.toEqual([])
  })

  it('would catch a decoder that is stricter than the rules, and one that names another fault (control)', () => {
    const strict = (bytes: Uint8Array) => (bytes[0] === 0xf5 ? 'bad-cbor' : askOurs(bytes))
    const confused = (bytes: Uint8Array) => (askOurs(bytes) === 'bad-link' ? 'bad-cbor' : askOurs(bytes))
    for (const ask of [strict, confused] as const) {
      expect(compareDecoder(ask, new SeededChoice(SEED), CONTROL_MUTANTS).unexplained).not.toEqual([])
    }
  })
})

describe(`the encoder on ${VALUES} values, seed ${SEED}`, () => {
  it('makes what the decoder takes, byte for byte (CBR1)', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const choice = new SeededChoice(SEED)
    const generous = { maxDepth: 40, maxItems: 100_000, maxKeyBytes: 64 }
    const seen = { taken: 0, refused: 0 }
    for (let i = 0; i < VALUES; i++) {
      const value = randomValue(choice)
      let bytes: Uint8Array
      try {
        bytes = encodeCbor(value)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
        seen.refused++
        continue
      }
      expect(toHex(encodeCbor(decodeCbor(bytes, generous)))).toBe(toHex(bytes))
      seen.taken++
    }
    expect(seen.taken + seen.refused).toBe(VALUES)
    expect(seen.taken).toBeGreaterThan(VALUES / 2)
    expect(seen.refused).toBeGreaterThan(0)
  })
})
