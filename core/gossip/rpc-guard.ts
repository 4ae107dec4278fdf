/**
 * What a peer may send over its gossip stream before the library looks at it (GOS11). The library has no limit for what
 * comes from one peer: it decodes, hashes and remembers all of it, answers what is over its own limits for lists with
 * silence, and thinks no worse of the sender. Here what is over is let go of unseen, and who goes on and on is named.
 *
 * To be over is no offence: whoever passes on what a large network says may be, and then sync brings it. An abuser is who
 * is over by a thousand a second.
 */
import type { BanReason } from '../contract/bans.ts'
import type { Clock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'

/** Of one peer, a second and at once; a seed takes four times as much. */
export const RPC_LIMITS = {
  /** RPCs, each 16 KiB more counting as another one. */
  frames: { perSecond: 1_000, burst: 4_000 },
  /** Messages, each 8 KiB more counting as another one; twice what the validator takes (GOS6). */
  messages: { perSecond: 100, burst: 400 },
  /** Entries of control lists, 32 ids counting as another one. */
  control: { perSecond: 500, burst: 4_000 },
  subscriptions: { perSecond: 10, burst: 1_024 },
} as const
const SEED_FACTOR = 4

/** What may be over, at once and a second, until whoever sends it is an abuser. */
export const EXCESS = { perSecond: 1_000, burst: 2_000 } as const

/** What can't be read: a few are a bug or a later version. */
const BROKEN = { burst: 20, perSecond: 1 / 60 } as const
/** An RPC above the library's size limit. An honest peer that answers a long IWANT may send one. */
const OVERSIZED_PRICE = 5

const FRAME_BYTES = 16 * 1_024
const MESSAGE_BYTES = 8 * 1_024
const IDS_PER_ENTRY = 32

interface IdList {
  readonly messageIDs?: readonly Uint8Array[]
}

/** An RPC as the library decodes it, as far as it is looked at here. */
export interface GossipRpc {
  subscriptions: readonly unknown[]
  messages: readonly { readonly data?: Uint8Array }[]
  control?: {
    ihave: readonly IdList[]
    iwant: readonly IdList[]
    graft: readonly unknown[]
    prune: readonly { backoff?: number }[]
    idontwant: readonly IdList[]
  }
}

type Kind = keyof typeof RPC_LIMITS

export type RpcBreach = Extract<BanReason, 'message-flood' | 'control-flood' | 'broken-gossip'>

const BREACH_OF = {
  frames: 'control-flood',
  messages: 'message-flood',
  control: 'control-flood',
  subscriptions: 'control-flood',
} as const satisfies Record<Kind, RpcBreach>

export class RpcGuard {
  /** Told of whoever goes on and on, again with everything that comes until somebody ends it. Must not throw. */
  onBreach: (peerId: string, reason: RpcBreach) => void = () => {}
  /** Told of a peer whose stream had to end, because what came on it could be read no further. Must not throw. */
  onDeaf: (peerId: string) => void = () => {}
  readonly #allowed: { readonly [kind in Kind]: KeyedBuckets }
  readonly #excess: KeyedBuckets
  readonly #broken: KeyedBuckets

  constructor(components: { readonly clock: Clock }, init: { readonly isSeed: boolean }) {
    const factor = init.isSeed ? SEED_FACTOR : 1
    const bucketsOf = ({ perSecond, burst }: { perSecond: number; burst: number }) =>
      new KeyedBuckets(components, { capacity: burst * factor, refillPerSecond: perSecond * factor })
    this.#allowed = {
      frames: bucketsOf(RPC_LIMITS.frames),
      messages: bucketsOf(RPC_LIMITS.messages),
      control: bucketsOf(RPC_LIMITS.control),
      subscriptions: bucketsOf(RPC_LIMITS.subscriptions),
    }
    this.#excess = new KeyedBuckets(components, { capacity: EXCESS.burst, refillPerSecond: EXCESS.perSecond })
    this.#broken = new KeyedBuckets(components, { capacity: BROKEN.burst, refillPerSecond: BROKEN.perSecond })
  }

  /** Whether an RPC of so many bytes is to be decoded. */
  admits(peerId: string, bytes: number): boolean {
    return this.#take(peerId, 'frames', 1 + bytes / FRAME_BYTES)
  }

  /** Takes out of a decoded RPC what is over: no messages, no lists, no subscriptions, or some of the messages. */
  trim(peerId: string, rpc: GossipRpc): void {
    const { subscriptions, messages, control } = rpc
    if (subscriptions.length > 0 && !this.#take(peerId, 'subscriptions', subscriptions.length)) rpc.subscriptions = []
    if (messages.length > 0)
      rpc.messages = messages.filter((message) => this.#take(peerId, 'messages', priceOf(message)))
    if (control === undefined) return
    const { ihave, iwant, graft, prune, idontwant } = control
    const ids = [ihave, iwant, idontwant].flat().reduce((sum, { messageIDs }) => sum + (messageIDs?.length ?? 0), 0)
    const entries = [ihave, iwant, graft, prune, idontwant].reduce((sum, list) => sum + list.length, 0)
    if (!this.#take(peerId, 'control', entries + ids / IDS_PER_ENTRY)) delete rpc.control
  }

  /** Something came that can't be read. */
  noteBroken(peerId: string, price = 1): void {
    if (!this.#broken.take(peerId, price)) this.onBreach(peerId, 'broken-gossip')
  }

  /** Something came that is too large, or whose length is no number: the stream ends with it. */
  noteOversized(peerId: string): void {
    this.noteBroken(peerId, OVERSIZED_PRICE)
    this.onDeaf(peerId)
  }

  #take(peerId: string, kind: Kind, price: number): boolean {
    if (this.#allowed[kind].take(peerId, price)) return true
    if (!this.#excess.take(peerId, price)) this.onBreach(peerId, BREACH_OF[kind])
    return false
  }
}

function priceOf({ data }: { readonly data?: Uint8Array }): number {
  return Math.max(1, (data?.length ?? 0) / MESSAGE_BYTES)
}
