import { describe, expect, it, onTestFinished } from 'vitest'
import { decodeFrame } from '../../../core/sync/frames.ts'
import { hashInterest, InterestBook } from '../../../core/sync/interest-book.ts'
import { type SyncEvent, SyncService } from '../../../core/sync/sync-service.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { createMemoryDuplex } from '../../harness/memory-duplex.ts'
import { MemoryNetwork } from '../../harness/memory-hosts.ts'
import { fakeKey, MemorySquare } from '../../harness/memory-square.ts'
import { HELLO, ScriptedSyncPeer } from '../../harness/scripted-sync-peer.ts'
import { sessionOf } from '../../harness/sync-pair.ts'

const AUTHORS = Array.from({ length: 200 }, (_, i) => fakeKey(`author ${i}`))

function square(): MemorySquare {
  const held = new MemorySquare()
  for (const [i, author] of AUTHORS.entries()) held.fill(author, fakeKey(`phone ${i}`), 2)
  held.wanted.push(...AUTHORS)
  return held
}

/** Two services that know each other, and how to bring one up anew. */
async function pair() {
  const network = new MemoryNetwork()
  const hosts = [network.host('a'), network.host('b')] as const
  const squares = [square(), square()] as const
  const start = async (side: 0 | 1) => {
    const held = squares[side]
    const service = new SyncService(
      { host: hosts[side].peerHost, door: held, reader: held, book: held, logger: silentLogger },
      { network: 'palabre', role: 'peer', device: fakeKey(`device ${side}`), profile: () => null },
    )
    await service.start()
    onTestFinished(() => service.stop())
    return service
  }
  const services = [await start(0), await start(1)] as const
  network.join(hosts[0], hosts[1])
  const events: SyncEvent[] = []
  services[1].subscribe((event) => events.push(event))
  return { services, squares, hosts, start, events, network }
}

describe('an interest that was said before', () => {
  it('is named by its hash, and not at all when it has changed (SYN5)', () => {
    const book = new InterestBook()
    const asked = { everyone: false, keys: AUTHORS }
    expect(book.findTold('peer', asked)).toBeNull()
    book.noteTold('peer', asked)
    expect(book.findTold('peer', { everyone: false, keys: AUTHORS.toReversed() })).toEqual(hashInterest(false, AUTHORS))
    expect(book.findTold('other', asked)).toBeNull()
    expect(book.findTold('peer', { everyone: true, keys: AUTHORS })).toBeNull()
    expect(book.findTold('peer', { everyone: false, keys: AUTHORS.slice(1) })).toBeNull()
    book.forgetTold('peer')
    expect(book.findTold('peer', asked)).toBeNull()
  })

  it('is known of the peer that said it alone (SYN5)', () => {
    const book = new InterestBook()
    book.noteHeard('peer', { everyone: false, keys: AUTHORS })
    const hash = hashInterest(false, AUTHORS)
    expect(book.finderOf('peer')(false, hash)?.map(toHex)).toEqual(AUTHORS.map(toHex))
    expect(book.finderOf('peer')(true, hash)).toBeUndefined()
    expect(book.finderOf('other')(false, hash)).toBeUndefined()
    expect(book.finderOf('peer')(false, new Uint8Array(16))).toBeUndefined()
  })

  it('is forgotten, the oldest first, when there are too many', () => {
    const book = new InterestBook()
    const keys = Array.from({ length: 20_000 }, (_, i) => fakeKey(`${i}`))
    const hash = hashInterest(false, keys)
    for (let i = 0; i < 21; i++) book.noteHeard(`peer ${i}`, { everyone: false, keys })
    expect(book.finderOf('peer 0')(false, hash)).toBeUndefined()
    expect(book.finderOf('peer 1')(false, hash)).toHaveLength(20_000)
  })

  it('costs 16 bytes in the next session, and says the same (SYN5)', async () => {
    const { services, squares, events } = await pair()
    await services[0].sync('b')
    const sent = squares[1].batches.length
    squares[0].put(AUTHORS[7] as Uint8Array, fakeKey('phone 7'), 3)
    const { sentRecords } = await services[0].sync('b')
    expect(sentRecords).toBe(1)
    expect(squares[1].batches.length).toBe(sent + 1)
    expect(events.filter(({ type }) => type === 'failed')).toEqual([])
  })

  it('is said in full to a peer that has forgotten it, at once (SYN5)', async () => {
    const { services, squares, start } = await pair()
    await services[0].sync('b')
    await services[1].stop()
    await start(1)
    squares[0].put(AUTHORS[7] as Uint8Array, fakeKey('phone 7'), 3)
    expect(await services[0].sync('b')).toMatchObject({ sentRecords: 1, isComplete: true })
  })

  it('is said in full by a peer that was forgotten, at once (SYN5)', async () => {
    const { services, squares, start } = await pair()
    await services[0].sync('b')
    await services[0].stop()
    const again = await start(0)
    squares[1].put(AUTHORS[7] as Uint8Array, fakeKey('phone 7'), 3)
    expect(await again.sync('b')).toMatchObject({ newRecords: 1, isComplete: true })
  })

  it('ends a session with unknown-interest where it was never said (SYN5)', async () => {
    const [near, far] = createMemoryDuplex(16)
    const ended = sessionOf(square(), far, { isInitiator: false })
      .run(new AbortController().signal)
      .catch((error: unknown) => error)
    const known = new Uint8Array(16)
    await new ScriptedSyncPeer(near).send(HELLO, {
      type: 'interest',
      everyone: false,
      keys: [],
      digests: new Uint8Array(),
      sketch: new Uint8Array(),
      known,
      isLast: true,
    })
    expect(await ended).toMatchObject({ code: 'unknown-interest', isRemote: false })
  })

  it('takes less than a fifth of the bytes of the first session, where nothing has changed', async () => {
    const interests = [new InterestBook(), new InterestBook()] as const
    const bytes: number[] = []
    const squares = [square(), square()] as const
    for (let round = 0; round < 2; round++) {
      const [near, far] = createMemoryDuplex(16)
      const { signal } = new AbortController()
      await Promise.all([
        sessionOf(squares[0], near, { isInitiator: true, peerId: 'b' }, undefined, interests[0]).run(signal),
        sessionOf(squares[1], far, { isInitiator: false, peerId: 'a' }, undefined, interests[1]).run(signal),
      ])
      bytes.push([...near.written, ...far.written].reduce((sum, frame) => sum + frame.length, 0))
      const interest = near.written.map((frame) => decodeFrame(frame)).filter(({ type }) => type === 'interest')
      expect(interest.length).toBe(round === 0 ? 2 : 1)
    }
    expect(bytes[1]).toBeLessThan((bytes[0] as number) / 5)
  })
})
