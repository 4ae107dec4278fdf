import { describe, expect, it } from 'vitest'
import { ComparisonBook } from '../../../core/node/comparison-book.ts'
import { NO_SHORTFALL } from '../../../core/sync/shortfall.ts'
import type { SyncEvent } from '../../../core/sync/sync-service.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { HELLO } from '../../harness/scripted-sync-peer.ts'

const ana = fakeKey('ana')
const ben = fakeKey('ben')
const HOUR_MS = 3_600_000

function open() {
  let now = 1_000
  const book = new ComparisonBook({ clock: { now: () => now } })
  const sync = (peerId: string, ...compared: Uint8Array[]): void =>
    book.noteSync({ type: 'done', peerId, isInitiator: true, scope: null, summary: summaryOf(compared) })
  return { book, sync, advance: (ms: number) => (now += ms) }
}

function summaryOf(compared: readonly Uint8Array[]): Extract<SyncEvent, { type: 'done' }>['summary'] {
  const counts = {
    receivedOperations: 0,
    newOperations: 0,
    receivedRecords: 0,
    newRecords: 0,
    sentRecords: 0,
    keptRecords: 0,
  }
  return { hello: HELLO, scope: null, ...counts, compared, behindBeat: [], shortfall: NO_SHORTFALL, isComplete: true }
}

describe('ComparisonBook', () => {
  it('counts each peer once, and says when the last one answered', () => {
    const { book, sync, advance } = open()
    sync('one', ana, ben)
    advance(HOUR_MS)
    sync('two', ana)
    sync('two', ana)
    expect(book.of(ana)).toEqual({ at: 1_000 + HOUR_MS, peers: 2 })
    expect(book.of(ben)).toEqual({ at: 1_000, peers: 1 })
    expect(book.of(fakeKey('nobody'))).toBeNull()
  })

  it('forgets what is older than a day', () => {
    const { book, sync, advance } = open()
    sync('one', ana)
    advance(23 * HOUR_MS)
    sync('two', ana)
    advance(2 * HOUR_MS)
    expect(book.of(ana)?.peers).toBe(1)
    advance(23 * HOUR_MS)
    expect(book.of(ana)).toBeNull()
  })

  it('remembers eight peers of an author, the latest', () => {
    const { book, sync } = open()
    for (let i = 0; i < 20; i++) sync(`peer ${i}`, ana)
    expect(book.of(ana)?.peers).toBe(8)
  })

  it('takes nothing from a session that failed', () => {
    const { book, sync } = open()
    sync('one')
    expect(book.of(ana)).toBeNull()
  })
})
