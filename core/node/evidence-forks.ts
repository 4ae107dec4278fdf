import type { Clock } from '../util/clock.ts'

/** Devices that are remembered, numbers of each (the newest), and peers that brought a second history. */
export const MAX_FORKED_DEVICES = 64
const MAX_SEQS = 64
const MAX_PEERS = 4

/** A device that signed two histories. */
export interface ForkEntry {
  /** 32 bytes in hex, as is `device`. */
  readonly author: string
  readonly device: string
  /** Ascending; the newest where there are many. */
  readonly seqs: readonly number[]
  /** Peers that brought a record of another history than the one that was here, the first ones. */
  readonly peers: readonly string[]
  /** When this node saw it first, milliseconds since 1970. */
  readonly sinceMs: number
}

/** Devices that have signed two records with one number (LOG3), with who brought the second. Nobody's fault but the device's. */
export class ForkBook {
  readonly #clock: Clock
  /** By author and device; the one that changed last comes last. */
  readonly #entries = new Map<string, ForkEntry>()

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  /** The latest first. */
  list(): ForkEntry[] {
    return [...this.#entries.values()].toReversed()
  }

  /** These numbers are forked; `peerId` has just brought records beside others. True when that is news. */
  note(author: string, device: string, seqs: readonly number[], peerId: string | null): boolean {
    if (seqs.length === 0) return false
    const before = this.#entries.get(author + device)
    const known = before?.peers ?? []
    const isNewPeer = peerId !== null && !known.includes(peerId) && known.length < MAX_PEERS
    const all = [...new Set([...(before?.seqs ?? []), ...seqs])].sort((a, b) => a - b).slice(-MAX_SEQS)
    if (before !== undefined && !isNewPeer && all.every((seq) => before.seqs.includes(seq))) return false
    this.#put({
      author,
      device,
      seqs: all,
      peers: isNewPeer ? [...known, peerId] : known,
      sinceMs: before?.sinceMs ?? this.#clock.now(),
    })
    return true
  }

  /** Puts entries of an earlier run here, in order. */
  restore(entries: readonly ForkEntry[]): void {
    for (const entry of entries) this.#put(entry)
  }

  #put(entry: ForkEntry): void {
    const key = entry.author + entry.device
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MAX_FORKED_DEVICES && oldest !== undefined) this.#entries.delete(oldest)
  }
}
