import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../core/util/clock.ts'
import { RateMeter } from '../../../core/util/rate-meter.ts'

const WINDOW_MS = 5_000

function open() {
  const clock = new ManualClock(1_000_000)
  const meter = new RateMeter({ clock }, { windowMs: WINDOW_MS })
  /** So many every 100 ms. */
  const come = (count: number, forMs: number) => {
    for (let ms = 0; ms < forMs; ms += 100) {
      clock.advance(100)
      meter.add(count)
    }
  }
  return { clock, meter, come }
}

/** Within a tenth. */
function expectNear(actual: number, wanted: number): void {
  expect(Math.abs(actual - wanted) / wanted).toBeLessThan(0.1)
}

describe('RateMeter', () => {
  it('says nothing before anything came', () => {
    expect(open().meter.read()).toEqual({ perSecond: 0, overMs: 0 })
  })

  it('measures an even stream, soon after its beginning and long after', () => {
    const { meter, come } = open()
    come(20, 2_000)
    expectNear(meter.read().perSecond, 200)
    expect(meter.read().overMs).toBeGreaterThan(1_900)
    come(20, 60_000)
    expectNear(meter.read().perSecond, 200)
    expect(meter.read().overMs).toBe(WINDOW_MS)
  })

  it('follows a change within the window', () => {
    const { meter, come } = open()
    come(100, 20_000)
    come(10, WINDOW_MS)
    expectNear(meter.read().perSecond, 100)
  })

  it('falls while nothing comes, and is 0 when the window is empty', () => {
    const { clock, meter, come } = open()
    come(100, 20_000)
    clock.advance(WINDOW_MS / 2)
    expectNear(meter.read().perSecond, 500)
    clock.advance(WINDOW_MS / 2)
    expect(meter.read()).toEqual({ perSecond: 0, overMs: 0 })
  })

  it('begins anew after a pause: what came before it counts no more', () => {
    const { clock, meter, come } = open()
    come(100, 1_000)
    clock.advance(60_000)
    come(20, 2_000)
    expectNear(meter.read().perSecond, 200)
  })

  it('counts one batch as the work of a moment, never of none', () => {
    const { meter } = open()
    meter.add(100)
    expect(meter.read()).toEqual({ perSecond: 400, overMs: 250 })
  })

  it('begins anew when the clock is set back', () => {
    const { clock, meter, come } = open()
    come(100, 20_000)
    clock.advance(-3_600_000)
    expect(meter.read()).toEqual({ perSecond: 0, overMs: 0 })
    come(20, 2_000)
    expectNear(meter.read().perSecond, 200)
  })
})
