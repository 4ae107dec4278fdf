import { describe, expect, it } from 'vitest'
import { banBrokenSync } from '../../../core/sync/broken-sync.ts'
import { SyncError, type SyncErrorCode } from '../../../core/sync/errors.ts'
import type { SyncEvent } from '../../../core/sync/sync-service.ts'
import { ManualClock } from '../../../core/util/clock.ts'

function watched() {
  const clock = new ManualClock(0)
  const banned: string[] = []
  let say: (event: SyncEvent) => void = () => {}
  banBrokenSync({
    clock,
    host: { ban: (peerId, reason) => void banned.push(`${peerId} ${reason}`) },
    service: {
      subscribe(listener) {
        say = listener
        return () => {}
      },
    },
  })
  const fail = (code: SyncErrorCode, isRemote = false, peerId = 'peer') => {
    say({ type: 'failed', peerId, isInitiator: false, error: new SyncError(code, code, { isRemote }) })
  }
  return { clock, banned, fail }
}

describe('banBrokenSync', () => {
  it('bans whoever breaks the rules of a session again and again (SYN13)', () => {
    const { banned, fail } = watched()
    for (let i = 0; i < 10; i++) fail('invalid-record')
    expect(banned).toEqual([])
    fail('bad-frame')
    expect(banned).toEqual(['peer broken-sync'])
  })

  it('bears a record that a disk has damaged, once in each session of this side (SYN14)', () => {
    const { clock, banned, fail } = watched()
    for (let hour = 0; hour < 240; hour++) {
      for (let i = 0; i < 6; i++) fail('invalid-record')
      clock.advance(3_600_000)
    }
    expect(banned).toEqual([])
  })

  it('blames nobody for what they said of this side, and for what happens to honest peers', () => {
    const { banned, fail } = watched()
    for (let i = 0; i < 50; i++) {
      fail('bad-frame', true)
      for (const code of ['stalled', 'truncated', 'busy', 'unavailable', 'budget', 'wrong-version'] as const) fail(code)
    }
    expect(banned).toEqual([])
  })
})
