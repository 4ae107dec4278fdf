import { decode, encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { CodecError, type CodecFault, decodeCbor, encodeCbor } from '../../core/codec/dag-cbor.ts'
import { equalBytes, toHex, utf8 } from '../../core/util/bytes.ts'
import { isLinkAllowed } from '../harness/canonical.ts'
import { mutateBytes, randomValue } from '../harness/cbor-mutator.ts'
import { FUZZ_TIMEOUT_MS, fuzzCases, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'

/** What the library makes of the bytes: a value where decoding and encoding again gives the same bytes. */
type LibraryAnswer = { readonly isCanonical: true; readonly value: unknown } | { readonly isCanonical: false }

function askLibrary(bytes: Uint8Array): LibraryAnswer {
  try {
    const value = decode<unknown>(bytes)
    return equalBytes(encode(value), bytes) ? { isCanonical: true, value } : { isCanonical: false }
  } catch {
    return { isCanonical: false }
  }
}

function askOurs(bytes: Uint8Array): CodecFault | null {
  try {
    decodeCbor(bytes)
    return null
  } catch (error) {
    if (error instanceof CodecError) return error.reason
    throw error
  }
}

/** Facts about a value that the library takes and a rule of ours refuses, found without our decoder. */
interface Facts {
  depth: number
  items: number
  hasBadNumber: boolean
  hasLongKey: boolean
  hasBadLink: boolean
}

function gatherFacts(value: unknown, depth: number, facts: Facts): Facts {
  facts.items++
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (!Number.isSafeInteger(value) || Number(value) < 0 || Object.is(value, -0)) facts.hasBadNumber = true
  } else if (value instanceof CID) {
    if (!isLinkAllowed(value)) facts.hasBadLink = true
  } else if (Array.isArray(value)) {
    facts.depth = Math.max(facts.depth, depth + 1)
    for (const element of value) gatherFacts(element, depth + 1, facts)
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    facts.depth = Math.max(facts.depth, depth + 1)
    for (const [key, entry] of Object.entries(value)) {
      if (utf8(key).length > 32) facts.hasLongKey = true
      gatherFacts(entry, depth + 1, facts)
    }
  }
  return facts
}

/** The rule by which ours refuses what the library takes; undefined when there is none. */
function explain(reason: CodecFault, value: unknown): string | undefined {
  const facts = gatherFacts(value, 0, { depth: 0, items: 0, hasBadNumber: false, hasLongKey: false, hasBadLink: false })
  if (reason === 'bad-cbor' && facts.hasBadNumber) return 'CBR4'
  if (reason === 'bad-cbor' && facts.hasLongKey) return 'CBR9'
  if (reason === 'too-deep' && facts.depth > 6) return 'CBR10'
  if (reason === 'too-many-items' && facts.items > 256) return 'CBR11'
  if (reason === 'bad-link' && facts.hasBadLink) return 'CBR12'
  return undefined
}

const PROTO = toHex(utf8('__proto__'))

describe('the strict decoder beside decode → re-encode → compare', () => {
  it('differs only by a named rule', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const choice = new SeededChoice(fuzzSeed('codec'))
    const unexplained: string[] = []
    const seen = new Map<string, number>()
    const count = (name: string) => seen.set(name, (seen.get(name) ?? 0) + 1)
    for (let i = fuzzCases(200_000); i > 0; ) {
      const original = encode(randomValue(choice)) as Uint8Array
      for (let j = 0; j < 8 && i > 0; j++, i--) {
        const bytes = j === 0 ? original : mutateBytes(original, choice)
        const ours = askOurs(bytes)
        const library = askLibrary(bytes)
        if (ours === null) {
          // The library assigns that key to the object's prototype and so loses it; ours keeps it (CBR7).
          if (library.isCanonical) count('both take')
          else if (toHex(bytes).includes(PROTO)) count('CBR7')
          else unexplained.push(`taken: ${toHex(bytes)}`)
        } else if (library.isCanonical) {
          const rule = explain(ours, library.value)
          if (rule === undefined) unexplained.push(`${ours}: ${toHex(bytes)}`)
          else count(rule)
        } else {
          count('both refuse')
        }
      }
    }
    expect(unexplained.slice(0, 5)).toEqual([])
    for (const outcome of ['both take', 'both refuse', 'CBR4', 'CBR9', 'CBR10', 'CBR11', 'CBR12']) {
      expect(seen.get(outcome) ?? 0, `mutants that meet: ${outcome}`).toBeGreaterThan(10)
    }
  })

  it('takes what it encodes, byte for byte', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const choice = new SeededChoice(fuzzSeed('codec round trip'))
    const generous = { maxDepth: 40, maxItems: 100_000, maxKeyBytes: 64 }
    for (let i = fuzzCases(5_000); i > 0; i--) {
      const value = randomValue(choice)
      let bytes: Uint8Array
      try {
        bytes = encodeCbor(value)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
        continue
      }
      expect(toHex(encodeCbor(decodeCbor(bytes, generous)))).toBe(toHex(bytes))
    }
  })
})
