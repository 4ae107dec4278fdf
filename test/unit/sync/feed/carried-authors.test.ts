import { describe, expect, it } from 'vitest'
import { CarriedAuthors } from '../../../../core/sync/feed/carried-authors.ts'
import { MAX_CARRIED, MAX_CARRIED_FOR_ONE, MAX_REMEMBERED_NEIGHBOURS } from '../../../../core/sync/feed/limits.ts'
import { fakeKey } from '../../../harness/memory-square.ts'

function keys(name: string, count: number): Uint8Array[] {
  const first = fakeKey(name)
  return Array.from({ length: count }, (_, i) => {
    const key = first.slice()
    new DataView(key.buffer).setUint32(28, i)
    return key
  })
}

describe('whom a desktop carries for its neighbours (FEE11)', () => {
  it('are those whom a neighbour wants, each once', () => {
    const authors = new CarriedAuthors()
    authors.noteInterest('b', [fakeKey('ana'), fakeKey('bo')])
    authors.noteInterest('c', [fakeKey('bo'), fakeKey('cy')])
    expect(authors.list(null)).toHaveLength(3)
    expect(authors.list(['c'])).toEqual([fakeKey('bo'), fakeKey('cy')])
    authors.noteInterest('c', [fakeKey('cy')])
    expect(authors.list(['c'])).toEqual([fakeKey('cy')])
  })

  it('are no more for one who asks for many than for the others', () => {
    const authors = new CarriedAuthors()
    authors.noteInterest('greedy', keys('greedy', 10 * MAX_CARRIED_FOR_ONE))
    authors.noteInterest('modest', keys('modest', 3))
    expect(authors.list(null)).toHaveLength(MAX_CARRIED_FOR_ONE + 3)
    for (let i = 0; i < MAX_REMEMBERED_NEIGHBOURS - 1; i++) {
      authors.noteInterest(`other ${i}`, keys(`other ${i}`, MAX_CARRIED_FOR_ONE))
    }
    expect(authors.list(null)).toHaveLength(MAX_CARRIED)
    expect(authors.list(['modest'])).toHaveLength(3)
  })

  it('are forgotten with the neighbour', () => {
    const authors = new CarriedAuthors()
    authors.noteInterest('b', [fakeKey('ana')])
    authors.noteInterest('c', [fakeKey('bo')])
    authors.keepOnly((peerId) => peerId === 'c')
    expect(authors.list(null)).toEqual([fakeKey('bo')])
  })
})
