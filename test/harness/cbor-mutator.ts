import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { type CborValue, encodeCbor, isCborMap } from '../../core/codec/dag-cbor.ts'
import { concatBytes, fromHex, utf8 } from '../../core/util/bytes.ts'
import type { SeededChoice } from './seeded-random.ts'

/** Numbers on the borders of encodings and limits. */
const NUMBERS = [
  0,
  1,
  2,
  23,
  24,
  255,
  256,
  65_535,
  65_536,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  8_192,
  253_402_300_800_000,
]
const TEXTS = ['', 'a', 'é', '🌿', 'text', 'image/png', '__proto__', 'a'.repeat(24), 'b'.repeat(33), 'é'.repeat(200)]
const KEYS = [
  '__proto__',
  '',
  'a',
  'b',
  'aa',
  'salt',
  'text',
  'media',
  'toString',
  'k'.repeat(32),
  'k'.repeat(33),
].concat([
  'subject',
  'on',
  'quote',
  'lang',
  'warn',
  'tags',
  'until',
  'note',
  'list',
  'about',
  'purpose',
  'key',
  'grants',
])

/** A value of any shape, mostly within the limits. */
export function randomValue(choice: SeededChoice, depth = 0): CborValue {
  const kind = choice.below(depth > 6 ? 6 : 9)
  if (kind === 0) return null
  if (kind === 1) return choice.below(2) === 1
  if (kind === 2) return choice.pick(NUMBERS)
  if (kind === 3) return choice.pick(TEXTS)
  if (kind === 4) return choice.bytes(choice.pick([0, 1, 7, 8, 16, 31, 32, 33, 48, 64, 256]))
  if (kind === 5) return randomLink(choice)
  const count = choice.below(depth === 0 && choice.below(12) === 0 ? 400 : 5)
  if (kind < 8) return Array.from({ length: count }, () => randomValue(choice, depth + 1))
  const map: Record<string, CborValue> = Object.create(null)
  for (let i = 0; i < count; i++) map[choice.pick(KEYS)] = randomValue(choice, depth + 1)
  return map
}

/** A map of up to five entries in any order, some keys twice: mutations of the bytes hardly ever make one. */
export function shuffledMap(choice: SeededChoice): Uint8Array {
  const count = 1 + choice.below(5)
  const entries = Array.from({ length: count }, () => [
    encodeCbor(choice.pick(['a', 'b', 'aa', '__proto__', 'salt'])),
    encodeCbor(choice.pick([null, 0, 'x', ['x']])),
  ])
  return concatBytes(Uint8Array.of(0xa0 + count), ...entries.flat())
}

function randomLink(choice: SeededChoice): CID {
  const digest = choice.bytes(choice.below(8) === 0 ? 20 : 32)
  return CID.createV1(
    choice.pick([0x55, 0x70, 0x71, 0x55, 0x70, 0x300]),
    Digest.create(choice.pick([0x12, 0x12, 0x1e]), digest),
  )
}

/** The value with one place changed: replaced, left out, doubled, swapped, or a bit of it flipped. */
export function mutateValue(value: CborValue, choice: SeededChoice): CborValue {
  const goesDeeper = choice.below(4) > 0
  if (Array.isArray(value) && value.length > 0 && goesDeeper) {
    const i = choice.below(value.length)
    if (choice.below(6) > 0) return value.with(i, mutateValue(value[i] as CborValue, choice))
    return choice.pick([value.toSpliced(i, 1), value.toSpliced(i, 0, value[i]), value.toReversed()])
  }
  if (isCborMap(value) && goesDeeper) {
    const keys = Object.keys(value)
    const key = keys[choice.below(Math.max(1, keys.length))]
    if (key === undefined || choice.below(5) === 0) return { ...value, [choice.pick(KEYS)]: randomValue(choice, 3) }
    if (choice.below(5) > 0) return { ...value, [key]: mutateValue(value[key] as CborValue, choice) }
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
  }
  if (value instanceof Uint8Array && value.length > 0 && choice.below(2) === 0) {
    return choice.pick([flipBit(value, choice), value.slice(1), concatBytes(value, choice.bytes(1))])
  }
  if (typeof value === 'number' && choice.below(2) === 0) return Math.max(0, value + choice.pick([-1, 1]))
  if (typeof value === 'string' && choice.below(2) === 0) return value + choice.pick(TEXTS)
  return randomValue(choice, 4)
}

export function flipBit(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  const at = choice.below(bytes.length)
  const bit = 1 << choice.below(8)
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ bit : byte))
}

/** Heads of items that canonical DAG-CBOR doesn't have, and some that it has. */
const HEADS = [
  '18 05',
  '19 0018',
  '1b 0000000000000001',
  '1b ffffffffffffffff',
  '20',
  '5f',
  '7f',
  '9f',
  'bf',
  'ff',
  'f7',
  'f93c00',
]
  .concat([
    'fb 3ff8000000000000',
    'c1',
    'd82a',
    'f820',
    'a0',
    '80',
    '40',
    '60',
    'f6',
    '81',
    'a1 61 61',
    '9b 0000000100000000',
    'fb 3ff0000000000000',
  ])
  .map((hex) => fromHex(hex.replaceAll(' ', '')) as Uint8Array)

type Mutate = (bytes: Uint8Array, at: number, choice: SeededChoice) => Uint8Array

/** Changes that know nothing of what the bytes mean; `at` is 0 … length. */
const MUTATIONS = {
  'a bit flipped': (bytes, _, choice) => (bytes.length === 0 ? bytes : flipBit(bytes, choice)),
  'a head put in': (bytes, at, choice) => concatBytes(bytes.subarray(0, at), choice.pick(HEADS), bytes.subarray(at)),
  'a head put over': (bytes, at, choice) =>
    concatBytes(bytes.subarray(0, at), choice.pick(HEADS), bytes.subarray(at + 1)),
  'bytes left out': (bytes, at, choice) => concatBytes(bytes.subarray(0, at), bytes.subarray(at + choice.below(4))),
  'cut short': (bytes, at) => bytes.subarray(0, at),
  'bytes put in': (bytes, at, choice) =>
    concatBytes(bytes.subarray(0, at), choice.bytes(1 + choice.below(4)), bytes.subarray(at)),
  'a part twice': (bytes, at, choice) =>
    concatBytes(bytes.subarray(0, at), bytes.subarray(at, at + choice.below(40)), bytes.subarray(at)),
  'bytes behind the end': (bytes, _, choice) => concatBytes(bytes, choice.bytes(1 + choice.below(3))),
  'a byte changed': (bytes, at, choice) =>
    bytes.length === 0 ? utf8('a') : bytes.with(Math.min(at, bytes.length - 1), choice.below(256)),
} satisfies Record<string, Mutate>

export type Mutation = keyof typeof MUTATIONS
export const MUTATION_NAMES = Object.keys(MUTATIONS) as readonly Mutation[]

/** The bytes with one to three changes; `note` hears of each. */
export function mutateBytes(bytes: Uint8Array, choice: SeededChoice, note?: (mutation: Mutation) => void): Uint8Array {
  let mutant = bytes
  for (let i = 1 + choice.below(3); i > 0; i--) {
    const name = choice.pick(MUTATION_NAMES)
    const mutate: Mutate = MUTATIONS[name]
    mutant = mutate(mutant, choice.below(mutant.length + 1), choice)
    note?.(name)
  }
  return mutant
}
