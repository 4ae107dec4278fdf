import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** What arrives: a chain or a record, in any order and in batches of any size. */
type Delivery = { readonly operation: Uint8Array } | { readonly record: MadeRecord }

interface Village {
  readonly me: TestAuthor
  readonly authors: readonly TestAuthor[]
  readonly deliveries: readonly Delivery[]
  readonly posts: readonly MadeRecord[]
}

/** Everything that can depend on something else: replies, deletes, reposts, a clock that stepped back, a forked seq. */
function makeVillage(): Village {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const cleo = new TestAuthor('Cleo')
  const dara = new TestAuthor('Dara')
  const mine = me.post('the first word')
  me.follow(ben)
  me.follow(cleo)
  const late = ben.post('the clock was ahead', { ts: mine.header.ts + 50_000 })
  const back = ben.post('and stepped back', { ts: mine.header.ts + 1_000 })
  const answer = cleo.reply(mine, 'the second word')
  const deep = ben.reply(answer, 'the third word', { root: mine })
  const gone = cleo.post('regretted')
  const stranger = dara.post('from far away')
  dara.describe({ name: 'Dara' })
  ben.repost(stranger)
  cleo.repost(stranger)
  cleo.repost(gone)
  cleo.delete(gone)
  const loud = dara.reply(mine, 'a stranger answers')
  dara.delete(answer)
  ben.react(mine, '❤')
  ben.react(mine, '🌳')
  dara.react(mine, '❤')
  dara.react(mine, null)
  cleo.describe({ name: 'Cleo', bio: 'first' })
  cleo.describe({ name: 'Cleopatra', bio: 'second' })
  me.delete(dara.post('not mine to delete'))
  me.follow(cleo, false)
  me.follow(cleo)
  const twin = ben.signAt(KIND.post, encodePost({ salt: ben.salt(), text: 'said otherwise' }), {
    seq: back.header.seq,
    prev: back.header.prev,
    ts: back.header.ts,
  })
  const authors = [me, ben, cleo, dara]
  const deliveries: Delivery[] = [
    ...[ben, cleo, dara].map(({ genesis }) => ({ operation: genesis })),
    ...[ben, cleo, dara].flatMap(({ records }) => records.map((record) => ({ record }))),
    { record: twin },
  ]
  return { me, authors, deliveries, posts: [mine, late, back, twin, answer, deep, gone, stranger, loud] }
}

function deliver(village: Village, order: readonly number[], batchSize: number) {
  const test = new TestSquare({ me: village.me })
  // Whom I follow decides what is kept of what comes: own records stand before anything is heard.
  test.ingest({ records: village.me.records })
  const deliveries = order.map((i) => village.deliveries[i] as Delivery)
  for (let from = 0; from < deliveries.length; from += batchSize) {
    const batch = deliveries.slice(from, from + batchSize)
    test.ingest({
      operations: batch.flatMap((delivery) => ('operation' in delivery ? [delivery.operation] : [])),
      records: batch.flatMap((delivery) => ('record' in delivery ? [delivery.record] : [])),
    })
  }
  const seen = look(test, village)
  test.close()
  return seen
}

/** Everything that the read side says. */
function look({ square }: TestSquare, { authors, posts }: Village) {
  return {
    home: square.home({ limit: 100 }).items,
    posts: posts.map(({ id }) => square.post(formatRecordId(id))),
    threads: posts.map(({ id }) => square.thread(formatRecordId(id))),
    profiles: authors.map(({ profile }) => square.profile(profile)),
    pages: authors.map(({ profile }) => square.profilePosts(profile, { limit: 100 }).items),
    search: square.search('the', { limit: 100 }).items,
    follows: square.follows(),
    held: square.listHeld(authors.map(({ address }) => address)),
    // The disk has nothing to do with it.
    stats: { ...square.stats(), space: null },
    problems: square.integrityCheck(),
  }
}

describe('the order of delivery', () => {
  it('does not change what is seen (LOG1)', () => {
    const village = makeVillage()
    const indexes = village.deliveries.map((_, i) => i)
    const expected = deliver(village, indexes, 1_000)
    expect(expected.problems).toEqual([])
    expect(expected.home.map(({ text, state }) => `${state} ${text}`)).toEqual([
      'shown the clock was ahead',
      'shown the third word',
      'shown said otherwise',
      'shown and stepped back',
      'shown from far away',
      'deleted ',
      'shown the second word',
      'shown the first word',
    ])
    fc.assert(
      fc.property(
        fc.shuffledSubarray(indexes, { minLength: indexes.length }),
        fc.integer({ min: 1, max: 12 }),
        (order, batchSize) => {
          expect(deliver(village, order, batchSize)).toEqual(expected)
        },
      ),
      { numRuns: 40 },
    )
  })
})
