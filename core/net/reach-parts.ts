import type { Multiaddr } from '@multiformats/multiaddr'
import { ipOf } from './addresses.ts'
import { autoNat, type UpnpComponents } from './nat-services.ts'
import { pruneCircuits } from './path-keeper.ts'
import { type RelayBook, type ReservationDesk, relayClient, relayServer } from './relay.ts'
import type { WebRtcComponents } from './webrtc.ts'

/** Relays that keep a place for a node that nobody dials directly. */
export const WANTED_RELAYS = 2

export interface ReachInit {
  /** Peers that this node passes connections on for; 0 for none. */
  readonly relayPlaces: number
}

type LateComponents = WebRtcComponents &
  UpnpComponents & {
    readonly addressManager: {
      getAddressesWithMetadata(): readonly { multiaddr: Multiaddr; verified: boolean; type: string }[]
    }
  }

/** What a host is built with so that it can be reached from elsewhere; `Reach` makes use of it. */
export interface ReachParts {
  readonly listen: readonly string[]
  readonly transports: readonly ReturnType<typeof relayClient>['transport'][]
  readonly services: Readonly<Record<string, (components: never) => unknown>>
  readonly desk: ReservationDesk
  readonly book: RelayBook | null
  /** What libp2p gives its own parts. @throws Error before it is made */
  components(): LateComponents
  announceFilter(addresses: Multiaddr[]): Multiaddr[]
  /** One IP address gets so many places. */
  denyInboundRelayReservation(source: { toString(): string }): boolean
}

export function createReachParts(init: ReachInit, announce: readonly string[]): ReachParts {
  const client = relayClient()
  const server = init.relayPlaces > 0 ? relayServer(init.relayPlaces) : null
  let late: LateComponents | null = null
  const components = () => {
    if (late === null) throw new Error('libp2p has not been made yet')
    return late
  }
  return {
    // Bare, so that it stands for whichever relay the desk finds; whoever is reached anyway takes nobody's place.
    listen: announce.length > 0 ? [] : Array(WANTED_RELAYS).fill('/p2p-circuit'),
    transports: [client.transport],
    services: {
      autonat: autoNat(),
      reachParts: (given: unknown) => {
        late = given as LateComponents
        return {}
      },
      ...(server === null ? {} : { relay: server.service }),
    },
    desk: client.desk,
    book: server?.book ?? null,
    components,
    announceFilter: (addresses) => pruneCircuits(addresses),
    denyInboundRelayReservation: (source) => {
      const peerId = source.toString()
      const connections = components().connectionManager.getConnections()
      const from = connections.find(({ remotePeer }) => remotePeer.toString() === peerId)
      const ip = from === undefined ? null : ipOf(from.remoteAddr)
      return ip === null || server?.book.mayGive(peerId, ip.host) !== true
    },
  }
}
