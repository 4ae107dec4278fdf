import { describe, expect, it } from 'vitest'
import type { NeedEntry, OfferEntry, SyncFrame } from '../../../core/sync/frames.ts'
import { MAX_FORKS, SYNC_LIMITS, type SyncLimits } from '../../../core/sync/limits.ts'
import { chainDigest } from '../../../core/sync/offer.ts'
import type { SyncSummary } from '../../../core/sync/summary.ts'
import { createMemoryDuplex } from '../../harness/memory-duplex.ts'
import { fakeKey, fakeOperation, fakeRecord, MemorySquare } from '../../harness/memory-square.ts'
import { HELLO, ScriptedSyncPeer } from '../../harness/scripted-sync-peer.ts'
import { sessionOf } from '../../harness/sync-pair.ts'

const ana = fakeKey('ana')
const phone = fakeKey('ana phone')
const chain = fakeOperation(ana, 0, [phone])

const NO_INTEREST = {
  type: 'interest',
  everyone: false,
  keys: [],
  digests: new Uint8Array(),
  sketch: new Uint8Array(),
  known: null,
  isLast: true,
} satisfies SyncFrame
const NO_OFFER = {
  type: 'have',
  entries: [],
  alike: new Uint8Array(),
  differing: null,
  isLast: true,
} satisfies SyncFrame
const NO_NEED = { type: 'need', entries: [], isLast: true } satisfies SyncFrame
const DONE: SyncFrame = { type: 'done', operations: 0, records: 0, isComplete: true }

/** 64 seqs, as many ranges. */
const EVERY_SECOND = Array.from({ length: 64 }, (_, i): [number, number] => [2 * i + 1, 2 * i + 1])

/** A session of `square` that answers a scripted peer; its outcome is awaited apart. */
function answer(
  square: MemorySquare,
  limits: Partial<SyncLimits> = {},
): { peer: ScriptedSyncPeer; outcome: Promise<SyncSummary> } {
  const [near, far] = createMemoryDuplex(16)
  const session = sessionOf(square, far, { isInitiator: false, limits: { ...SYNC_LIMITS, idleMs: 5_000, ...limits } })
  const outcome = session.run(new AbortController().signal)
  outcome.catch(() => {})
  return { peer: new ScriptedSyncPeer(near), outcome }
}

function offerOf(ranges: OfferEntry['logs'][number]['ranges'], author = ana): OfferEntry {
  return { author, chain: chainDigest([chain]), alias: null, logs: [{ device: phone, ranges, marks: [], beat: null }] }
}

function squareThatWants(...authors: Uint8Array[]): MemorySquare {
  const square = new MemorySquare()
  square.wanted.push(...authors)
  return square
}

