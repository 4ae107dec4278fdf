/**
 * From a relayed connection to a direct one, and from a lost one to another. Whoever dialled through a relay tries the
 * other's public addresses, then WebRTC; whoever was dialled tries the dialler's public addresses a little later, for
 * networks that let no UDP through. Where nothing works (two symmetric NATs, say) the relayed connection stays, and the
 * attempt is repeated a few times at growing distances. Once there is a direct connection, new streams take it, and the
 * relayed one is closed when nothing runs on it any more. When all connections to such a peer are lost, the other relays
 * that it named are tried.
 */
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { AbortOptions } from '../util/startable.ts'
import { isCircuit, isLoopbackAddress, isPublicAddress } from './addresses.ts'
import { describeDialError } from './errors.ts'

/** One open connection to a peer. */
export interface Path {
  readonly address: string
  readonly isRelayed: boolean
  readonly direction: 'in' | 'out'
  /** Something of a protocol above runs on it. */
  isBusy(): boolean
  close(): Promise<void>
}

/** What keeping paths needs of the host. */
export interface PathHost {
  paths(peerId: string): readonly Path[]
  /** What the peer says of itself. */
  addressesOf(peerId: string): readonly string[]
  /** The peer and this node both speak WebRTC. */
  canCross(peerId: string): boolean
  /** A connection besides those that are open. @throws Error when none of the addresses answers */
  dialAnew(addresses: readonly string[], options: AbortOptions): Promise<void>
}

export interface PathKeeperComponents {
  readonly host: PathHost
  readonly clock: Clock
  readonly logger: Logger
}

export interface PathTimes {
  /** Waits before the attempts at a direct connection. */
  readonly crossMs: readonly number[]
  /** Waits before the attempts to come back by another relay. */
  readonly rerouteMs: readonly number[]
  /** How long the side that was dialled leaves it to the other. */
  readonly yieldMs: number
}

export const PATH_TIMES: PathTimes = {
  crossMs: [0, 10_000, 60_000, 5 * 60_000, 15 * 60_000],
  rerouteMs: [250, 2_000, 4_000, 8_000, 16_000, 30_000],
  yieldMs: 5_000,
}

const DIAL_TIMEOUT_MS = 5_000
const CROSS_TIMEOUT_MS = 20_000
/** Longest that an attempt waits for something to attempt. */
const LOADING_MS = 30_000
/** A direct connection is there: how long the relayed one is left to what runs on it. */
const MAX_OVERLAP_MS = 60_000
const OVERLAP_LOOK_MS = 2_000
/** Peers of this kind that are worked on at once, and remembered. */
const MAX_AT_ONCE = 16
const MAX_REMEMBERED = 256
const MAX_DIALLED = 4

export class PathKeeper {
  readonly #components: PathKeeperComponents
  readonly #init: { readonly times: PathTimes; readonly onCrossed: (peerId: string) => void }
  /** Peers that were reached through a relay → their addresses, also by other relays. */
  readonly #relayed = new LruMap<string, readonly string[]>(MAX_REMEMBERED)
  readonly #work = new Map<string, { readonly done: Promise<void>; readonly abort: AbortController }>()
  readonly #stop = new AbortController()
  #crossedAt: number | null = null

  constructor(
    components: PathKeeperComponents,
    /** `onCrossed`: the peer is connected directly, and what was relayed is closed. */
    init: { readonly times?: PathTimes; readonly onCrossed?: (peerId: string) => void } = {},
  ) {
    this.#components = components
    this.#init = { times: init.times ?? PATH_TIMES, onCrossed: init.onCrossed ?? (() => {}) }
  }

