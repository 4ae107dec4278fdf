import { describe, expect, it } from 'vitest'
import { Machines } from '../../../../scripts/simulate/machines.ts'
import type { Outcome } from '../../../../scripts/simulate/outcome.ts'
import { type Parameters, PROGRAM } from '../../../../scripts/simulate/parameters.ts'
import { RandomStream } from '../../../../scripts/simulate/random-stream.ts'
import { parametersOf, type ScenarioName } from '../../../../scripts/simulate/scenarios.ts'
import { Simulation } from '../../../../scripts/simulate/simulation.ts'

function run(name: ScenarioName, chosen: Partial<Parameters> = {}): Outcome {
  return new Simulation(parametersOf(name, { users: 2_000, seeds: 20, minutes: 3, ...chosen })).run()
}

/** The takedown is at the beginning; what is written two minutes later has to come. */
const takedown = { takedownAt: 0.05, minutes: 4, settleSeconds: 150 } satisfies Partial<Parameters>

describe('an evening', () => {
  it('brings all that is written to 999 of 1,000 within five seconds', () => {
    const { before } = run('day')
    expect(before.expected).toBeGreaterThan(1_500)
    expect(before.inTime).toBeGreaterThanOrEqual(0.999)
  })

  it('is the same again with the same seed, and another one with another', () => {
    const [first, again, other] = [1, 1, 2].map((seed) => run('day', { seed, users: 1_500, minutes: 1 }))
    expect(again).toEqual(first)
    expect(other?.before.expected).not.toBe(first?.before.expected)
  })

  it('brings nothing when nothing is sent (control)', () => {
    const { before } = run('mute', { minutes: 2 })
    expect(before.expected).toBeGreaterThan(500)
    expect([before.inTime, before.inWindow]).toEqual([0, 0])
  })

  it('takes as long as a calculation by hand with one seed, one reader after another', () => {
    const parameters = parametersOf('day', { users: 400, seeds: 1, minutes: 20, shards: 'none', sessionMinutes: 1e6 })
    const machines = new Machines(parameters, new RandomStream(parameters.seed, 3))
    let sum = 0
    for (let i = 0; i < 20_000; i++) sum += machines.latency(1 + (i % 400), 0)
    // From an author to the seed and from it to a reader, after the wait for company and the seed's own time.
    const expected = PROGRAM.flushMs + parameters.serviceMs + (2 * sum) / 20_000
    const { p50 } = new Simulation(parameters).run().before
    expect(p50).toBeGreaterThan(0.7 * expected)
    expect(p50).toBeLessThan(1.3 * expected)
  })
})

describe('traffic of one desktop', () => {
  it('is the same for 500 and for 5,000 people', () => {
    const [few, many] = [500, 5_000].map((users) => run('day', { users, minutes: 2, shards: 'none' }).bytesPerDay)
    expect((many as number) / (few as number)).toBeLessThan(1.3)
    expect(many).toBeLessThan(30e6)
  })

  it('grows with the population where all join every shard (GOS5, control)', () => {
    const [few, many] = [300, 1_500].map((users) => {
      const { bytesPerDayBy } = run('day', { users, minutes: 2, shards: 'all' })
      return bytesPerDayBy.gossip
    })
    expect((many as number) / (few as number)).toBeGreaterThan(3)
  })
})

describe('when seeds vanish', () => {
  it('brings 99 of 100 with a tenth of them left', () => {
    const { after, seedsAlive } = run('takedown-90', takedown)
    expect(seedsAlive).toBe(2)
    expect(after.inTime).toBeGreaterThanOrEqual(0.99)
  })

  it('brings 99 of 100 when it was the largest operators', () => {
    expect(run('takedown-largest', takedown).after.inTime).toBeGreaterThanOrEqual(0.99)
  })

  it('brings 95 of 100 with none left, and nothing at all without an outage mode (control)', () => {
    const { after, withSeed } = run('takedown-all', takedown)
    expect(withSeed).toBe(0)
    expect(after.inTime).toBeGreaterThanOrEqual(0.95)
    const control = run('takedown-all', { ...takedown, outage: 'none' }).after
    expect(control.expected).toBeGreaterThan(500)
    expect(control.inWindow).toBe(0)
  })

  it('brings 95 of 100 within a minute by desktops that stand in for seeds', () => {
    const { after, standIns } = run('takedown-all', { ...takedown, users: 1_500, outage: 'stand-in' })
    expect(standIns).toBeGreaterThan(10)
    expect(after.inWindow).toBeGreaterThanOrEqual(0.95)
  })
})

describe('under strain', () => {
  it('brings 999 of 1,000 what somebody writes whom three tenths follow', () => {
    const { before } = run('celebrity', { minutes: 2 })
    expect(before.expected).toBeGreaterThan(3_000)
    expect(before.inTime).toBeGreaterThanOrEqual(0.999)
  })

  it('brings 999 of 1,000 within a minute among twenty times as many silent strangers (F18)', () => {
    const { before } = run('sybils', { sessionMinutes: 1e6 })
    expect(before.inWindow).toBeGreaterThanOrEqual(0.999)
    expect(before.inTime).toBeGreaterThanOrEqual(0.99)
  })

  it('lets people in whose profile names the seed that strangers have filled, and loses them otherwise (control)', () => {
    const full = { seeds: 12, minutes: 4, sessionMinutes: 20 } satisfies Partial<Parameters>
    const { before, withSeed } = run('sybils', full)
    expect(withSeed).toBeGreaterThan(0.99)
    expect(before.inTime).toBeGreaterThanOrEqual(0.99)
    const control = run('sybils', { ...full, knowsItsPeople: false, crowded: 'refuse' })
    expect(control.withSeed).toBeLessThan(0.9)
    expect(control.before.inTime).toBeLessThan(0.95)
  })

  it('brings 99 of 100 while one in a thousand comes and one goes each second', () => {
    const { before } = run('churn')
    expect(before.inWindow).toBeGreaterThanOrEqual(0.999)
    expect(before.inTime).toBeGreaterThanOrEqual(0.99)
  })

  it('loses what all seeds together can’t look at (control)', () => {
    const { before, ignored } = run('day', { minutes: 2, users: 1_500, shards: 'none', background: 20_000 })
    expect(ignored).toBeGreaterThan(100)
    expect(before.inTime).toBeLessThan(0.9)
  })
})
