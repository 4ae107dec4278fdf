import { describe, expect, it } from 'vitest'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const COUNT = 2_600
const BATCH = 200

describe('OrderSettler', () => {
  it('ends a log whose times fall where delivery in order ends it, bit by bit (LOG1, LOG4)', () => {
    const ben = new TestAuthor('Ben')
    const posts = Array.from({ length: COUNT }, (_, i) => ben.post(`post ${i}`, { ts: TEST_EPOCH_MS + 10_000_000 - i }))
    const look = (test: TestSquare) => {
      const first = test.square.profilePosts(ben.profile, { limit: 500 })
      return [first.items.map(({ id }) => id), first.cursor]
    }
    const inOrder = new TestSquare({ role: 'seed' })
    inOrder.ingest({ operations: [ben.genesis], records: posts })
    const newestFirst = new TestSquare({ role: 'seed' })
    newestFirst.ingest({ operations: [ben.genesis] })
    const reversed = posts.toReversed()
    for (let from = 0; from < COUNT; from += BATCH) {
      newestFirst.ingest({ records: reversed.slice(from, from + BATCH) })
    }
    for (let turn = 0; turn < 10; turn++) newestFirst.square.tick()
    expect(look(newestFirst)).toEqual(look(inOrder))
    expect(newestFirst.square.integrityCheck()).toEqual([])
  })
})
