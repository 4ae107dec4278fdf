import { describe, expect, it } from 'vitest'
import { LruMap } from '../../../core/util/lru-map.ts'

describe('LruMap', () => {
  it('lets go of the least recently used entry when it is full', () => {
    const map = new LruMap<string, number>(2).set('a', 1).set('b', 2)
    expect(map.get('a')).toBe(1)
    map.set('c', 3)
    expect([...map.keys()]).toEqual(['a', 'c'])
    expect(map.get('b')).toBeUndefined()
    expect(map.size).toBe(2)
  })

  it('makes an entry recent by writing it again, not by looking', () => {
    const map = new LruMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3)
    expect(map.has('b')).toBe(true)
    expect(map.peek('b')).toBe(2)
    map.set('c', 4)
    expect([...map.entries()]).toEqual([
      ['a', 3],
      ['c', 4],
    ])
  })

  it('holds undefined and null as values', () => {
    const map = new LruMap<string, null | undefined>(3).set('a', undefined).set('b', null)
    expect(map.get('a')).toBeUndefined()
    map.set('c', null).set('d', null)
    expect([...map.keys()]).toEqual(['a', 'c', 'd'])
    expect([...map.values()]).toEqual([undefined, null, null])
  })

  it('forgets on delete and clear', () => {
    const map = new LruMap<string, number>(2).set('a', 1).set('b', 2)
    expect([map.delete('a'), map.delete('a')]).toEqual([true, false])
    map.clear()
    expect(map.size).toBe(0)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses a bound of %s', (maxEntries) => {
    expect(() => new LruMap(maxEntries)).toThrow(RangeError)
  })
})
