import { describe, expect, it } from 'vitest'
import { BoundedQueue } from '../../../core/util/bounded-queue.ts'

describe('BoundedQueue', () => {
  it('gives items in the order in which they came', () => {
    const queue = new BoundedQueue<number>({ maxItems: 3, whenFull: 'refuse' })
    for (let round = 0; round < 5; round++) {
      queue.push(round)
      queue.push(round + 10)
      expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([round, round + 10, undefined])
    }
  })

  it('turns new items away when it is full and refuses', () => {
    const queue = new BoundedQueue<number>({ maxItems: 2, whenFull: 'refuse' })
    expect([1, 2, 3].map((item) => queue.push(item))).toEqual([true, true, false])
    expect(queue.dropped).toBe(1)
    expect(queue.drain()).toEqual([1, 2])
  })

  it('lets the oldest go when it is full and drops the oldest', () => {
    const queue = new BoundedQueue<number>({ maxItems: 2, whenFull: 'drop-oldest' })
    expect([1, 2, 3].map((item) => queue.push(item))).toEqual([true, true, true])
    expect(queue.dropped).toBe(1)
    expect(queue.size).toBe(2)
    expect(queue.drain(1)).toEqual([2])
    expect(queue.drain()).toEqual([3])
  })

  it('wakes those who wait, one for each item', async () => {
    const queue = new BoundedQueue<string>({ maxItems: 2, whenFull: 'refuse' })
    const waiting = [queue.take(), queue.take()]
    queue.push('a')
    queue.push('b')
    expect(await Promise.all(waiting)).toEqual(['a', 'b'])
  })

  it('ends a wait with the reason of the signal, and loses no item to it', async () => {
    const queue = new BoundedQueue<string>({ maxItems: 2, whenFull: 'refuse' })
    const controller = new AbortController()
    const given = queue.take(controller.signal)
    const other = queue.take()
    controller.abort(new Error('enough'))
    queue.push('a')
    await expect(given).rejects.toThrow('enough')
    expect(await other).toBe('a')
    await expect(queue.take(controller.signal)).rejects.toThrow('enough')
  })

  it('takes nothing once it is closed, and gives what it has', async () => {
    const queue = new BoundedQueue<string>({ maxItems: 2, whenFull: 'refuse' })
    const waiting = queue.take()
    queue.push('a')
    queue.push('b')
    queue.close()
    expect(queue.push('c')).toBe(false)
    expect(queue.isClosed).toBe(true)
    expect([await waiting, await queue.take(), await queue.take()]).toEqual(['a', 'b', undefined])
  })

  it('tells those who wait that it was closed', async () => {
    const queue = new BoundedQueue<string>({ maxItems: 1, whenFull: 'refuse' })
    const waiting = queue.take()
    queue.close()
    expect(await waiting).toBeUndefined()
  })

  it('refuses a bound that is not a positive integer', () => {
    expect(() => new BoundedQueue({ maxItems: 0, whenFull: 'refuse' })).toThrow(RangeError)
  })
})
