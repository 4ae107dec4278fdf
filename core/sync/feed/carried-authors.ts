import { toHex } from '../../util/bytes.ts'
import { LruMap } from '../../util/lru-map.ts'
import { MAX_CARRIED, MAX_CARRIED_FOR_ONE, MAX_REMEMBERED_NEIGHBOURS } from './limits.ts'

/**
 * Whom the neighbours want to hear (FEE11), from what they ask for when they sync about everything. It is what each says
 * for itself, never what it carries for others: help goes one hop. Who says a lot gets no more room than the others.
 */
export class CarriedAuthors {
  readonly #heard = new LruMap<string, readonly Uint8Array[]>(MAX_REMEMBERED_NEIGHBOURS)

  /** In place of what that neighbour wanted before; 32-byte addresses. */
  noteInterest(peerId: string, authors: readonly Uint8Array[]): void {
    this.#heard.set(peerId, authors.slice(0, MAX_CARRIED_FOR_ONE))
  }

  /** Nobody who isn't there any more is carried for from now on. */
  keepOnly(isNeighbour: (peerId: string) => boolean): void {
    for (const peerId of [...this.#heard.keys()]) if (!isNeighbour(peerId)) this.#heard.delete(peerId)
  }

  /** Addresses, each once, a share for each of these neighbours; `null` for all that are remembered. */
  list(peers: readonly string[] | null): readonly Uint8Array[] {
    const lists = [...this.#heard.entries()]
      .filter(([peerId]) => peers === null || peers.includes(peerId))
      .map(([, authors]) => authors)
    const listed = new Map<string, Uint8Array>()
    for (let place = 0; place < MAX_CARRIED_FOR_ONE; place++) {
      for (const authors of lists) {
        const author = authors[place]
        if (author !== undefined) listed.set(toHex(author), author)
        if (listed.size >= MAX_CARRIED) return [...listed.values()]
      }
    }
    return [...listed.values()]
  }
}
