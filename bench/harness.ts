import { cpus, loadavg, release, totalmem, type } from 'node:os'

/**
 * What every bench shares: rounds that alternate between the thing and its floor, so that a busy machine slows both;
 * medians; one JSON line per figure on stdout. Progress goes to stderr.
 */

/** Nodes that start at a time. */
const PARALLEL_STARTS = 3

export interface Figure {
  /** `gossip.p99`; stable, the table in README.md is filled from it. */
  readonly figure: string
  readonly value: number
  readonly unit: 'ms' | 'MB' | '%' | 'count' | 'records/s' | 'bytes' | 'µs'
  /** What was compared with in the same run, where there is such a floor. */
  readonly floor?: { readonly name: string; readonly value: number }
  /** How many measurements stand behind the value. */
  readonly samples: number
}

/** Prints a figure as one JSON line, rounded to what means something. */
export function printFigure(figure: Figure): void {
  const { floor } = figure
  const rounded = { ...figure, value: round(figure.value) }
  console.log(JSON.stringify(floor ? { ...rounded, floor: { ...floor, value: round(floor.value) } } : rounded))
}

/** Prints the machine as the first line: without it a figure says nothing. */
export function printMachine(): void {
  const [cpu] = cpus()
  const machine = {
    machine: {
      cpu: cpu?.model ?? 'unknown',
      cores: cpus().length,
      memoryGB: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()}`,
      node: process.version,
      // What else was going on: figures of a busy machine compare only with their floor.
      load: round(loadavg()[0] ?? 0),
    },
  }
  console.log(JSON.stringify(machine))
}

/** Rounds from `--rounds N`, else the default. @throws RangeError for anything but 1 to 1,000 */
export function readRounds(byDefault: number): number {
  return readNumber('--rounds', byDefault, { least: 1, most: 1_000 })
}

/** An option's whole number, else the default. @throws RangeError outside of the limits */
export function readNumber(option: string, byDefault: number, limits: { least: number; most: number }): number {
  const at = process.argv.indexOf(option)
  const value = at < 0 ? byDefault : Number(process.argv[at + 1])
  if (!Number.isSafeInteger(value) || value < limits.least || value > limits.most) {
    throw new RangeError(`${option} takes ${limits.least} to ${limits.most}`)
  }
  return value
}

/** Runs each candidate once a round, in turns, the order reversed every other round. */
export async function alternate<Name extends string>(
  rounds: number,
  candidates: Readonly<Record<Name, () => Promise<void>>>,
): Promise<void> {
  const names = Object.keys(candidates) as Name[]
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${name}\n`)
      await candidates[name]()
    }
  }
}

/** Does `work` for 0 … count − 1, a few at a time: more starts at once only stand in each other's way. */
export async function inGroups<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let at = 0; at < count; at += PARALLEL_STARTS) {
    const size = Math.min(PARALLEL_STARTS, count - at)
    results.push(...(await Promise.all(Array.from({ length: size }, (_, i) => work(at + i)))))
    process.stderr.write(`${at + size} of ${count}\n`)
  }
  return results
}

/** The value below which this share (0 to 1) of the samples lies. @throws RangeError without samples */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('no samples')
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}

function round(value: number): number {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  return Number(value.toFixed(digits))
}
