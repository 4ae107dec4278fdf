import { describe, expect, it } from 'vitest'
import { decodeRecord } from '../../../core/record/decode-record.ts'
import { encodeRecord, withoutBody } from '../../../core/record/encode-record.ts'
import type { SyncFrame } from '../../../core/sync/frames.ts'
import { chainDigest } from '../../../core/sync/offer.ts'
import { ShortfallFinder } from '../../../core/sync/shortfall.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { createMemoryDuplex } from '../../harness/memory-duplex.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'
import { HELLO, ScriptedSyncPeer } from '../../harness/scripted-sync-peer.ts'
import { hiding, withholding } from '../../harness/short-ports.ts'
import { portsOf, type SideInit, squareSession, syncOnce } from '../../harness/square-sync.ts'
import { TestSquare } from '../../harness/test-square.ts'

const SEED = { role: 'seed' } as const

/** Somebody who follows Ben, and a seed that holds what he wrote. */
function open(posts = 100) {
  const [me, ben] = [new TestAuthor('Me'), new TestAuthor('Ben')]
  me.follow(ben)
  for (let i = 1; i <= posts; i++) ben.post(`number ${i}`)
  const reader = new TestSquare({ me })
  reader.ingest({ operations: [ben.genesis], records: me.records })
  const seed = new TestSquare({ role: 'seed' })
  seed.ingestAll(ben)
  const log = { author: ben.address, device: ben.device.publicKey }
  const sync = async (second: SideInit = {}) => (await syncOnce(reader, seed, { second: { ...SEED, ...second } }))[0]
  return { me, ben, reader, seed, log, sync }
}