  /** When a relayed connection last became a direct one, milliseconds since 1970. */
  get crossedAt(): number | null {
    return this.#crossedAt
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the node stops'))
    await Promise.all([...this.#work.values()].map(({ done }) => done))
  }

  /** The peer said who it is, or named other addresses. */
  noteIdentified(peerId: string): void {
    const paths = this.#components.host.paths(peerId)
    const relayed = paths.find(({ isRelayed }) => isRelayed)
    if (relayed === undefined && this.#relayed.get(peerId) === undefined) return
    if (relayed?.direction !== 'in') {
      const named = this.#components.host.addressesOf(peerId).filter(isCircuit)
      const own = relayed === undefined ? [] : [relayed.address]
      this.#relayed.set(peerId, [...new Set([...own, ...named])].slice(0, 2 * MAX_DIALLED))
    }
    if (relayed === undefined) return
    if (paths.some(({ isRelayed }) => !isRelayed)) this.#begin(peerId, (signal) => this.#letGo(peerId, signal))
    else this.#begin(peerId, (signal) => this.#cross(peerId, relayed, signal))
  }

  /** The last connection to the peer is gone. */
  noteLost(peerId: string): void {
    const addresses = this.#relayed.get(peerId)
    if (addresses === undefined) return
    // A crossing that is under way would take every other dial in, and has nothing left to stand on.
    const before = this.#work.get(peerId)
    before?.abort.abort(new Error('the relayed connection is lost'))
    this.#work.delete(peerId)
    this.#begin(peerId, async (signal) => {
      await before?.done
      await this.#reroute(peerId, addresses, signal)
    })
  }

  #begin(peerId: string, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#stop.signal.aborted || this.#work.has(peerId) || this.#work.size >= MAX_AT_ONCE) return
    const abort = new AbortController()
    const signal = AbortSignal.any([abort.signal, this.#stop.signal])
    const done = work(signal)
      .catch((error: unknown) => {
        if (signal.aborted) return
        this.#components.logger.debug({ peerId, error: describeDialError(error) }, 'no other path to a peer')
      })
      .finally(() => {
        if (this.#work.get(peerId)?.done === done) this.#work.delete(peerId)
      })
    this.#work.set(peerId, { done, abort })
  }

  async #cross(peerId: string, relayed: Path, signal: AbortSignal): Promise<void> {
    const { host, clock, logger } = this.#components
    const isDone = () => host.paths(peerId).every(({ isRelayed }) => !isRelayed) || this.#isDirect(peerId)
    for (const waitMs of this.#init.times.crossMs) {
      await this.#wait(signal, relayed.direction === 'in' ? waitMs + this.#init.times.yieldMs : waitMs, isDone)
      // What carries it may still be loading, on either side.
      await this.#wait(signal, LOADING_MS, () => isDone() || this.#ways(peerId, relayed).length > 0)
      if (isDone()) break
      for (const [addresses, timeoutMs] of this.#ways(peerId, relayed)) {
        try {
          await host.dialAnew(addresses, { signal: deadline(signal, timeoutMs) })
        } catch (error) {
          signal.throwIfAborted()
          logger.debug({ peerId, addresses, error: describeDialError(error) }, 'no direct connection this way')
        }
        if (isDone()) break
      }
      if (isDone()) break
    }
    if (!this.#isDirect(peerId)) return
    this.#crossedAt = clock.now()
    await this.#letGo(peerId, signal)
    this.#init.onCrossed(peerId)
  }

  /** What to dial, in order, with the time that it gets. */
  #ways(peerId: string, relayed: Path): [addresses: readonly string[], timeoutMs: number][] {
    const { host } = this.#components
    const open = host
      .addressesOf(peerId)
      .filter((address) => !isCircuit(address) && isPublicAddress(address))
      .slice(0, MAX_DIALLED)
    const ways: [readonly string[], number][] = open.length === 0 ? [] : [[open, DIAL_TIMEOUT_MS]]
    const crossing = relayed.address.replace(/\/p2p-circuit\/p2p\//, '/p2p-circuit/webrtc/p2p/')
    if (relayed.direction === 'out' && host.canCross(peerId)) ways.push([[crossing], CROSS_TIMEOUT_MS])
    return ways
  }

  /** Closes relayed connections beside a direct one: at once where nothing runs on them, else a while later. */
  async #letGo(peerId: string, signal: AbortSignal): Promise<void> {
    const { host, clock } = this.#components
    const until = clock.now() + MAX_OVERLAP_MS
    for (;;) {
      const relayed = host.paths(peerId).filter(({ isRelayed }) => isRelayed)
      if (relayed.length === 0 || !this.#isDirect(peerId)) return
      for (const path of relayed) {
        // The dialler closes; the other side only what the dialler left behind.
        const isLate = clock.now() >= until
        if (isLate || (path.direction === 'out' && !path.isBusy())) await path.close()
      }
      await this.#wait(signal, OVERLAP_LOOK_MS)
    }
  }

  async #reroute(peerId: string, addresses: readonly string[], signal: AbortSignal): Promise<void> {
    const { host } = this.#components
    for (const waitMs of this.#init.times.rerouteMs) {
      await this.#wait(signal, waitMs)
      for (const address of addresses) {
        if (host.paths(peerId).length > 0) return
        try {
          await host.dialAnew([address], { signal: deadline(signal, DIAL_TIMEOUT_MS) })
        } catch (error) {
          signal.throwIfAborted()
          this.#components.logger.debug({ peerId, address, error: describeDialError(error) }, 'a relay is silent')
        }
      }
    }
  }

  #isDirect(peerId: string): boolean {
    return this.#components.host.paths(peerId).some(({ isRelayed }) => !isRelayed)
  }

  /** Until the time is up or nothing is to be waited for any more. @throws the signal's reason */
  async #wait(signal: AbortSignal, durationMs: number, isDone: () => boolean = () => false): Promise<void> {
    const until = this.#components.clock.now() + durationMs
    while (!isDone()) {
      const leftMs = until - this.#components.clock.now()
      if (leftMs <= 0) break
      await sleep(Math.min(leftMs, 1_000), signal)
    }
    signal.throwIfAborted()
  }
}

function deadline(signal: AbortSignal, timeoutMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
}

async function sleep(durationMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, durationMs)
    signal.addEventListener('abort', end)
  })
  signal.throwIfAborted()
}

/** The circuit addresses without those that lead nowhere: by a loopback address, or a private one beside a public. */
export function pruneCircuits<T extends { toString(): string }>(addresses: readonly T[]): T[] {
  const relayOf = (address: string) => /\/p2p\/([^/]+)\/p2p-circuit/.exec(address)?.[1]
  const circuits = addresses.map(String).filter(isCircuit)
  const hasPublic = new Set(circuits.filter(isPublicAddress).map(relayOf))
  return addresses.filter((each) => {
    const address = each.toString()
    if (!isCircuit(address) || isPublicAddress(address)) return true
    return !isLoopbackAddress(address) && !hasPublic.has(relayOf(address))
  })
}
