import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { changeByAuthority, linkDevice, retireDevice, revokeDevice } from '../../../core/identity/change.ts'
import { encodeOperation, type IdentityOperation } from '../../../core/identity/operation.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** A person with a laptop and a phone, and the operations that say so. */
function twoDevices() {
  const laptop = new TestAuthor('Ada')
  const phone = laptop.another('phone')
  const linked = linkDevice(stateOf([laptop.operation]), phone.entry, laptop.device)
  return { laptop, phone, operations: [laptop.operation, linked] }
}

function stateOf(operations: readonly IdentityOperation[]) {
  const state = resolveChain(operations)
  if (state === null) throw new Error('no genesis')
  return state
}

function texts(test: TestSquare, profile: string): string[] {
  return test.square.profilePosts(profile, { limit: 100 }).items.map(({ text }) => text)
}

const wire = (operations: readonly IdentityOperation[]) => operations.map((one) => encodeOperation(one))
const id = (record: MadeRecord) => formatRecordId(record.id)

describe('a chain with several devices', () => {
  it('lets every device write that an applied operation lists, whichever came first (IDN12)', () => {
    const { laptop, phone, operations } = twoDevices()
    const [one, two] = [laptop.post('from the laptop'), phone.post('from the phone')]
    const test = new TestSquare({ pins: [laptop.address] })
    expect(test.ingest({ records: [two] }).records[0]?.verdict).toMatchObject({ verdict: 'hold' })
    test.ingest({ operations: wire(operations.slice(0, 1)), records: [one, two] })
    expect(texts(test, laptop.profile)).toEqual(['from the laptop'])
    test.ingest({ operations: wire(operations.slice(1)) })
    expect(texts(test, laptop.profile).sort()).toEqual(['from the laptop', 'from the phone'])
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('does not admit a device that nobody with a right has added (IDN15, IDN17)', () => {
    const { laptop } = twoDevices()
    const stranger = new TestAuthor('stranger')
    const thief = laptop.another('thief')
    const forged = linkDevice(stateOf([laptop.operation]), thief.entry, laptop.device)
    const byStranger = { ...forged, signatures: [] }
    const test = new TestSquare({ pins: [laptop.address] })
    test.ingest({ operations: [laptop.genesis, encodeOperation(byStranger)], records: [thief.post('mine now')] })
    expect(texts(test, laptop.profile)).toEqual([])
    expect(stranger.profile).not.toBe(laptop.profile)
  })

  it('shows a retired device up to its last record, and nothing that its key signs afterwards (IDN17)', () => {
    const { laptop, phone, operations } = twoDevices()
    phone.post('while it was mine')
    const retired = retireDevice(stateOf(operations), phone.seal, phone.device)
    const after = phone.post('after it was sold')
    const test = new TestSquare({ pins: [laptop.address] })
    test.ingest({ operations: wire([...operations, retired]), records: phone.records })
    expect(texts(test, laptop.profile)).toEqual(['while it was mine'])
    expect(test.square.post(id(after))).toBeNull()
  })
})

describe('a revoked device', () => {
  /** Ada's phone is stolen after two posts. The thief goes on, backdates, reacts, follows, renames, and deletes. */
  function theft() {
    const { laptop, phone, operations } = twoDevices()
    const ben = new TestAuthor('Ben')
    const answered = ben.post('a post of Ben’s')
    const mine = laptop.post('hers, from the laptop')
    phone.describe({ name: 'Ada' })
    const first = phone.post('before the theft')
    phone.follow(ben)
    const second = phone.post('the last word of hers')
    const { seal } = phone
    const revoked = revokeDevice(stateOf(operations), { key: phone.device.publicKey, seal }, [laptop.words])
    const beside = phone.signAt(KIND.post, encodePost({ salt: phone.salt(), text: 'backdated by the thief' }), {
      seq: second.header.seq,
      prev: second.header.prev,
      ts: second.header.ts,
    })
    const go = phone.post('the thief goes on')
    phone.describe({ name: 'Not Ada' })
    phone.react(answered)
    phone.repost(answered)
    phone.follow(ben, false)
    phone.delete(mine)
    phone.delete(first)
    const records = [...laptop.records, ...phone.records, beside]
    return { laptop, phone, ben, answered, mine, first, second, beside, go, seal, operations, revoked, records }
  }

  function seen(test: TestSquare, { laptop, ben, answered, mine }: ReturnType<typeof theft>) {
    const post = test.square.post(id(answered))
    return {
      texts: texts(test, laptop.profile).sort(),
      name: test.square.profile(laptop.profile).name,
      counts: test.square.profile(laptop.profile).counts,
      followsBen: test.square.profile(ben.profile).counts.followers,
      reactions: post?.counts.reactions,
      reposts: post?.counts.reposts,
      found: test.square.search('thief', { limit: 10 }).items.length,
      mine: test.square.post(id(mine))?.state,
    }
  }

  it('neither continues nor backdates once its seal is here, on any surface (IDN12, LOG8)', () => {
    const story = theft()
    const test = new TestSquare({ pins: [story.laptop.address, story.ben.address] })
    test.ingest({ operations: [story.ben.genesis], records: story.ben.records })
    test.ingest({ operations: wire(story.operations), records: story.records })
    const robbed = seen(test, story)
    expect(robbed).toMatchObject({
      name: 'Not Ada',
      followsBen: 0,
      reactions: 1,
      reposts: 1,
      found: 2,
      mine: 'deleted',
    })
    test.ingest({ operations: wire([story.revoked]) })
    expect(seen(test, story)).toMatchObject({
      name: 'Ada',
      followsBen: 1,
      reactions: 0,
      reposts: 0,
      found: 0,
      counts: { posts: 1 },
    })
    expect(texts(test, story.laptop.profile)).toContain('the last word of hers')
    expect(texts(test, story.laptop.profile)).not.toContain('the thief goes on')
    expect(test.square.post(id(story.beside))).toBeNull()
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('has what it deleted asked for again: the text is a hole that others may fill', () => {
    const story = theft()
    const test = new TestSquare({ pins: [story.laptop.address] })
    test.ingest({ operations: wire(story.operations), records: story.records })
    test.ingest({ operations: wire([story.revoked]) })
    expect(test.square.post(id(story.mine))?.state).toBe('missing')
    const held = test.square.listHeld([story.laptop.address])
    const laptopLog = held.find(({ device }) => Buffer.compare(device, story.laptop.device.publicKey) === 0)
    expect(laptopLog?.ranges).toEqual([])
    test.ingest({ records: [story.mine, story.first] })
    expect(texts(test, story.laptop.profile).sort()).toEqual([
      'before the theft',
      'hers, from the laptop',
      'the last word of hers',
    ])
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('ends alike whatever comes first (IDN10, LOG8)', () => {
    const story = theft()
    const chain = [...story.operations, story.revoked]
    const ends = [story.records, story.records.toReversed()].flatMap((records) =>
      [true, false].map((isChainFirst) => {
        const test = new TestSquare({ pins: [story.laptop.address, story.ben.address] })
        test.ingest({ operations: [story.ben.genesis], records: story.ben.records })
        test.ingest({ operations: wire(isChainFirst ? chain : story.operations) })
        for (const record of records) test.ingest({ records: [record] })
        test.ingest({ operations: wire(chain) })
        // Texts that a thief's delete took away are asked for again.
        test.ingest({ records: [story.mine, story.first] })
        expect(test.square.integrityCheck()).toEqual([])
        return seen(test, story)
      }),
    )
    for (const end of ends) expect(end).toEqual(ends[0])
  })

  it('is shown again, with everything it did, when the seal was a mistake (IDN18)', () => {
    const story = theft()
    const before = new TestSquare({ pins: [story.laptop.address, story.ben.address] })
    const after = new TestSquare({ pins: [story.laptop.address, story.ben.address] })
    for (const test of [before, after]) {
      test.ingest({ operations: [story.ben.genesis], records: story.ben.records })
      test.ingest({ operations: wire(story.operations), records: story.records })
    }
    const state = stateOf([...story.operations, story.revoked])
    const raised = changeByAuthority(state, { seals: [{ key: story.phone.device.publicKey, seal: null }] }, [
      story.laptop.words,
    ])
    after.ingest({ operations: wire([story.revoked]) })
    expect(seen(after, story)).not.toEqual(seen(before, story))
    after.ingest({ operations: wire([raised]) })
    expect(seen(after, story)).toEqual(seen(before, story))
    expect(after.square.integrityCheck()).toEqual([])
  })

  it('loses nothing that is kept or passed on: the log is served whole', () => {
    const story = theft()
    const test = new TestSquare({ pins: [story.laptop.address] })
    test.ingest({ operations: wire([...story.operations, story.revoked]), records: story.records })
    const served = test.square.readLog(story.laptop.address, story.phone.device.publicKey, [1, 100], 1_000_000)
    expect(served).toHaveLength(story.phone.records.length + 1)
  })

  it('writes nothing more itself, and says why', () => {
    const { laptop, phone, operations } = twoDevices()
    const test = new TestSquare()
    test.square.setAccount({ ...phone.account, operations: wire(operations) })
    const draft = { kind: KIND.post, body: encodePost({ salt: phone.salt(), text: 'still here' }) }
    test.square.publish([draft])
    const revoked = revokeDevice(stateOf(operations), { key: phone.device.publicKey, seal: phone.seal }, [laptop.words])
    test.ingest({ operations: wire([revoked]) })
    expect(() => test.square.publish([draft])).toThrow(expect.objectContaining({ code: 'device-sealed' }))
  })

  it('shows what is linked only down to a gap, and the rest when the gap is closed (LOG8)', () => {
    const { laptop, phone, operations } = twoDevices()
    for (let i = 1; i <= 6; i++) phone.post(`number ${i}`)
    const revoked = revokeDevice(stateOf(operations), { key: phone.device.publicKey, seal: phone.seal }, [laptop.words])
    const test = new TestSquare({ pins: [laptop.address] })
    const [gap, ...rest] = [phone.records[3] as MadeRecord, ...phone.records.filter((_, i) => i !== 3)]
    test.ingest({ operations: wire([...operations, revoked]), records: rest })
    expect(texts(test, laptop.profile)).toEqual(['number 6', 'number 5'])
    test.ingest({ records: [gap] })
    expect(texts(test, laptop.profile)).toHaveLength(6)
    expect(test.square.listDeviceLogs(laptop.address)).toMatchObject([{ records: 6, hidden: 0 }])
  })

  it('settles a long log bit by bit (LOG8)', () => {
    const { laptop, phone, operations } = twoDevices()
    for (let i = 1; i <= 2_500; i++) phone.post(`number ${i}`)
    const { seal } = phone
    const stolen = phone.post('the thief goes on')
    const revoked = revokeDevice(stateOf(operations), { key: phone.device.publicKey, seal }, [laptop.words])
    const test = new TestSquare({ pins: [laptop.address] })
    const beside = phone.signAt(KIND.post, encodePost({ salt: phone.salt(), text: 'backdated' }), {
      seq: 2,
      prev: phone.records[0]?.id ?? null,
      ts: stolen.header.ts,
    })
    test.ingest({ operations: wire(operations), records: [...phone.records, beside] })
    test.ingest({ operations: wire([revoked]) })
    expect(test.square.post(id(stolen))).toBeNull()
    expect(test.square.post(id(beside))).not.toBeNull()
    test.square.tick()
    expect(test.square.post(id(beside))).toBeNull()
    expect(test.square.listDeviceLogs(laptop.address)).toMatchObject([{ records: 2_502, hidden: 2 }])
    expect(test.square.integrityCheck()).toEqual([])
  })
})
