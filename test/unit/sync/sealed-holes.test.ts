import { describe, expect, it } from 'vitest'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, revokeDevice } from '../../../core/identity/change.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { compareBytes } from '../../../core/util/bytes.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { syncAll, syncOnce } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** Records of the same seq with lower ids, as a thief grinds them. */
function lowerTwins(phone: TestAuthor, { id, header }: MadeRecord, count: number): MadeRecord[] {
  const twins: MadeRecord[] = []
  for (let i = 0; twins.length < count; i++) {
    const body = encodePost({ salt: phone.salt(), text: `forged ${i}` })
    const twin = phone.signAt(KIND.post, body, { seq: header.seq, prev: header.prev, ts: header.ts })
    if (compareBytes(twin.id, id) < 0) twins.push(twin)
  }
  return twins
}

/** Ada's phone writes three posts, is stolen and revoked. The thief forges others in place of the second. */
function theft() {
  const laptop = new TestAuthor('Ada')
  const phone = laptop.another('phone')
  const genesis = resolveChain([laptop.operation])
  if (genesis === null) throw new Error('no genesis')
  const linked = linkDevice(genesis, phone.entry, laptop.device)
  const state = resolveChain([laptop.operation, linked])
  if (state === null) throw new Error('no genesis')
  const posts = ['one', 'two', 'three'].map((text) => phone.post(text))
  const seal = { key: phone.device.publicKey, seal: phone.seal }
  const chain = [laptop.operation, linked].map((one) => encodeOperation(one))
  const revoked = encodeOperation(revokeDevice(state, seal, [laptop.words]))
  const forged = lowerTwins(phone, posts[1] as MadeRecord, 5)
  return { laptop, phone, posts, chain, revoked, forged }
}

function texts(test: TestSquare, { laptop }: ReturnType<typeof theft>): string[] {
  return test.square.profilePosts(laptop.profile, { limit: 100 }).items.map(({ text }) => text)
}

function heldOf(test: TestSquare, { laptop, phone }: ReturnType<typeof theft>) {
  const held = test.square.listHeld([laptop.address])
  return held.find(({ device }) => compareBytes(device, phone.device.publicKey) === 0)?.ranges
}

describe('a record that a seal links to', () => {
  it('is asked for where a thief had pushed it out with four lower ids (LOG8, SYN6)', async () => {
    const story = theft()
    const robbed = new TestSquare({ pins: [story.laptop.address] })
    robbed.ingest({ operations: story.chain, records: [...story.posts, ...story.forged.slice(0, 4)] })
    expect(heldOf(robbed, story)).toEqual([[1, 3]])
    robbed.ingest({ operations: [story.revoked] })
    expect(texts(robbed, story)).toEqual(['three'])
    expect(heldOf(robbed, story)).toEqual([
      [1, 1],
      [3, 3],
    ])
    const safe = new TestSquare({ pins: [story.laptop.address] })
    safe.ingest({ operations: [...story.chain, story.revoked], records: story.posts })
    await syncAll(robbed, safe)
    for (const test of [robbed, safe]) {
      expect(texts(test, story)).toEqual(['three', 'two', 'one'])
      expect(heldOf(test, story)).toEqual([[1, 3]])
      expect(test.square.integrityCheck()).toEqual([])
    }
  })

  it('stays on the disk whatever a thief forges afterwards, and so do three of those (LOG3, LOG8)', async () => {
    const story = theft()
    const [first, second] = [1, 2].map(() => {
      const test = new TestSquare({ pins: [story.laptop.address] })
      test.ingest({ operations: [...story.chain, story.revoked], records: story.posts })
      return test
    }) as [TestSquare, TestSquare]
    for (const twin of story.forged) first.ingest({ records: [twin] }, { kind: 'gossip', peer: 'thief' })
    expect(texts(first, story)).toEqual(['three', 'two', 'one'])
    await syncAll(first, second)
    for (const test of [first, second]) {
      expect(texts(test, story)).toEqual(['three', 'two', 'one'])
      const served = test.square.readLog(story.laptop.address, story.phone.device.publicKey, [2, 2], 100_000)
      expect(served).toHaveLength(4)
    }
    expect((await syncOnce(first, second))[0]).toMatchObject({ receivedRecords: 0, sentRecords: 0 })
  })

  it('is shown with the others while no seal says which one counts: the control', () => {
    const story = theft()
    const test = new TestSquare({ pins: [story.laptop.address] })
    test.ingest({ operations: story.chain, records: [...story.posts, ...story.forged] })
    expect(texts(test, story)).toHaveLength(6)
    expect(texts(test, story)).not.toContain('two')
  })
})
