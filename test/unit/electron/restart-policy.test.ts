import { describe, expect, it } from 'vitest'
import { FIRST_DELAY_MS, HEALTHY_AFTER_MS, MAX_DELAY_MS, RestartPolicy } from '../../../electron/restart-policy.ts'

describe('RestartPolicy', () => {
  it('doubles the wait up to its limit', () => {
    const policy = new RestartPolicy()
    const delays = Array.from({ length: 12 }, () => policy.nextDelayMs(10))
    expect(delays.slice(0, 3)).toEqual([FIRST_DELAY_MS, 2 * FIRST_DELAY_MS, 4 * FIRST_DELAY_MS])
    expect(delays.at(-1)).toBe(MAX_DELAY_MS)
  })

  it('starts from the first wait after a healthy life', () => {
    const policy = new RestartPolicy()
    for (let i = 0; i < 5; i++) policy.nextDelayMs(10)
    expect(policy.nextDelayMs(HEALTHY_AFTER_MS)).toBe(FIRST_DELAY_MS)
  })
})
