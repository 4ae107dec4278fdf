import { NetworkError } from '../../core/net/errors.ts'
import type { HostEvent, PeerConnection, PeerHost, PeerStream, StreamHandler } from '../../core/net/peer-host.ts'
import type { AbortOptions } from '../../core/util/startable.ts'

/** Bytes one way: reading waits for writing, and writing while a window of bytes is unread. */
class BytePipe {
  readonly #chunks: Uint8Array[] = []
  readonly #windowBytes: number
  #unreadBytes = 0
  #hasEnded = false
  #error: Error | null = null
  #waiting: (() => void)[] = []

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes
  }

  async write(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    while (this.#unreadBytes >= this.#windowBytes && !this.#hasEnded) {
      signal?.throwIfAborted()
      await this.#change(signal)
    }
    if (this.#hasEnded || this.#error !== null) throw this.#error ?? new NetworkError('stream-closed', 'ended')
    this.#chunks.push(bytes)
    this.#unreadBytes += bytes.byteLength
    this.#wake()
  }

  async read(signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    for (;;) {
      signal?.throwIfAborted()
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        this.#unreadBytes -= chunk.byteLength
        this.#wake()
        return chunk
      }
      if (this.#error !== null) throw this.#error
      if (this.#hasEnded) return null
      await this.#change(signal)
    }
  }

  end(error: Error | null = null): void {
    this.#error ??= error
    this.#hasEnded = true
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #change(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  }
}

class MemoryStream implements PeerStream {
  readonly peerId: string
  readonly isOutbound: boolean
  readonly #incoming: BytePipe
  readonly #outgoing: BytePipe

  constructor(peerId: string, isOutbound: boolean, incoming: BytePipe, outgoing: BytePipe) {
    this.peerId = peerId
    this.isOutbound = isOutbound
    this.#incoming = incoming
    this.#outgoing = outgoing
  }

  read(options: AbortOptions = {}): Promise<Uint8Array | null> {
    return this.#incoming.read(options.signal)
  }

  async write(bytes: Uint8Array, options: AbortOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    await this.#outgoing.write(bytes, options.signal)
  }

  async close(): Promise<void> {
    this.#outgoing.end()
  }

  abort(error: Error): void {
    this.#incoming.end(error)
    this.#outgoing.end(error)
  }
}

/** Hosts that are all connected to one another once they have been joined; streams are bytes in memory. */
export class MemoryNetwork {
  readonly hosts = new Map<string, MemoryHost>()
  /** Unread bytes of a stream at which writing waits. */
  readonly windowBytes: number

  constructor(init: { readonly windowBytes?: number } = {}) {
    this.windowBytes = init.windowBytes ?? Number.POSITIVE_INFINITY
  }

  host(peerId: string): MemoryHost {
    const host = new MemoryHost(this, peerId)
    this.hosts.set(peerId, host)
    return host
  }

  /** Both sides connect, and say which protocols they speak. */
  join(one: MemoryHost, other: MemoryHost): void {
    one.meet(other)
    other.meet(one)
  }

  part(one: MemoryHost, other: MemoryHost): void {
    one.leave(other)
    other.leave(one)
  }
}

/** The part of a host that stream protocols use. */
export class MemoryHost
  implements
    Pick<PeerHost, 'peerId' | 'handle' | 'unhandle' | 'openStream' | 'subscribe' | 'isConnected' | 'connections'>
{
  readonly peerId: string
  readonly #network: MemoryNetwork
  readonly #handlers = new Map<string, StreamHandler>()
  readonly #listeners = new Set<(event: HostEvent) => void>()
  readonly #connected = new Set<string>()
  /** Streams that were opened to this host. */
  opened = 0

  constructor(network: MemoryNetwork, peerId: string) {
    this.#network = network
    this.peerId = peerId
  }

  /** As the components take it. */
  get peerHost(): PeerHost {
    return this as unknown as PeerHost
  }

  get protocols(): string[] {
    return [...this.#handlers.keys()]
  }

  isConnected(peerId: string): boolean {
    return this.#connected.has(peerId)
  }

  connections(): readonly PeerConnection[] {
    return [...this.#connected].map((peerId) => ({ peerId, address: '', direction: 'out', connectedSince: 0 }))
  }

  async handle(protocol: string, handler: StreamHandler): Promise<void> {
    this.#handlers.set(protocol, handler)
  }

  async unhandle(protocol: string): Promise<void> {
    this.#handlers.delete(protocol)
  }

  async openStream(peerId: string, protocol: string): Promise<PeerStream> {
    const other = this.#connected.has(peerId) ? this.#network.hosts.get(peerId) : undefined
    if (other === undefined) throw new NetworkError('unreachable', 'the peer is not connected')
    const { windowBytes } = this.#network
    const [there, back] = [new BytePipe(windowBytes), new BytePipe(windowBytes)]
    other.#accept(protocol, new MemoryStream(this.peerId, false, there, back))
    return new MemoryStream(peerId, true, back, there)
  }

  subscribe(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  meet(other: MemoryHost): void {
    this.#connected.add(other.peerId)
    this.#emit({ type: 'peer-connected', peerId: other.peerId, direction: 'out' })
    this.#emit({ type: 'peer-identified', peerId: other.peerId, protocols: other.protocols })
  }

  leave(other: MemoryHost): void {
    this.#connected.delete(other.peerId)
    this.#emit({ type: 'peer-disconnected', peerId: other.peerId })
  }

  #accept(protocol: string, stream: PeerStream): void {
    this.opened++
    const handler = this.#handlers.get(protocol)
    if (handler === undefined) throw new NetworkError('unsupported-protocol', `nobody speaks ${protocol}`)
    handler(stream).catch((error: unknown) => stream.abort(error instanceof Error ? error : new Error(String(error))))
  }

  #emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
