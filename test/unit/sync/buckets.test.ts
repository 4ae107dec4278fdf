import { describe, expect, it } from 'vitest'
import { AuthorHeads } from '../../../core/sync/author-heads.ts'
import { compare, type HeldDigests, listEveryone, NO_DIGESTS, summarize } from '../../../core/sync/buckets.ts'
import { encodeFrame, type SyncFrame } from '../../../core/sync/frames.ts'
import { MAX_BUCKETS, SYNC_LIMITS } from '../../../core/sync/limits.ts'
import { MAX_SKETCH_BYTES } from '../../../core/sync/sketch.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { systemClock } from '../../../core/util/clock.ts'
import { createMemoryDuplex } from '../../harness/memory-duplex.ts'
import { fakeKey, fakeOperation, MemorySquare } from '../../harness/memory-square.ts'
import { HELLO, ScriptedSyncPeer } from '../../harness/scripted-sync-peer.ts'
import { sessionOf, syncSquares } from '../../harness/sync-pair.ts'

const SALT = HELLO.nonce
const NAMES = Array.from({ length: 300 }, (_, i) => `author ${i}`)
const AUTHORS = NAMES.map(fakeKey)
const [ana] = AUTHORS as [Uint8Array]

function squareOf(names: readonly string[], count = 3): MemorySquare {
  const square = new MemorySquare()
  for (const name of names) square.fill(fakeKey(name), fakeKey(`${name} phone`), count)
  square.wanted.push(...names.map(fakeKey))
  return square
}

const headsOf = (reader: MemorySquare) => new AuthorHeads({ reader, clock: systemClock })

async function alikeOf(near: MemorySquare, far: MemorySquare, authors = AUTHORS, salt = SALT) {
  const { digests } = await summarize(headsOf(near), authors, SALT)
  const alike = await compare(headsOf(far), authors, { digests, sketch: new Uint8Array(), salt })
  return new Set(alike.authors.map(toHex))
}

describe('buckets', () => {
  it('are alike where both sides hold the same, whatever the order of the authors (SYN6)', async () => {
    const alike = await alikeOf(squareOf(NAMES), squareOf(NAMES.toReversed()), AUTHORS)
    expect(alike.size).toBe(NAMES.length)
  })

  it.each<[string, (square: MemorySquare) => void]>([
    ['one record more', (square) => square.put(ana, fakeKey('author 0 phone'), 4)],
    ['a log of another device', (square) => square.put(ana, fakeKey('author 0 laptop'), 1)],
    [
      'a longer chain',
      (square) => void square.ingest({ operations: [fakeOperation(ana, 1, [])], records: [] }, SOURCE),
    ],
    ['another record at the tip', (square) => square.put(ana, fakeKey('author 0 phone'), 4, 17)],
  ])('tell %s of one author from the rest (SYN6)', async (what, change) => {
    const [near, far] = [squareOf(NAMES), squareOf(NAMES)]
    if (what === 'another record at the tip') near.put(ana, fakeKey('author 0 phone'), 4)
    change(far)
    const alike = await alikeOf(near, far)
    expect(alike.has(toHex(ana))).toBe(false)
    // A bucket's worth of others has to be named with it.
    expect(alike.size).toBeGreaterThan(NAMES.length - 25)
  })

  it('name nobody alike under another salt: the control', async () => {
    const square = squareOf(NAMES)
    const alike = await alikeOf(square, square, AUTHORS, new Uint8Array(16).fill(1))
    expect(alike.size).toBe(0)
  })

  it('never call a device alike that has signed two histories (SYN6, LOG3)', async () => {
    const [near, far] = [squareOf(NAMES), squareOf(NAMES)]
    const listHeld = far.listHeld.bind(far)
    far.listHeld = async (authors) =>
      (await listHeld(authors)).map((log) => ({ ...log, isForked: toHex(log.author) === toHex(ana) }))
    expect((await alikeOf(near, far)).has(toHex(ana))).toBe(false)
    near.listHeld = far.listHeld
    const alike = await alikeOf(near, far)
    expect(alike.has(toHex(ana))).toBe(false)
    expect(alike.size).toBe(NAMES.length - 1)
  })

  it('grow with the root of the number of authors, up to their limit', async () => {
    expect((await summarize(headsOf(new MemorySquare()), AUTHORS, SALT)).digests).toHaveLength(4)
    expect((await summarize(headsOf(squareOf(NAMES)), AUTHORS, SALT)).digests).toHaveLength(
      4 * Math.ceil(Math.sqrt(20 * 300)),
    )
    const frame: SyncFrame = {
      type: 'interest',
      everyone: true,
      keys: [],
      digests: new Uint8Array(4 * MAX_BUCKETS),
      sketch: new Uint8Array(MAX_SKETCH_BYTES),
      known: null,
      isLast: true,
    }
    expect(encodeFrame(frame).length).toBeLessThan(33_000)
  })
})

describe('listEveryone', () => {
  it('goes round once from where it begins, and ends at its limit', async () => {
    const square = squareOf(NAMES)
    const start = AUTHORS[7] as Uint8Array
    const all = await listEveryone(square, start, 1_000)
    expect(new Set(all.map(toHex)).size).toBe(300)
    expect(all).toHaveLength(300)
    expect(toHex(all.at(-1) as Uint8Array)).toBe(toHex(start))
    expect(await listEveryone(square, start, 10)).toEqual(all.slice(0, 10))
  })
})

