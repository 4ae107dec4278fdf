import type { GossipRpc, RpcGuard } from './rpc-guard.ts'

interface PeerName {
  toString(): string
}

/** What the library keeps to itself: how it reads the stream of a peer. */
export interface StreamReader {
  decodeRpc(bytes: Uint8Array): GossipRpc
  handleReceivedRpc(from: PeerName, rpc: GossipRpc): Promise<void>
  handlePeerReadStreamError(error: unknown, from: PeerName): void
  pipePeerReadStream(from: PeerName, frames: AsyncIterable<{ subarray(): Uint8Array }>): Promise<void>
}

/** What the length-prefixed reader throws for an RPC that is too large, or whose length is no number. */
const LENGTH_ERRORS = ['InvalidDataLengthError', 'InvalidDataLengthLengthError', 'InvalidMessageLengthError']

/** Longest time for which a peer may tell us not to choose it, seconds: the library remembers it even when it has gone. */
const MAX_BACKOFF_SECONDS = 3_600

/**
 * Has the guard look at each RPC before the library does: this is the library's own loop, with that. Must be called
 * before the first stream is opened.
 */
export function guardStreams(library: StreamReader, guard: RpcGuard): void {
  library.pipePeerReadStream = async (from, frames) => {
    const peerId = from.toString()
    try {
      for await (const frame of frames) {
        const bytes = frame.subarray()
        if (!guard.admits(peerId, bytes.length)) continue
        const rpc = decode(library, bytes)
        if (rpc === null) {
          guard.noteBroken(peerId)
          continue
        }
        guard.trim(peerId, rpc)
        shortenBackoffs(rpc)
        // What is wrong in a message is the validator's to find; the next RPC doesn't wait for it.
        library.handleReceivedRpc(from, rpc).catch(() => {})
      }
    } catch (error) {
      if (error instanceof Error && LENGTH_ERRORS.includes(error.name)) guard.noteOversized(peerId)
      library.handlePeerReadStreamError(error, from)
    }
  }
}

function decode(library: StreamReader, bytes: Uint8Array): GossipRpc | null {
  try {
    return library.decodeRpc(bytes)
  } catch {
    return null
  }
}

function shortenBackoffs({ control }: GossipRpc): void {
  for (const prune of control?.prune ?? []) {
    if ((prune.backoff ?? 0) > MAX_BACKOFF_SECONDS) prune.backoff = MAX_BACKOFF_SECONDS
  }
}
