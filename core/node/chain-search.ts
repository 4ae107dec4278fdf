/**
 * Looks for the chain of an account of which only a key is known: every peer that can be asked is, as it comes, a few
 * at a time, and again after a growing wait, until somebody knows it. Then others are waited for a little: they may
 * hold newer operations, and what counts is the union.
 */
import type { WhoisQuestion } from '../account/whois-frames.ts'
import type { ChainAsker } from '../account/whois-service.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'

export interface SearchTimes {
  /** Wait until a peer that knew nothing is asked again; doubles up to the limit. */
  readonly retryMs: number
  readonly maxRetryMs: number
  /** From the first chain found: others are waited for so long at least, and at most. */
  readonly settleMs: number
  readonly maxSettleMs: number
}

export const SEARCH_TIMES: SearchTimes = { retryMs: 10_000, maxRetryMs: 300_000, settleMs: 2_000, maxSettleMs: 8_000 }

/** On one machine nobody is hurt by frequent questions. */
export const LOCAL_SEARCH_TIMES: SearchTimes = { retryMs: 500, maxRetryMs: 4_000, settleMs: 500, maxSettleMs: 4_000 }

const MAX_PARALLEL = 4
const MAX_REMEMBERED_PEERS = 2_000

export interface ChainSearchComponents {
  readonly whois: ChainAsker
  readonly clock: Clock
  readonly logger: Logger
}

export interface ChainSearchInit {
  readonly question: WhoisQuestion
  readonly times: SearchTimes
  /** Addresses whose chains are held here already. */
  readonly known: readonly Uint8Array[]
  /** Peers that were asked so far. */
  readonly onAsked: (count: number) => void
}

interface AskedPeer {
  tries: number
  isAsking: boolean
  nextAtMs: number
}

export class ChainSearch {
  readonly #components: ChainSearchComponents
  readonly #init: ChainSearchInit
  readonly #peers = new LruMap<string, AskedPeer>(MAX_REMEMBERED_PEERS)
  readonly #found = new Map<string, Uint8Array>()
  readonly #asking = new Set<Promise<void>>()
  #asked = 0
  #foundAtMs: number | null = null
  #wake: () => void = () => {}

  constructor(components: ChainSearchComponents, init: ChainSearchInit) {
    this.#components = components
    this.#init = init
  }

  /** Addresses whose chains are held here now, at least one. @throws the signal's reason */
  async run(signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const stop = new AbortController()
    const wake = () => this.#wake()
    const unlisten = this.#components.whois.onPeer(wake)
    signal.addEventListener('abort', wake)
    this.#take(this.#init.known)
    try {
      for (;;) {
        signal.throwIfAborted()
        this.#askDue(AbortSignal.any([signal, stop.signal]))
        if (this.#isSettled()) return [...this.#found.values()]
        await this.#change()
      }
    } finally {
      unlisten()
      signal.removeEventListener('abort', wake)
      stop.abort(new Error('the search is over'))
      await Promise.all(this.#asking)
    }
  }

  #askDue(signal: AbortSignal): void {
    const now = this.#components.clock.now()
    for (const peerId of this.#components.whois.peers()) {
      if (this.#asking.size >= MAX_PARALLEL) return
      const peer = this.#peers.peek(peerId) ?? { tries: 0, isAsking: false, nextAtMs: 0 }
      const isDue = peer.tries === 0 || (this.#foundAtMs === null && peer.nextAtMs <= now)
      if (peer.isAsking || !isDue) continue
      this.#peers.set(peerId, peer)
      const work = this.#ask(peerId, peer, signal)
      this.#asking.add(work)
      void work.finally(() => {
        this.#asking.delete(work)
        this.#wake()
      })
    }
  }

  async #ask(peerId: string, peer: AskedPeer, signal: AbortSignal): Promise<void> {
    const { whois, clock, logger } = this.#components
    const { times, question, onAsked } = this.#init
    if (peer.tries === 0) onAsked(++this.#asked)
    peer.tries++
    peer.isAsking = true
    try {
      this.#take(await whois.ask(peerId, question, { signal }))
    } catch (error) {
      if (!signal.aborted) logger.debug({ err: error, peerId }, 'a peer could not say whose chain this is')
    }
    peer.isAsking = false
    peer.nextAtMs = clock.now() + Math.min(times.maxRetryMs, times.retryMs * 2 ** Math.min(peer.tries - 1, 20))
  }

  #take(addresses: readonly Uint8Array[]): void {
    for (const address of addresses) this.#found.set(toHex(address), address)
    if (this.#found.size > 0) this.#foundAtMs ??= this.#components.clock.now()
  }

  #isSettled(): boolean {
    if (this.#foundAtMs === null) return false
    const { settleMs, maxSettleMs } = this.#init.times
    const sinceMs = this.#components.clock.now() - this.#foundAtMs
    const isAnybodyLeft =
      this.#asking.size > 0 || this.#components.whois.peers().some((peerId) => !this.#peers.has(peerId))
    return sinceMs >= maxSettleMs || (sinceMs >= settleMs && !isAnybodyLeft)
  }

  /** Until somebody came, an answer did, or the next wait is over. */
  async #change(): Promise<void> {
    const { clock, whois } = this.#components
    const { settleMs, maxSettleMs, maxRetryMs } = this.#init.times
    const now = clock.now()
    const retries = whois.peers().map((peerId) => this.#peers.peek(peerId)?.nextAtMs ?? now)
    const settles = this.#foundAtMs === null ? [] : [this.#foundAtMs + settleMs, this.#foundAtMs + maxSettleMs]
    const dates = this.#foundAtMs === null ? retries : settles
    const nextMs = Math.min(maxRetryMs, ...dates.map((dateMs) => dateMs - now).filter((waitMs) => waitMs > 0))
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, nextMs)
    this.#wake = resolve
    await promise
    clearTimeout(timer)
  }
}
