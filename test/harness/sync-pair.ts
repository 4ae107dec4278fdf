import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import type { ForkMemory } from '../../core/sync/fork-memory.ts'
import type { InterestBook } from '../../core/sync/interest-book.ts'
import { SYNC_LIMITS } from '../../core/sync/limits.ts'
import { SyncSession } from '../../core/sync/session.ts'
import type { SyncSessionInit } from '../../core/sync/session-init.ts'
import type { SyncSummary } from '../../core/sync/summary.ts'
import { systemClock } from '../../core/util/clock.ts'
import { systemRandom } from '../../core/util/random.ts'
import { createMemoryDuplex } from './memory-duplex.ts'
import { fakeKey, type MemorySquare } from './memory-square.ts'

/** A session of one square over one end of a stream. */
export function sessionOf(
  square: MemorySquare,
  duplex: FrameDuplex,
  init: Partial<SyncSessionInit> & { isInitiator: boolean },
  forks?: ForkMemory,
  interests?: InterestBook,
): SyncSession {
  const ports = { door: square, reader: square, book: square }
  return new SyncSession(
    {
      ...ports,
      duplex,
      clock: systemClock,
      random: systemRandom,
      ...(forks === undefined ? {} : { forks }),
      ...(interests === undefined ? {} : { interests }),
    },
    {
      peerId: 'other',
      network: 'palabre',
      role: 'peer',
      profile: null,
      name: '',
      device: fakeKey('no device'),
      scope: null,
      limits: SYNC_LIMITS,
      ...init,
    },
  )
}

/** Both squares sync once over a stream in memory; what each side says of it. */
export async function syncSquares(
  first: MemorySquare,
  second: MemorySquare,
  init: { first?: Partial<SyncSessionInit>; second?: Partial<SyncSessionInit>; capacity?: number } = {},
): Promise<[SyncSummary, SyncSummary]> {
  const [near, far] = createMemoryDuplex(init.capacity)
  const signal = new AbortController().signal
  return await Promise.all([
    sessionOf(first, near, { ...init.first, isInitiator: true }).run(signal),
    sessionOf(second, far, { ...init.second, isInitiator: false }).run(signal),
  ])
}
