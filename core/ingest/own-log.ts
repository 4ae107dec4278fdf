import type { AbortOptions } from '../util/startable.ts'

/** A record to be written by this device: kind number and encoded body (salt included). */
export interface OwnDraft {
  readonly kind: number
  readonly body: Uint8Array
}

export interface OwnPublished {
  readonly id: Uint8Array
  readonly seq: number
  readonly ts: number
  /** Wire bytes, ready for gossip. */
  readonly record: Uint8Array
}

/**
 * The log of this device. One writer: assigns seq and prev, signs, commits to the own database (`synchronous=FULL`)
 * and only then passes the record through the door like any other. Resolves when the record survives a power cut.
 * The drafts of one call stand in one transaction, in order.
 */
export interface OwnLog {
  publish(drafts: readonly OwnDraft[], options?: AbortOptions): Promise<readonly OwnPublished[]>
}
