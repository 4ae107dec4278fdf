import { sha256 } from '../../core/identity/hash.ts'
import { concatBytes, utf8 } from '../../core/util/bytes.ts'
import type { RandomSource } from '../../core/util/random.ts'

/** Bytes that follow from the seed alone: sha256(seed ‖ counter) …; for vectors and for tests that can be repeated. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0
  return (length) => {
    const blocks: Uint8Array[] = []
    for (let have = 0; have < length; have += 32) blocks.push(sha256(utf8(`${seed}/${counter++}`)))
    return concatBytes(...blocks).slice(0, length)
  }
}

/** Whole numbers and choices that follow from the seed alone; quick (mulberry32), for fuzzing. */
export class SeededChoice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 … below − 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}

/** What this needs of Node.js; a page has none of it. */
const { process } = globalThis as {
  readonly process?: {
    readonly env: Readonly<Record<string, string | undefined>>
    readonly stderr?: { write(text: string): unknown }
  }
}

/**
 * The seed of a fuzz run: PALABRE_SEED, or a new one; printed, and to stand in the title of the test, so that a failure
 * can be repeated. `given` is for a page, which sees no environment.
 */
export function fuzzSeed(name: string, given = process?.env.PALABRE_SEED): number {
  const number = Number.parseInt(given ?? '', 10)
  const seed = Number.isSafeInteger(number) ? number : Math.floor(Math.random() * 2 ** 31)
  const line = `${name}: PALABRE_SEED=${seed}`
  // In a page there may be a `process` of a bundler, which has no streams.
  if (process?.stderr === undefined) console.info(line)
  else process.stderr.write(`${line}\n`)
  return seed
}

/** The long tier: `npm run test:long`. */
export const FUZZ_IS_LONG: boolean = process?.env.PALABRE_LONG === '1'

/** Cases of a fuzz run: ten times as many in the long tier. */
export function fuzzCases(count: number): number {
  return FUZZ_IS_LONG ? count * 10 : count
}

/** Longest that a fuzz run may take on a busy machine. */
export const FUZZ_TIMEOUT_MS = fuzzCases(300_000)
