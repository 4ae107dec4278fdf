import { toHex } from '../util/bytes.ts'
import { LruMap } from '../util/lru-map.ts'

/** Records remembered; the least recent goes first, and then only sync spreads it. */
const MAX_OWED = 4_096

/**
 * Records that came by sync before gossip brought them (GOS8). The author's own message then holds nothing new, but
 * it is the copy that everybody else waits for, and what this node would publish itself has the same message id:
 * whoever called it known would stop the record here. So the first message with an owed record is passed on.
 */
export class OwedRecords {
  readonly #ids = new LruMap<string, true>(MAX_OWED)

  /** @param ids - record ids, 32 bytes each */
  note(ids: readonly Uint8Array[]): void {
    for (const id of ids) this.#ids.set(toHex(id), true)
  }

  /** True once for each record that is owed. */
  settle(id: Uint8Array): boolean {
    return this.#ids.delete(toHex(id))
  }
}
