/** The relay of libp2p (circuit relay v2), both sides of it, with our own say about whom a place is asked of and given. */
import { type CircuitRelayService, circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { peerIdFromString } from '@libp2p/peer-id'

/** Whoever says it in its greeting passes connections on for others. */
export const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'

/** What a relayed connection may carry, both ways together, and how long it may last. */
export const CIRCUIT_BYTES = 64 * 1024 * 1024
export const CIRCUIT_MS = 30 * 60_000

/** Places that one IP address gets: a household, not a farm. */
export const MAX_PLACES_PER_IP = 16
/** Circuits that one peer may open or take at once. */
const MAX_CIRCUITS_PER_PEER = 32
const RESERVE_TIMEOUT_MS = 5_000

/** Asks relays for a place. */
export interface ReservationDesk {
  holds(peerId: string): boolean
  /** @throws Error: refused, no answer, or the connection broke. */
  reserve(peerId: string): Promise<void>
}

type RelayTransport = ReturnType<ReturnType<typeof circuitRelayTransport>>
type RelayComponents = Parameters<ReturnType<typeof circuitRelayTransport>>[0]

/** As it stands behind the transport's type; there is no other way to a relay that has come back. */
interface TransportParts {
  readonly discovery: { startDiscovery(): void }
  readonly reservationStore: {
    relayFilter: { has(bytes: Uint8Array): boolean; add(bytes: Uint8Array): void }
    addRelay(peerId: ReturnType<typeof peerIdFromString>, type: 'discovered'): Promise<unknown>
    hasReservation(peerId: ReturnType<typeof peerIdFromString>): boolean
  }
}

/**
 * Dials and is dialled by relays. Asking for places is the desk's alone: the package's own search meets each relay once,
 * so that one that was full or came back is never asked again, and walks the network for more.
 */
export function relayClient(): {
  readonly transport: (components: RelayComponents) => RelayTransport
  readonly desk: ReservationDesk
} {
  let parts: TransportParts | null = null
  const known = { has: () => true, add() {}, remove() {} }
  const create = circuitRelayTransport({
    discoveryFilter: known,
    reservationCompletionTimeout: RESERVE_TIMEOUT_MS,
    maxInboundStopStreams: MAX_CIRCUITS_PER_PEER,
    maxOutboundStopStreams: MAX_CIRCUITS_PER_PEER,
  })
  return {
    transport: (components) => {
      const transport = create(components)
      parts = transport as unknown as TransportParts
      parts.discovery.startDiscovery = () => {}
      return transport
    },
    desk: {
      holds: (peerId) => parts?.reservationStore.hasReservation(peerIdFromString(peerId)) ?? false,
      reserve: async (peerId) => {
        if (parts === null) throw new Error('the network has not started')
        // A dial that failed once would keep a relay out until another one is lost.
        parts.reservationStore.relayFilter = { has: () => false, add() {} }
        await parts.reservationStore.addRelay(peerIdFromString(peerId), 'discovered')
      },
    },
  }
}

/** True for the answer of a relay that has no place to give. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /RESERVATION_REFUSED|PERMISSION_DENIED|RESOURCE_LIMIT/.test(error.message)
}

/** Who holds a place here. */
export interface RelayBook {
  readonly used: number
  readonly limit: number
  /** Whether one more from that IP address may be given. */
  mayGive(peerId: string, ip: string): boolean
  /** Frees the place of a peer that has gone; it would be kept for two hours otherwise. */
  free(peerId: string): void
}

/** Passes connections on for up to `limit` peers that hold a place. */
export function relayServer(limit: number): {
  readonly service: (components: Parameters<ReturnType<typeof circuitRelayServer>>[0]) => CircuitRelayService
  readonly book: RelayBook
} {
  let server: CircuitRelayService | null = null
  const create = circuitRelayServer({
    maxInboundHopStreams: MAX_CIRCUITS_PER_PEER,
    maxOutboundStopStreams: MAX_CIRCUITS_PER_PEER,
    reservations: {
      maxReservations: limit,
      defaultDataLimit: BigInt(CIRCUIT_BYTES),
      defaultDurationLimit: CIRCUIT_MS,
    },
  })
  const ipOfPlace = (address: { nodeAddress?(): { address: string }; toString(): string }) =>
    /^\/ip[46]\/([^/]+)/.exec(address.toString())?.[1]
  return {
    service: (components) => {
      server = create(components)
      return server
    },
    book: {
      get used() {
        return server?.reservations.size ?? 0
      },
      limit,
      mayGive: (peerId, ip) => {
        if (server === null) return false
        let places = 0
        for (const [holder, { addr }] of server.reservations.entries()) {
          if (holder.toString() !== peerId && ipOfPlace(addr) === ip) places++
        }
        return places < MAX_PLACES_PER_IP
      },
      free: (peerId) => void server?.reservations.delete(peerIdFromString(peerId)),
    },
  }
}
