import type { OwnDraft, OwnPublished } from '../ingest/own-log.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'

/** A follow whose account isn't known here yet. */
export interface PendingFollow {
  /** 32 bytes: a profile address, or the key of one of the person's devices. */
  readonly target: Uint8Array
  readonly addresses: readonly string[]
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Follows that wait; sync wants their authors at once. */
export interface PendingFollowBook {
  addPendingFollows(targets: readonly Uint8Array[], addresses: readonly string[]): Promise<void>
  removePendingFollows(targets: readonly Uint8Array[]): Promise<void>
  listPendingFollows(): Promise<readonly PendingFollow[]>
}

/** Commits records of this account and sends them on their way; resolves when they survive a power cut. */
export interface RecordPublisher {
  publish(drafts: readonly OwnDraft[], options?: AbortOptions): Promise<readonly OwnPublished[]>
}

/** Who this node speaks for. */
export interface OwnIdentity {
  /** Profile address, null without an account. */
  readonly profile: string | null
  /** The same as 32 bytes. */
  readonly address: Uint8Array | null
  /** 32-byte key of this device. */
  readonly deviceKey: Uint8Array
}

/** Addresses that the node dials and keeps dialling. Never throws: what isn't dialable is said in the status. */
export interface AddressKeeper {
  keep(address: string): void
}

/** A peer that is connected now and has said who it is. */
export interface ConnectedPeer {
  readonly peerId: string
  readonly isSeed: boolean
  /** What it calls itself, '' for nothing. */
  readonly name: string
  /** Address that others can dial it at, where we know one that has worked and may be told. */
  readonly dialable: string | null
}

export interface ConnectedPeers {
  listConnected(): readonly ConnectedPeer[]
}

/** A session of sync that has ended whole. */
export interface SyncedSession {
  /** The other side calls itself a seed. */
  readonly isSeed: boolean
  /** Authors that it was about, null for all that either side wants. */
  readonly scope: readonly Uint8Array[] | null
}

/** A part of the node that lives beside the network: started before it, stopped after it, told of what it brings. */
export interface NodePart extends Startable {
  /** Chains that have grown, 32-byte addresses. Returns at once. */
  noteIdentities(addresses: readonly Uint8Array[]): void
  /** Returns at once. */
  noteSynced(session: SyncedSession): void
}

/** What only this node knows and has to know again after a restart: JSON values by name, null for none. */
export interface StateBook {
  getState(key: string): Promise<unknown>
  setState(key: string, value: unknown): Promise<void>
}

/** Whom a part of the node can ask. */
export interface Reach {
  /** Peers that are connected now. */
  readonly connected: number
  /** Connected peers are asked for this author soon; those that come later with everything else. */
  ask(address: Uint8Array): void
}
