import { withSignal } from '../util/with-signal.ts'
import { SyncError } from './errors.ts'
import type { SyncService } from './sync-service.ts'

/** Wait before the next attempt at handing records to a peer that was busy. */
const RETRY_MS = 50

/**
 * Has a peer take what is own (SYN15), after the session that is under way with it; tries again while it is busy.
 *
 * @throws SyncError `unavailable` when it didn't keep them, and what a session throws; the signal's reason
 */
export async function handOver(
  service: Pick<SyncService, 'settled' | 'sync'>,
  // The session that was under way may have been about it: then all is done.
  init: { readonly peerId: string; readonly profile: Uint8Array; readonly isDone: () => boolean },
  signal: AbortSignal,
): Promise<void> {
  const { peerId, profile, isDone } = init
  for (;;) {
    await withSignal(service.settled(peerId), signal)
    if (isDone()) return
    try {
      const { sentRecords, keptRecords } = await service.sync(peerId, { scope: [profile], signal })
      if (keptRecords < sentRecords) throw new SyncError('unavailable', 'the peer did not keep them')
      return
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'busy') throw error
      await withSignal(new Promise((resolve) => setTimeout(resolve, RETRY_MS)), signal)
    }
  }
}
