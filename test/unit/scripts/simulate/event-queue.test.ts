import { describe, expect, it } from 'vitest'
import { EventQueue, TooManyEventsError } from '../../../../scripts/simulate/event-queue.ts'
import { RandomStream } from '../../../../scripts/simulate/random-stream.ts'

function drain(queue: EventQueue, until: number): [time: number, a: number][] {
  const seen: [number, number][] = []
  while (queue.next(until)) seen.push([queue.now, queue.a])
  return seen
}

describe('EventQueue', () => {
  it('gives events by time, those of one millisecond in the order of coming', () => {
    const queue = new EventQueue()
    for (const [i, time] of [5, 3, 5, 900_000, 3, 5, 131_072, 131_071].entries()) queue.at(time, 1, i)
    expect(drain(queue, 1_000_000)).toEqual([
      [3, 1],
      [3, 4],
      [5, 0],
      [5, 2],
      [5, 5],
      [131_071, 7],
      [131_072, 6],
      [900_000, 3],
    ])
    expect([queue.now, queue.size]).toEqual([1_000_000, 0])
  })

  it('gives ten thousand random events as a sort does, near ones and far ones', () => {
    const queue = new EventQueue({ capacity: 8 })
    const random = new RandomStream(7)
    const times = Array.from({ length: 10_000 }, () => random.below(2_000_000))
    for (const [i, time] of times.entries()) queue.at(time, 0, i)
    const sorted = times.map((time, i) => [time, i] as const).sort(([t, i], [u, j]) => t - u || i - j)
    expect(drain(queue, 2_000_001)).toEqual(sorted)
  })

  it('has what lies in the past happen now, and stops in front of the end', () => {
    const queue = new EventQueue()
    queue.at(10, 0, 1)
    queue.at(20, 0, 2)
    expect(queue.next(15)).toBe(true)
    queue.at(4, 0, 3)
    expect(drain(queue, 15)).toEqual([[10, 3]])
    expect(drain(queue, 30)).toEqual([[20, 2]])
  })

  it('holds no more than it may', () => {
    const queue = new EventQueue({ maxEvents: 4, capacity: 2 })
    for (let i = 0; i < 4; i++) queue.at(i, 0)
    expect(() => queue.at(9, 0)).toThrow(TooManyEventsError)
    queue.next(10)
    expect(() => queue.at(9, 0)).not.toThrow()
  })
})
