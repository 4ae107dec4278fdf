import { Gossip } from '../../core/gossip/gossip.ts'
import { createPubsub, gossipService, type Pubsub } from '../../core/gossip/gossipsub-host.ts'
import type { GossipListenerInit } from '../../core/gossip/listener.ts'
import type { IngestDoor } from '../../core/ingest/door.ts'
import { BanBook } from '../../core/net/ban-book.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import type { LogReader } from '../../core/store/log-reader.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey, MemorySquare } from './memory-square.ts'

export interface GossipNode {
  readonly host: Host<Record<string, unknown>>
  readonly pubsub: Pubsub
  readonly gossip: Gossip
  readonly bans: BanBook
  stop(): Promise<void>
}

export interface GossipPeer extends GossipNode {
  readonly square: MemorySquare
}

export interface GossipPeerInit extends Partial<GossipListenerInit> {
  /** The control of the guard: RPCs are read as the library reads them. */
  readonly isUnguarded?: boolean
}

/** A real libp2p host on loopback with gossip over this store. `name` decides its key. */
export async function startGossipOver(
  name: string,
  square: IngestDoor & LogReader,
  init: GossipPeerInit = {},
): Promise<GossipNode> {
  const isSeed = init.isSeed ?? false
  const domain = init.domain ?? 'palabre'
  const service = gossipService({ isSeed, domain })
  const bans = new BanBook({ clock: systemClock })
  const host = await createHost(
    { logger: silentLogger, bans },
    {
      privateKey: fakeKey(name),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {
        gossip: (components: Parameters<typeof service>[0]) => {
          const gossip = service(components)
          if (init.isUnguarded === true) Reflect.deleteProperty(gossip, 'pipePeerReadStream')
          return gossip
        },
      },
    },
  )
  const pubsub = createPubsub(host.services.gossip, { domain })
  const gossip = new Gossip(
    { host, pubsub, door: square, chains: square, logger: silentLogger },
    { ...init, isSeed, domain },
  )
  gossip.start()
  return {
    host,
    pubsub,
    gossip,
    bans,
    async stop() {
      gossip.stop()
      await host.stop()
    },
  }
}

/** The same over a square in memory. */
export async function startGossipPeer(name: string, init: GossipPeerInit = {}): Promise<GossipPeer> {
  const square = new MemorySquare()
  return { ...(await startGossipOver(name, square, init)), square }
}
