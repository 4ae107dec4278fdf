import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { utf8 } from '../../../core/util/bytes.ts'
import { type MadeRecord, TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const GOSSIP = { kind: 'gossip', peer: 'peer' } as const

/** A node that follows Ben and holds his chain. */
function withFollowed() {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ me })
  me.follow(ben)
  test.ingest({ operations: [ben.genesis], records: me.records })
  return { me, ben, test }
}

function bodyless(record: MadeRecord, deleteId?: Uint8Array): { bytes: Uint8Array } {
  const absence =
    deleteId === undefined ? ({ reason: 'withheld' } as const) : ({ reason: 'deleted', deleteId } as const)
  return { bytes: encodeRecord(withoutBody(record, absence)) }
}

describe('SquareDoor', () => {
  it('rejects bytes and signatures that are wrong, and says why', () => {
    const { ben, test } = withFollowed()
    const post = ben.post('hello')
    const spoiled = post.bytes.slice()
    const place = Buffer.from(spoiled).indexOf(Buffer.from(post.signature))
    spoiled[place + 40] = (spoiled[place + 40] as number) ^ 1
    const { records } = test.ingest({ records: [{ bytes: utf8('nonsense') }, { bytes: spoiled }, post] }, GOSSIP)
    expect(records.map(({ verdict }) => verdict)).toEqual([
      { verdict: 'reject', reason: 'bad-cbor' },
      { verdict: 'reject', reason: 'bad-signature' },
      { verdict: 'accept' },
    ])
    expect(records.map(({ isKept, mayForward }) => isKept && mayForward)).toEqual([false, false, true])
  })

  it('is not spoiled by a bad copy that came first (REC6)', () => {
    const { ben, test } = withFollowed()
    const post = ben.post('hello')
    const bad = { bytes: encodeRecord({ ...post, signature: new Uint8Array(64).fill(3) }) }
    expect(test.ingest({ records: [bad] }, GOSSIP).records[0]?.verdict).toMatchObject({ reason: 'bad-signature' })
    expect(test.ingest({ records: [bad] }, GOSSIP).records[0]?.verdict).toMatchObject({ reason: 'bad-signature' })
    expect(test.ingest({ records: [post] }, GOSSIP).records[0]).toMatchObject({ isNew: true, isKept: true })
    expect(test.ingest({ records: [post] }, GOSSIP).records[0]).toMatchObject({
      isNew: false,
      isKept: true,
      mayForward: false,
    })
  })

  it('keeps and forwards an unreadable body and never shows it (REC6)', () => {
    const { ben, test } = withFollowed()
    const record = ben.sign(KIND.post, utf8('not a body'))
    const { records } = test.ingest({ records: [record] }, GOSSIP)
    expect(records[0]).toMatchObject({ verdict: { verdict: 'unreadable' }, isKept: true, mayForward: true })
    expect(test.square.home({ limit: 9 }).items).toEqual([])
    expect(test.square.post(formatRecordId(record.id))).toMatchObject({ state: 'unreadable', text: '' })
  })

  it('keeps and forwards kinds that it does not know (REC3)', () => {
    const { ben, test } = withFollowed()
    const record = ben.sign(4_711, utf8('from the future'))
    expect(test.ingest({ records: [record] }, GOSSIP).records[0]).toMatchObject({
      verdict: { verdict: 'accept' },
      isKept: true,
      mayForward: true,
    })
    expect(test.square.readLog(ben.address, ben.device.publicKey, [1, 9], 9_999)[0]?.record).toEqual(record.bytes)
  })

  it('looks at no signature that nobody known can have made', () => {
    const { test } = withFollowed()
    const cleo = new TestAuthor('Cleo')
    const post = cleo.post('hello')
    const forged = { bytes: encodeRecord({ ...post, signature: new Uint8Array(64).fill(3) }) }
    const held = { verdict: 'hold', reason: 'unknown-identity' }
    expect(test.ingest({ records: [forged, post] }, GOSSIP).records.map(({ verdict }) => verdict)).toEqual([held, held])
    test.ingest({ operations: [cleo.genesis] }, GOSSIP)
    expect(test.ingest({ records: [forged] }, GOSSIP).records[0]?.verdict).toMatchObject({ reason: 'bad-signature' })
    const dora = new TestAuthor('Dora')
    const other = dora.post('hello')
    const alike = { bytes: encodeRecord({ ...other, signature: new Uint8Array(64).fill(3) }) }
    const { records } = test.ingest({ operations: [dora.genesis], records: [alike, other] }, GOSSIP)
    expect(records.map(({ verdict }) => verdict)).toMatchObject([
      { reason: 'bad-signature' },
      { verdict: 'drop', reason: 'not-wanted' },
    ])
  })

  it('holds records of unknown people and lets them in with the chain', () => {
    const { me, test } = withFollowed()
    const cleo = new TestAuthor('Cleo')
    const follow = me.follow(cleo)
    const post = cleo.post('hello')
    const held = test.ingest({ records: [follow, post] })
    expect(held.records[1]).toMatchObject({ verdict: { verdict: 'hold', reason: 'unknown-identity' }, isKept: false })
    test.events.length = 0
    test.ingest({ operations: [cleo.genesis] })
    expect(test.square.home({ limit: 9 }).items.map(({ text }) => text)).toEqual(['hello'])
    expect(test.events.flatMap(({ records }) => records)).toMatchObject([{ id: post.id, isHome: true, isOwn: false }])
  })

  it('holds records of a device that the chain does not list (IDN12)', () => {
    const { ben, test } = withFollowed()
    const thief = new TestAuthor('Thief')
    Object.assign(thief, { address: ben.address })
    const { records } = test.ingest({ records: [thief.post('as if Ben had said it')] }, GOSSIP)
    expect(records[0]).toMatchObject({ verdict: { verdict: 'hold', reason: 'unknown-device' }, mayForward: false })
    expect(test.square.home({ limit: 9 }).items).toEqual([])
  })

  it('holds a record from more than two minutes ahead until its time has come', () => {
    const { ben, test } = withFollowed()
    const now = test.clock.now()
    const post = ben.post('from tomorrow', { ts: now + 200_000 })
    const { records } = test.ingest({ records: [post] }, GOSSIP)
    expect(records[0]?.verdict).toEqual({ verdict: 'hold', reason: 'future-timestamp' })
    test.clock.advance(79_000)
    test.square.tick()
    expect(test.square.home({ limit: 9 }).items).toHaveLength(0)
    test.clock.advance(2_000)
    test.square.tick()
    expect(test.square.home({ limit: 9 }).items).toMatchObject([{ text: 'from tomorrow', ts: now + 200_000 }])
  })

  it('sorts a record no later than it was first seen (LOG4)', () => {
    const { ben, test } = withFollowed()
    const ahead = ben.post('a little ahead', { ts: test.clock.now() + 60_000 })
    test.ingest({ records: [ahead] }, GOSSIP)
    test.clock.advance(10_000)
    test.ingest({ records: [ben.post('after it', { ts: ahead.header.ts + 1 })] }, GOSSIP)
    expect(test.square.home({ limit: 9 }).items.map(({ text }) => text)).toEqual(['after it', 'a little ahead'])
  })

  it('holds gossip that is far ahead of the log, and takes the same from sync (LOG5)', () => {
    const { ben, test } = withFollowed()
    test.ingest({ records: [ben.post('first')] })
    const body = encodePost({ salt: ben.salt(), text: 'far' })
    const far = ben.signAt(KIND.post, body, { seq: 20_000, prev: new Uint8Array(32), ts: TEST_EPOCH_MS + 9_000 })
    expect(test.ingest({ records: [far] }, GOSSIP).records[0]?.verdict).toEqual({
      verdict: 'hold',
      reason: 'seq-ahead',
    })
    expect(test.ingest({ records: [far] }).records[0]).toMatchObject({ isKept: true })
    expect(test.events.at(-1)?.gaps).toHaveLength(1)
  })

  it('charges an author for gossip only, and only once the device is known', () => {
    const me = new TestAuthor('Me')
    const ben = new TestAuthor('Ben')
    const test = new TestSquare({ me, role: 'seed' })
    const posts = Array.from({ length: 70 }, (_, i) => ben.post(`post ${i}`))
    test.ingest({ records: posts.slice(0, 64) }, GOSSIP)
    test.ingest({ operations: [ben.genesis] })
    const verdicts = test.ingest({ records: posts }, GOSSIP).records
    expect(verdicts.filter(({ verdict }) => verdict.verdict === 'accept').length).toBeGreaterThanOrEqual(60)
    expect(verdicts.at(-1)).toMatchObject({ verdict: { verdict: 'drop', reason: 'quota' }, mayForward: false })
    expect(test.ingest({ records: posts }).records.every(({ isKept }) => isKept)).toBe(true)
  })

  it('passes a record that it does not keep on once, and charges its author once', () => {
    const { test } = withFollowed()
    const stranger = new TestAuthor('Stranger')
    test.ingest({ operations: [stranger.genesis] })
    const old = stranger.post('said long ago')
    const replay = () => test.ingest({ records: [old] }, GOSSIP).records[0]
    expect(replay()).toMatchObject({ verdict: { reason: 'not-wanted' }, isKept: false, mayForward: true })
    for (let i = 0; i < 100; i++) {
      expect(replay()).toMatchObject({ verdict: { verdict: 'accept' }, isNew: false, isKept: false, mayForward: false })
    }
    const fresh = Array.from({ length: 50 }, (_, i) => stranger.post(`said today ${i}`))
    expect(test.ingest({ records: fresh }, GOSSIP).records.every(({ mayForward }) => mayForward)).toBe(true)
  })

  it('takes a header without body as a hole, and fills it later (LOG2)', () => {
    const { ben, test } = withFollowed()
    const post = ben.post('late text')
    expect(test.ingest({ records: [bodyless(post)] }).records[0]).toMatchObject({ isKept: false })
    const held = () => test.square.listHeld([ben.address])[0]?.ranges
    expect(held()).toEqual([])
    expect(test.square.post(formatRecordId(post.id))).toMatchObject({ state: 'missing' })
    expect(test.square.profile(ben.profile).counts.missing).toBe(1)
    expect(test.ingest({ records: [post] }).records[0]).toMatchObject({ isNew: true, isKept: true })
    expect(held()).toEqual([[1, 1]])
    expect(test.square.home({ limit: 9 }).items).toMatchObject([{ text: 'late text' }])
  })

  it('drops a header without body that comes by gossip: it answers nothing (LOG2)', () => {
    const { ben, test } = withFollowed()
    const post = ben.post('late text')
    expect(test.ingest({ records: [bodyless(post)] }, GOSSIP).records[0]).toMatchObject({
      verdict: { verdict: 'drop', reason: 'not-wanted' },
      mayForward: false,
    })
    expect(test.square.post(formatRecordId(post.id))).toBeNull()
    expect(test.ingest({ records: [post] }, GOSSIP).records[0]).toMatchObject({ isKept: true })
  })

  it('does not believe that a body was deleted before it holds the delete (LOG2)', () => {
    const { ben, test } = withFollowed()
    const post = ben.post('still wanted')
    const deletion = ben.delete(post)
    test.ingest({ records: [bodyless(post, deletion.id)] })
    expect(test.square.post(formatRecordId(post.id))).toMatchObject({ state: 'missing' })
    test.ingest({ records: [deletion] })
    expect(test.square.post(formatRecordId(post.id))).toMatchObject({ state: 'deleted', deletedAt: deletion.header.ts })
    expect(test.square.listHeld([ben.address])[0]?.ranges).toEqual([[1, 2]])
  })

  it('drops the text of a post whose delete came first, and passes it on without', () => {
    const { ben, test } = withFollowed()
    const post = ben.post('never shown')
    const deletion = ben.delete(post)
    test.ingest({ records: [deletion] })
    test.ingest({ records: [post] })
    expect(test.square.home({ limit: 9 }).items).toMatchObject([{ state: 'deleted', text: '' }])
    expect(test.square.search('never', { limit: 9 }).items).toEqual([])
    const [, first] = test.square.readLog(ben.address, ben.device.publicKey, [1, 2], 9_999)
    expect(first?.record).toEqual(bodyless(post, deletion.id).bytes)
  })

  it("does not let anybody delete another's post", () => {
    const { me, ben, test } = withFollowed()
    const post = ben.post('mine to keep')
    test.ingest({ records: [post, me.delete(post)] })
    expect(test.square.home({ limit: 9 }).items).toMatchObject([{ text: 'mine to keep', state: 'shown' }])
  })

  it('keeps the four lowest of many records that claim one seq (LOG3)', () => {
    const { ben, test } = withFollowed()
    const twins = Array.from({ length: 7 }, (_, i) =>
      ben.signAt(KIND.post, encodePost({ salt: ben.salt(), text: `version ${i}` }), {
        seq: 1,
        prev: null,
        ts: TEST_EPOCH_MS + i,
      }),
    )
    test.ingest({ records: twins })
    const lowest = twins
      .map(({ id }) => formatRecordIdHex(id))
      .sort()
      .slice(0, 4)
    const held = test.square.readLog(ben.address, ben.device.publicKey, [1, 1], 99_999)
    expect(held).toHaveLength(4)
    const shown = test.square.home({ limit: 9 }).items.map(({ id }) => id)
    expect(shown.sort()).toEqual(
      twins
        .filter(({ id }) => lowest.includes(formatRecordIdHex(id)))
        .map(({ id }) => formatRecordId(id))
        .sort(),
    )
    expect(test.square.search('version', { limit: 9 }).items).toHaveLength(4)
  })
})

function formatRecordIdHex(id: Uint8Array): string {
  return Buffer.from(id).toString('hex')
}
