import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FairEntry, FairQueue } from '../../../core/util/fair-queue.ts'

const entry = (lane: string, part = '', cost = 1): FairEntry => ({ lane, part, cost })

function queueOf(maxEntries: number, maxCost = 1_000_000): FairQueue<FairEntry> {
  return new FairQueue({ maxEntries, maxCost })
}

function takeAll(queue: FairQueue<FairEntry>): FairEntry[] {
  const all: FairEntry[] = []
  for (let next = queue.take(); next !== undefined; next = queue.take()) all.push(next)
  return all
}

describe('FairQueue', () => {
  it('takes from each lane in turn, whatever waits in another', () => {
    const queue = queueOf(100)
    for (let i = 0; i < 50; i++) queue.add(entry('flood'))
    for (const lane of ['a', 'b', 'a']) queue.add(entry(lane))
    const order = takeAll(queue).map(({ lane }) => lane)
    expect(order.slice(0, 5).sort()).toEqual(['a', 'a', 'b', 'flood', 'flood'])
  })

  it('takes from each part of a lane in turn, each in the order of coming', () => {
    const queue = queueOf(100)
    const first = entry('peer', 'loud')
    queue.add(first)
    for (let i = 0; i < 20; i++) queue.add(entry('peer', 'loud'))
    queue.add(entry('peer', 'quiet'))
    expect(queue.take()).toBe(first)
    expect(queue.take()?.part).toBe('quiet')
  })

  it('shares by cost: who brings large things gets fewer of them in', () => {
    const queue = queueOf(1_000)
    for (let i = 0; i < 100; i++) {
      queue.add(entry('large', '', 10))
      queue.add(entry('small', '', 1))
    }
    const started = takeAll(queue).slice(0, 44)
    expect(started.filter(({ lane }) => lane === 'large').length).toBeLessThanOrEqual(5)
  })

  it.each([1, 2])('gives a lane its share in which %i wait beside some that come back after each turn', (waiting) => {
    const queue = queueOf(100)
    const turns = { a: 0, b: 0, backlog: 0 }
    for (let i = 0; i < waiting; i++) queue.add(entry('backlog'))
    for (const lane of ['a', 'b']) queue.add(entry(lane))
    for (let i = 0; i < 30; i++) {
      const next = queue.take() as FairEntry
      turns[next.lane as keyof typeof turns]++
      queue.add(next)
    }
    expect(turns).toEqual({ a: 10, b: 10, backlog: 10 })
  })

  it('gives a lane of large things its share by cost beside one that comes back after each turn', () => {
    const queue = queueOf(100)
    for (let i = 0; i < 20; i++) queue.add(entry('large', '', 10))
    queue.add(entry('small'))
    let large = 0
    for (let i = 0; i < 110; i++) {
      const next = queue.take() as FairEntry
      if (next.lane === 'large') large++
      else queue.add(next)
    }
    expect(large).toBe(10)
  })

  it('lets an endless row of new lanes keep nobody waiting', () => {
    const queue = queueOf(100)
    for (let i = 0; i < 20; i++) queue.add(entry('backlog'))
    let turns = 0
    for (let i = 0; i < 2_000; i++) {
      queue.add(entry(`new ${i}`))
      if (queue.take()?.lane === 'backlog') turns++
    }
    expect(turns).toBeGreaterThanOrEqual(5)
  })

  it('gives a part its share in which two wait beside some that come back after each turn', () => {
    const queue = queueOf(100)
    const turns = { a: 0, b: 0, backlog: 0 }
    for (const part of ['backlog', 'backlog', 'a', 'b']) queue.add(entry('peer', part))
    for (let i = 0; i < 30; i++) {
      const next = queue.take() as FairEntry
      turns[next.part as keyof typeof turns]++
      queue.add(next)
    }
    expect(turns).toEqual({ a: 10, b: 10, backlog: 10 })
  })

  it('lets the oldest of the largest part of the fullest lane go, never another', () => {
    const queue = queueOf(10)
    queue.add(entry('quiet'))
    queue.add(entry('flood', 'other'))
    const first = entry('flood', 'loud')
    queue.add(first)
    for (let i = 0; i < 7; i++) expect(queue.add(entry('flood', 'loud'))).toEqual([])
    expect(queue.add(entry('quiet'))).toEqual([first])
    expect(takeAll(queue).filter(({ lane, part }) => lane === 'quiet' || part === 'other')).toHaveLength(3)
  })

  it('lets go of what is too large by itself', () => {
    const queue = queueOf(10, 100)
    const large = entry('peer', '', 101)
    expect(queue.add(large)).toEqual([large])
    expect(queue.size).toBe(0)
  })

  it('keeps count whatever is added, taken and deleted, and never holds more than it may', () => {
    const step = fc.record({
      lane: fc.constantFrom('a', 'b', 'c'),
      part: fc.constantFrom('x', 'y'),
      cost: fc.integer({ min: 1, max: 40 }),
      next: fc.constantFrom('keep', 'take', 'delete'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = queueOf(8, 120)
        const held = new Set<FairEntry>()
        for (const { lane, part, cost, next } of steps) {
          const one = entry(lane, part, cost)
          held.add(one)
          for (const gone of queue.add(one)) held.delete(gone)
          if (next === 'take') held.delete(queue.take() as FairEntry)
          if (next === 'delete') expect(queue.delete(one)).toBe(held.delete(one))
          expect(queue.size).toBe(held.size)
          expect(queue.cost).toBe([...held].reduce((sum, other) => sum + other.cost, 0))
          expect(queue.size <= 8 && queue.cost <= 120).toBe(true)
        }
        expect(new Set(takeAll(queue))).toEqual(held)
      }),
    )
  })
})
