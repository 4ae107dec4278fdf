import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ReviewTimer } from '../../../../core/sync/feed/review-timer.ts'

const [SETTLE_MS, NEXT_MS, LOOK_MS] = [100, 10_000, 1_000]
let [running, most, looks] = [0, 0, 0]
const errors: unknown[] = []
let timer: ReviewTimer

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  ;[running, most, looks] = [0, 0, 0]
  errors.length = 0
  timer = new ReviewTimer({
    review: async () => {
      looks++
      running++
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      running--
      if (looks === 1) throw new Error('the first fails')
    },
    settleMs: SETTLE_MS,
    nextMs: () => NEXT_MS,
    onError: (error) => void errors.push(error),
  })
  timer.start()
})
afterEach(async () => {
  const stopped = timer.stop()
  await vi.advanceTimersByTimeAsync(LOOK_MS)
  await stopped
  vi.useRealTimers()
})

it('looks at once for what is noted together, and again after a while, also when a look has failed', async () => {
  for (let i = 0; i < 5; i++) timer.note()
  await vi.advanceTimersByTimeAsync(SETTLE_MS + LOOK_MS)
  expect(looks).toBe(1)
  expect(errors).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(NEXT_MS)
  expect(looks).toBe(2)
})

it('looks soon again for what is noted during a look, and never twice at a time', async () => {
  await vi.advanceTimersByTimeAsync(SETTLE_MS)
  timer.note()
  await vi.advanceTimersByTimeAsync(SETTLE_MS + LOOK_MS)
  expect(looks).toBe(2)
  expect(most).toBe(1)
})

it('looks no more once it is stopped', async () => {
  await vi.advanceTimersByTimeAsync(SETTLE_MS)
  const stopped = timer.stop()
  timer.note()
  await vi.advanceTimersByTimeAsync(LOOK_MS)
  await stopped
  await vi.advanceTimersByTimeAsync(2 * NEXT_MS)
  expect(looks).toBe(1)
})
