import { describe, expect, it } from 'vitest'
import { claimedStanding, sayStanding } from '../../../core/sync/standing.ts'

describe('what a peer says it has besides (RCH8)', () => {
  it('is two small numbers', () => {
    expect(sayStanding({ seeds: 2, links: 90 })).toEqual({ seeds: 2, links: 8 })
    expect(claimedStanding({ capabilities: { name: 'Aya', seeds: 0, links: 3 } })).toEqual({ seeds: 0, links: 3 })
  })

  it('is nothing where it is something else', () => {
    for (const capabilities of [
      {},
      { seeds: 1 },
      { seeds: -1, links: 0 },
      { seeds: 'no', links: 1 },
      { seeds: 9, links: 0 },
    ]) {
      expect(claimedStanding({ capabilities })).toBeNull()
    }
  })
})
