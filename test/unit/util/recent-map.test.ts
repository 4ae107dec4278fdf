import { describe, expect, it } from 'vitest'
import { RecentMap } from '../../../core/util/recent-map.ts'

describe('RecentMap', () => {
  it('keeps what was asked for lately, and no more than its room', () => {
    const map = new RecentMap<number, number>(100)
    for (let i = 0; i < 1_000; i++) {
      map.set(i, i)
      expect(map.get(0)).toBe(0)
    }
    const held = Array.from({ length: 1_000 }, (_, i) => map.get(i)).filter((value) => value !== undefined)
    expect(held.length).toBeLessThanOrEqual(100)
    for (let i = 1_000; i < 1_050; i++) map.set(i, i)
    for (let i = 1_000; i < 1_050; i++) expect(map.get(i)).toBe(i)
  })

  it('gives the last value, and nothing once it is deleted or cleared', () => {
    const map = new RecentMap<string, number>(4)
    map.set('a', 1).set('b', 2).set('c', 3).set('a', 4)
    expect([map.get('a'), map.get('c')]).toEqual([4, 3])
    expect([map.delete('a'), map.get('a'), map.delete('a')]).toEqual([true, undefined, false])
    map.clear()
    expect(map.get('c')).toBeUndefined()
  })

  it('takes no size but a positive integer', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => new RecentMap(size)).toThrow(RangeError)
    expect(new RecentMap<string, number>(1).set('a', 1).get('a')).toBe(1)
  })
})
