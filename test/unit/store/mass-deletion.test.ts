import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { type IdentityState, resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice, revokeDevice } from '../../../core/identity/change.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const HOUR_MS = 3_600_000
const id = (record: MadeRecord) => formatRecordId(record.id)

/** A laptop with 60 posts, and a phone that deletes them all. */
function wiped() {
  const laptop = new TestAuthor('Ada')
  const phone = laptop.another('phone')
  const state = resolveChain([laptop.operation]) as IdentityState
  const linked = linkDevice(state, phone.entry, laptop.device)
  const posts = Array.from({ length: 60 }, (_, i) => laptop.post(`post number ${i}`))
  const before = phone.post('before the theft')
  const { seal } = phone
  const revoked = revokeDevice(
    resolveChain([laptop.operation, linked]) as IdentityState,
    { key: phone.device.publicKey, seal },
    [laptop.words],
  )
  const deletes = posts.map((post) => phone.delete(post))
  const test = new TestSquare({ pins: [laptop.address] })
  test.ingest({ operations: [laptop.genesis, encodeOperation(linked)], records: [...posts, before] })
  test.ingest({ records: deletes })
  const states = () => posts.map((post) => test.square.post(id(post))?.state)
  const bodies = () =>
    test.square
      .readLog(laptop.address, laptop.device.publicKey, [1, 100], 1_000_000)
      .filter(({ record }) => Buffer.from(record).includes('post number')).length
  return { test, laptop, posts, deletes, revoked: encodeOperation(revoked), states, bodies }
}

describe('more than 50 deletes of one device in a day', () => {
  it('hide at once, on every surface, and pass nothing on', () => {
    const { test, laptop, states, bodies } = wiped()
    expect(new Set(states())).toEqual(new Set(['deleted']))
    expect(test.square.search('number', { limit: 100 }).items).toEqual([])
    expect(test.square.profile(laptop.profile).counts.posts).toBe(1)
    expect(bodies()).toBe(0)
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('are undone where the device is sealed within 72 hours: the texts beyond the first 50 never left', () => {
    const { test, states, revoked } = wiped()
    test.clock.advance(71 * HOUR_MS)
    test.square.tick()
    test.ingest({ operations: [revoked] })
    const shown = states().filter((state) => state === 'shown')
    expect(shown).toHaveLength(10)
    expect(test.square.search('number', { limit: 100 }).items).toHaveLength(10)
    expect(states().filter((state) => state === 'missing')).toHaveLength(50)
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('purge after 72 hours where it is not', () => {
    const { test, states, revoked } = wiped()
    test.clock.advance(73 * HOUR_MS)
    test.square.tick()
    test.ingest({ operations: [revoked] })
    expect(states().filter((state) => state === 'missing')).toHaveLength(60)
  })

  it('are a matter of the day: fifty a day purge at once', () => {
    const ben = new TestAuthor('Ben')
    const posts = Array.from({ length: 100 }, (_, i) => ben.post(`post number ${i}`))
    const test = new TestSquare({ pins: [ben.address] })
    test.ingestAll(ben)
    test.ingest({ records: posts.slice(0, 50).map((post) => ben.delete(post)) })
    test.clock.advance(25 * HOUR_MS)
    test.ingest({ records: posts.slice(50).map((post) => ben.delete(post)) })
    test.square.checkpoint()
    expect(test.square.stats().records).toBe(200)
    test.clock.advance(100 * HOUR_MS)
    const bytes = test.square.stats().recordBytes
    test.square.tick()
    expect(test.square.stats().recordBytes).toBe(bytes)
  })
})
