/**
 * Everything that follows from a record, done and undone: its projections, its place in the home timeline, and for a
 * delete what becomes of its target. A record that is hidden has no effects; one that is shown again has them again.
 */
import { type DecodedBody, decodeBody, KIND } from '../record/kinds/kind-table.ts'
import { equalBytes } from '../util/bytes.ts'
import type { EditTable } from './edit-table.ts'
import type { HomeTable } from './home-table.ts'
import type { IdentityTable } from './identity-table.ts'
import type { LogTable } from './log-table.ts'
import type { Projected, Projections } from './projections.ts'
import { RECORD_STATE, type RecordRow, type RecordTable } from './record-table.ts'
import type { Tombstone, TombstoneTable } from './tombstone-table.ts'

/** More deletes of one device in a day than this hide at once, and purge later. */
export const MANY_DELETES = 50
export const DAY_MS = 86_400_000
/** Time to seal a device that somebody else holds before what it deleted is gone. */
export const PURGE_DELAY_MS = 3 * DAY_MS

export interface EffectTables {
  readonly identities: IdentityTable
  readonly logs: LogTable
  readonly records: RecordTable
  readonly tombstones: TombstoneTable
  readonly edits: EditTable
  readonly home: HomeTable
  readonly projections: Projections
}

/** A text that went away by a delete of its author. */
export interface Purged {
  readonly id: Uint8Array
  readonly deleteId: Uint8Array
}

export interface Effects extends Projected {
  readonly isHome: boolean
  /** Own copies elsewhere go too; null while the text only waits to go. */
  readonly purged: Purged | null
}

const NONE: Effects = { touches: [], media: [], isHome: false, purged: null }

export class RecordEffects {
  readonly #tables: EffectTables

  constructor(tables: EffectTables) {
    this.#tables = tables
  }

  /** Does what follows from a record that counts; `decoded` null for a body that is absent or can't be read. */
  apply(row: RecordRow, decoded: DecodedBody | null, nowMs: number): Effects {
    const { home, projections, records } = this.#tables
    const isHere = row.state === RECORD_STATE.shown && decoded !== null
    if (isHere && decoded.kind === 'delete') return this.#delete(row, decoded.body.subject, nowMs)
    const projected: Projected = isHere ? projections.apply(row, decoded) : NONE
    if (row.kind === KIND.post) {
      const touches = projected.touches.length > 0 ? projected.touches : [row.id]
      return { ...projected, touches, isHome: home.refresh(row), purged: null }
    }
    if (isHere && decoded.kind === 'repost' && home.hasAuthor(row.authorId)) {
      const post = records.find(decoded.body.subject.id)
      return { ...projected, isHome: post !== undefined && home.holds(post.recordKey), purged: null }
    }
    return { ...projected, isHome: false, purged: null }
  }

  /** Hides a record: takes back what followed from it. Returns ids of posts whose view changed. */
  hide(row: RecordRow): readonly Uint8Array[] {
    if (row.isHidden) return []
    const { home, projections, records } = this.#tables
    const decoded = readBody(row)
    const hidden = records.setHidden(row, true)
    let touches: readonly Uint8Array[] = row.kind === KIND.post ? [row.id] : []
    if (decoded?.kind === 'delete') touches = this.#undelete(row, decoded.body.subject)
    else if (decoded !== null) touches = projections.remove(row, decoded).touches
    home.refresh(hidden)
    return touches
  }

  /** Shows a record that was hidden. Returns ids of posts whose view changed. */
  show(row: RecordRow, nowMs: number): readonly Uint8Array[] {
    if (!row.isHidden) return []
    const shown = this.#tables.records.setHidden(row, false)
    return this.apply(shown, readBody(shown), nowMs).touches
  }

  /** The verified deletion of a post or an edit of this author, if one is held. `decoded` is of the record itself. */
  deletionOf(
    record: { readonly id: Uint8Array; readonly kind: number; readonly claimedDelete: Uint8Array | null },
    authorId: number,
    decoded: DecodedBody | null,
  ): Tombstone | null {
    const { tombstones } = this.#tables
    if (record.kind === KIND.post) return tombstones.find(record.id, authorId)
    if (record.kind !== KIND.edit) return null
    const own = tombstones.find(record.id, authorId)
    if (own !== null) return own
    // An edit goes with its post. Without its body nobody can tell which one that was: its author's delete must be held.
    if (decoded?.kind === 'edit') return tombstones.find(decoded.body.subject.id, authorId)
    return record.claimedDelete === null ? null : this.#heldDelete(record.claimedDelete, authorId)
  }

