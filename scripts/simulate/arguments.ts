import { DEFAULTS, type Parameters } from './parameters.ts'
import { parametersOf, SCENARIOS, type ScenarioName } from './scenarios.ts'

/** The command line can't be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Parameters that are words. */
const WORDS: Readonly<Partial<Record<keyof Parameters, readonly string[]>>> = {
  links: ['today', 'slots'],
  shards: ['all', 'budget', 'none'],
  outage: ['none', 'carry', 'stand-in'],
  crowded: ['refuse', 'share'],
  takedownOrder: ['random', 'operators'],
  takedownIs: ['silent', 'closed'],
}
/** Parameters that count something. */
const WHOLE: readonly (keyof Parameters)[] = ['seed', 'users', 'seeds', 'bootstrap', 'seedLinks', 'peerLinks']
const SHARES: readonly (keyof Parameters)[] = ['takedown', 'sample', 'openShare', 'coneShare', 'online', 'celebrity']
const MOST_USERS = 5_000_000
const MOST_SEEDS = 200_000
const MOST_MINUTES = 1_440

export const HELP = `node scripts/simulate.ts [--scenario NAME] [--json] [--PARAMETER VALUE …]

Scenarios:
${Object.entries(SCENARIOS)
  .map(([name, { about }]) => `  ${name.padEnd(18)}${about}`)
  .join('\n')}

Parameters, with their defaults:
${Object.entries(DEFAULTS)
  .map(([name, value]) => `  --${optionOf(name)} ${value}${hintOf(name as keyof Parameters)}`)
  .join('\n')}
`

export interface Arguments {
  readonly scenario: ScenarioName
  readonly parameters: Parameters
  readonly isJson: boolean
  readonly isHelp: boolean
}

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments {
  const chosen: Record<string, number | string | boolean> = {}
  let scenario: ScenarioName = 'day'
  let [isJson, isHelp] = [false, false]
  const rest = [...args]
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (option === '--json') isJson = true
    else if (option === '--help') isHelp = true
    else if (option === '--scenario') scenario = readScenario(rest.shift())
    else {
      const name = Object.keys(DEFAULTS).find((key) => `--${optionOf(key)}` === option)
      if (name === undefined) throw new UsageError(`unknown option ${option}`)
      chosen[name] = readValue(name as keyof Parameters, rest.shift())
    }
  }
  const parameters = parametersOf(scenario, chosen as Partial<Parameters>)
  checkTogether(parameters)
  return { scenario, parameters, isJson, isHelp }
}

function readScenario(name: string | undefined): ScenarioName {
  if (name === undefined || !Object.hasOwn(SCENARIOS, name)) throw new UsageError(`unknown scenario ${name ?? ''}`)
  return name as ScenarioName
}

function readValue(name: keyof Parameters, text: string | undefined): number | string | boolean {
  const option = `--${optionOf(name)}`
  if (text === undefined) throw new UsageError(`${option} takes a value`)
  const words = typeof DEFAULTS[name] === 'boolean' ? ['true', 'false'] : WORDS[name]
  if (words !== undefined) {
    if (!words.includes(text)) throw new UsageError(`${option} takes ${words.join(', ')}`)
    return typeof DEFAULTS[name] === 'boolean' ? text === 'true' : text
  }
  const value = Number(text)
  const isFine = Number.isFinite(value) && value >= 0 && (!WHOLE.includes(name) || Number.isInteger(value))
  if (!isFine || text === '') throw new UsageError(`${option} takes a number, 0 or more`)
  if (SHARES.includes(name) && value > 1) throw new UsageError(`${option} takes a share, 0 to 1`)
  return value
}

function checkTogether({ users, seeds, minutes, sample, online }: Parameters): void {
  if (users < 100 || users > MOST_USERS) throw new UsageError(`--users takes 100 to ${MOST_USERS}`)
  if (seeds < 1 || seeds > MOST_SEEDS) throw new UsageError(`--seeds takes 1 to ${MOST_SEEDS}`)
  if (minutes <= 0 || minutes > MOST_MINUTES)
    throw new UsageError(`--minutes takes more than 0, at most ${MOST_MINUTES}`)
  if (sample === 0 || online === 0) throw new UsageError('--sample and --online take more than 0')
}

/** `recordsPerDay` → `records-per-day`, `isMute` → `mute`. */
function optionOf(name: string): string {
  const plain = name.replace(/^is(?=[A-Z])/, '')
  return plain.replace(/[A-Z]+/g, (letters, at: number) => `${at === 0 ? '' : '-'}${letters.toLowerCase()}`)
}

function hintOf(name: keyof Parameters): string {
  const words = WORDS[name]
  return words === undefined ? '' : ` (${words.join(', ')})`
}