const SOURCE = { kind: 'sync', peer: 'other' } as const

describe('a session between two that hold nearly the same', () => {
  /** Authors that the answering square names to a scripted peer with this digest. */
  async function namedTo(
    square: MemorySquare,
    said: HeldDigests,
    profile: Uint8Array | null = null,
  ): Promise<string[]> {
    const [near, far] = createMemoryDuplex(16)
    const session = sessionOf(square, far, { isInitiator: false, limits: SYNC_LIMITS })
    const ended = session.run(new AbortController().signal).catch(() => null)
    const peer = new ScriptedSyncPeer(near)
    await peer.send(
      { ...HELLO, profile },
      { type: 'interest', everyone: false, keys: AUTHORS, ...said, known: null, isLast: true },
    )
    const named: string[] = []
    for (;;) {
      const { entries, isLast } = await peer.next('have')
      named.push(...entries.map(({ author }) => toHex(author)))
      if (isLast) break
    }
    near.abort(new Error('enough'))
    await ended
    return named
  }

  it('names only authors of buckets that differ, and that account which asks (SYN6, SYN10)', async () => {
    const { digests } = await summarize(headsOf(squareOf(NAMES)), AUTHORS, SALT)
    const said = { digests, sketch: new Uint8Array() }
    expect(await namedTo(squareOf(NAMES), said)).toEqual([])
    expect(await namedTo(squareOf(NAMES), said, ana)).toEqual([toHex(ana)])
    const ahead = squareOf(NAMES)
    ahead.put(ana, fakeKey('author 0 phone'), 4)
    const named = await namedTo(ahead, said)
    expect(named).toContain(toHex(ana))
    expect(named.length).toBeLessThan(25)
    expect(await namedTo(ahead, NO_DIGESTS)).toHaveLength(300)
  })

  it('says of whom the other side holds nothing more, and of whom something came (SYN6)', async () => {
    const [near, far] = [squareOf(NAMES.slice(0, 20)), squareOf(NAMES.slice(0, 10))]
    far.wanted.push(...AUTHORS.slice(10, 20))
    near.put(ana, fakeKey('author 0 phone'), 4)
    const names = (keys: readonly Uint8Array[]) => new Set(keys.map(toHex))
    const [first, second] = await syncSquares(near, far)
    // The far side lacked eleven and has them now; of those that it holds nothing of, it says nothing.
    expect(names(second.compared)).toEqual(names(AUTHORS.slice(0, 20)))
    expect(names(first.compared)).toEqual(names(AUTHORS.slice(0, 10)))
    const [again] = await syncSquares(near, far)
    expect(names(again.compared)).toEqual(names(AUTHORS.slice(0, 20)))
  })

  it('compares nobody of whom something was withheld (SYN6)', async () => {
    const [near, far] = [squareOf(NAMES.slice(0, 9)), squareOf(NAMES.slice(0, 9))]
    near.put(ana, fakeKey('author 0 phone'), 4)
    near.readLog = async () => []
    const [, second] = await syncSquares(near, far)
    expect(second.compared.map(toHex)).not.toContain(toHex(ana))
  })

  it('takes no buckets that were not named (SYN6)', async () => {
    const [near, far] = createMemoryDuplex(16)
    const session = sessionOf(squareOf(NAMES), far, { isInitiator: false, limits: SYNC_LIMITS })
    const ended = session.run(new AbortController().signal)
    ended.catch(() => {})
    const peer = new ScriptedSyncPeer(near)
    const interest = {
      type: 'interest',
      everyone: false,
      keys: [],
      digests: new Uint8Array(),
      sketch: new Uint8Array(),
      known: null,
      isLast: true,
    } as const
    await peer.send(HELLO, interest, {
      type: 'have',
      entries: [],
      alike: new Uint8Array(3),
      differing: null,
      isLast: true,
    })
    await expect(ended).rejects.toMatchObject({ code: 'bad-frame' })
  })

  it('takes digests that say nothing true for a difference', async () => {
    expect(await namedTo(squareOf(NAMES), { ...NO_DIGESTS, digests: new Uint8Array(4 * 64).fill(7) })).toHaveLength(300)
  })

  it('ends with both holding all, everyone or some (SYN6, SYN7)', async () => {
    for (const everyone of [true, false]) {
      const [near, far] = [squareOf(NAMES), squareOf(NAMES)]
      near.everyone = far.everyone = everyone
      near.put(ana, fakeKey('author 0 phone'), 4)
      far.put(AUTHORS[9] as Uint8Array, fakeKey('author 9 phone'), 4)
      const [first, second] = await syncSquares(near, far)
      expect([first.newRecords, second.newRecords]).toEqual([1, 1])
      expect(far.seqs(ana, fakeKey('author 0 phone'))).toEqual([1, 2, 3, 4])
      expect(near.seqs(AUTHORS[9] as Uint8Array, fakeKey('author 9 phone'))).toEqual([1, 2, 3, 4])
    }
  })
})
