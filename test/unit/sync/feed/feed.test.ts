import { describe, expect, it } from 'vitest'
import { digestOf } from '../../../../core/store/fork-table.ts'
import { AuthorHeads } from '../../../../core/sync/author-heads.ts'
import { decodeFeedFrame } from '../../../../core/sync/feed/feed-frames.ts'
import { prefixesOf } from '../../../../core/sync/feed/interest-set.ts'
import { FEED_WINDOW, MAX_QUEUED_PLACES } from '../../../../core/sync/feed/limits.ts'
import { equalBytes } from '../../../../core/util/bytes.ts'
import { TestAuthor } from '../../../harness/authors.ts'
import { feedPair, QUICK_FEED, READER, SEED, serveFeed } from '../../../harness/feed-pair.ts'
import { createMemoryDuplex } from '../../../harness/memory-duplex.ts'
import { ScriptedFeedEnd } from '../../../harness/scripted-feed.ts'
import { portsOf } from '../../../harness/square-sync.ts'
import { TestSquare } from '../../../harness/test-square.ts'
import { eventually } from '../../../harness/wait.ts'

const LATE = { ...QUICK_FEED, firstHeadsMs: 600_000 }

function world() {
  const ana = new TestAuthor('ana')
  const bo = new TestAuthor('bo')
  const seed = new TestSquare({ role: 'seed' })
  const home = new TestSquare()
  home.square.setWanted([ana.address, bo.address])
  return { ana, bo, seed, home }
}

/** Ids that a store holds, as hex. */
function holds(square: TestSquare, author: TestAuthor, seq: number): boolean {
  return square.square.readLog(author.address, author.device.publicKey, [seq, seq], 100_000).length > 0
}

async function ownHash(square: TestSquare, authors: readonly TestAuthor[]): Promise<Uint8Array> {
  const heads = new AuthorHeads({ reader: portsOf(square), clock: square.clock })
  return await heads.hash(prefixesOf(authors.map(({ address }) => address)), new Uint8Array(16).fill(7))
}

