/**
 * Tells whoever asks under which address and port their datagram arrived, so that two peers behind NATs can find each
 * other's outside addresses. Seeds answer on UDP with the number of the TCP port that they listen on (`RCH4`).
 *
 * Anybody may send to it, under a forged address too: an answer is 32 or 44 bytes, everything that isn't a plain binding
 * request gets none, and one address gets a few a second. Nothing is kept of who asked but a counter.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type Clock, systemClock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import type { Logger } from '../util/logger.ts'
import { TokenBucket } from '../util/token-bucket.ts'
import { decodeBindingRequest, encodeBindingSuccess } from './stun-message.ts'

/** Answers to one address: gathering candidates takes a handful, a family behind one router a few times that. */
export const STUN_PER_SECOND = 5
export const STUN_BURST = 30
/** To everybody together. */
export const STUN_TOTAL_PER_SECOND = 1_000
/** Addresses whose counters are kept, least recent out. */
const MAX_COUNTED = 10_000

export interface StunResponderComponents {
  readonly logger: Logger
  readonly clock?: Clock
}

export interface StunResponderInit {
  /** Of this machine: `0.0.0.0`, `::` or one of its own. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export class StunResponder {
  readonly #logger: Logger
  readonly #init: StunResponderInit
  readonly #buckets: KeyedBuckets
  readonly #total: TokenBucket
  #socket: Socket | null = null

  constructor(components: StunResponderComponents, init: StunResponderInit) {
    this.#logger = components.logger
    this.#init = init
    const clock = components.clock ?? systemClock
    this.#buckets = new KeyedBuckets(
      { clock },
      { refillPerSecond: STUN_PER_SECOND, capacity: STUN_BURST, maxKeys: MAX_COUNTED },
    )
    this.#total = new TokenBucket(
      { clock },
      { refillPerSecond: STUN_TOTAL_PER_SECOND, capacity: STUN_TOTAL_PER_SECOND },
    )
  }

  /** @returns the port. @throws Node's error (`EADDRINUSE` …) when it can't be bound */
  async start(): Promise<number> {
    const socket = createSocket(this.#init.host.includes(':') ? 'udp6' : 'udp4')
    socket.on('message', (message, from) => this.#onMessage(socket, message, from))
    socket.bind({ address: this.#init.host, port: this.#init.port, exclusive: true })
    try {
      await once(socket, 'listening')
    } catch (error) {
      socket.close()
      throw error
    }
    socket.on('error', (error) => this.#logger.warn({ err: error }, 'the STUN socket reports an error'))
    socket.unref()
    this.#socket = socket
    return socket.address().port
  }

  /** Idempotent. */
  stop(): void {
    this.#socket?.close()
    this.#socket = null
  }

  #onMessage(socket: Socket, message: Uint8Array, { address, port }: RemoteInfo): void {
    // Nobody can be answered at port 0; a forged sender is the only one who has it.
    if (port === 0) return
    const transaction = decodeBindingRequest(message)
    if (transaction === null || !this.#mayAnswer(address)) return
    // What can't be sent is lost, as datagrams are.
    socket.send(encodeBindingSuccess(transaction, address, port), port, address, () => {})
  }

  #mayAnswer(address: string): boolean {
    const key = address.includes(':') ? address.split(':').slice(0, 4).join(':') : address
    return this.#buckets.take(key) && this.#total.take()
  }
}
