import type { Host } from '../net/host.ts'
import { Reach } from '../net/reach.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'

/** How others reach this node across NATs; null on a local network, where everybody reaches everybody. */
export function createReach(
  components: { readonly host: Host<Record<string, unknown>>; readonly clock: Clock; readonly logger: Logger },
  init: {
    readonly role: 'peer' | 'seed'
    readonly announce: readonly string[]
    readonly listen: readonly string[]
    readonly isSeed: (peerId: string) => boolean
    readonly onPeersChanged: () => void
    /** A connection through a relay has become direct. */
    readonly onCrossed: (peerId: string) => void
  },
): Reach | null {
  const { host, clock, logger } = components
  const { announce, listen, role, isSeed, onPeersChanged, onCrossed } = init
  if (host.reach === null) return null
  return new Reach(
    { libp2p: host.libp2p, parts: host.reach, clock, logger },
    {
      announce,
      listen,
      answersStun: role === 'seed',
      crosses: true,
      asksRouter: announce.length === 0,
      isSeed,
      onChange: onPeersChanged,
      onCrossed,
    },
  )
}
