import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../core/util/clock.ts'
import { KeyedBuckets } from '../../../core/util/keyed-buckets.ts'

describe('KeyedBuckets', () => {
  it('gives each key a bucket of its own', () => {
    const clock = new ManualClock(0)
    const buckets = new KeyedBuckets({ clock }, { capacity: 2, refillPerSecond: 1 })
    expect(['a', 'a', 'a', 'b'].map((key) => buckets.take(key))).toEqual([true, true, false, true])
    clock.advance(1_000)
    expect(buckets.take('a')).toBe(true)
    expect(buckets.of('b').available).toBe(2)
  })

  it('forgets whoever was used longest ago, and nobody else', () => {
    const buckets = new KeyedBuckets({ clock: new ManualClock(0) }, { capacity: 1, refillPerSecond: 1, maxKeys: 2 })
    for (const key of ['a', 'b', 'a', 'c']) buckets.take(key)
    expect(['a', 'b'].map((key) => buckets.of(key).available)).toEqual([0, 1])
  })
})
