import type { DatabaseSync } from 'node:sqlite'
import type { DecodedBody } from '../record/kinds/kind-table.ts'
import type { MediaEntry } from '../record/kinds/media-entry.ts'
import type { PostBody } from '../record/kinds/post.ts'
import type { ProfileBody } from '../record/kinds/profile.ts'
import { equalBytes } from '../util/bytes.ts'
import { edgeOf } from './edge-of.ts'
import type { IdentityTable } from './identity-table.ts'
import type { RecordRow } from './record-table.ts'

/** Looks whether what the read side shows of a record is what its body says. */
export class ProjectionCheck {
  readonly #identities: IdentityTable
  readonly #post
  readonly #edit
  readonly #word
  readonly #profile
  readonly #deletion
  readonly #ref

  constructor(db: DatabaseSync, components: { readonly identities: IdentityTable }) {
    this.#identities = components.identities
    this.#post = db.prepare('SELECT root_author, root_id, parent_author, parent_id FROM post WHERE record_key = ?')
    this.#edit = db.prepare(
      'SELECT record_key FROM edit WHERE target_id = ? AND author_id = ? AND ts_ms = ? AND id = ?',
    )
    this.#word = db.prepare(
      `SELECT subject_author, ts_ms, is_on, value FROM edge_word
       WHERE kind = ? AND author_id = ? AND subject = ? AND record_key = ?`,
    )
    this.#profile = db.prepare('SELECT record_key, ts_ms, id, name FROM profile WHERE author_id = ?')
    this.#deletion = db.prepare('SELECT ts_ms FROM deletion WHERE target_id = ? AND author_id = ? AND delete_id = ?')
    this.#ref = db.prepare('SELECT type, size FROM media_ref WHERE record_key = ? AND root = ?')
  }

  /** `row` is shown: its body is here and counts. */
  agrees(row: RecordRow, decoded: DecodedBody): boolean {
    switch (decoded.kind) {
      case 'post':
        return this.#agreesPost(row, decoded.body)
      case 'edit': {
        const { subject } = decoded.body
        if (!this.#isBy(row, subject.author)) return true
        return this.#edit.get(subject.id, row.authorId, row.tsMs, row.id)?.record_key === row.recordKey
      }
      case 'profile':
        return this.#agreesProfile(row, decoded.body)
      case 'delete': {
        const { subject } = decoded.body
        if (!this.#isBy(row, subject.author)) return true
        return this.#deletion.get(subject.id, row.authorId, row.id)?.ts_ms === row.tsMs
      }
      default:
        return this.#agreesWord(row, decoded)
    }
  }

  #agreesPost(row: RecordRow, { reply, media = [] }: PostBody): boolean {
    const post = this.#post.get(row.recordKey)
    if (post === undefined) return false
    const isPlaced =
      isSame(post.root_author, reply?.root.author) &&
      isSame(post.root_id, reply?.root.id) &&
      isSame(post.parent_author, reply?.parent.author) &&
      isSame(post.parent_id, reply?.parent.id)
    return isPlaced && this.#agreesMedia(row, media)
  }

  #agreesProfile(row: RecordRow, { name, avatar }: ProfileBody): boolean {
    const profile = this.#profile.get(row.authorId)
    if (profile === undefined) return false
    if (!isSame(profile.id, row.id)) return profile.record_key !== row.recordKey
    const isIt = profile.record_key === row.recordKey && profile.ts_ms === row.tsMs && profile.name === name
    return isIt && this.#agreesMedia(row, avatar === undefined ? [] : [avatar])
  }

  #agreesWord(row: RecordRow, decoded: DecodedBody): boolean {
    const edge = edgeOf(row, decoded)
    if (edge === null) return true
    const word = this.#word.get(edge.kind, row.authorId, edge.subject, row.recordKey)
    if (word === undefined || word.ts_ms !== row.tsMs) return false
    return (
      isSame(word.subject_author, edge.subjectAuthor) && word.is_on === (edge.isOn ? 1 : 0) && word.value === edge.value
    )
  }

  #agreesMedia({ recordKey }: RecordRow, entries: readonly MediaEntry[]): boolean {
    return entries.every(({ cid, type, size }) => {
      const ref = this.#ref.get(recordKey, cid.toString())
      return ref?.type === type && ref.size === size
    })
  }

  #isBy({ authorId }: RecordRow, address: Uint8Array): boolean {
    return equalBytes(this.#identities.addressOf(authorId), address)
  }
}

function isSame(stored: unknown, said: Uint8Array | undefined): boolean {
  if (said === undefined) return stored === null
  return stored instanceof Uint8Array && equalBytes(stored, said)
}
