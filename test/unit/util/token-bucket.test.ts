import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../core/util/clock.ts'
import { TokenBucket } from '../../../core/util/token-bucket.ts'

function bucketOf(capacity: number, refillPerSecond: number) {
  const clock = new ManualClock(1_000)
  return { clock, bucket: new TokenBucket({ clock }, { capacity, refillPerSecond }) }
}

describe('TokenBucket', () => {
  it('allows the burst, then refuses', () => {
    const { bucket } = bucketOf(3, 1)
    expect([bucket.take(), bucket.take(2), bucket.take()]).toEqual([true, true, false])
    expect(bucket.available).toBe(0)
  })

  it('takes nothing when it has too few', () => {
    const { bucket } = bucketOf(3, 1)
    expect(bucket.take(4)).toBe(false)
    expect(bucket.available).toBe(3)
  })

  it('fills with time, never above its capacity', () => {
    const { bucket, clock } = bucketOf(4, 2)
    bucket.take(4)
    clock.advance(250)
    expect(bucket.available).toBe(0.5)
    clock.advance(250)
    expect(bucket.take()).toBe(true)
    clock.advance(3_600_000)
    expect(bucket.available).toBe(4)
  })

  it('gives and takes nothing when the clock steps back', () => {
    const { bucket, clock } = bucketOf(4, 2)
    bucket.take(2)
    clock.advance(-60_000)
    expect(bucket.available).toBe(2)
    clock.advance(500)
    expect(bucket.available).toBe(3)
  })

  it('refuses figures that are not positive', () => {
    expect(() => bucketOf(0, 1)).toThrow(RangeError)
    expect(() => bucketOf(1, Number.NaN)).toThrow(RangeError)
  })
})
