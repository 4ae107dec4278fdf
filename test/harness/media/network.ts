import { addMedia } from '../../../core/media/add.ts'
import { parseMediaCid } from '../../../core/media/dag.ts'
import { MediaFetcher } from '../../../core/media/fetcher.ts'
import { HeliaHost } from '../../../core/media/helia-host.ts'
import { createHost, type Host } from '../../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../../core/net/net-limits.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { systemRandom } from '../../../core/util/random.ts'
import { MemoryTables } from './memory-tables.ts'

export interface MediaPeer {
  readonly host: Host<Record<string, unknown>>
  readonly tables: MemoryTables
  readonly fetcher: MediaFetcher
  readonly address: string
  add(bytes: Uint8Array): ReturnType<typeof addMedia>
  stop(): Promise<void>
}

/** A real libp2p host on loopback with media on it and its tables in memory. */
export async function startMediaPeer(tables = new MemoryTables()): Promise<MediaPeer> {
  const logger = silentLogger
  const privateKey = systemRandom(32)
  const listen = ['/ip4/127.0.0.1/tcp/0']
  const host = await createHost({ logger }, { privateKey, listen, limits: LOCAL_LIMITS, isLocal: true, services: {} })
  const helia = new HeliaHost({ libp2p: host.libp2p, blocks: tables, logger })
  const hasPeers = () => helia.peers().length > 0
  const fetcher = new MediaFetcher({ index: tables, blocks: tables, source: helia, logger, hasPeers })
  helia.subscribe((event) => {
    if (event.type === 'peer') fetcher.peerConnected()
  })
  await helia.start()
  fetcher.start()
  return {
    host,
    tables,
    fetcher,
    address: host.addresses()[0] as string,
    add: async (bytes) => {
      const media = await addMedia(tables, bytes, { alt: '' })
      fetcher.noteHere(media.cid)
      const root = parseMediaCid(media.cid)
      if (root !== undefined) helia.announce([root])
      return media
    },
    stop: async () => {
      await fetcher.stop()
      await helia.stop()
      await host.stop()
    },
  }
}
