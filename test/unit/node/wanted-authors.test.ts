import { describe, expect, it } from 'vitest'
import { WantedAuthors } from '../../../core/node/wanted-authors.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

describe('WantedAuthors', () => {
  it('puts the lists of several reasons together; each replaces its own', async () => {
    const said: number[][] = []
    const store = { setWanted: async (all: readonly Uint8Array[]) => void said.push(all.map(([first]) => first ?? 0)) }
    const wanted = new WantedAuthors({ store })
    await wanted.set('wards', [Uint8Array.of(1), Uint8Array.of(2)])
    await wanted.set('recovery', [Uint8Array.of(2), Uint8Array.of(3)])
    await wanted.set('wards', [])
    expect(said).toEqual([
      [1, 2],
      [1, 2, 3],
      [2, 3],
    ])
  })

  it('are asked for by sync and kept whole, as followed authors are', async () => {
    const [me, ben] = [new TestAuthor('Me'), new TestAuthor('Ben')]
    const test = new TestSquare({ me })
    const first = ben.post('before')
    expect(test.ingest({ operations: [ben.genesis], records: [first] }).records[0]?.isKept).toBe(false)
    test.square.setWanted([ben.address])
    expect(test.square.listWanted()).toEqual([me.address, ben.address])
    expect(test.ingest({ records: [first] }).records[0]?.isKept).toBe(true)
    test.square.setWanted([])
    expect(test.square.listWanted()).toEqual([me.address])
    expect(test.ingest({ records: [ben.post('after')] }).records[0]?.isKept).toBe(false)
  })
})
