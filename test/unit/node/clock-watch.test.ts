import { describe, expect, it } from 'vitest'
import { ClockWatch } from '../../../core/node/clock-watch.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'

function open() {
  const seeds: string[] = []
  const warnings: unknown[] = []
  const logger = { ...silentLogger, warn: (fields: unknown) => warnings.push(fields) }
  const [clock, steady] = [new ManualClock(1_700_000_000_000), new ManualClock(0)]
  let jumps = 0
  let rights = 0
  const watch = new ClockWatch(
    { logger, clock, steady },
    { seeds: () => seeds, onJump: () => jumps++, onRight: () => rights++ },
  )
  const pass = (ms: number) => {
    clock.advance(ms)
    steady.advance(ms)
  }
  /** A greeting; the other clock is so much ahead of this one. */
  const greet = (peerId: string, clockOffsetMs: number, role: 'peer' | 'seed' = 'seed') => {
    if (role === 'seed' && !seeds.includes(peerId)) seeds.push(peerId)
    watch.noteSync({ type: 'hello', peerId, hello: { ...HELLO, role }, clockOffsetMs })
  }
  return { watch, greet, seeds, warnings, clock, pass, jumps: () => jumps, rights: () => rights }
}

describe('ClockWatch', () => {
  it('says nothing while no seed is connected', () => {
    const { watch, greet, seeds } = open()
    expect(watch.status()).toEqual({ offsetMs: null, warning: false })
    greet('friend', 900_000, 'peer')
    expect(watch.status()).toEqual({ offsetMs: null, warning: false })
    greet('seed', -500)
    expect(watch.status()).toEqual({ offsetMs: 500, warning: false })
    seeds.length = 0
    expect(watch.status()).toEqual({ offsetMs: null, warning: false })
  })

  it('warns beyond two minutes, either way, and writes it down once', () => {
    const { watch, greet, warnings, rights } = open()
    greet('seed', 120_000)
    expect(watch.status()).toEqual({ offsetMs: -120_000, warning: false })
    greet('seed', 120_001)
    expect(watch.status()).toEqual({ offsetMs: -120_001, warning: true })
    greet('seed', -400_000)
    expect(watch.status()).toEqual({ offsetMs: 400_000, warning: true })
    expect(warnings).toEqual([{ offsetMs: -120_001 }])
    expect(rights()).toBe(1)
    // The clock was set right.
    greet('seed', 3)
    expect(watch.status()).toEqual({ offsetMs: -3, warning: false })
    greet('seed', 4)
    expect(rights()).toBe(2)
  })

  it('goes by the median: one seed of three that lies changes nothing', () => {
    const { watch, greet } = open()
    greet('liar', 2 ** 52)
    greet('one', 200)
    greet('other', -100)
    expect(watch.status()).toEqual({ offsetMs: -200, warning: false })
  })

  it('forgets what it measured when the clock is set, and asks to greet anew; the control: time that passes', () => {
    const { watch, greet, clock, pass, jumps, rights } = open()
    greet('seed', -400_000)
    pass(3_600_000)
    expect(watch.status()).toEqual({ offsetMs: 400_000, warning: true })
    expect(jumps()).toBe(0)
    clock.advance(-400_000)
    expect(watch.status()).toEqual({ offsetMs: null, warning: false })
    expect(watch.status()).toEqual({ offsetMs: null, warning: false })
    expect(jumps()).toBe(1)
    greet('seed', 20)
    expect(watch.status()).toEqual({ offsetMs: -20, warning: false })
    expect(rights()).toBe(1)
  })

  it('takes the newest word of each seed', () => {
    const { watch, greet } = open()
    for (const offset of [900_000, 900_000, 10]) greet('seed', offset)
    expect(watch.status()).toEqual({ offsetMs: -10, warning: false })
  })
})
