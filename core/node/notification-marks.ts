import { parseRecordId } from '../codec/cid.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { equalBytes } from '../util/bytes.ts'
import { BadRequestError } from '../util/errors.ts'

/** Key of square.db's meta row that says for whom its notifications were made. */
const OWNER = 'notification-owner'
/** Key of own.db's state: up to when the account has read, milliseconds since 1970. */
const READ = 'notifications-read'

/** Whose notifications stand in square.db, and how far that account has read them; the latter survives a new square.db. */
export class NotificationMarks {
  readonly #own: OwnDatabase
  readonly #square: SquareDatabase
  readonly #tables: SquareTables

  constructor(components: {
    readonly own: OwnDatabase
    readonly square: SquareDatabase
    readonly tables: SquareTables
  }) {
    this.#own = components.own
    this.#square = components.square
    this.#tables = components.tables
  }

  setAccount(me: Uint8Array): void {
    const { notifications } = this.#tables
    notifications.setAccount(me, Number(this.#own.getState(READ) ?? 0))
    const owner = this.#square.getMeta(OWNER)
    if (owner !== null && equalBytes(owner, me)) return
    this.#square.transaction(() => {
      notifications.rebuild()
      this.#square.setMeta(OWNER, me)
    })
  }

  /** Up to the notification with this id, null for all. @throws BadRequestError for an id that isn't one */
  read(id: string | null): void {
    const upTo = id === null ? null : this.#placeOf(id)
    const readMs = this.#square.transaction(() => this.#tables.notifications.markRead(upTo))
    this.#own.setState(READ, String(readMs))
  }

  #placeOf(id: string) {
    const bytes = parseRecordId(id)
    const row = bytes === undefined ? undefined : this.#tables.records.find(bytes)
    if (row === undefined) throw new BadRequestError(`expected the id of a notification, got ${id.slice(0, 80)}`)
    return { sortMs: row.sortMs, id: row.id }
  }
}
