import { KIND } from '../record/kinds/kind-table.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { equalBytes } from '../util/bytes.ts'

/** Key of square.db's meta row that says for whom its home timeline was made. */
const HOME_OWNER = 'home-owner'

/** The home timeline was made for this account, or is made again. */
export function ensureHome(square: SquareDatabase, tables: SquareTables, author: Uint8Array): void {
  const owner = square.getMeta(HOME_OWNER)
  if (owner !== null && equalBytes(owner, author)) return
  square.transaction(() => {
    const myId = tables.identities.ensureAuthor(author)
    const followed = tables.edges
      .listOn(KIND.follow, myId)
      .filter(({ subject }) => !equalBytes(subject, author))
      .map(({ subject }) => tables.identities.ensureAuthor(subject))
    tables.home.rebuild([myId, ...followed])
    square.setMeta(HOME_OWNER, author)
  })
}
