import { describe, expect, it } from 'vitest'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice } from '../../../core/identity/change.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { ForkMemory } from '../../../core/sync/fork-memory.ts'
import { encodeFrame, type OfferEntry } from '../../../core/sync/frames.ts'
import { MAX_FORK_SEQS } from '../../../core/sync/limits.ts'
import { compareBytes, toHex } from '../../../core/util/bytes.ts'
import { type MadeRecord, TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { type SquarePorts, syncAll, syncOnce } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** A record of Ada's device beside her log. */
function beside(ada: TestAuthor, seq: number, prev: Uint8Array | null, text: string): MadeRecord {
  const body = encodePost({ salt: ada.salt(), text })
  return ada.signAt(KIND.post, body, { seq, prev, ts: TEST_EPOCH_MS + 1_000 * seq })
}

/** `count` records that follow this one, or begin a log. */
function branch(ada: TestAuthor, from: MadeRecord | undefined, count: number, name: string): MadeRecord[] {
  const records: MadeRecord[] = []
  for (let i = 1; i <= count; i++) {
    const last = records.at(-1) ?? from
    records.push(beside(ada, (last?.header.seq ?? 0) + 1, last?.id ?? null, `${name} ${i}`))
  }
  return records
}

function storeOf(ada: TestAuthor, records: readonly MadeRecord[]): TestSquare {
  const test = new TestSquare({ pins: [ada.address] })
  test.ingest({ operations: [ada.genesis], records })
  return test
}

/** Ids that a store hands on of Ada's log, in order. */
function idsIn(test: TestSquare, ada: TestAuthor): string[] {
  const whole = test.square.readLog(ada.address, ada.device.publicKey, [1, 2 ** 32 - 1], 100_000_000)
  const ids = whole.map(({ seq, record }) => `${String(seq).padStart(6, '0')} ${toHex(record).slice(0, 500)}`)
  return ids.sort()
}

function isForked(test: TestSquare, ada: TestAuthor): boolean | undefined {
  return test.square.listDeviceLogs(ada.address)[0]?.isForked
}

describe('sync of a log that was signed twice', () => {
  it('brings both histories to both sides, and the proof with them (SYN6, SYN7, LOG3)', async () => {
    const ada = new TestAuthor('Ada')
    const common = branch(ada, undefined, 20, 'common')
    const [left, right] = [branch(ada, common.at(-1), 3, 'left'), branch(ada, common.at(-1), 3, 'right')]
    const [first, second] = [storeOf(ada, [...common, ...left]), storeOf(ada, [...common, ...right])]
    // Ranges alone say nothing: both hold 1 … 23.
    for (const test of [first, second]) {
      expect(test.square.listHeld([ada.address])).toMatchObject([{ ranges: [[1, 23]], isForked: false }])
    }
    expect(await syncAll(first, second)).toBe(1)
    for (const test of [first, second]) {
      expect(idsIn(test, ada)).toHaveLength(26)
      expect(isForked(test, ada)).toBe(true)
      expect(test.square.integrityCheck()).toEqual([])
    }
    expect(idsIn(first, ada)).toEqual(idsIn(second, ada))
    const [again] = await syncOnce(first, second)
    expect(again).toMatchObject({ receivedRecords: 0, sentRecords: 0, isComplete: true })
  })

  it('moves nothing where both hold the same, whoever has more (SYN7): the control', async () => {
    const ada = new TestAuthor('Ada')
    const log = branch(ada, undefined, 20, 'common')
    const [first, second] = [storeOf(ada, log), storeOf(ada, log.slice(0, 15))]
    const [one] = await syncOnce(first, second)
    expect(one).toMatchObject({ receivedRecords: 0, sentRecords: 5 })
    expect(isForked(first, ada)).toBe(false)
    expect(isForked(second, ada)).toBe(false)
  })

  it('finds the other history where one side is far ahead (SYN7)', async () => {
    const ada = new TestAuthor('Ada')
    const common = branch(ada, undefined, 20, 'common')
    const [long, short] = [branch(ada, common.at(-1), 100, 'long'), branch(ada, common.at(-1), 2, 'short')]
    const [first, second] = [storeOf(ada, [...common, ...long]), storeOf(ada, [...common, ...short])]
    expect(await syncAll(first, second)).toBeLessThan(4)
    expect(idsIn(first, ada)).toEqual(idsIn(second, ada))
    expect(idsIn(first, ada)).toHaveLength(122)
  })

  it('goes down a long branch session by session, at most 64 seqs in each (SYN7)', async () => {
    const ada = new TestAuthor('Ada')
    const common = branch(ada, undefined, 5, 'common')
    const [left, right] = [branch(ada, common.at(-1), 300, 'left'), branch(ada, common.at(-1), 300, 'right')]
    const [first, second] = [storeOf(ada, [...common, ...left]), storeOf(ada, [...common, ...right])]
    const [one] = await syncOnce(first, second)
    expect(one.receivedRecords).toBeLessThanOrEqual(4 * MAX_FORK_SEQS)
    expect(one.isComplete).toBe(false)
    expect(await syncAll(first, second)).toBeLessThan(300 / MAX_FORK_SEQS + 3)
    expect(idsIn(first, ada)).toHaveLength(605)
    expect(idsIn(first, ada)).toEqual(idsIn(second, ada))
    expect(first.square.listHeld([ada.address])).toMatchObject([{ open: [] }])
  })

  it('is noticed by a record whose predecessor is another one, too (LOG11)', async () => {
    const ada = new TestAuthor('Ada')
    const common = branch(ada, undefined, 5, 'common')
    const [left, right] = [branch(ada, common.at(-1), 4, 'left'), branch(ada, common.at(-1), 5, 'right')]
    const first = storeOf(ada, [...common, ...left])
    // Gossip brought the newest one only.
    first.events.length = 0
    first.ingest({ records: right.slice(4) }, { kind: 'gossip', peer: 'somebody' })
    expect(isForked(first, ada)).toBe(true)
    expect(first.events.flatMap(({ gaps }) => gaps)).toMatchObject([{ author: ada.address }])
    expect(first.square.listHeld([ada.address])).toMatchObject([{ ranges: [[1, 10]], open: [9] }])
    const second = storeOf(ada, [...common, ...right])
    await syncAll(first, second)
    expect(idsIn(first, ada)).toHaveLength(14)
    expect(idsIn(first, ada)).toEqual(idsIn(second, ada))
  })

  it('carries records beside the log, however many and however deep (SYN6)', async () => {
    const ada = new TestAuthor('Ada')
    const log = branch(ada, undefined, 200, 'common')
    const twins = log.slice(0, 180).flatMap((record, i) => {
      return i % 6 === 0 ? [beside(ada, record.header.seq, record.header.prev, `beside ${i}`)] : []
    })
    const [first, second] = [storeOf(ada, [...log, ...twins]), storeOf(ada, log)]
    let sessions = 0
    while (idsIn(second, ada).length < 230 && sessions < 30) {
      await syncOnce(first, second)
      sessions++
    }
    expect(idsIn(second, ada)).toEqual(idsIn(first, ada))
    expect(sessions).toBeLessThan(8)
  })

  it('ends with the same four on both sides, the lowest ids (LOG3)', async () => {
    const ada = new TestAuthor('Ada')
    const twins = Array.from({ length: 8 }, (_, i) => beside(ada, 1, null, `version ${i}`))
    const [first, second] = [storeOf(ada, twins.slice(0, 4)), storeOf(ada, twins.slice(4))]
    await syncAll(first, second)
    const lowest = twins.map(({ id }) => id).sort(compareBytes)
    expect(idsIn(first, ada)).toEqual(idsIn(second, ada))
    expect(idsIn(first, ada)).toHaveLength(4)
    const digests = first.square.listDigests([{ author: ada.address, device: ada.device.publicKey, seqs: [1] }])
    const expected = storeOf(
      ada,
      twins.filter(({ id }) => lowest.slice(0, 4).includes(id)),
    )
    const places = [{ author: ada.address, device: ada.device.publicKey, seqs: [1] }]
    expect(digests).toEqual(expected.square.listDigests(places))
  })

  it('asks a peer once a day for a branch that nobody has (SYN7)', async () => {
    const ada = new TestAuthor('Ada')
    const common = branch(ada, undefined, 30, 'common')
    const loose = beside(ada, 31, new Uint8Array(32).fill(7), 'names what does not exist')
    const [first, second] = [storeOf(ada, [...common, loose]), storeOf(ada, [...common, loose])]
    const side = { forks: new ForkMemory({ clock: first.clock }) }
    const received = async () => (await syncOnce(first, second, { first: side }))[0].receivedRecords
    expect(await received()).toBe(30)
    expect(await received()).toBe(0)
    first.clock.advance(86_400_001)
    expect(await received()).toBe(30)
  })

  it('counts another history of an own log as nothing that the peer holds (SYN10)', async () => {
    const ada = new TestAuthor('Ada')
    const twin = new TestAuthor('Ada')
    const device = ada.device.publicKey
    const mine = new TestSquare({ me: ada })
    mine.square.publish([{ kind: KIND.post, body: ada.post('one').body as Uint8Array }])
    const theirs = storeOf(ada, [twin.post('something else')])
    const noted: (readonly number[])[] = []
    const noteHeld: SquarePorts['noteHeld'] = async (_peerId, _isSeed, _device, seqs) => void noted.push(seqs)
    const first = { device, profile: ada.address, ports: { noteHeld } }
    // Its offer says 1 as well, and that is another record: only the acknowledgement counts.
    await syncOnce(mine, theirs, { first })
    expect(noted).toEqual([[1]])
    expect(isForked(mine, ada)).toBe(true)
    // From now on it holds both, and the offer says so.
    await syncOnce(mine, theirs, { first })
    expect(noted).toEqual([[1], [1]])
  })

  it('counts what every device of the account has signed (SYN10)', async () => {
    const ada = new TestAuthor('Ada')
    const phone = ada.another('phone')
    const state = resolveChain([ada.operation])
    if (state === null) throw new Error('no genesis')
    const operations = [ada.genesis, encodeOperation(linkDevice(state, phone.entry, ada.device))]
    const posts = [phone.post('one'), phone.post('two')]
    const mine = new TestSquare()
    mine.square.setAccount({ ...ada.account, operations })
    mine.ingest({ records: posts.slice(0, 1) })
    const seed = new TestSquare({ role: 'seed' })
    const side = { device: ada.device.publicKey, profile: ada.address, peerId: 'seed' }
    const seeds = () => mine.square.profilePosts(ada.profile, { limit: 9 }).items.map(({ holding }) => holding?.cause)
    mine.square.setConnection({ peers: 1, seeds: 1, names: [] })
    expect(seeds()).toEqual(['sending'])
    // Acknowledged when it is sent, and when it is offered.
    await syncOnce(mine, seed, { first: side, second: { role: 'seed' } })
    expect(seeds()).toEqual(['held'])
    seed.ingest({ records: posts })
    await syncOnce(mine, seed, { first: side, second: { role: 'seed' } })
    await syncOnce(mine, seed, { first: side, second: { role: 'seed' } })
    expect(seeds()).toEqual(['held', 'held'])
  })
})

describe('what the tip of a log costs', () => {
  const key = new Uint8Array(32).fill(1)
  const digest = new Uint8Array(8).fill(2)

  function bytesOfLog(ranges: OfferEntry['logs'][number]['ranges'], forks: number): number {
    const marks = Array.from({ length: forks }, (_, i) => ({ seq: 1_000 - i, digest }))
    const log = { device: key, ranges, marks, beat: null }
    const entry = { author: key, chain: digest, alias: null, logs: [log] }
    return (
      encodeFrame({ type: 'have', entries: [entry], alike: new Uint8Array(), differing: null, isLast: true }).length - 6
    )
  }

  it('is thirteen bytes, and twelve for each further fork (SYN6)', () => {
    const without = bytesOfLog([[1, 1_000]], 0)
    expect(without).toBe(88)
    expect(bytesOfLog([[1, 1_000]], 1)).toBe(without + 12)
    expect(bytesOfLog([[1, 1_000]], 9)).toBe(without + 9 * 12)
  })
})
