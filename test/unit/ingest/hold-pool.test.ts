import { describe, expect, it } from 'vitest'
import { type HeldInput, HoldPool } from '../../../core/ingest/hold-pool.ts'

function held(peer: string, author: string, change: Partial<HeldInput> = {}): HeldInput {
  return {
    bytes: new Uint8Array(100),
    source: { kind: 'gossip', peer },
    reason: 'unknown-identity',
    author,
    arrivedMs: 0,
    dueMs: 0,
    ...change,
  }
}

describe('HoldPool', () => {
  it('has room for 64 records of one peer, and lets the oldest go', () => {
    const pool = new HoldPool()
    for (let i = 0; i < 70; i++) pool.add(`key ${i}`, held('loud', `author ${i}`))
    pool.add('key', held('quiet', 'somebody'))
    expect(pool.size).toBe(65)
    expect(pool.takeByAuthor('author 5')).toEqual([])
    expect(pool.takeByAuthor('author 6')).toHaveLength(1)
    expect(pool.takeByAuthor('somebody')).toHaveLength(1)
  })

  it('has room for a megabyte of one peer', () => {
    const pool = new HoldPool()
    for (let i = 0; i < 8; i++) pool.add(`key ${i}`, held('big', 'author', { bytes: new Uint8Array(200_000) }))
    expect(pool.takeByAuthor('author')).toHaveLength(5)
    expect(pool.size).toBe(0)
  })

  it('evicts from the largest holder when all is full', () => {
    const pool = new HoldPool({ maxRecords: 10 })
    for (let i = 0; i < 9; i++) pool.add(`loud ${i}`, held('loud', 'crowd'))
    pool.add('quiet', held('quiet', 'somebody'))
    pool.add('late', held('late', 'latecomer'))
    expect(pool.size).toBe(10)
    expect(pool.takeByAuthor('somebody')).toHaveLength(1)
    expect(pool.takeByAuthor('latecomer')).toHaveLength(1)
    expect(pool.takeByAuthor('crowd')).toHaveLength(8)
  })

  it('keeps what waits for its time apart from what waits for a chain', () => {
    const pool = new HoldPool()
    pool.add('later', held('a', 'author', { reason: 'future-timestamp', dueMs: 100 }))
    pool.add('unknown', held('a', 'author'))
    expect(pool.takeDue(99)).toEqual([])
    expect(pool.takeByAuthor('author').map(({ reason }) => reason)).toEqual(['unknown-identity'])
    expect(pool.takeDue(100)).toHaveLength(1)
    expect(pool.size).toBe(0)
  })

  it('holds the same bytes of a peer once', () => {
    const pool = new HoldPool()
    pool.add('key', held('a', 'author'))
    pool.add('key', held('a', 'author'))
    expect(pool.size).toBe(1)
  })
})
