import type { CID } from 'multiformats/cid'
import { toHex } from '../util/bytes.ts'
import type { AbortOptions } from '../util/startable.ts'

/**
 * Who is asked for a block, and when. Connected peers hear "have?" (a few bytes), one of those that have it is asked
 * for the block, and everybody who was asked hears "cancel" at the end. Asking all of them for the block, as bitswap
 * does by default, brings as many copies as there are holders; and peers that are still waiting for the same block
 * would push theirs on arrival, because bitswap 4.0 never sends its cancels. No content routing, no dialling.
 */

export type WireWant = { readonly cid: CID; readonly kind: 'have' | 'block' | 'cancel' }

export type WireEvent =
  /** The peer is connected and speaks bitswap. */
  | { readonly type: 'peer'; readonly peer: string }
  | { readonly type: 'gone'; readonly peer: string }
  | { readonly type: 'has'; readonly peer: string; readonly cid: CID; readonly has: boolean }
  /** The bytes have the hash of the CID: the wire computed it from them. */
  | { readonly type: 'block'; readonly peer: string; readonly cid: CID; readonly bytes: Uint8Array }

/** Bitswap messages without its strategy. */
export interface BitswapWire {
  /** Connected peers that speak bitswap. */
  peers(): readonly string[]
  /** Rejects when the message can't be sent. */
  send(peer: string, wants: readonly WireWant[]): Promise<void>
  subscribe(listener: (event: WireEvent) => void): () => void
}

/** A peer that has the block and hasn't sent it for so long gives its turn to the next one; its block still counts. */
const PEER_TURN_MS = 10_000
/** Wait before a question is repeated that could not be sent. */
const RESEND_MS = 1_000
/** Peers that one want is said to, so that a crowded seed doesn't shout to thousands. */
const MAX_ASKED_PEERS = 64

interface Want {
  readonly cid: CID
  readonly asked: Set<string>
  /** Said that they have it and weren't given their turn yet, in order. */
  readonly holders: string[]
  /** Whose turn it is. */
  current: string | undefined
  turnTimer: NodeJS.Timeout | undefined
  /** Set while somebody has to be asked again whom the question didn't reach. */
  resendTimer: NodeJS.Timeout | undefined
  waiters: number
  readonly done: PromiseWithResolvers<FetchedBlock>
}

export interface FetchedBlock {
  readonly bytes: Uint8Array
  /** Who sent it. */
  readonly peer: string
}

export class BlockExchange {
  readonly #wire: BitswapWire
  readonly #wants = new Map<string, Want>()
  #unsubscribe: (() => void) | undefined

  constructor(components: { readonly wire: BitswapWire }) {
    this.#wire = components.wire
  }

  start(): void {
    this.#unsubscribe ??= this.#wire.subscribe((event) => this.#onEvent(event))
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    for (const want of this.#wants.values()) want.done.reject(new Error('the node stops'))
    for (const key of [...this.#wants.keys()]) this.#end(key)
  }

  /**
   * The block, from whoever has it; waits for peers to come and for holders to appear until the signal aborts.
   * @param prefer - asked for the block at once: the peer that sent the root has the leaves as well.
   * @throws the signal's reason.
   */
  async fetch(cid: CID, options: AbortOptions & { readonly prefer?: string | undefined }): Promise<FetchedBlock> {
    options.signal?.throwIfAborted()
    const key = keyOf(cid)
    const want = this.#wants.get(key) ?? this.#begin(key, cid, options.prefer)
    want.waiters++
    const aborted = Promise.withResolvers<never>()
    const onAbort = () => aborted.reject(options.signal?.reason)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([want.done.promise, aborted.promise])
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
      want.waiters--
      if (want.waiters === 0 && this.#wants.get(key) === want) this.#end(key)
    }
  }

  #begin(key: string, cid: CID, prefer: string | undefined): Want {
    const want: Want = {
      cid,
      asked: new Set(),
      holders: [],
      current: undefined,
      turnTimer: undefined,
      resendTimer: undefined,
      waiters: 0,
      done: Promise.withResolvers(),
    }
    // Nobody may be left to hear of it when the node stops.
    want.done.promise.catch(() => {})
    this.#wants.set(key, want)
    if (prefer !== undefined && this.#wire.peers().includes(prefer)) this.#giveTurn(want, prefer)
    else this.#askAll(want)
    return want
  }

  #askAll(want: Want): void {
    for (const peer of this.#wire.peers()) this.#ask(want, peer)
  }

  #ask(want: Want, peer: string): void {
    if (want.asked.has(peer) || want.asked.size >= MAX_ASKED_PEERS) return
    want.asked.add(peer)
    this.#send(want, peer, 'have')
  }

  #giveTurn(want: Want, peer: string): void {
    want.current = peer
    want.asked.add(peer)
    clearTimeout(want.turnTimer)
    want.turnTimer = setTimeout(() => this.#endTurn(want), PEER_TURN_MS)
    want.turnTimer.unref()
    this.#send(want, peer, 'block')
  }

  /** The next holder's turn; without one, everybody who wasn't asked yet is asked. */
  #endTurn(want: Want): void {
    clearTimeout(want.turnTimer)
    want.current = undefined
    const next = want.holders.shift()
    if (next === undefined) this.#askAll(want)
    else this.#giveTurn(want, next)
  }

  #send(want: Want, peer: string, kind: WireWant['kind']): void {
    this.#wire.send(peer, [{ cid: want.cid, kind }]).catch(() => {
      if (this.#wants.get(keyOf(want.cid)) !== want) return
      if (want.current === peer) this.#endTurn(want)
      if (kind === 'cancel') return
      // It was not heard: a stream broke, the peer is just starting or going.
      want.asked.delete(peer)
      want.resendTimer ??= setTimeout(() => {
        want.resendTimer = undefined
        this.#askAll(want)
      }, RESEND_MS)
      want.resendTimer.unref()
    })
  }

  #onEvent(event: WireEvent): void {
    if (event.type === 'peer') {
      for (const want of this.#wants.values()) this.#ask(want, event.peer)
      return
    }
    if (event.type === 'gone') {
      for (const want of this.#wants.values()) {
        want.asked.delete(event.peer)
        remove(want.holders, event.peer)
        if (want.current === event.peer) this.#endTurn(want)
      }
      return
    }
    const key = keyOf(event.cid)
    const want = this.#wants.get(key)
    if (want === undefined) return
    if (event.type === 'block') {
      want.done.resolve({ bytes: event.bytes, peer: event.peer })
      this.#end(key, event.peer)
    } else if (event.has) {
      if (want.current === undefined) this.#giveTurn(want, event.peer)
      else if (want.current !== event.peer && !want.holders.includes(event.peer)) want.holders.push(event.peer)
    } else {
      remove(want.holders, event.peer)
      if (want.current === event.peer) this.#endTurn(want)
    }
  }

  /** Takes the want off the list and off the lists of those that were asked, but for the one that sent the block. */
  #end(key: string, sender?: string): void {
    const want = this.#wants.get(key)
    if (want === undefined) return
    this.#wants.delete(key)
    clearTimeout(want.turnTimer)
    clearTimeout(want.resendTimer)
    for (const peer of want.asked) if (peer !== sender) this.#send(want, peer, 'cancel')
  }
}

/** Bitswap names blocks by their hash alone. */
function keyOf(cid: CID): string {
  return toHex(cid.multihash.bytes)
}

function remove(list: string[], item: string): void {
  const at = list.indexOf(item)
  if (at >= 0) list.splice(at, 1)
}