describe('what a session shows of the other side', () => {
  it('is nothing where it sends all that it offers: the control (SYN17)', async () => {
    const { sync } = open()
    for (const summary of [await sync(), await sync()]) {
      expect(summary.shortfall).toMatchObject({ owed: [], lacking: [], holes: [], isFinal: true })
    }
  })

  it('names what was offered, asked for and not sent (SYN17)', async () => {
    const { ben, seed, log, sync } = open(1_000)
    const { shortfall, newRecords } = await sync({ ports: withholding(seed, (seq) => seq === 500) })
    expect(newRecords).toBe(999)
    expect(shortfall).toMatchObject({ owed: [{ ...log, ranges: [[500, 500]] }], isFinal: true, lacking: [], holes: [] })
    expect(shortfall.judges(ben.address)).toBe(true)
    expect(shortfall.judges(fakeKey('somebody else'))).toBe(false)
    expect((await sync()).shortfall.owed).toEqual([])
  })

  it('takes a record without its body for one that was not sent (SYN17, LOG2)', async () => {
    const { seed, log, sync } = open(10)
    const { readLog } = portsOf(seed)
    const strip = (bytes: Uint8Array) => {
      const decoded = decodeRecord(bytes)
      if (!decoded.ok) throw new Error(decoded.reason)
      return encodeRecord(withoutBody(decoded.record, { reason: 'withheld' }))
    }
    const ports = {
      readLog: async (...args: Parameters<typeof readLog>) =>
        (await readLog(...args)).map(({ seq, record }) => ({ seq, record: strip(record) })),
    }
    const { shortfall, compared } = await sync({ ports })
    expect(shortfall.owed).toEqual([{ ...log, ranges: [[1, 10]] }])
    expect(compared).not.toContainEqual(log.author)
    expect((await sync()).compared).toContainEqual(log.author)
  })

  it('does not blame a peer for what this side does not keep (SYN17)', async () => {
    const { ben, reader, sync } = open(10)
    const { ingest } = portsOf(reader)
    const seed = new TestSquare({ role: 'seed' })
    seed.ingestAll(ben)
    const drop = { verdict: 'drop', reason: 'quota' } as const
    const first = {
      ports: {
        ingest: async (...args: Parameters<typeof ingest>) => {
          const { operations, records } = await ingest({ ...args[0], records: [] }, args[1])
          const kept = args[0].records.map(() => ({ verdict: drop, id: null, author: null, isNew: false }))
          const none = kept.map((one) => ({ ...one, isKept: false, mayForward: false }))
          return { operations, records: [...records, ...none] }
        },
      },
    }
    const [summary] = await syncOnce(reader, seed, { first, second: SEED })
    expect(summary).toMatchObject({ receivedRecords: 10, newRecords: 0, shortfall: { owed: [] } })
    expect((await sync()).newRecords).toBe(10)
  })

  it('owes nothing at a number where others are held than a seal links to (SYN17, LOG8)', async () => {
    const [author, device] = [fakeKey('ana'), fakeKey('phone')]
    const finderOf = (held: readonly number[]) =>
      new ShortfallFinder({
        beats: { listTails: async () => [] },
        reader: Object.assign(new MemorySquare(), {
          listHeld: async () => [{ author, device, ranges: [[1, 4]], tip: null, isForked: true, open: [] }],
          listDigests: async () => [held.map((seq) => ({ seq, digest: new Uint8Array(8) }))],
        }),
      })
    const needs = [{ author, needsChain: false, logs: [{ device, ranges: [[5, 7]] as const }] }]
    const intake = { receivedRecords: 1, receivedOperations: 0, declined: new Map() }
    const end = { needs, intake, compared: [], isComplete: true }
    expect((await finderOf([]).sum(end)).owed).toEqual([{ author, device, ranges: [[5, 7]] }])
    expect((await finderOf([6]).sum(end)).owed).toEqual([
      {
        author,
        device,
        ranges: [
          [5, 5],
          [7, 7],
        ],
      },
    ])
  })

  it('says of a seed what it leaves out although it keeps the author (SYN17)', async () => {
    const { seed, log, sync } = open()
    await sync()
    const hole = await sync({ ports: hiding(seed, [[40, 42]]) })
    expect(hole.shortfall).toMatchObject({ owed: [], holes: [], lacking: [{ ...log, ranges: [[40, 42]], tip: 100 }] })
    const tail = await sync({ ports: hiding(seed, [[91, 100]]) })
    expect(tail.shortfall.lacking).toEqual([{ ...log, ranges: [[91, 100]], tip: 90 }])
    // A peer that isn't a seed promises nothing, and a seed that has nothing of somebody hasn't taken them on.
    expect((await sync({ role: 'peer', ports: hiding(seed, [[40, 42]]) })).shortfall.lacking).toEqual([])
    expect((await sync({ ports: hiding(seed, [[1, 100]]) })).shortfall.lacking).toEqual([])
  })

  it('says nothing of a seed that does not want the author (SYN17)', async () => {
    const { seed, sync } = open()
    await sync()
    const ports = { ...hiding(seed, [[40, 42]]), wantsEveryone: async () => false, listWanted: async () => [] }
    expect((await sync({ ports })).shortfall.lacking).toEqual([])
  })

  it('names holes that both sides have, for somebody else to fill (SYN18)', async () => {
    const { seed, log, sync } = open()
    const summary = await sync({ ports: hiding(seed, [[40, 42]]) })
    expect(summary.shortfall).toMatchObject({ owed: [], lacking: [], holes: [{ ...log, ranges: [[40, 42]] }] })
  })

  it('is final only when the other side says that it is done, or sends nothing at all (SYN17)', async () => {
    const { ben, reader } = open(10)
    const offered = { author: ben.address, chain: chainDigest([ben.genesis]), alias: null }
    const logs = [{ device: ben.device.publicKey, ranges: [[1, 10]] as const, marks: [], beat: null }]
    const answer = async (frames: SyncFrame[]) => {
      const [near, far] = createMemoryDuplex(16)
      const session = squareSession(reader, near, { isInitiator: true }).run(new AbortController().signal)
      const peer = new ScriptedSyncPeer(far)
      const none = { keys: [], digests: new Uint8Array(), sketch: new Uint8Array(), isLast: true }
      await peer.send({ ...HELLO, role: 'seed' }, { type: 'interest', known: null, everyone: false, ...none })
      await peer.send({
        type: 'have',
        entries: [{ ...offered, logs }],
        alike: new Uint8Array(),
        differing: null,
        isLast: true,
      })
      await peer.next('need')
      await peer.send({ type: 'need', entries: [], isLast: true }, ...frames)
      await peer.end()
      await peer.drain()
      return (await session).shortfall
    }
    const record = ben.records[9]?.bytes as Uint8Array
    const data: SyncFrame = { type: 'records', number: 1, items: [record] }
    const unfinished = await answer([data, { type: 'done', operations: 0, records: 1, isComplete: false }])
    expect(unfinished).toMatchObject({ owed: [{ ranges: [[1, 9]] }], isFinal: false })
    const silent = await answer([{ type: 'done', operations: 0, records: 0, isComplete: false }])
    expect(silent).toMatchObject({ owed: [{ ranges: [[1, 9]] }], isFinal: true })
  })
})
