import { describe, expect, it } from 'vitest'
import { FULL_SYNC_MS } from '../../../../core/node/network-stack.ts'
import { HELP, readArguments, UsageError } from '../../../../scripts/simulate/arguments.ts'
import { DEFAULTS, PROGRAM } from '../../../../scripts/simulate/parameters.ts'
import { SCENARIOS } from '../../../../scripts/simulate/scenarios.ts'

describe('readArguments', () => {
  it('takes the defaults, then the scenario, then what is said', () => {
    expect(readArguments([]).parameters).toEqual({ ...DEFAULTS, seeds: 50 })
    const { scenario, parameters, isJson } = readArguments([
      ...['--scenario', 'takedown-90', '--users', '20000', '--outage', 'stand-in', '--json', '--mute', 'true'],
    ])
    expect([scenario, isJson]).toEqual(['takedown-90', true])
    expect(parameters).toMatchObject({ users: 20_000, seeds: 100, takedown: 0.9, outage: 'stand-in', isMute: true })
    expect(readArguments(['--scenario', 'takedown-90', '--takedown', '0.5']).parameters.takedown).toBe(0.5)
  })

  it.each([
    ['--users'],
    ['--users', 'many'],
    ['--users', '10.5'],
    ['--users', '5'],
    ['--users', ''],
    ['--minutes', '0'],
    ['--takedown', '1.5'],
    ['--sample', '0'],
    ['--outage', 'maybe'],
    ['--scenario', 'toString'],
    ['--unheard-of', '1'],
  ])('refuses %s %s', (...args) => {
    expect(() => readArguments(args)).toThrow(UsageError)
  })

  it('lists every scenario and every parameter', () => {
    for (const name of Object.keys(SCENARIOS)) expect(HELP).toContain(`  ${name} `)
    expect(HELP).toContain('--shard-budget-mb 20')
    expect(HELP).toContain('--outage carry (none, carry, stand-in)')
  })
})

it('knows how often the program syncs everything', () => {
  expect(PROGRAM.fullSyncMs).toBe(FULL_SYNC_MS)
})
