import type { Stream } from '@libp2p/interface'
import type { AbortOptions } from '../util/startable.ts'
import { NetworkError } from './errors.ts'
import type { PeerStream } from './peer-host.ts'

/** Unread bytes of a stream at which the sender is paused, and half of which lets it go on. */
export const MAX_UNREAD_BYTES = 256 * 1024

/** Events after which a stream may have room again, or never will. */
const DRAIN_EVENTS = ['drain', 'idle', 'close'] as const

/** A libp2p stream as a `PeerStream`: pull instead of events, with back-pressure both ways. */
export class Libp2pStream implements PeerStream {
  readonly peerId: string
  readonly isOutbound: boolean
  readonly #stream: Stream
  readonly #chunks: Uint8Array[] = []
  #unreadBytes = 0
  #hasEnded = false
  #error: Error | null = null
  #wake: (() => void) | null = null

  constructor(stream: Stream, peerId: string) {
    this.#stream = stream
    this.peerId = peerId
    this.isOutbound = stream.direction === 'outbound'
    this.#hasEnded = stream.readableEnded
    stream.addEventListener('message', (event) => {
      const bytes = event.data instanceof Uint8Array ? event.data : event.data.subarray()
      this.#chunks.push(bytes)
      this.#unreadBytes += bytes.byteLength
      if (this.#unreadBytes > MAX_UNREAD_BYTES && stream.readStatus === 'readable') stream.pause()
      this.#notify()
    })
    stream.addEventListener('end', () => {
      this.#hasEnded = true
      this.#notify()
    })
    stream.addEventListener('close', (event) => {
      if (event.error !== undefined) this.#error ??= event.error
      this.#hasEnded = true
      this.#notify()
    })
  }

  async read(options: AbortOptions = {}): Promise<Uint8Array | null> {
    for (;;) {
      options.signal?.throwIfAborted()
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        this.#unreadBytes -= chunk.byteLength
        if (this.#unreadBytes <= MAX_UNREAD_BYTES / 2 && this.#stream.readStatus === 'paused') this.#stream.resume()
        return chunk
      }
      if (this.#error !== null) throw this.#error
      if (this.#hasEnded) return null
      await this.#change(options.signal)
    }
  }

  async write(bytes: Uint8Array, options: AbortOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    if (this.#stream.writeStatus !== 'writable') {
      throw this.#error ?? new NetworkError('stream-closed', 'the stream is closed for writing')
    }
    if (!this.#stream.send(bytes)) await this.#drained(options.signal)
  }

  async close(options: AbortOptions = {}): Promise<void> {
    await this.#stream.close(options.signal ? { signal: options.signal } : undefined)
  }

  abort(error: Error): void {
    this.#error ??= error
    this.#stream.abort(error)
    this.#notify()
  }

  /**
   * Until everything written has gone to the connection. The stream's own `onDrain` answers with the first drain it
   * ever had, so a second wait would be none; its events say when to look again.
   */
  async #drained(signal: AbortSignal | undefined): Promise<void> {
    const stream = this.#stream
    while (stream.writableNeedsDrain || stream.writeBufferLength > 0) {
      signal?.throwIfAborted()
      if (stream.writeStatus !== 'writable') {
        throw this.#error ?? new NetworkError('stream-closed', 'the stream was closed before everything was sent')
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          for (const name of DRAIN_EVENTS) stream.removeEventListener(name, wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        for (const name of DRAIN_EVENTS) stream.addEventListener(name, wake)
        signal?.addEventListener('abort', wake)
      })
    }
  }

  #notify(): void {
    this.#wake?.()
    this.#wake = null
  }

  async #change(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#wake = () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
    })
  }
}
