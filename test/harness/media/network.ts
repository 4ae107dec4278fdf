import { MediaService } from '../../../core/media/media-service.ts'
import { createHost, type Host } from '../../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../../core/net/net-limits.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { MemoryTables } from './memory-tables.ts'

export interface MediaPeer {
  readonly host: Host<Record<string, unknown>>
  readonly tables: MemoryTables
  readonly service: MediaService
  readonly address: string
  stop(): Promise<void>
}

/** A real libp2p host on loopback with media on it and its tables in memory. */
export async function startMediaPeer(tables = new MemoryTables()): Promise<MediaPeer> {
  const host = await createHost(
    { logger: silentLogger },
    {
      privateKey: systemRandom(32),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {},
    },
  )
  const service = new MediaService({ index: tables, blocks: tables, logger: silentLogger })
  service.start()
  await service.attach(host.libp2p)
  return {
    host,
    tables,
    service,
    address: host.addresses()[0] as string,
    stop: async () => {
      await service.stop()
      await host.stop()
    },
  }
}
