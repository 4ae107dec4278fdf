import { describe, expect, it } from 'vitest'
import { SyncHints } from '../../../core/node/sync-hints.ts'
import { SyncError } from '../../../core/sync/errors.ts'
import type { SyncSummary } from '../../../core/sync/session.ts'
import type { SyncEvent } from '../../../core/sync/sync-service.ts'

const peerId = 'peer'

function progress(received: number): SyncEvent {
  return { type: 'progress', peerId, received }
}

function done(receivedRecords: number): SyncEvent {
  const summary = { receivedRecords } as SyncSummary
  return { type: 'done', peerId, isInitiator: true, summary, scope: null }
}

const failed: SyncEvent = { type: 'failed', peerId, isInitiator: true, error: new SyncError('truncated', 'gone') }

describe('SyncHints', () => {
  it('says how far a session is and when it is over', () => {
    const hints = new SyncHints()
    expect(hints.next(progress(64))).toEqual({ type: 'sync', peerId, received: 64, done: false })
    expect(hints.next(done(70))).toEqual({ type: 'sync', peerId, received: 70, done: true })
  })

  it('ends the line of a session that broke off', () => {
    const hints = new SyncHints()
    hints.next(progress(64))
    expect(hints.next(failed)).toEqual({ type: 'sync', peerId, received: 64, done: true })
    expect(hints.next(failed)).toBeNull()
  })

  it('keeps quiet about sessions that brought nothing', () => {
    const hints = new SyncHints()
    expect(hints.next(done(0))).toBeNull()
    expect(hints.next(failed)).toBeNull()
  })
})
