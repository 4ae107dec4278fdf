/**
 * A decoder held against decode → re-encode → compare of the library, mutant by mutant. Where the two differ, and where
 * both take the bytes, facts that are gathered without the decoder under test have to give the reason by a named rule.
 */
import { decode, encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import type { CodecFault } from '../../core/codec/dag-cbor.ts'
import { equalBytes, fromHex, toHex, utf8 } from '../../core/util/bytes.ts'
import { recordVectors } from '../../scripts/vectors/record-vectors.ts'
import { isLinkAllowed } from './canonical.ts'
import { type Mutation, mutateBytes, randomValue, shuffledMap } from './cbor-mutator.ts'
import type { SeededChoice } from './seeded-random.ts'

/** Null where the decoder takes the bytes. @throws what is a bug of the decoder */
export type AskDecoder = (bytes: Uint8Array) => CodecFault | null

/** Every way in which the two may differ, by its rule. */
export const CODEC_DIFFERENCES = ['CBR4', 'CBR5', 'CBR9', 'CBR10', 'CBR11', 'CBR12'] as const
export type CodecOutcome = 'both take' | 'both refuse' | (typeof CODEC_DIFFERENCES)[number]

export interface CodecReport {
  /** Mutants on which both were asked, originals not counted. */
  readonly mutants: number
  readonly outcomes: ReadonlyMap<CodecOutcome, number>
  /** Mutants that the decoder refused, by its reason. */
  readonly faults: ReadonlyMap<CodecFault, number>
  readonly mutations: ReadonlyMap<Mutation, number>
  /** Differences without a rule, one sentence each. */
  readonly unexplained: readonly string[]
}

const MUTANTS_EACH = 7
const MAX_RECORD_BYTES = 1_024

/** Records on the wire, their headers and their bodies: what the decoder is there for. Long ones only take longer. */
const RECORDS = recordVectors()
  .cases.filter(({ expect: { verdict } }) => verdict === 'accept')
  .flatMap(({ hex }) => {
    const wire = fromHex(hex) as Uint8Array
    const parts = decode<unknown[]>(wire)
    return [wire, ...parts.filter((part) => part instanceof Uint8Array)]
  })
  .filter(({ length }) => length <= MAX_RECORD_BYTES)

export function compareDecoder(ask: AskDecoder, choice: SeededChoice, mutants: number): CodecReport {
  const outcomes = new Map<CodecOutcome, number>()
  const faults = new Map<CodecFault, number>()
  const mutations = new Map<Mutation, number>()
  const unexplained: string[] = []
  const look = (bytes: Uint8Array) => {
    const fault = ask(bytes)
    if (fault !== null) count(faults, fault)
    const outcome = compare(fault, bytes)
    if (outcome === undefined) unexplained.push(`${fault ?? 'taken'}: ${toHex(bytes)}`)
    else count(outcomes, outcome)
  }
  let done = 0
  while (done < mutants) {
    const original = anyOriginal(choice)
    look(original)
    for (let i = 0; i < MUTANTS_EACH && done < mutants; i++, done++) {
      look(mutateBytes(original, choice, (mutation) => count(mutations, mutation)))
    }
  }
  return { mutants: done, outcomes, faults, mutations, unexplained }
}

function anyOriginal(choice: SeededChoice): Uint8Array {
  const kind = choice.below(12)
  if (kind === 0) return shuffledMap(choice)
  return kind < 5 ? choice.pick(RECORDS) : (encode(randomValue(choice)) as Uint8Array)
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** What the library and the decoder make of the bytes together; undefined where no rule explains it. */
function compare(fault: CodecFault | null, bytes: Uint8Array): CodecOutcome | undefined {
  const library = askLibrary(bytes)
  if (fault !== null) return library === undefined ? 'both refuse' : explain(fault, library.value)
  return library === undefined ? undefined : explain(undefined, library.value)
}

/** The value, where decoding and encoding again gives the same bytes. */
function askLibrary(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    const value = decode<unknown>(bytes)
    return equalBytes(encode(value), bytes) ? { value } : undefined
  } catch {
    return undefined
  }
}

/** Facts about a value that the library takes. */
interface Facts {
  depth: number
  items: number
  /** Below 0, or a whole number that JavaScript's don't hold. */
  hasBadInteger: boolean
  hasFloat: boolean
  hasLongKey: boolean
  hasBadLink: boolean
}

function gatherFacts(value: unknown, depth: number, facts: Facts): Facts {
  facts.items++
  if (typeof value === 'bigint') {
    facts.hasBadInteger = true
  } else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) facts.hasFloat = true
    else if (value < 0) facts.hasBadInteger = true
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

/**
 * The rule by which a decoder refuses what the library takes, 'both take' where it takes it and may; undefined where
 * the facts say otherwise.
 */
function explain(fault: CodecFault | undefined, value: unknown): CodecOutcome | undefined {
  const none = { hasBadInteger: false, hasFloat: false, hasLongKey: false, hasBadLink: false }
  const facts = gatherFacts(value, 0, { depth: 0, items: 0, ...none })
  const broken: readonly (readonly [CodecFault, (typeof CODEC_DIFFERENCES)[number], boolean])[] = [
    ['bad-cbor', 'CBR4', facts.hasBadInteger],
    ['bad-cbor', 'CBR5', facts.hasFloat],
    ['bad-cbor', 'CBR9', facts.hasLongKey],
    ['too-deep', 'CBR10', facts.depth > 6],
    ['too-many-items', 'CBR11', facts.items > 256],
    ['bad-link', 'CBR12', facts.hasBadLink],
  ]
  if (fault === undefined) return broken.some(([, , isBroken]) => isBroken) ? undefined : 'both take'
  return broken.find(([reason, , isBroken]) => isBroken && reason === fault)?.[1]
}
