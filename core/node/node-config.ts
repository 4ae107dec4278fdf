import type { Worker } from 'node:worker_threads'
import type { Budgets } from '../ingest/budgets.ts'
import type { Clock } from '../util/clock.ts'
import type { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { NodeRouter } from './api/router.ts'
import type { VaultSecrets } from './device-vault.ts'
import type { NetworkDescriptor } from './network-descriptor.ts'

export interface NodeConfig {
  /** Folder of one account; it is made when missing. Whoever starts a node sees to it that only one uses it. */
  readonly dataDir: string
  readonly role: 'peer' | 'seed'
  /** Display name of the account that is made where there is none. */
  readonly name: string | null
  /** Multiaddrs; port 0 takes a free one. */
  readonly listen: readonly string[]
  /** Addresses under which others reach this node, besides those it listens on. */
  readonly announce: readonly string[]
  /** False for a node that dials only `peers` and whom it is told to; true when left out. */
  readonly discovers?: boolean
  /** Peers behind NATs that this node passes connections on for; a seed's 512 when left out, nobody for others. */
  readonly relayPlaces?: number | undefined
  /** Connections at the same time; 2,000 of a seed and 100 of others when left out. */
  readonly maxConnections?: number | undefined
  /** Multiaddrs that are dialled and kept. */
  readonly peers: readonly string[]
  readonly network: NetworkDescriptor
  /** Profile addresses or links whose authors are kept for good. */
  readonly pins: readonly string[]
  /** Of seeds: keep every author that is heard, or pinned ones only. */
  readonly admit: 'all' | 'pinned'
  /** How much of the disk may be taken, where that isn't as chosen in the window or as for everybody. */
  readonly budgets?: Partial<Budgets> | undefined
  /** What is held back for a full disk; 64 MiB when left out, less on a small disk and on the local network. */
  readonly ballastBytes?: number | undefined
  /** Between a guardian's notice and its signature; 72 hours when left out. */
  readonly guardianDelayMs?: number | undefined
  /** Longest that somebody is looked for by peer ID; a minute when left out, less on the local network. */
  readonly searchLimitMs?: number | undefined
  /** True for a node that never listens and dials nobody: there is something to do on its data directory only. */
  readonly isOffline?: boolean
}

export interface NodeComponents {
  readonly logger: Logger
  /** The store's thread, where the host has started it already. */
  readonly storeThread?: Worker | undefined
  readonly clock?: Clock | undefined
  readonly random?: RandomSource | undefined
  /** What opens the vault; nothing for one that lies open. */
  readonly secrets?: VaultSecrets | undefined
}

export interface NodeAddresses {
  /** Profile address, null without an account. */
  readonly profile: string | null
  readonly peerId: string
  /** Full dialable multiaddrs, TCP first. */
  readonly addresses: readonly string[]
}

export interface PalabreNode {
  /** Resolves when the store is open and the API answers; the network comes up after, in the background. */
  start(): Promise<void>
  /** Within five seconds; may be called twice. */
  stop(): Promise<void>
  /** The API, for carriers to serve. */
  readonly router: NodeRouter
  /** Resolves once libp2p listens; rejects with a reason for people when it can't. */
  readonly listening: Promise<NodeAddresses>
  /** Resolves with the reason when the node can't go on by itself; the host says it and ends. Never rejects. */
  readonly failed: Promise<PalabreError>
  /** A picture as it lies here, of an allow-listed, sniffed type; null when it isn't here whole. */
  readMedia(cid: string, signal?: AbortSignal): Promise<{ type: string; bytes: Uint8Array } | null>
}