  #heldDelete(deleteId: Uint8Array, authorId: number): Tombstone | null {
    const row = this.#tables.records.find(deleteId)
    const isDelete = row?.kind === KIND.delete && row.authorId === authorId && !row.isHidden
    return row !== undefined && isDelete && row.body !== null ? { deleteId, tsMs: row.tsMs, purgeMs: null } : null
  }

  /** Drops texts whose time has come. Returns what went; true in `isLeft` while there is more. */
  purgeDue(nowMs: number, limit: number): { purged: (Purged & { authorId: number })[]; isLeft: boolean } {
    const { records, tombstones } = this.#tables
    const due = tombstones.listDue(nowMs, limit)
    const purged = due.flatMap(({ targetId, authorId, deleteId }) => {
      tombstones.notePurged(targetId, authorId)
      const target = records.find(targetId)
      const gone = [...(target === undefined ? [] : [target]), ...this.#editsOf(targetId, authorId)]
      for (const row of gone) {
        if (row.authorId !== authorId || row.state !== RECORD_STATE.deleted) continue
        records.setBody(row, { state: row.state, body: null, deleteId: row.deleteId })
      }
      return gone.map(({ id }) => ({ id, deleteId, authorId }))
    })
    return { purged, isLeft: due.length === limit }
  }

  /** Drops the text of the target, now, later, or when it comes; only a post's or an edit's. */
  #delete(row: RecordRow, subject: { readonly author: Uint8Array; readonly id: Uint8Array }, nowMs: number): Effects {
    const { identities, records, tombstones } = this.#tables
    if (!equalBytes(subject.author, identities.addressOf(row.authorId))) return NONE
    const isOneOfMany = records.countDeletesSince(row.logId, nowMs - DAY_MS) > MANY_DELETES
    const purgeMs = isOneOfMany ? nowMs + PURGE_DELAY_MS : null
    const tombstone = tombstones.put(subject.id, row.authorId, { deleteId: row.id, tsMs: row.tsMs, purgeMs })
    const purged = isOneOfMany ? null : { id: subject.id, deleteId: tombstone.deleteId }
    const target = records.find(subject.id)
    const isOurs = target !== undefined && isErasable(target) && target.authorId === row.authorId
    const touches = isOurs ? this.#erase(target, tombstone.deleteId, isOneOfMany) : [subject.id]
    // They stay known as edits of this post, so that they can come back with it.
    for (const edit of this.#editsOf(subject.id, row.authorId)) {
      this.#dropBody(edit, tombstone.deleteId, isOneOfMany)
    }
    return { ...NONE, touches, purged }
  }

  #erase(target: RecordRow, deleteId: Uint8Array, isLater: boolean): readonly Uint8Array[] {
    const decoded = target.isHidden ? null : readBody(target)
    const touches = decoded === null ? [target.id] : this.#tables.projections.remove(target, decoded).touches
    this.#tables.home.refresh(this.#dropBody(target, deleteId, isLater))
    return touches
  }

  #dropBody(target: RecordRow, deleteId: Uint8Array, isLater: boolean): RecordRow {
    const body = isLater ? target.body : null
    this.#tables.logs.addHeld(target.logId, target.seq)
    return this.#tables.records.setBody(target, { state: RECORD_STATE.deleted, body, deleteId })
  }

  /** A delete no longer counts: the text is shown again where it still lies here, else it is a hole that others may fill. */
  #undelete(row: RecordRow, subject: { readonly author: Uint8Array; readonly id: Uint8Array }): readonly Uint8Array[] {
    const { identities, records, tombstones } = this.#tables
    if (!equalBytes(subject.author, identities.addressOf(row.authorId))) return []
    const left = tombstones.remove(subject.id, row.authorId, row.id)
    const target = records.find(subject.id)
    const erased = [...this.#editsOf(subject.id, row.authorId), ...(target === undefined ? [] : [target])]
    for (const one of erased) {
      if (one.authorId !== row.authorId || one.deleteId === null || !equalBytes(one.deleteId, row.id)) continue
      if (left === null) this.#restore(one)
      else records.setBody(one, { state: RECORD_STATE.deleted, body: one.body, deleteId: left.deleteId })
    }
    return [subject.id]
  }

  #restore(target: RecordRow): void {
    const { edits, home, logs, projections, records } = this.#tables
    const decoded = target.body === null ? null : decodeBody(target.kind, target.body)
    const state = decoded === null ? RECORD_STATE.missing : decoded.ok ? RECORD_STATE.shown : RECORD_STATE.unreadable
    const restored = records.setBody(target, { state, body: target.body, deleteId: null })
    if (state === RECORD_STATE.missing) {
      logs.removeHeld(target.logId, target.seq)
      edits.dropRecord(target.recordKey)
    }
    if (decoded?.ok === true && !target.isHidden) projections.apply(restored, decoded)
    home.refresh(restored)
  }

  /** Edits of a post that are held, those whose text is gone too, whether the post is here or not. */
  #editsOf(postId: Uint8Array, authorId: number): RecordRow[] {
    const { edits, records } = this.#tables
    return edits.listAll(postId, authorId).flatMap(({ id }) => records.find(id) ?? [])
  }
}

function isErasable({ kind }: RecordRow): boolean {
  return kind === KIND.post || kind === KIND.edit
}

/** What a record says whose body counts; null for one that is deleted, missing or unreadable. */
function readBody(row: RecordRow): DecodedBody | null {
  if (row.state !== RECORD_STATE.shown || row.body === null) return null
  const decoded = decodeBody(row.kind, row.body)
  return decoded.ok ? decoded : null
}
