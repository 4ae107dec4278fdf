import type { PeerHost } from '../net/peer-host.ts'
import type { Clock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import type { SyncErrorCode } from './errors.ts'
import type { SyncService } from './sync-service.ts'

/** What no honest peer does but by mistake, or with a record that its disk has damaged: then again with every session. */
const BREACHES: readonly SyncErrorCode[] = [
  'bad-frame',
  'unexpected-frame',
  'unexpected-author',
  'window',
  'bad-ack',
  'invalid-record',
]
/** More than the sessions that are begun with such a peer by itself. */
const PATIENCE = { capacity: 10, refillPerSecond: 10 / 3_600 } as const

export interface BrokenSyncComponents {
  readonly host: Pick<PeerHost, 'ban'>
  readonly service: Pick<SyncService, 'subscribe'>
  readonly clock: Clock
}

/**
 * Bans whoever breaks the rules of a session again and again (SYN13): each attempt costs this side a place and the
 * checking of what was sent.
 */
export function banBrokenSync({ host, service, clock }: BrokenSyncComponents): void {
  const patience = new KeyedBuckets({ clock }, PATIENCE)
  service.subscribe((event) => {
    if (event.type !== 'failed' || event.error.isRemote) return
    if (!BREACHES.includes(event.error.code) || patience.take(event.peerId)) return
    host.ban(event.peerId, 'broken-sync')
  })
}
