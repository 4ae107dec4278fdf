import { describe, expect, it } from 'vitest'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice } from '../../../core/identity/change.ts'
import { generateKeyPair } from '../../../core/identity/keys.ts'
import { encodeOperation, signOperation } from '../../../core/identity/operation.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { seededRandom } from '../../harness/seeded-random.ts'
import { TestSquare } from '../../harness/test-square.ts'

const gossip = (peer: string) => ({ kind: 'gossip', peer }) as const

/** A node that follows Ben and Cleo; of Cleo it holds no chain yet. */
function open() {
  const [me, ben, cleo] = ['Me', 'Ben', 'Cleo'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const test = new TestSquare({ me })
  me.follow(ben)
  me.follow(cleo)
  test.ingest({ operations: [ben.genesis], records: me.records })
  const home = () => test.square.home({ limit: 500 }).items.map(({ text }) => text)
  return { me, ben, cleo, test, home }
}

/** Records of 64 people whom nobody knows. */
const flood = Array.from({ length: 64 }, (_, i) => {
  return new TestAuthor(`stranger ${i}`).post('nobody knows me', { ts: TEST_EPOCH_MS + i })
})

describe('a flood of records that can not be judged', () => {
  it('takes no room from what an honest peer delivered (LOG12)', () => {
    const { cleo, test, home } = open()
    const early = cleo.post('before my chain is known')
    expect(test.ingest({ records: [early] }, gossip('honest')).records[0]?.verdict).toMatchObject({ verdict: 'hold' })
    // More than 4,096 in all, from many addresses of one attacker.
    for (let i = 0; i < 70; i++) {
      const { records } = test.ingest({ records: flood }, gossip(`flooder ${i}`))
      expect(records.every(({ verdict }) => verdict.verdict === 'hold')).toBe(true)
    }
    test.ingest({ operations: [cleo.genesis] }, gossip('honest'))
    expect(home()).toEqual(['before my chain is known'])
  })

  it('keeps 64 records of the flooder itself, and loses nothing for good (LOG12)', () => {
    const { cleo, test, home } = open()
    const early = cleo.post('before my chain is known')
    test.ingest({ records: [early, ...flood] }, gossip('flooder'))
    test.ingest({ operations: [cleo.genesis] }, gossip('honest'))
    expect(home()).toEqual([])
    // It comes again, by sync if not before.
    test.ingest({ records: [early] })
    expect(home()).toEqual(['before my chain is known'])
  })

  it('lets known people through meanwhile, and is no fault of who delivers theirs', () => {
    const { ben, test, home } = open()
    for (let i = 0; i < 20; i++) test.ingest({ records: flood }, gossip(`flooder ${i}`))
    const { records } = test.ingest({ records: [ben.post('as always')] }, gossip('honest'))
    expect(records[0]).toMatchObject({ verdict: { verdict: 'accept' }, isKept: true, mayForward: true })
    expect(home()).toEqual(['as always'])
  })
})

describe('a flood of identities', () => {
  /** Genesis operations that cost next to nothing to make. */
  function identities(count: number): Uint8Array[] {
    const { operation } = new TestAuthor('template')
    return Array.from({ length: count }, (_, i) => {
      const inception = generateKeyPair(seededRandom(`sybil ${i}`))
      return encodeOperation(signOperation({ ...operation, address: inception.publicKey, slots: [] }, [inception]))
    })
  }

  it('is looked at as far as the budget of who sends it goes, and no further (GOS7)', () => {
    const { cleo, test, home } = open()
    const verdicts = test.ingest({ operations: identities(700) }, gossip('flooder')).operations
    const dropped = verdicts.filter(({ verdict }) => verdict.verdict === 'drop')
    expect(dropped.length).toBe(200)
    expect(dropped.every(({ isKept, mayForward }) => !isKept && !mayForward)).toBe(true)
    // The honest peer has a budget of its own.
    const { operations, records } = test.ingest(
      { operations: [cleo.genesis], records: [cleo.post('my first word')] },
      gossip('honest'),
    )
    expect(operations[0]).toMatchObject({ verdict: { verdict: 'accept' }, isKept: true })
    expect(records[0]).toMatchObject({ isKept: true, mayForward: true })
    expect(home()).toEqual(['my first word'])
  })

  it('is refilled with time: what a busy honest peer could not bring comes later', () => {
    const { cleo, test } = open()
    test.ingest({ operations: identities(700) }, gossip('busy'))
    const bring = () => test.ingest({ operations: [cleo.genesis] }, gossip('busy')).operations[0]?.verdict
    expect(bring()).toEqual({ verdict: 'drop', reason: 'quota' })
    test.clock.advance(1_000)
    expect(bring()).toEqual({ verdict: 'accept' })
  })
})

describe("a chain that lists others' keys", () => {
  it('is rejected without a proof by the key, and changes nothing for its owner (IDN8)', () => {
    const { ben, test, home } = open()
    const thief = new TestAuthor('Thief')
    const state = resolveChain([thief.operation])
    if (state === null) throw new Error('no genesis')
    // Ben's own entry: his key has proved itself for his address, not for this one.
    const stolen = encodeOperation(linkDevice(state, ben.entry, thief.device))
    const { operations } = test.ingest({ operations: [thief.genesis, stolen] }, gossip('thief'))
    expect(operations[1]?.verdict).toEqual({ verdict: 'reject', reason: 'bad-signature' })
    const post = ben.post('still mine')
    expect(test.ingest({ records: [post] }, gossip('honest')).records[0]).toMatchObject({ isKept: true })
    expect(home()).toEqual(['still mine'])
    expect(test.square.findAuthorOfDevice(ben.device.publicKey)).toEqual(new Uint8Array(ben.address))
    // And nothing of Ben's key counts for the thief.
    const body = encodePost({ salt: ben.salt(), text: 'as if it were his' })
    const claimed = { ...ben.signAt(KIND.post, body, { seq: 9, prev: post.id, ts: TEST_EPOCH_MS }) }
    expect(claimed.header.author).toEqual(ben.address)
    expect(test.square.profilePosts(thief.profile, { limit: 9 }).items).toEqual([])
  })

  it('is rejected where a genesis lists them, too (IDN8)', () => {
    const { ben, test } = open()
    const inception = generateKeyPair(seededRandom('inception'))
    const payload = { ...ben.operation, address: inception.publicKey, slots: [], devices: [ben.entry] }
    const genesis = encodeOperation(signOperation(payload, [inception]))
    const { operations } = test.ingest({ operations: [genesis] }, gossip('thief'))
    expect(operations[0]?.verdict).toEqual({ verdict: 'reject', reason: 'bad-signature' })
    expect(test.square.findAuthorOfDevice(ben.device.publicKey)).toEqual(new Uint8Array(ben.address))
  })
})
