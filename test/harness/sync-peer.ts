import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { LOCAL_DIAL_TIMES, PeerManager } from '../../core/net/peer-manager.ts'
import { SCHEDULER_TIMES, type SchedulerTimes, SyncScheduler } from '../../core/sync/scheduler.ts'
import { type SyncEvent, SyncService, type SyncServiceInit } from '../../core/sync/sync-service.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey, MemorySquare } from './memory-square.ts'

export interface SyncPeer {
  readonly name: string
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly host: Host<Record<string, never>>
  readonly square: MemorySquare
  readonly service: SyncService
  readonly scheduler: SyncScheduler
  readonly manager: PeerManager
  readonly events: SyncEvent[]
  /** Writes own records and tells the scheduler, as the node does after a commit. */
  write(count: number, bodyBytes?: number): void
  /** Full multiaddr on loopback. */
  address(): string
  stop(): Promise<void>
}

export interface SyncPeerInit extends Partial<SyncServiceInit> {
  readonly listen?: string
  readonly times?: Partial<SchedulerTimes>
}

/** A real libp2p host on loopback with sync over a square in memory; its author and device depend on the name. */
export async function startSyncPeer(name: string, init: SyncPeerInit = {}): Promise<SyncPeer> {
  const author = fakeKey(`author ${name}`)
  const device = fakeKey(`device ${name}`)
  const logger = silentLogger
  const host = await createHost<Record<string, never>>(
    { logger },
    {
      privateKey: fakeKey(name),
      listen: [init.listen ?? '/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {},
    },
  )
  const square = new MemorySquare()
  square.fill(author, device, 0)
  square.wanted.push(author)
  const profile = () => author
  const role = init.role ?? 'peer'
  square.everyone = role === 'seed'
  const service = new SyncService(
    { host, door: square, reader: square, book: square, logger },
    { network: 'palabre', device, profile, role, ...init },
  )
  const scheduler = new SyncScheduler(
    { host, service, logger },
    { profile, times: { ...SCHEDULER_TIMES, ...init.times } },
  )
  const manager = new PeerManager({ host, logger }, { times: LOCAL_DIAL_TIMES })
  const events: SyncEvent[] = []
  service.subscribe((event) => events.push(event))
  scheduler.start()
  manager.start()
  await service.start()
  let seq = 0
  return {
    name,
    author,
    device,
    host,
    square,
    service,
    scheduler,
    manager,
    events,
    write(count, bodyBytes) {
      const records = []
      for (let i = 0; i < count; i++) {
        seq++
        square.put(author, device, seq, bodyBytes)
        const id = fakeKey(`${name} ${seq}`)
        records.push({ id, author, device, seq, kind: 1, touches: [], isHome: true, isOwn: true, media: [] })
      }
      scheduler.noteIngested({ source: { kind: 'own' }, records, reshown: [], identities: [], beats: [], gaps: [] })
    },
    address: () => host.addresses()[0] ?? '',
    async stop() {
      scheduler.stop()
      await service.stop()
      await manager.stop()
      await host.stop()
    },
  }
}
