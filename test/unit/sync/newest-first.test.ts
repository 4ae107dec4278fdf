import { describe, expect, it } from 'vitest'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import type { LogReader } from '../../../core/store/log-reader.ts'
import type { NeedEntry } from '../../../core/sync/frames.ts'
import { type RecordPlace, readNeeded } from '../../../core/sync/outgoing.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { portsOf } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'

const POSTS = 60

/** Introduces itself first, as everybody does, and then writes. */
function writer(name: string, posts = POSTS): TestAuthor {
  const author = new TestAuthor(name)
  author.describe({ name })
  for (let i = 0; i < posts; i++) author.post(`post ${i} of ${name}`)
  return author
}

function seedOf(authors: readonly TestAuthor[]): LogReader {
  const test = new TestSquare({ role: 'seed' })
  test.ingestAll(...authors)
  return portsOf(test)
}

/** Everything of these authors, as somebody asks who holds nothing of them. */
function everything(authors: readonly TestAuthor[]): NeedEntry[] {
  return authors.map(({ address, device, records }) => ({
    author: address,
    needsChain: true,
    logs: [{ device: device.publicKey, ranges: [[1, records.length]] }],
  }))
}

async function sent(reader: LogReader, request: readonly NeedEntry[]): Promise<RecordPlace[]> {
  const places: RecordPlace[] = []
  for await (const data of readNeeded(reader, request, new AbortController().signal)) places.push(...data.places)
  return places
}

/** Where these seqs of everybody have all come, in that order of places. */
function endOf(places: readonly RecordPlace[], authors: readonly TestAuthor[], seqs: readonly number[]): number {
  const wanted = new Set(authors.flatMap(({ address }) => seqs.map((seq) => `${toHex(address)} ${seq}`)))
  return places.findLastIndex(({ author, seq }) => wanted.has(`${toHex(author)} ${seq}`)) + 1
}

const newest = (count: number, of = POSTS + 1) => Array.from({ length: count }, (_, i) => of - i)
const names = Array.from({ length: 12 }, (_, i) => `author ${i}`)

describe('the order of what was asked for', () => {
  it('is who everybody is, the newest few of each, the newest twenty of each, then the rest (SYN8)', async () => {
    const authors = names.map((name) => writer(name))
    const places = await sent(seedOf(authors), everything(authors))
    expect(places).toHaveLength(authors.length * (POSTS + 1))
    expect(new Set(places.map(({ author, seq }) => `${toHex(author)} ${seq}`)).size).toBe(places.length)
    expect(endOf(places, authors, [1])).toBe(authors.length)
    expect(endOf(places, authors, newest(4))).toBe(5 * authors.length)
    expect(endOf(places, authors, newest(20))).toBe(21 * authors.length)
    for (const { address } of authors) {
      const seqs = places.filter(({ author }) => toHex(author) === toHex(address)).map(({ seq }) => seq)
      expect(seqs).toEqual([1, ...newest(POSTS)])
    }
  })

  it('is not that where nobody knows the profiles, or logs go one after another: the controls (SYN8)', async () => {
    const authors = names.map((name) => writer(name))
    const reader = seedOf(authors)
    const nameless = await sent({ ...reader, listProfilePlaces: async () => [] }, everything(authors))
    expect(endOf(nameless, authors, [1])).toBeGreaterThan(21 * authors.length)
    const logs = await Promise.all(authors.map((author) => sent(reader, everything([author]))))
    expect(endOf(logs.flat(), authors, newest(20))).toBeGreaterThan(21 * authors.length)
  })

  it('goes by the profile that counts, and keeps an earlier one among the rest (SYN8)', async () => {
    const renamed = new TestAuthor('renamed')
    renamed.describe({ name: 'before' })
    for (let i = 0; i < 100; i++) renamed.post(`post ${i}`)
    renamed.describe({ name: 'now' })
    for (let i = 0; i < 300; i++) renamed.post(`later ${i}`)
    const authors = [renamed, writer('another', 10)]
    const places = await sent(seedOf(authors), everything(authors))
    const seqs = places.filter(({ author }) => toHex(author) === toHex(renamed.address)).map(({ seq }) => seq)
    expect(seqs.slice(0, 21)).toEqual([102, ...newest(20, 402)])
    expect(seqs.at(-1)).toBe(1)
  })

  it('is the same for one person who is followed later (SYN8)', async () => {
    const one = writer('one', 400)
    const places = await sent(seedOf([one]), everything([one]))
    expect(places.map(({ seq }) => seq)).toEqual([1, ...newest(400, 401)])
  })

  it('sends a profile only where it was asked for (SYN7, SYN8)', async () => {
    const one = writer('one', 400)
    const [need] = everything([one]) as [NeedEntry]
    const ranges: [number, number][] = [
      [50, 60],
      [101, 400],
    ]
    const places = await sent(seedOf([one]), [{ ...need, logs: need.logs.map((log) => ({ ...log, ranges })) }])
    expect(places.map(({ seq }) => seq)).toEqual([...newest(300, 400), ...newest(11, 60)])
  })

  it('takes large records in turns, too: nobody waits for a long-winded one (SYN8)', async () => {
    const loud = new TestAuthor('loud')
    const text = 'x'.repeat(2_900)
    for (let i = 0; i < 300; i++) loud.sign(KIND.post, encodePost({ salt: loud.salt(), text }))
    const quiet = writer('quiet')
    const places = await sent(seedOf([loud, quiet]), everything([loud, quiet]))
    const last = places.findLastIndex(({ author, seq }) => seq > POSTS - 19 && toHex(author) === toHex(quiet.address))
    expect(last).toBeLessThan(42)
  })
})
