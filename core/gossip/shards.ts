import { sha256 } from '../identity/hash.ts'

/** Topics of version 1, a constant of the protocol (GOS1). */
export const SHARD_COUNT = 64

/** Shard of an author: the first six bits of sha256 of the 32-byte address, 0 … 63 (GOS2). */
export function shardOf(author: Uint8Array): number {
  return (sha256(author)[0] as number) >> 2
}

/** Topic of a shard. `domain` is the network's signature domain, 'palabre' for the public network (GOS1). */
export function formatTopic(shard: number, domain = 'palabre'): string {
  return `/${domain}/1/shard/${String(shard).padStart(2, '0')}`
}

/** All topics, by shard. */
export function listTopics(domain = 'palabre'): readonly string[] {
  return Array.from({ length: SHARD_COUNT }, (_, shard) => formatTopic(shard, domain))
}
