import { describe, expect, it } from 'vitest'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, revokeDevice } from '../../../core/identity/change.ts'
import { encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import { packBytes } from '../../../core/node/square-calls.ts'
import { encodeBeat } from '../../../core/record/beat.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { type MadeRecord, TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { beatBytes, beatOf } from '../../harness/beats.ts'
import { TestSquare, type TestSquareInit } from '../../harness/test-square.ts'

const SYNC = { kind: 'sync', peer: 'peer' } as const
const ACCEPTED = { verdict: { verdict: 'accept' } }

/** Ben has written twenty posts; this node holds the first `held` of them. */
function village(held = 20, init: TestSquareInit = {}) {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  for (let i = 1; i <= 20; i++) ben.post(`post ${i}`)
  const test = new TestSquare({ me, pins: [ben.address], ...init })
  test.ingest({ operations: [ben.genesis], records: ben.records.slice(0, held) })
  const take = (...beats: Uint8Array[]) => test.square.ingestBeats(packBytes(beats), SYNC)
  const view = () => test.square.profile(ben.profile)
  const log = () => test.square.listHeld([ben.address])[0]
  return { me, ben, test, take, view, log }
}

function stateOf(operations: readonly IdentityOperation[]) {
  const state = resolveChain(operations)
  if (state === null) throw new Error('no genesis')
  return state
}

/** A second record of this number. */
function again(author: TestAuthor, record: MadeRecord | undefined): MadeRecord {
  if (record === undefined) throw new Error('no such record')
  const { seq, prev, ts } = record.header
  return author.signAt(KIND.post, encodePost({ salt: author.salt(), text: 'another' }), { seq, prev, ts })
}

describe('what a beat says to a reader', () => {
  it('counts the tail that it names and that is not here as missing (BEA7)', () => {
    const { ben, test, take, view } = village(15)
    expect(view()).toMatchObject({ counts: { missing: 0 }, completeAsOf: ben.records[14]?.header.ts })
    expect(take(beatBytes(ben))).toEqual([{ ...ACCEPTED, isNew: true }])
    expect(view()).toMatchObject({ counts: { missing: 5 }, completeAsOf: null })
    const places = [{ author: ben.address, device: ben.device.publicKey }]
    expect(test.events.at(-1)).toMatchObject({ source: SYNC, records: [], beats: places, gaps: places })
    test.ingest({ records: ben.records })
    expect(view()).toMatchObject({ counts: { missing: 0 }, completeAsOf: ben.records[19]?.header.ts })
  })

  it('moves on with a device that is heard and has written nothing (BEA7)', () => {
    const { ben, test, take, view } = village()
    const ts = test.clock.now() - 60_000
    take(beatBytes(ben, { ts }))
    expect(view()).toMatchObject({ counts: { missing: 0 }, completeAsOf: ts })
    expect(test.events.at(-1)).toMatchObject({ gaps: [], beats: [{ author: ben.address }] })
  })

  it('says the earliest of several devices, and nothing of one of which nothing is known (BEA7)', () => {
    const { ben, test, take, view } = village()
    const phone = ben.another('phone')
    test.ingest({ operations: [encodeOperation(linkDevice(stateOf([ben.operation]), phone.entry, ben.device))] })
    const nowMs = test.clock.now()
    take(beatBytes(ben, { ts: nowMs }))
    expect(view().completeAsOf).toBe(nowMs)
    const post = phone.post('from the phone')
    test.ingest({ records: [post] })
    expect(view().completeAsOf).toBe(post.header.ts)
    take(beatBytes(phone, { ts: nowMs - 5_000 }))
    expect(view().completeAsOf).toBe(nowMs - 5_000)
    take(beatBytes(phone, { seq: 3, ts: nowMs }))
    expect(view()).toMatchObject({ counts: { missing: 2 }, completeAsOf: null })
  })

  it('doesn’t count once the device is revoked, and counts again when it is restored (BEA7)', () => {
    const { ben, test, take, view } = village()
    const phone = ben.another('phone')
    const linked = linkDevice(stateOf([ben.operation]), phone.entry, ben.device)
    phone.post('from the phone')
    test.ingest({ operations: [encodeOperation(linked)], records: phone.records })
    take(beatBytes(phone, { seq: 2 ** 32 - 1 }))
    expect(view().counts.missing).toBe(2 ** 32 - 2)
    const { publicKey: key } = phone.device
    const revoked = revokeDevice(stateOf([ben.operation, linked]), { key, seal: phone.seal }, [ben.words])
    test.ingest({ operations: [encodeOperation(revoked)] })
    expect(view()).toMatchObject({ counts: { missing: 0 }, completeAsOf: ben.records[19]?.header.ts })
  })

  it('says so of a device of which no record is here at all (BEA7)', () => {
    const { ben, test, take, view } = village(0)
    expect(view()).toMatchObject({ counts: { missing: 0 }, completeAsOf: null })
    take(beatBytes(ben))
    expect(view()).toMatchObject({ counts: { missing: 20 }, completeAsOf: null })
    expect(test.ingest({ records: ben.records.slice(10) }, { kind: 'gossip', peer: 'x' }).records[0]).toMatchObject({
      isKept: true,
    })
    expect(test.square.integrityCheck()).toEqual([])
  })
})

describe('a log that is known by a beat alone', () => {
  it('may begin anywhere still, by gossip too (LOG5)', () => {
    const { ben, test, take } = village(0)
    take(beatBytes(ben))
    const body = encodePost({ salt: ben.salt(), text: 'far above' })
    const far = ben.signAt(KIND.post, body, { seq: 50_000, prev: new Uint8Array(32), ts: TEST_EPOCH_MS })
    const { records } = test.ingest({ records: [far] }, { kind: 'gossip', peer: 'x' })
    expect(records).toMatchObject([{ verdict: { verdict: 'accept' }, isKept: true }])
  })
})

describe('the newest beat', () => {
  it('is the one with the highest number, then the latest time (BEA4)', () => {
    const { ben, test, take, log } = village()
    const [early, late] = [test.clock.now() - 2_000, test.clock.now() - 1_000]
    const first = ben.records[9]
    take(beatBytes(ben, { seq: 10, head: first?.id ?? ben.address, ts: late }))
    expect(log()?.beat).toEqual({ seq: 10, ts: late })
    expect(take(beatBytes(ben, { ts: early }))).toEqual([{ ...ACCEPTED, isNew: true }])
    expect(log()?.beat).toEqual({ seq: 20, ts: early })
    expect(take(beatBytes(ben, { ts: early - 1 }), beatBytes(ben, { ts: early }))).toEqual([
      { ...ACCEPTED, isNew: false },
      { ...ACCEPTED, isNew: false },
    ])
    take(beatBytes(ben, { ts: late }))
    expect(log()?.beat).toEqual({ seq: 20, ts: late })
    const place = { author: ben.address, device: ben.device.publicKey }
    const { seq, head, ts, signature } = beatOf(ben, { ts: late })
    expect(test.square.listBeats([place, { ...place, device: ben.address }])).toEqual([
      { seq, head, ts, signature },
      null,
    ])
  })

  it('survives a stop (BEA4)', () => {
    const { ben, test, take } = village()
    take(beatBytes(ben))
    test.close()
    const { dataDir, clock } = test
    const reopened = new TestSquare({ dataDir, clock, me: new TestAuthor('Me'), pins: [ben.address] })
    expect(reopened.square.listHeld([ben.address])[0]?.beat).toMatchObject({ seq: 20 })
  })
})

describe('the door for beats', () => {
  it('names why a beat is not kept (BEA2, BEA3)', () => {
    const { ben, test, take, log } = village()
    const cleo = new TestAuthor('Cleo')
    const dora = new TestAuthor('Dora')
    test.ingest({ operations: [dora.genesis] })
    const nowMs = test.clock.now()
    const good = beatOf(ben)
    const cases: [Uint8Array, object][] = [
      [Uint8Array.of(1, 2), { verdict: 'reject', reason: 'bad-cbor' }],
      [encodeBeat({ ...good, ts: good.ts + 1 }), { verdict: 'reject', reason: 'bad-signature' }],
      [encodeBeat({ ...good, seq: 0 }), { verdict: 'reject', reason: 'seq-range' }],
      [beatBytes(ben, { ts: nowMs + 120_001 }), { verdict: 'hold', reason: 'future-timestamp' }],
      [beatBytes(cleo), { verdict: 'hold', reason: 'unknown-identity' }],
      [beatBytes(ben.another('phone')), { verdict: 'hold', reason: 'unknown-device' }],
      [beatBytes(ben, { author: dora.address }), { verdict: 'hold', reason: 'unknown-device' }],
      [beatBytes(dora), { verdict: 'drop', reason: 'not-wanted' }],
    ]
    const before = test.events.length
    expect(take(...cases.map(([bytes]) => bytes))).toEqual(cases.map(([, verdict]) => ({ verdict, isNew: false })))
    expect(log()?.beat).toBeNull()
    expect(test.events).toHaveLength(before)
    expect(take(beatBytes(ben, { ts: nowMs + 120_000 }))).toEqual([{ ...ACCEPTED, isNew: true }])
  })

  it('keeps beats of everybody on a seed that keeps everybody (BEA3)', () => {
    const { test, take } = village(0, { role: 'seed', pins: [] })
    const dora = new TestAuthor('Dora')
    dora.post('hello')
    test.ingestAll(dora)
    expect(take(beatBytes(dora))).toEqual([{ ...ACCEPTED, isNew: true }])
  })
})

describe('a beat that names another record', () => {
  it('proves two histories, and what it names is looked for (BEA5, LOG11)', () => {
    const { ben, test, take, view, log } = village()
    expect(log()).toMatchObject({ isForked: false, open: [] })
    const other = again(ben, ben.records[19])
    take(beatBytes(ben, { head: other.id }))
    expect(log()).toMatchObject({ isForked: true, open: [20], ranges: [[1, 20]] })
    expect(view().completeAsOf).toBeNull()
    test.ingest({ records: [other] })
    expect(log()).toMatchObject({ isForked: true, open: [] })
    expect(view().completeAsOf).not.toBeNull()
  })

  it('does so whichever came first (BEA5)', () => {
    const { ben, test, take, log } = village(19)
    const other = again(ben, ben.records[19])
    take(beatBytes(ben, { head: other.id }))
    expect(log()).toMatchObject({ isForked: false })
    test.ingest({ records: ben.records.slice(19) })
    expect(log()).toMatchObject({ isForked: true, open: [20] })
  })

  it('is remembered when a newer beat takes its place (BEA5)', () => {
    const { ben, test, take, log } = village()
    take(beatBytes(ben, { head: again(ben, ben.records[19]).id }))
    ben.post('post 21')
    take(beatBytes(ben))
    test.ingest({ records: ben.records })
    expect(log()).toMatchObject({ isForked: true, open: [20], beat: { seq: 21 } })
  })

  it('does so beside another beat of that number (BEA5)', () => {
    const { ben, take, log } = village(15)
    take(beatBytes(ben), beatBytes(ben, { head: again(ben, ben.records[19]).id, ts: 1 }))
    expect(log()).toMatchObject({ isForked: true, open: [] })
  })

  it('is no fork where it names what is held, or nothing is: the control (BEA5)', () => {
    const { ben, take, log } = village(19)
    take(beatBytes(ben, { seq: 19, head: ben.records[18]?.id ?? ben.address }), beatBytes(ben))
    expect(log()).toMatchObject({ isForked: false, open: [] })
  })
})