describe('a feed', () => {
  it('brings the chain and what is new of the interest, and nothing of others (FEE4)', async () => {
    const { ana, bo, seed, home } = world()
    const { reading } = feedPair(seed, home, { authors: [ana.address], times: LATE })
    await eventually('the feed is taken', () => reading.isOpen)
    ana.post('hello')
    bo.post('not asked for')
    seed.ingestAll(ana, bo)
    await eventually('the record is here', () => holds(home, ana, 1))
    expect(reading.news).toHaveLength(1)
    expect(reading.news[0]).toMatchObject({ isNew: true, isKept: true })
    ana.post('and another')
    seed.ingest({ records: ana.records.slice(-1) })
    await eventually('the next one too', () => holds(home, ana, 2))
    expect(holds(home, bo, 1)).toBe(false)
    expect(home.events.every(({ source }) => source.kind === 'feed' && source.peer === SEED)).toBe(true)
  })

  it('names new records to who wants no more than that (FEE4)', async () => {
    const { ana, seed, home } = world()
    const { reading } = feedPair(seed, home, { authors: [ana.address], isWhole: false, times: LATE })
    await eventually('the feed is taken', () => reading.isOpen)
    const { id } = ana.post('hello')
    seed.ingestAll(ana)
    await eventually('it is named', () => reading.named.length > 0)
    expect(reading.named).toEqual([
      { author: ana.address, device: ana.device.publicKey, seqs: [{ seq: 1, digest: digestOf([id]) }] },
    ])
    expect(reading.news).toEqual([])
    expect(holds(home, ana, 1)).toBe(false)
  })

  it('only names what the reader itself gave (FEE4)', async () => {
    const { ana, seed, home } = world()
    const { reading } = feedPair(seed, home, { authors: [ana.address], times: LATE })
    await eventually('the feed is taken', () => reading.isOpen)
    ana.post('hello')
    home.ingestAll(ana)
    seed.ingest({ operations: [ana.genesis], records: ana.records }, { kind: 'sync', peer: READER })
    await eventually('it is named', () => reading.named.length > 0)
    expect(reading.news).toEqual([])
  })

  it('goes on whole or by name as the reader says, and about whom it says (FEE3)', async () => {
    const { ana, bo, seed, home } = world()
    const { reading } = feedPair(seed, home, { authors: [ana.address], isWhole: false, times: LATE })
    await eventually('the feed is taken', () => reading.isOpen)
    home.ingest({ operations: [bo.genesis] })
    ana.post('named')
    seed.ingestAll(ana)
    await eventually('it is named', () => reading.named.length === 1)
    reading.reader.setInterest(prefixesOf([bo.address]))
    reading.reader.setWhole(true)
    await eventually('the seed knows both', () => {
      bo.post('whole')
      seed.ingestAll(bo)
      return reading.news.length > 0
    })
    ana.post('no more')
    bo.post('the last')
    seed.ingestAll(ana, bo)
    await eventually('the last is here', () => holds(home, bo, bo.records.length))
    expect(reading.named.filter(({ author }) => equalBytes(author, ana.address))).toHaveLength(1)
    expect(holds(home, ana, 2)).toBe(false)
  })

  it('says what the seed holds in 8 bytes: the same where both hold the same (FEE7)', async () => {
    const { ana, bo, seed, home } = world()
    ana.post('hello')
    bo.post('hello')
    seed.ingestAll(ana, bo)
    home.ingestAll(ana)
    const { reading } = feedPair(seed, home, { authors: [ana.address, bo.address] })
    await eventually('heads come', () => reading.heads.length > 0)
    expect(reading.heads[0]).not.toEqual(await ownHash(home, [ana, bo]))
    home.ingestAll(bo)
    expect(reading.heads[0]).toEqual(await ownHash(home, [ana, bo]))
    ana.post('one more')
    seed.ingest({ records: ana.records.slice(-1) })
    const count = reading.heads.length
    await eventually('newer heads come', () => reading.heads.length > count + 1)
    expect(reading.heads.at(-1)).toEqual(await ownHash(home, [ana, bo]))
    expect(reading.heads.at(-1)).not.toEqual(reading.heads[0])
  })

  it('never has more than its window on the way, and keeps places, not texts (FEE5, FEE6)', async () => {
    const { ana, seed } = world()
    const [near, far] = createMemoryDuplex(1_000)
    const { sender } = serveFeed(seed, far, { times: LATE })
    const reader = new ScriptedFeedEnd(near)
    await reader.send(
      { type: 'hello', version: 1, network: 'palabre', nonce: new Uint8Array(16), isWhole: true, isAlone: false },
      { type: 'interest', added: prefixesOf([ana.address]), removed: new BigUint64Array(), isLast: true },
    )
    await eventually('the interest is known', () => sender.interestSize === 1)
    for (let i = 0; i < 400; i++) ana.post('x'.repeat(2_000))
    seed.ingestAll(ana)
    await eventually('the window is full', () => far.written.length === 1 + FEED_WINDOW)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(far.written).toHaveLength(1 + FEED_WINDOW)
    const seen: number[] = []
    while (seen.length < ana.records.length) {
      const frame = await reader.next('news')
      seen.push(...frame.records.map((_, i) => i))
      await reader.send({ type: 'ack', number: frame.number })
    }
    expect(seen).toHaveLength(ana.records.length)
  })

  it('leaves out what is too much, and says its heads at once then (FEE6)', async () => {
    const { ana, seed } = world()
    const [near, far] = createMemoryDuplex(1_000)
    const { sender } = serveFeed(seed, far, { times: LATE })
    const reader = new ScriptedFeedEnd(near)
    await reader.send(
      { type: 'hello', version: 1, network: 'palabre', nonce: new Uint8Array(16), isWhole: false, isAlone: true },
      { type: 'interest', added: prefixesOf([ana.address]), removed: new BigUint64Array(), isLast: true },
    )
    await eventually('the interest is known', () => sender.interestSize === 1)
    const [event] = [
      {
        source: { kind: 'sync', peer: 'somebody' } as const,
        records: Array.from({ length: MAX_QUEUED_PLACES + 100 }, (_, i) => ({
          id: new Uint8Array(32),
          author: ana.address,
          device: ana.device.publicKey,
          seq: i + 1,
          kind: 1,
          touches: [],
          isHome: false,
          isOwn: false,
          media: [],
        })),
        reshown: [],
        identities: [],
        gaps: [],
        beats: [],
      },
    ]
    sender.note(event)
    // None of these is held, so nothing is named; that something was left out is told.
    await eventually('heads come', () => far.written.some((bytes) => decodeFeedFrame(bytes).type === 'heads'))
  })
})
