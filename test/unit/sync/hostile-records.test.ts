import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { resolveChain } from '../../../core/identity/chain.ts'
import { linkDevice } from '../../../core/identity/change.ts'
import { encodeOperation } from '../../../core/identity/operation.ts'
import { decodeRecord } from '../../../core/record/decode-record.ts'
import { encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import { encodePost, KIND } from '../../../core/record/kinds/kind-table.ts'
import type { SyncError } from '../../../core/sync/errors.ts'
import { equalBytes } from '../../../core/util/bytes.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { portsOf, type SquarePorts, syncOnce } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** Somebody who follows Ben, an honest peer that holds his log, and one that holds it and lies. */
function open(posts = 12) {
  const [me, ben] = [new TestAuthor('Me'), new TestAuthor('Ben')]
  me.follow(ben)
  for (let i = 1; i <= posts; i++) ben.post(`number ${i}`)
  const reader = new TestSquare({ me })
  reader.ingest({ operations: [ben.genesis], records: me.records })
  const [honest, liar] = [1, 2].map(() => {
    const test = new TestSquare({ pins: [ben.address] })
    test.ingestAll(ben)
    return test
  }) as [TestSquare, TestSquare]
  const texts = () => reader.square.home({ limit: 100 }).items.map(({ text }) => text)
  const held = () => reader.square.listHeld([ben.address])[0]?.ranges
  return { me, ben, reader, honest, liar, texts, held }
}

/** The other side ends the session for this reason. */
async function failureOf(session: Promise<unknown>): Promise<string> {
  return await session.then(
    () => 'none',
    (error: SyncError) => error.code,
  )
}

/** A store that hands records on as `change` makes them. */
function lying(test: TestSquare, change: (bytes: Uint8Array) => Uint8Array): Partial<SquarePorts> {
  const { readLog } = portsOf(test)
  return {
    readLog: async (...args) => (await readLog(...args)).map(({ seq, record }) => ({ seq, record: change(record) })),
  }
}

function strip(bytes: Uint8Array): Uint8Array {
  const decoded = decodeRecord(bytes)
  if (!decoded.ok) throw new Error(decoded.reason)
  return encodeRecord(withoutBody(decoded.record, { reason: 'withheld' }))
}

function spoil(bytes: Uint8Array): Uint8Array {
  const decoded = decodeRecord(bytes)
  if (!decoded.ok) throw new Error(decoded.reason)
  return encodeRecord({ ...decoded.record, signature: new Uint8Array(64).fill(3) })
}

describe('a peer that strips bodies', () => {
  it('leaves holes, which an honest peer fills (SYN6, LOG2)', async () => {
    const { ben, reader, honest, liar, texts, held } = open()
    const [received] = await syncOnce(reader, liar, { second: { ports: lying(liar, strip) } })
    expect(received).toMatchObject({ receivedRecords: 12 })
    expect(held()).toEqual([])
    expect(reader.square.post(formatRecordId(ben.records[0]?.id as Uint8Array))).toMatchObject({ state: 'missing' })
    expect(reader.square.profile(ben.profile).counts.missing).toBe(12)
    await syncOnce(reader, honest)
    expect(held()).toEqual([[1, 12]])
    expect(texts()).toHaveLength(12)
    expect(reader.square.profile(ben.profile).counts.missing).toBe(0)
    expect(reader.square.integrityCheck()).toEqual([])
  })

  it('takes nothing away from who has the bodies, and does not pass its holes on (SYN6)', async () => {
    const { me, ben, reader, honest, liar, texts } = open()
    await syncOnce(reader, honest)
    await syncOnce(reader, liar, { second: { ports: lying(liar, strip) } })
    expect(texts()).toHaveLength(12)
    const robbed = new TestSquare({ me })
    robbed.ingest({ operations: [ben.genesis], records: me.records })
    await syncOnce(robbed, liar, { second: { ports: lying(liar, strip) } })
    // Who holds headers only offers nothing of them.
    const third = new TestSquare({ pins: [ben.address] })
    const [summary] = await syncOnce(third, robbed)
    expect(summary.receivedRecords).toBe(0)
    await syncOnce(third, honest)
    expect(third.square.listHeld([ben.address])[0]?.ranges).toEqual([[1, 12]])
  })

  it('leaves a hole beside a record of the same seq, too, and that is filled (SYN7, LOG3)', async () => {
    const { ben, reader, honest, liar } = open()
    const fifth = ben.records[4] as MadeRecord
    const body = encodePost({ salt: ben.salt(), text: 'said otherwise' })
    const twin = ben.signAt(KIND.post, body, { seq: 5, prev: fifth.header.prev, ts: fifth.header.ts })
    for (const test of [honest, liar]) test.ingest({ records: [twin] })
    const stripTwin = (bytes: Uint8Array) => (equalBytes(bytes, twin.bytes) ? strip(bytes) : bytes)
    await syncOnce(reader, liar, { second: { ports: lying(liar, stripTwin) } })
    const state = () => reader.square.post(formatRecordId(twin.id))?.state
    expect(state()).toBe('missing')
    await syncOnce(reader, honest)
    expect(state()).toBe('shown')
  })

  it('is believed about a deletion only where the delete is held (LOG2, SYN6)', async () => {
    const { ben, reader, honest, liar, texts } = open()
    const claim = (bytes: Uint8Array) => {
      const decoded = decodeRecord(bytes)
      if (!decoded.ok) throw new Error(decoded.reason)
      const deleteId = ben.records[11]?.id as Uint8Array
      return encodeRecord(withoutBody(decoded.record, { reason: 'deleted', deleteId }))
    }
    await syncOnce(reader, liar, { second: { ports: lying(liar, claim) } })
    expect(texts().filter((text) => text !== '')).toEqual([])
    await syncOnce(reader, honest)
    expect(texts()).toHaveLength(12)
  })
})

describe('a peer that sends bad signatures first', () => {
  it('ends its own session and keeps no good copy out (SYN9)', async () => {
    const { reader, honest, liar, texts, held } = open()
    const session = syncOnce(reader, liar, { second: { ports: lying(liar, spoil) } })
    expect(await failureOf(session)).toBe('invalid-record')
    expect(held() ?? []).toEqual([])
    // What was refused is remembered by all its bytes: the same again costs nothing, the good one is another.
    const again = syncOnce(reader, liar, { second: { ports: lying(liar, spoil) } })
    expect(await failureOf(again)).toBe('invalid-record')
    const [summary] = await syncOnce(reader, honest)
    expect(summary).toMatchObject({ newRecords: 12, isComplete: true })
    expect(texts()).toHaveLength(12)
  })

  it('hurts no record that came before in the same session (SYN9)', async () => {
    const { reader, liar, honest, held } = open(12)
    let sent = 0
    const late = lying(liar, (bytes) => (++sent > 6 ? spoil(bytes) : bytes))
    const session = syncOnce(reader, liar, { second: { ports: late } })
    expect(await failureOf(session)).toBe('invalid-record')
    await syncOnce(reader, honest)
    expect(held()).toEqual([[1, 12]])
    expect(reader.square.integrityCheck()).toEqual([])
  })
})

describe("a peer that lists others' keys", () => {
  it('ends its own session, and the owner of the key keeps it (SYN9, IDN8)', async () => {
    const { me, ben, reader, honest, texts } = open()
    const thief = new TestAuthor('Thief')
    const state = resolveChain([thief.operation])
    if (state === null) throw new Error('no genesis')
    const stolen = encodeOperation(linkDevice(state, ben.entry, thief.device))
    const liar = new TestSquare({ pins: [thief.address] })
    liar.ingest({ operations: [thief.genesis] })
    reader.ingest({ records: [me.follow(thief)] }, { kind: 'own' })
    reader.square.addPendingFollows([thief.address], [])
    const ports = {
      listOperations: async (authors: readonly Uint8Array[]) =>
        authors.map((author) => ({ author, operations: [thief.genesis, stolen] })),
    }
    const session = syncOnce(reader, liar, { second: { ports } })
    expect(await failureOf(session)).toBe('invalid-record')
    expect(reader.square.findAuthorOfDevice(ben.device.publicKey)).toEqual(new Uint8Array(ben.address))
    await syncOnce(reader, honest)
    expect(texts()).toHaveLength(12)
  })
})
