import { describe, expect, it } from 'vitest'
import { encodeStart } from '../../core/archive/archive-format.ts'
import { concatBytes, toHex } from '../../core/util/bytes.ts'
import { PalabreError } from '../../core/util/errors.ts'
import { ARCHIVE_NETWORK, type ReadBack, readBytes, writeSmallArchive } from '../harness/archives.ts'
import { mutateBytes } from '../harness/cbor-mutator.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

const SEED = fuzzSeed('archive')
const FILES = fuzzCases(1_000)

/** Bytes changed in place, a part lost, doubled or put elsewhere, noise put in. */
function mutate(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  const at = choice.below(bytes.length)
  const to = Math.min(bytes.length, at + 1 + choice.below(600))
  const part = bytes.subarray(at, to)
  switch (choice.below(5)) {
    case 0:
      return concatBytes(bytes.subarray(0, at), mutateBytes(part, choice), bytes.subarray(to))
    case 1:
      return concatBytes(bytes.subarray(0, at), bytes.subarray(to))
    case 2:
      return concatBytes(bytes.subarray(0, to), part, bytes.subarray(to))
    case 3:
      return concatBytes(bytes.subarray(0, at), choice.bytes(1 + choice.below(80)), bytes.subarray(at))
    default:
      return bytes.subarray(0, at)
  }
}

describe('ArchiveReader', () => {
  it(`reads ${FILES} changed files without anything but what was written, or says what is wrong (ARC3, seed ${SEED})`, {
    timeout: FUZZ_TIMEOUT_MS,
  }, async () => {
    const choice = new SeededChoice(SEED)
    const { bytes, operations, records } = await writeSmallArchive(makeTempDir())
    const honest = new Set([...operations, ...records].map(toHex))
    const start = encodeStart(ARCHIVE_NETWORK).length
    const codes = new Map<string, number>()
    for (let i = 0; i < FILES; i++) {
      // Most of what could be broken stands behind the start.
      const mutant =
        choice.below(10) === 0
          ? mutate(bytes, choice)
          : concatBytes(bytes.subarray(0, start), mutate(bytes.subarray(start), choice))
      const back = await readBytes(mutant).catch((error: unknown) => error)
      const error = back instanceof Error ? back : (back as ReadBack).error
      if (error !== null) expect(error).toBeInstanceOf(PalabreError)
      const code = error instanceof PalabreError ? error.code : 'whole'
      codes.set(code, (codes.get(code) ?? 0) + 1)
      if (back instanceof Error) continue
      for (const wire of [...(back as ReadBack).operations, ...(back as ReadBack).records])
        expect(honest.has(toHex(wire))).toBe(true)
    }
    expect([...codes.keys()].filter((code) => !code.startsWith('archive-') && code !== 'whole')).toEqual([])
    // Only a change that changes nothing, or a block that is doubled or lost as a whole with its count, could pass.
    expect(codes.get('whole') ?? 0).toBeLessThan(FILES / 20)
    expect(codes.get('archive-damaged') ?? 0).toBeGreaterThan(FILES / 4)
    expect(codes.get('archive-cut') ?? 0).toBeGreaterThan(FILES / 20)
  })
})
