import type { Outcome } from './outcome.ts'
import type { Parameters } from './parameters.ts'
import type { ScenarioName } from './scenarios.ts'
import { CAUSES, type Reach } from './tally.ts'
import { TRAFFIC_PARTS } from './traffic.ts'

export interface Figure {
  /** `simulate.takedown-90.after.in-time`; stable. */
  readonly figure: string
  readonly value: number
  readonly unit: 'share' | 'ms' | 'MB/day' | 'count' | 'bytes/s' | 's' | 'MB'
  readonly samples?: number
}

export interface Cost {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly memoryMB: number
}

/** Everything that a run says; figures of phases in which nothing was written are left out. */
export function figuresOf(scenario: ScenarioName, parameters: Parameters, outcome: Outcome, cost: Cost): Figure[] {
  const name = (rest: string) => `simulate.${scenario}.${rest}`
  const figures: Figure[] = [
    { figure: name('users'), value: parameters.users, unit: 'count' },
    { figure: name('seeds'), value: parameters.seeds, unit: 'count' },
    { figure: name('online'), value: outcome.online, unit: 'count' },
  ]
  for (const phase of ['before', 'during', 'after'] as const) {
    if (outcome[phase].expected > 0) figures.push(...reachFigures(name(phase), outcome[phase]))
  }
  for (const [bin, value] of outcome.recovery.entries()) {
    figures.push({ figure: name(`recovery.${30 * (bin + 1)}s`), value, unit: 'share' })
  }
  figures.push({ figure: name('traffic'), value: outcome.bytesPerDay / 1e6, unit: 'MB/day' })
  for (const part of TRAFFIC_PARTS) {
    figures.push({ figure: name(`traffic.${part}`), value: outcome.bytesPerDayBy[part] / 1e6, unit: 'MB/day' })
  }
  figures.push(
    { figure: name('with-seed'), value: outcome.withSeed, unit: 'share' },
    { figure: name('with-home'), value: outcome.withHome, unit: 'share' },
    { figure: name('homes'), value: outcome.homes, unit: 'count' },
    { figure: name('stand-ins'), value: outcome.standIns, unit: 'count' },
    { figure: name('seeds-alive'), value: outcome.seedsAlive, unit: 'count' },
    { figure: name('seed.readers'), value: outcome.meanReaders, unit: 'count' },
    { figure: name('seed.most-readers'), value: outcome.fullestSeed, unit: 'count' },
    { figure: name('seed.forwarded'), value: outcome.seedBytesPerSecond, unit: 'bytes/s' },
    { figure: name('seed.ignored'), value: outcome.ignored, unit: 'count' },
    { figure: name('events'), value: outcome.events, unit: 'count' },
    { figure: name('cost.time'), value: cost.seconds, unit: 's' },
    { figure: name('cost.cpu'), value: cost.cpuSeconds, unit: 's' },
    { figure: name('cost.memory'), value: cost.memoryMB, unit: 'MB' },
  )
  return figures.map((figure) => ({ ...figure, value: rounded(figure.value) }))
}

function reachFigures(name: string, reach: Reach): Figure[] {
  const samples = reach.expected
  return [
    { figure: `${name}.records`, value: reach.records, unit: 'count' },
    { figure: `${name}.in-time`, value: reach.inTime, unit: 'share', samples },
    { figure: `${name}.in-time.per-record`, value: reach.perRecord, unit: 'share', samples: reach.records },
    { figure: `${name}.in-window`, value: reach.inWindow, unit: 'share', samples },
    ...(['p50', 'p99', 'p999'] as const)
      .filter((quantile) => Number.isFinite(reach[quantile]))
      .map((quantile): Figure => ({ figure: `${name}.${quantile}`, value: reach[quantile], unit: 'ms', samples })),
    ...CAUSES.filter((cause) => reach.missing[cause] > 0).map((cause): Figure => {
      return { figure: `${name}.missing.${cause}`, value: reach.missing[cause], unit: 'share', samples }
    }),
  ]
}

/** For people: one line a figure. */
export function formatTable(scenario: ScenarioName, parameters: Parameters, figures: readonly Figure[]): string {
  const { users, seeds, minutes, seed } = parameters
  const lines = figures.map(({ figure, value, unit }) => {
    const shown = unit === 'share' ? `${(100 * value).toFixed(3)} %` : `${value.toLocaleString('en-US')} ${unit}`
    return `${figure.slice(`simulate.${scenario}.`.length).padEnd(28)}${shown.padStart(22)}`
  })
  return `${scenario}: ${users} users, ${seeds} seeds, ${minutes} minutes, seed ${seed}\n\n${lines.join('\n')}\n`
}

function rounded(value: number): number {
  return value < 1 ? Number(value.toFixed(6)) : Number(value.toFixed(2))
}
