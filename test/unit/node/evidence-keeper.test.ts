import { describe, expect, it } from 'vitest'
import { claimsOf } from '../../../core/node/evidence-claims.ts'
import { EvidenceKeeper } from '../../../core/node/evidence-keeper.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { NO_SHORTFALL, type Shortfall } from '../../../core/sync/shortfall.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'
import { keeperOf } from '../../harness/owed-world.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'
import { TestSquare } from '../../harness/test-square.ts'

const ana = fakeKey('ana')
const phone = fakeKey('phone')

function summaryOf(shortfall: Partial<Shortfall>): SyncSummary {
  const counts = {
    receivedOperations: 0,
    newOperations: 0,
    receivedRecords: 0,
    newRecords: 0,
    sentRecords: 0,
    keptRecords: 0,
  }
  return {
    hello: HELLO,
    scope: null,
    ...counts,
    compared: [],
    behindBeat: [],
    shortfall: { ...NO_SHORTFALL, ...shortfall },
    isComplete: true,
  }
}

/** A keeper over a square in memory, and what it has written. */
function open(saved: unknown = null) {
  const store = Object.assign(new MemorySquare(), {
    names: async (profiles: readonly string[]) => profiles.map(() => ''),
  })
  const state = new Map<string, unknown>([['evidence', saved]])
  const published: string[] = []
  const keeper = new EvidenceKeeper({
    store,
    book: {
      getState: async (key) => state.get(key) ?? null,
      setState: async (key, value) => void state.set(key, JSON.parse(JSON.stringify(value))),
    },
    events: { publish: ({ type }) => void published.push(type) },
    clock: new ManualClock(1_000),
    logger: silentLogger,
  })
  const owe = (peerId: string) => {
    const summary = summaryOf({ owed: [{ author: ana, device: phone, ranges: [[7, 7]] }] })
    keeper.noteSync({ type: 'done', peerId, isInitiator: true, scope: null, summary })
  }
  return { keeper, state, store, published, owe }
}

describe('claimsOf', () => {
  it('tells what is withheld from holes and from a frozen end (SYN17)', () => {
    const lacking = [{ author: ana, device: phone, ranges: [[3, 4] as const, [8, 12] as const], tip: 9 }]
    const owed = [{ author: ana, device: phone, ranges: [[1, 1] as const] }]
    expect(claimsOf(summaryOf({ lacking, owed, isFinal: false }))).toMatchObject([
      { kind: 'withheld', ranges: [[1, 1]], isSure: false },
      {
        kind: 'hole',
        ranges: [
          [3, 4],
          [8, 9],
        ],
        isSure: false,
      },
      { kind: 'frozen', ranges: [[10, 12]], isSure: false },
    ])
    const tails = [{ author: ana, device: phone, ranges: [[6, 9] as const], knownSeq: 7 }]
    expect(claimsOf(summaryOf({ tails }))).toMatchObject([
      { kind: 'tail', ranges: [[6, 9]], known: [[6, 7]], isSure: false },
    ])
    expect(claimsOf(summaryOf({ owed }))).toMatchObject([{ kind: 'withheld', isSure: true }])
    expect(claimsOf(summaryOf({}))).toEqual([])
  })
})

describe('EvidenceKeeper', () => {
  it('writes what counts, says that something changed, and reads it again (SYN17)', async () => {
    const { keeper, state, published, owe } = open()
    keeper.start()
    await keeper.settled()
    keeper.noteSync({
      type: 'hello',
      peerId: 'seed',
      hello: { ...HELLO, capabilities: { name: 'Harbour' } },
      clockOffsetMs: 0,
    })
    owe('seed')
    expect(published).toEqual(['network'])
    await keeper.stop()
    const again = open(state.get('evidence'))
    again.keeper.start()
    await again.keeper.settled()
    expect(await again.keeper.list()).toEqual(await keeper.list())
    expect(await again.keeper.list()).toMatchObject([{ peers: [{ peerId: 'seed', name: 'Harbour' }] }])
    await again.keeper.stop()
  })

  it.each([
    ['nothing', null],
    ['no book', 'broken'],
    ['an entry that is none', { entries: [{ kind: 'withheld' }], forks: [], peers: [] }],
  ])('begins with an empty book where %s was kept', async (_name, saved) => {
    const { keeper, owe } = open(saved)
    keeper.start()
    await keeper.settled()
    expect(await keeper.list()).toEqual([])
    owe('seed')
    expect(await keeper.list()).toHaveLength(1)
    await keeper.stop()
  })

  it('goes on where the store fails', async () => {
    const { keeper, store, owe } = open()
    store.listHeld = async () => {
      throw new Error('the store is gone')
    }
    keeper.start()
    owe('seed')
    const record = {
      id: ana,
      author: ana,
      device: phone,
      seq: 7,
      kind: 1,
      touches: [],
      isHome: true,
      isOwn: false,
      media: [],
    }
    const source = { kind: 'sync', peer: 'friend' } as const
    keeper.noteIngested({ source, records: [record], reshown: [], identities: [], gaps: [], beats: [] })
    await keeper.settled()
    expect(await keeper.list()).toMatchObject([{ state: 'open' }])
    await keeper.stop()
  })

  it('takes nothing more after its end', async () => {
    const { keeper, owe } = open()
    keeper.start()
    await keeper.stop()
    await keeper.stop()
    owe('seed')
    expect(await keeper.list()).toEqual([])
  })

  it('keeps forks of people that are wanted, and no others (SYN17, LOG3)', async () => {
    const [ben, stranger] = [new TestAuthor('Ben'), new TestAuthor('Stranger')]
    const test = new TestSquare({ pins: [ben.address] })
    const keeper = keeperOf(test)
    keeper.start()
    test.listeners.add((event) => keeper.noteIngested(event))
    for (const author of [ben, stranger]) {
      const first = author.post('first')
      const body = encodePost({ salt: author.salt(), text: 'otherwise' })
      const second = author.signAt(KIND.post, body, { seq: 1, prev: null, ts: TEST_EPOCH_MS })
      test.ingest({ operations: [author.genesis], records: [first] }, { kind: 'gossip', peer: 'one' })
      test.ingest({ records: [second] }, { kind: 'gossip', peer: 'two' })
    }
    await keeper.settled()
    expect(await keeper.list()).toMatchObject([
      { kind: 'fork', author: { profile: ben.profile }, seqs: [[1, 1]], peers: [{ peerId: 'two' }] },
    ])
    await keeper.stop()
  })
})