describe('SyncSession against a peer that does wrong', () => {
  it('ends well with an honest script: the control', async () => {
    const { peer, outcome } = answer(squareThatWants(ana))
    await peer.send(HELLO, NO_INTEREST, { ...NO_OFFER, entries: [offerOf([[1, 1]])] })
    const need = await peer.next('need')
    expect(need.entries).toMatchObject([{ needsChain: true, logs: [{ ranges: [[1, 1]] }] }])
    await peer.send(NO_NEED, { type: 'operations', number: 1, items: [chain] })
    await peer.send({ type: 'records', number: 2, items: [fakeRecord(ana, phone, 1, Uint8Array.of(1))] })
    expect((await peer.next('ack')).number).toBe(1)
    expect((await peer.next('ack')).kept).toEqual(Uint8Array.of(1))
    await peer.send({ ...DONE, operations: 1, records: 1 })
    await peer.end()
    await expect(outcome).resolves.toMatchObject({ newRecords: 1, receivedOperations: 1, isComplete: true })
  })

  it.each<[string, SyncFrame[], string]>([
    ['anything before Hello', [NO_INTEREST], 'unexpected-frame'],
    ['two Hellos', [HELLO, HELLO], 'unexpected-frame'],
    ['an offer before its interest', [HELLO, NO_OFFER], 'unexpected-frame'],
    [
      'data before it was asked',
      [HELLO, NO_INTEREST, { type: 'records', number: 1, items: [chain] }],
      'unexpected-frame',
    ],
    ['an empty part of an interest', [HELLO, { ...NO_INTEREST, isLast: false }], 'bad-frame'],
    ['an empty part of an offer', [HELLO, NO_INTEREST, { ...NO_OFFER, isLast: false }], 'bad-frame'],
    ['an empty part of a request', [HELLO, NO_INTEREST, NO_OFFER, { ...NO_NEED, isLast: false }], 'bad-frame'],
    ['another version', [{ ...HELLO, version: 2 }], 'wrong-version'],
    ['another network', [{ ...HELLO, network: 'elsewhere' }], 'wrong-network'],
    ['an acknowledgement of nothing', [HELLO, { type: 'ack', number: 1, kept: new Uint8Array(1) }], 'bad-ack'],
    [
      'data after Done',
      [HELLO, NO_INTEREST, NO_OFFER, NO_NEED, DONE, { type: 'records', number: 1, items: [chain] }],
      'unexpected-frame',
    ],
    [
      'data frames out of order',
      [HELLO, NO_INTEREST, NO_OFFER, NO_NEED, { type: 'records', number: 2, items: [chain] }],
      'bad-frame',
    ],
  ])('refuses %s (SYN3)', async (_, frames, code) => {
    const { peer, outcome } = answer(squareThatWants(ana))
    await peer.send(...frames).catch(() => {})
    await expect(outcome).rejects.toMatchObject({ code, isRemote: false })
    expect((await peer.next('error')).code).toBe(code)
  })

  it('refuses offers of authors that it did not ask for (SYN5)', async () => {
    const { peer, outcome } = answer(squareThatWants(ana))
    await peer.send(HELLO, NO_INTEREST)
    await peer.next('interest')
    await peer.send({ ...NO_OFFER, entries: [offerOf([[1, 1]], fakeKey('stranger'))] })
    await expect(outcome).rejects.toMatchObject({ code: 'unexpected-author' })
  })

  it('refuses chains that it did not ask for (SYN5)', async () => {
    const { peer, outcome } = answer(squareThatWants(ana))
    await peer.send(HELLO, NO_INTEREST)
    await peer.next('interest')
    await peer.send({ ...NO_OFFER, entries: [offerOf([[1, 2]])] }, NO_NEED)
    const stranger = fakeOperation(fakeKey('stranger'), 0, [fakeKey('stranger phone')])
    await peer.send({ type: 'operations', number: 1, items: [chain, stranger] })
    await expect(outcome).rejects.toMatchObject({ code: 'unexpected-author' })
  })

  it('ends at the first record that is wrong in its bytes (SYN9)', async () => {
    const square = squareThatWants(ana)
    const { peer, outcome } = answer(square)
    await peer.send(HELLO, NO_INTEREST)
    await peer.next('interest')
    await peer.send({ ...NO_OFFER, entries: [offerOf([[1, 2]])] }, NO_NEED)
    await peer.send({ type: 'records', number: 1, items: [Uint8Array.of(0xff)] })
    await expect(outcome).rejects.toMatchObject({ code: 'invalid-record' })
  })

  it('takes no more records than it asked for, forks included (SYN7)', async () => {
    const { peer, outcome } = answer(squareThatWants(ana))
    await peer.send(HELLO, NO_INTEREST)
    await peer.next('interest')
    await peer.send({ ...NO_OFFER, entries: [offerOf([[1, 2]])] }, NO_NEED)
    await peer.send({ type: 'operations', number: 1, items: [chain] })
    const items = Array.from({ length: 2 * MAX_FORKS + 1 }, (_, i) => fakeRecord(ana, phone, i + 1, Uint8Array.of(1)))
    await peer.send({ type: 'records', number: 2, items })
    await expect(outcome).rejects.toMatchObject({ code: 'budget' })
  })

  it('asks a boundless offer for a bounded part, the newest (SYN7)', async () => {
    const { peer } = answer(squareThatWants(ana))
    await peer.send(HELLO, NO_INTEREST)
    await peer.next('interest')
    await peer.send({ ...NO_OFFER, entries: [offerOf([[1, 2 ** 32 - 1]])] })
    const need = await peer.next('need')
    expect(need.entries[0]?.logs[0]?.ranges).toEqual([[2 ** 32 - SYNC_LIMITS.maxRecords, 2 ** 32 - 1]])
  })

  it.each([
    ['a number that is not due', { type: 'ack', number: 2, kept: new Uint8Array(1) }],
    ['too few bits', { type: 'ack', number: 1, kept: new Uint8Array(0) }],
    ['too many bits', { type: 'ack', number: 1, kept: new Uint8Array(2) }],
    ['bits beyond the last item', { type: 'ack', number: 1, kept: Uint8Array.of(0xff) }],
  ] satisfies [string, SyncFrame][])('refuses an acknowledgement with %s (SYN9)', async (_, ack) => {
    const square = new MemorySquare()
    square.fill(ana, phone, 3)
    const { peer, outcome } = answer(square)
    await peer.send(
      HELLO,
      {
        type: 'interest',
        everyone: false,
        keys: [ana],
        digests: new Uint8Array(),
        sketch: new Uint8Array(),
        known: null,
        isLast: true,
      },
      NO_OFFER,
    )
    await peer.send({ type: 'need', entries: [{ author: ana, needsChain: true, logs: [] }], isLast: true })
    await peer.next('operations')
    await peer.send(ack)
    await expect(outcome).rejects.toMatchObject({ code: 'bad-ack' })
    expect(square.noted).toEqual([])
  })

  it('sends no more than the window without an acknowledgement (SYN9)', async () => {
    const square = new MemorySquare()
    square.fill(ana, phone, 200, 4_000)
    const { peer, outcome } = answer(square, { idleMs: 1_500 })
    await peer.send(
      HELLO,
      {
        type: 'interest',
        everyone: false,
        keys: [ana],
        digests: new Uint8Array(),
        sketch: new Uint8Array(),
        known: null,
        isLast: true,
      },
      NO_OFFER,
    )
    await peer.send({
      type: 'need',
      entries: [{ author: ana, needsChain: false, logs: [{ device: phone, ranges: [[1, 200]] }] }],
      isLast: true,
    })
    for (let number = 1; number <= 4; number++) expect((await peer.next('records')).number).toBe(number)
    await expect(peer.next('records')).rejects.toThrow()
    await expect(outcome).rejects.toMatchObject({ code: 'stalled' })
  })

  it('stops looking for what it does not hold when the session ends (SYN11)', async () => {
    const square = new MemorySquare()
    let reads = 0
    square.readLog = async () => {
      reads++
      await new Promise((resolve) => setImmediate(resolve))
      return []
    }
    const { peer, outcome } = answer(square, { idleMs: 50 })
    const ranges = Array.from({ length: 64 }, (_, i): [number, number] => [3 * i + 1, 3 * i + 2])
    const logs = Array.from({ length: 200 }, (_, i) => ({ device: fakeKey(`device ${i}`), ranges }))
    await peer.send(HELLO, NO_INTEREST, NO_OFFER)
    for (const part of [logs.slice(0, 100), logs.slice(100)]) {
      await peer.send({ type: 'need', entries: [{ author: ana, needsChain: false, logs: part }], isLast: false })
    }
    await peer.send(NO_NEED)
    await expect(outcome).rejects.toMatchObject({ code: 'stalled' })
    const before = reads
    expect(before).toBeGreaterThan(0)
    for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(reads - before).toBeLessThan(3)
  })

  it('notes what an offer says of the own log a few times only (SYN10)', async () => {
    const square = squareThatWants(ana)
    square.fill(ana, phone, 3)
    const [near, far] = createMemoryDuplex(16)
    const session = sessionOf(square, far, { isInitiator: false, device: phone })
    const outcome = session.run(new AbortController().signal)
    const peer = new ScriptedSyncPeer(near)
    await peer.send(HELLO, NO_INTEREST)
    await peer.next('interest')
    const entries = Array.from({ length: 300 }, () => offerOf([[1, 3]]))
    await peer.send({ ...NO_OFFER, entries }, NO_NEED, DONE)
    await peer.end()
    await outcome
    expect(square.noted.length).toBeGreaterThan(0)
    expect(square.noted.length).toBeLessThan(20)
  })

  it('ends when the other side says nothing (SYN11)', async () => {
    const { outcome } = answer(squareThatWants(ana), { idleMs: 50 })
    await expect(outcome).rejects.toMatchObject({ code: 'stalled' })
  })

  it('ends when the other side takes its time for ever (SYN11)', async () => {
    const { peer, outcome } = answer(squareThatWants(ana), { totalMs: 200 })
    await peer.send(HELLO)
    const drip = setInterval(() => {
      peer
        .send({
          type: 'interest',
          everyone: false,
          keys: [ana],
          digests: new Uint8Array(),
          sketch: new Uint8Array(),
          known: null,
          isLast: false,
        })
        .catch(() => {})
    }, 20)
    await expect(outcome).rejects.toMatchObject({ code: 'budget' })
    clearInterval(drip)
  })

  it('ends when the other side takes no acknowledgements (SYN9)', async () => {
    const square = squareThatWants(ana)
    square.fill(ana, phone, 0)
    const { peer, outcome } = answer(square)
    await peer.send(HELLO, NO_INTEREST)
    await peer.next('interest')
    await peer.send({ ...NO_OFFER, entries: [offerOf([[1, 1_000]])] }, NO_NEED)
    const flood = async () => {
      for (let seq = 1; seq <= 1_000; seq++) {
        await peer.send({ type: 'records', number: seq, items: [fakeRecord(ana, phone, seq, Uint8Array.of(1))] })
      }
    }
    flood().catch(() => {})
    await expect(outcome).rejects.toMatchObject({ code: 'window' })
  })

  it('refuses more keys of interest than a session takes (SYN11)', async () => {
    const { peer, outcome } = answer(new MemorySquare())
    const keys = Array.from({ length: 1_500 }, (_, i) => fakeKey(`key ${i}`))
    const flood = async () => {
      await peer.send(HELLO)
      for (let i = 0; i < 20; i++)
        await peer.send({
          type: 'interest',
          everyone: false,
          keys,
          digests: new Uint8Array(),
          sketch: new Uint8Array(),
          known: null,
          isLast: false,
        })
    }
    flood().catch(() => {})
    await expect(outcome).rejects.toMatchObject({ code: 'budget' })
  })

  it.each([
    ['one log', Array.from({ length: 1 }, () => ({ device: phone, ranges: [[1, SYNC_LIMITS.maxRecords + 1]] }))],
    ['many', Array.from({ length: 1_563 }, (_, i) => ({ device: fakeKey(`phone ${i}`), ranges: EVERY_SECOND }))],
  ] satisfies [string, NeedEntry['logs']][])(
    'refuses a request for more records than a session may ask, of %s',
    async (_, logs) => {
      const { peer, outcome } = answer(new MemorySquare())
      const flood = async () => {
        await peer.send(HELLO, NO_INTEREST, NO_OFFER)
        for (let i = 0; i < logs.length; i += 100) {
          const entries = [{ author: ana, needsChain: false, logs: logs.slice(i, i + 100) }]
          await peer.send({ type: 'need', entries, isLast: false })
        }
      }
      flood().catch(() => {})
      await expect(outcome).rejects.toMatchObject({ code: 'budget', isRemote: false })
    },
  )

  it('answers the longest interest that a session takes (SYN11)', async () => {
    const square = new MemorySquare()
    square.fill(ana, phone, 1)
    const { peer, outcome } = answer(square)
    await peer.send(HELLO)
    const keys = Array.from({ length: 1_000 }, (_, i) => fakeKey(`key ${i}`))
    for (let i = 0; i < 19; i++) {
      const others = keys.map((key) => Uint8Array.from(key, (byte, at) => (at === 0 ? i : byte)))
      await peer.send({
        type: 'interest',
        everyone: false,
        keys: others,
        digests: new Uint8Array(),
        sketch: new Uint8Array(),
        known: null,
        isLast: false,
      })
    }
    await peer.send({
      type: 'interest',
      everyone: false,
      keys: [ana],
      digests: new Uint8Array(),
      sketch: new Uint8Array(),
      known: null,
      isLast: true,
    })
    expect((await peer.next('have')).entries).toHaveLength(1)
    await peer.send(NO_OFFER, NO_NEED, DONE)
    await peer.end()
    await expect(outcome).resolves.toMatchObject({ isComplete: true })
  })

  it('ends when the stream breaks off (SYN13)', async () => {
    const [near, far] = createMemoryDuplex()
    const outcome = sessionOf(squareThatWants(ana), far, { isInitiator: false }).run(new AbortController().signal)
    await new ScriptedSyncPeer(near).send(HELLO)
    await near.close()
    await expect(outcome).rejects.toMatchObject({ code: 'truncated' })
  })

  it('says what the other side said when that ends the session (SYN13)', async () => {
    const { peer, outcome } = answer(squareThatWants(ana))
    await peer.send(HELLO, { type: 'error', code: 'busy' })
    await expect(outcome).rejects.toMatchObject({ code: 'busy', isRemote: true })
  })
})
