import type { DatabaseSync } from 'node:sqlite'

/** Posts that `visible_post` leaves out. That one is here is all that may be said of it. */
export class HiddenPosts {
  readonly #isHeld

  constructor(db: DatabaseSync) {
    this.#isHeld = db.prepare('SELECT 1 FROM record WHERE id = ? AND kind = 1')
  }

  /** Whether a post of this id is here, whatever keeps it out of sight. */
  isHeld(id: Uint8Array): boolean {
    return this.#isHeld.get(id) !== undefined
  }
}
