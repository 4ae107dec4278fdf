import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WakeTimer } from '../../../core/node/wake-timer.ts'
import { ManualClock } from '../../../core/util/clock.ts'

describe('WakeTimer', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('wakes once, at the moment that was set last', () => {
    const onWake = vi.fn()
    const timer = new WakeTimer({ clock: new ManualClock(1_000) }, { onWake })
    timer.set(9_000)
    timer.set(3_000)
    vi.advanceTimersByTime(1_999)
    expect(onWake).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10_000)
    expect(onWake).toHaveBeenCalledTimes(1)
  })

  it('wakes after an hour at the latest, at once for what is over, and never after null', () => {
    const onWake = vi.fn()
    const timer = new WakeTimer({ clock: new ManualClock(1_000) }, { onWake })
    timer.set(Number.MAX_SAFE_INTEGER)
    vi.advanceTimersByTime(3_600_000)
    timer.set(0)
    vi.advanceTimersByTime(1)
    expect(onWake).toHaveBeenCalledTimes(2)
    timer.set(2_000)
    timer.set(null)
    vi.advanceTimersByTime(7_200_000)
    expect(onWake).toHaveBeenCalledTimes(2)
  })
})
