import { describe, expect, it } from 'vitest'
import { packBytes } from '../../../core/node/square-calls.ts'
import { decodeRecord } from '../../../core/record/decode-record.ts'
import { decodeBody, KIND } from '../../../core/record/kinds/kind-table.ts'
import type { PostBody } from '../../../core/record/kinds/post.ts'
import { concatBytes, toHex } from '../../../core/util/bytes.ts'
import { TEST_EPOCH_MS } from '../../harness/authors.ts'
import { makeCorpus } from '../../harness/corpus.ts'
import { TestSquare } from '../../harness/test-square.ts'

const INIT = { authors: 25, posts: 600, seed: 11 }

function takeApart(bytes: Uint8Array) {
  const decoded = decodeRecord(bytes)
  if (!decoded.ok || decoded.record.body === null) throw new Error('a record of the corpus is broken')
  return { header: decoded.record.header, body: decodeBody(decoded.record.header.kind, decoded.record.body) }
}

describe('makeCorpus', () => {
  const corpus = makeCorpus(INIT)
  const records = corpus.records.map(takeApart)
  const posts = records.flatMap(({ header, body }) =>
    header.kind === KIND.post ? [(body as { body: PostBody }).body] : [],
  )

  it('gives the same bytes for the same seed, and others for another', () => {
    const again = makeCorpus(INIT)
    expect(toHex(concatBytes(...again.records))).toBe(toHex(concatBytes(...corpus.records)))
    expect(again.operations).toEqual(corpus.operations)
    expect(makeCorpus({ ...INIT, seed: 12 }).records[0]).not.toEqual(corpus.records[0])
  })

  it('is taken in by a store as it is, every record of it', () => {
    const store = new TestSquare({ role: 'seed' })
    store.square.ingest(packBytes(corpus.operations), packBytes([]), { kind: 'import' })
    const { records: outcomes } = store.square.ingest(packBytes([]), packBytes(corpus.records), { kind: 'import' })
    expect(outcomes.filter(({ verdict, isNew, isKept }) => verdict.verdict !== 'accept' || !isNew || !isKept)).toEqual(
      [],
    )
  })

  it('stands in the order of time, within two years, and everybody writes', () => {
    const times = records.map(({ header }) => header.ts)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThan(TEST_EPOCH_MS - 731 * 86_400_000)
    expect(times.at(-1)).toBeLessThan(TEST_EPOCH_MS + 86_400_000)
    expect(new Set(records.map(({ header }) => toHex(header.author))).size).toBe(INIT.authors)
  })

  it('has answers, reactions, reposts, edits, deletions, follows and profiles, in several languages', () => {
    const count = (kind: number) => records.filter(({ header }) => header.kind === kind).length
    expect(posts).toHaveLength(INIT.posts)
    expect(posts.filter(({ reply }) => reply !== undefined).length / INIT.posts).toBeCloseTo(0.3, 1)
    expect(count(KIND.reaction) / INIT.posts).toBeCloseTo(0.25, 1)
    for (const kind of [KIND.repost, KIND.edit, KIND.delete, KIND.follow]) expect(count(kind)).toBeGreaterThan(1)
    expect(count(KIND.profile)).toBe(INIT.authors)
    expect(new Set(posts.map(({ lang }) => lang)).size).toBeGreaterThan(3)
    expect(posts.some(({ text }) => /\p{Extended_Pictographic}/u.test(text))).toBe(true)
  })

  it('has texts of log-normal lengths around 140 characters', () => {
    const lengths = posts.map(({ text }) => text.length).toSorted((a, b) => a - b)
    const at = (share: number) => lengths[Math.floor(share * lengths.length)] as number
    expect(at(0.5)).toBeGreaterThan(110)
    expect(at(0.5)).toBeLessThan(175)
    expect(at(0.9) / at(0.5)).toBeGreaterThan(1.8)
  })
})
