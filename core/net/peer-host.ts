import type { BanReason } from '../contract/bans.ts'
import type { AbortOptions } from '../util/startable.ts'

/** One open connection as the layers above see it. */
export interface PeerConnection {
  readonly peerId: string
  /** Multiaddr of the other end. */
  readonly address: string
  readonly direction: 'in' | 'out'
  /** Milliseconds since 1970. */
  readonly connectedSince: number
  /** Through a relay, which carries a limited number of bytes for a limited time. */
  readonly isRelayed?: boolean
}

/**
 * A byte stream to one peer. Reading pauses the sender once `MAX_UNREAD_BYTES` wait here; writing waits until the
 * connection takes more. That `close` or `write` succeeds proves no delivery: protocols end with an acknowledgement.
 */
export interface PeerStream {
  readonly peerId: string
  readonly isOutbound: boolean
  /** The next bytes, at least one; null when the other side has ended its half. @throws when the stream breaks. */
  read(options?: AbortOptions): Promise<Uint8Array | null>
  /** Resolves when the stream would take more. @throws when the stream is closed. */
  write(bytes: Uint8Array, options?: AbortOptions): Promise<void>
  /** Ends our half after what was written. */
  close(options?: AbortOptions): Promise<void>
  /** Drops both halves at once. */
  abort(error: Error): void
}

export type StreamHandler = (stream: PeerStream) => Promise<void>

export interface StreamLimits {
  /** Concurrent inbound streams of this protocol on one connection. */
  readonly maxInbound: number
  /** Concurrent outbound streams of this protocol on one connection. */
  readonly maxOutbound: number
}

export type HostEvent =
  | { readonly type: 'peer-connected'; readonly peerId: string; readonly direction: 'in' | 'out' }
  | { readonly type: 'peer-disconnected'; readonly peerId: string }
  /** The peer said which protocols it speaks; streams of those may be opened from now on. */
  | { readonly type: 'peer-identified'; readonly peerId: string; readonly protocols: readonly string[] }
  | { readonly type: 'addresses-changed' }

export interface Flow {
  readonly receivedBytes: number
  readonly sentBytes: number
}

/** Bytes on the transport connections since the start, see `ByteMeter`. */
export interface Traffic extends Flow {
  /** Of those, what protocols sent and got in their streams, by protocol: without what carries it. */
  readonly protocols: ReadonlyMap<string, Flow>
}

/** What gossip, sync and the peer manager use of the network. */
export interface PeerHost {
  /** `12D3Koo…` of this device's key. */
  readonly peerId: string
  /** Full dialable multiaddrs ending in /p2p/…, TCP first. */
  addresses(): readonly string[]
  /** One entry a peer: a direct connection before a relayed one, the oldest of its kind. */
  connections(): readonly PeerConnection[]
  isConnected(peerId: string): boolean
  /** Connects and answers the peer's ID. @throws NetworkError with a cause for people. */
  dial(address: string, options?: AbortOptions): Promise<string>
  disconnect(peerId: string): Promise<void>
  /** Drops its connections at once, and takes none to or from it for `BAN_MS`. */
  ban(peerId: string, reason: BanReason): void
  /** A protected peer is the last to go when there are too many connections. */
  protect(peerId: string, isProtected: boolean): Promise<void>
  handle(protocol: string, handler: StreamHandler, limits: StreamLimits): Promise<void>
  unhandle(protocol: string): Promise<void>
  /** @throws NetworkError when not connected or when the peer doesn't speak the protocol. */
  openStream(peerId: string, protocol: string, options?: AbortOptions & { maxOutbound?: number }): Promise<PeerStream>
  /** Round trip in milliseconds. */
  ping(peerId: string, options?: AbortOptions): Promise<number>
  traffic(): Traffic
  /** Returns the function that ends the subscription. A listener must not throw. */
  subscribe(listener: (event: HostEvent) => void): () => void
}
