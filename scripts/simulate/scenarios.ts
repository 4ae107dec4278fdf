import { DEFAULTS, type Parameters } from './parameters.ts'

export interface Scenario {
  /** For people. */
  readonly about: string
  /** What a run of this population changes. */
  readonly parameters: (population: { readonly users: number }) => Partial<Parameters>
}

/** Named situations; every parameter can still be set by itself. */
export const SCENARIOS = {
  day: { about: 'an evening on which nothing happens', parameters: () => ({}) },
  'takedown-90': { about: 'nine tenths of the seeds vanish at once', parameters: () => ({ takedown: 0.9 }) },
  'takedown-largest': {
    about: 'nine tenths of the seeds vanish, those of the largest operators',
    parameters: () => ({ takedown: 0.9, takedownOrder: 'operators' }),
  },
  'takedown-all': { about: 'all seeds vanish at once', parameters: () => ({ takedown: 1 }) },
  celebrity: {
    about: 'one person whom three tenths of all follow writes every 15 s',
    parameters: () => ({ celebrity: 0.3 }),
  },
  sybils: {
    about: 'twenty silent strangers for each honest connection of a seed, and a tenth of the seeds say nothing',
    parameters: () => ({ sybils: 20, liars: 0.1 }),
  },
  churn: {
    about: 'for every thousand people one comes and one goes each second',
    parameters: () => ({ sessionMinutes: (DEFAULTS.online * (1 + DEFAULTS.dailySwing) * 1_000) / 60 }),
  },
  today: {
    about: 'as it was without slots for peers and without rules for outages: a list of seeds, all shards',
    parameters: ({ users }) => ({
      links: 'today',
      outage: 'none',
      crowded: 'refuse',
      knowsItsPeople: false,
      shards: users <= 20_000 ? 'all' : 'none',
    }),
  },
  mute: {
    about: 'nothing leaves an author’s computer: the control, nothing may arrive',
    parameters: () => ({ isMute: true }),
  },
} as const satisfies Readonly<Record<string, Scenario>>

export type ScenarioName = keyof typeof SCENARIOS

/** Seeds that a population has unless it is said otherwise. */
export const USERS_PER_SEED = 200

/** Defaults, then the scenario, then what was set by itself. */
export function parametersOf(name: ScenarioName, chosen: Partial<Parameters> = {}): Parameters {
  const users = chosen.users ?? DEFAULTS.users
  const seeds = Math.max(8, Math.round(users / USERS_PER_SEED))
  const scenario: Scenario = SCENARIOS[name]
  return { ...DEFAULTS, seeds, ...scenario.parameters({ users }), ...chosen }
}
