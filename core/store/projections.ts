import type { DatabaseSync } from 'node:sqlite'
import { type DecodedBody, decodeBody, KIND } from '../record/kinds/kind-table.ts'
import type { MediaEntry } from '../record/kinds/media-entry.ts'
import type { PostBody } from '../record/kinds/post.ts'
import type { PostContent } from '../record/kinds/post-content.ts'
import type { ProfileBody } from '../record/kinds/profile.ts'
import { equalBytes } from '../util/bytes.ts'
import { edgeOf } from './edge-of.ts'
import { type EdgeTable, isLater } from './edge-table.ts'
import type { EditTable } from './edit-table.ts'
import type { HomeTable } from './home-table.ts'
import type { IdentityTable } from './identity-table.ts'
import type { MediaClaim, MediaRefTable } from './media-ref-table.ts'
import type { NotificationTable } from './notification-table.ts'
import type { PostIndex } from './post-index.ts'
import type { MovedRecord, RecordRow, RecordTable } from './record-table.ts'

export interface Projected {
  /** Post ids whose view changed. */
  readonly touches: readonly Uint8Array[]
  /** CIDs that the record shows. */
  readonly media: readonly string[]
  /** It says something to the account of this node; left out where it doesn't. */
  readonly isNotice?: true
}

const NOTHING: Projected = { touches: [], media: [] }

export interface ProjectionTables {
  readonly identities: IdentityTable
  readonly records: RecordTable
  readonly edges: EdgeTable
  readonly edits: EditTable
  readonly home: HomeTable
  readonly mediaRefs: MediaRefTable
  readonly notifications: NotificationTable
  readonly found: PostIndex
}

/**
 * What a readable record means to the read side: posts, search, edits, edges, profiles, media references, home. Each
 * step gives the same end whatever the order of records, and can be taken back. Runs inside the record's transaction.
 */
export class Projections {
  readonly #tables: ProjectionTables
  readonly #putPost
  readonly #dropPost
  readonly #unplaced
  readonly #editKey
  readonly #setEditKey
  readonly #bodyOf
  readonly #profile
  readonly #putProfile
  readonly #dropProfile
  #me: Uint8Array | null = null
  #profileChanges = 0

  constructor(db: DatabaseSync, tables: ProjectionTables) {
    this.#tables = tables
    this.#putPost = db.prepare(
      'INSERT OR REPLACE INTO post (record_key, root_author, root_id, parent_author, parent_id) VALUES (?, ?, ?, ?, ?)',
    )
    this.#dropPost = db.prepare('DELETE FROM post WHERE record_key = ?')
    this.#unplaced = db.prepare(
      'SELECT record_key, id, sort_ms FROM post JOIN record USING (record_key) WHERE post.search_key IS NULL LIMIT ?',
    )
    this.#editKey = db.prepare('SELECT edit_key FROM post WHERE record_key = ?')
    this.#setEditKey = db.prepare('UPDATE post SET edit_key = ? WHERE record_key = ?')
    this.#bodyOf = db.prepare('SELECT kind, body FROM record WHERE record_key = ?')
    this.#profile = db.prepare('SELECT record_key, ts_ms, id FROM profile WHERE author_id = ?')
    this.#putProfile = db.prepare(
      'INSERT OR REPLACE INTO profile (author_id, record_key, ts_ms, id, name) VALUES (?, ?, ?, ?, ?)',
    )
    this.#dropProfile = db.prepare('DELETE FROM profile WHERE author_id = ?')
  }

  /** How often a profile was written or taken away: what is remembered of people is outdated when this has grown. */
  get profileChanges(): number {
    return this.#profileChanges
  }

  /** The address of the account on this node: whom it follows stands in the home timeline. */
  setAccount(me: Uint8Array | null): void {
    this.#me = me
    this.#tables.notifications.setAccount(me)
  }

  /** Takes in a record whose body is here. */
  apply(row: RecordRow, decoded: DecodedBody): Projected {
    if (decoded.kind === 'post') return this.#applyPost(row, decoded.body)
    if (decoded.kind === 'edit') return this.#changeEdit(row, decoded.body.subject, true)
    if (decoded.kind === 'profile') return this.#applyProfile(row, decoded.body)
    const edge = edgeOf(row, decoded)
    if (edge === null) return NOTHING
    return this.#tables.edges.put(edge) ? this.#noteEdge(row, edge) : touchesOf(edge)
  }

  /** Takes a record out again. `decoded` is what its body says. */
  remove(row: RecordRow, decoded: DecodedBody): Projected {
    if (decoded.kind === 'post') return this.#removePost(row, decoded.body)
    if (decoded.kind === 'edit') return this.#changeEdit(row, decoded.body.subject, false)
    if (decoded.kind === 'profile') return this.#removeProfile(row)
    const edge = edgeOf(row, decoded)
    if (edge === null) return NOTHING
    return this.#tables.edges.remove(edge) ? this.#noteEdge(row, edge) : touchesOf(edge)
  }

  /** Puts posts of older versions into the indexes, as many as these. Returns how many there were. */
  indexPosts(limit: number): number {
    const rows = this.#unplaced.all(limit)
    for (const row of rows) {
      const post = { recordKey: row.record_key as number, id: row.id as Uint8Array, sortMs: row.sort_ms as number }
      const decoded = this.#read(post.recordKey)
      this.#tables.found.add(post, this.#contentOf(post, decoded?.kind === 'post' ? decoded.body : NO_CONTENT))
    }
    return rows.length
  }

  /** Follows the sort times that `carryEffectiveTime` moved. */
  move(changed: readonly MovedRecord[]): void {
    this.#tables.notifications.move(changed)
    for (const post of changed) {
      if (post.kind !== KIND.post || this.#editKey.get(post.recordKey) === undefined) continue
      const decoded = this.#read(post.recordKey)
      if (decoded?.kind !== 'post') continue
      const content = this.#contentOf(post, decoded.body)
      this.#tables.found.remove(post, content)
      this.#tables.found.add(post, content)
    }
  }

  #applyPost(row: RecordRow, post: PostBody): Projected {
    const { edits, mediaRefs } = this.#tables
    const { reply } = post
    this.#putPost.run(
      row.recordKey,
      reply?.root.author ?? null,
      reply?.root.id ?? null,
      reply?.parent.author ?? null,
      reply?.parent.id ?? null,
    )
    this.#tables.found.add(row, post)
    const claims = (post.media ?? []).map(toClaim)
    mediaRefs.add(row.recordKey, claims)
    const shown = claims.map(({ root }) => root)
    const last = edits.findLast(row.id, row.authorId)
    if (last !== undefined) {
      // Pictures of earlier versions stay: their history can be looked at.
      for (const edit of edits.listAll(row.id, row.authorId))
        mediaRefs.add(row.recordKey, this.#claimsOf(edit.recordKey))
      this.#showContent(row, post, last.recordKey)
      shown.push(...this.#claimsOf(last.recordKey).map(({ root }) => root))
    }
    const isNotice = this.#tables.notifications.notePost(row, post)
    return { touches: [row.id, ...referredPosts(post)], media: shown, ...(isNotice && { isNotice }) }
  }

  #removePost(row: RecordRow, post: PostBody): Projected {
    this.#tables.found.remove(row, this.#contentOf(row, post))
    this.#dropPost.run(row.recordKey)
    this.#tables.notifications.dropPost(row.recordKey)
    this.#tables.mediaRefs.dropAll(row.recordKey)
    return { touches: [row.id, ...referredPosts(post)], media: [] }
  }

  /** Puts an edit among those of its post, or takes it away; the last one is what the post says. */
  #changeEdit(row: RecordRow, subject: { readonly author: Uint8Array; readonly id: Uint8Array }, isThere: boolean) {
    const { edits, identities, mediaRefs, records } = this.#tables
    if (!equalBytes(subject.author, identities.addressOf(row.authorId))) return NOTHING
    const edit = { targetId: subject.id, authorId: row.authorId, tsMs: row.tsMs, id: row.id, recordKey: row.recordKey }
    if (isThere) edits.put(edit)
    else edits.drop(edit)
    const target = records.find(subject.id)
    const place = target === undefined ? undefined : this.#editKey.get(target.recordKey)
    if (target === undefined || place === undefined || target.authorId !== row.authorId) return NOTHING
    const claims = isThere ? this.#claimsOf(row.recordKey) : []
    mediaRefs.add(target.recordKey, claims)
    const last = edits.findLast(subject.id, row.authorId)?.recordKey ?? null
    if (last !== place.edit_key) this.#showContent(target, contentIn(target), last)
    return { touches: [subject.id], media: last === row.recordKey ? claims.map(({ root }) => root) : [] }
  }

  /** Search finds what the post says now, and nothing that it said before. */
  #showContent(post: RecordRow, original: PostContent, editKey: number | null): void {
    this.#tables.found.remove(post, this.#contentOf(post, original))
    this.#setEditKey.run(editKey, post.recordKey)
    this.#tables.found.add(post, this.#contentOf(post, original))
  }

  /** What the post says now, by the edit that counts. */
  #contentOf(post: Pick<RecordRow, 'recordKey'>, original: PostContent): PostContent {
    const editKey = this.#editKey.get(post.recordKey)?.edit_key
    if (typeof editKey !== 'number') return original
    const edit = this.#read(editKey)
    return edit?.kind === 'edit' ? edit.body : original
  }

  #claimsOf(recordKey: number): MediaClaim[] {
    const decoded = this.#read(recordKey)
    return decoded?.kind === 'edit' ? (decoded.body.media ?? []).map(toClaim) : []
  }

  #read(recordKey: number): DecodedBody | null {
    const row = this.#bodyOf.get(recordKey)
    if (!(row?.body instanceof Uint8Array)) return null
    const decoded = decodeBody(row.kind as number, row.body)
    return decoded.ok ? decoded : null
  }

  /** What follows from an arrow that is another one now. */
  #noteEdge(row: RecordRow, edge: NonNullable<ReturnType<typeof edgeOf>>): Projected {
    const { home, notifications } = this.#tables
    if (edge.kind === KIND.repost) home.refreshById(edge.subject)
    if (edge.kind === KIND.follow) this.#refreshFollow(row.authorId, edge.subject)
    return { ...touchesOf(edge), ...(notifications.noteEdge(edge) && { isNotice: true }) }
  }

  #refreshFollow(authorId: number, subject: Uint8Array): void {
    const { edges, home, identities } = this.#tables
    const me = this.#me
    if (me === null || !equalBytes(identities.addressOf(authorId), me) || equalBytes(subject, me)) return
    const followed = identities.ensureAuthor(subject)
    if (edges.find(KIND.follow, authorId, subject)?.isOn === true) home.addAuthor(followed)
    else home.removeAuthor(followed)
  }

  /** Of all profile records the last one by (ts, id) is the profile. */
  #applyProfile(row: RecordRow, { name, avatar }: ProfileBody): Projected {
    const { mediaRefs } = this.#tables
    const held = this.#profile.get(row.authorId)
    if (held !== undefined) {
      if (!isLater(row, { tsMs: held.ts_ms as number, id: held.id as Uint8Array })) return NOTHING
      mediaRefs.dropAll(held.record_key as number)
    }
    this.#profileChanges++
    this.#putProfile.run(row.authorId, row.recordKey, row.tsMs, row.id, name)
    const claims = avatar === undefined ? [] : [toClaim(avatar)]
    mediaRefs.add(row.recordKey, claims)
    return { touches: [], media: claims.map(({ root }) => root) }
  }

  #removeProfile(row: RecordRow): Projected {
    if (this.#profile.get(row.authorId)?.record_key !== row.recordKey) return NOTHING
    this.#tables.mediaRefs.dropAll(row.recordKey)
    this.#profileChanges++
    this.#dropProfile.run(row.authorId)
    const before = this.#tables.records.listShown(row.authorId, KIND.profile, 2)
    const last = before.find(({ recordKey }) => recordKey !== row.recordKey)
    const decoded = last === undefined ? null : this.#read(last.recordKey)
    return last !== undefined && decoded?.kind === 'profile' ? this.#applyProfile(last, decoded.body) : NOTHING
  }
}

function touchesOf({ kind, subject }: { readonly kind: number; readonly subject: Uint8Array }): Projected {
  return kind === KIND.reaction || kind === KIND.repost ? { touches: [subject], media: [] } : NOTHING
}

const NO_CONTENT: PostContent = { text: '' }

function contentIn(post: RecordRow): PostContent {
  const decoded = post.body === null ? undefined : decodeBody(post.kind, post.body)
  return decoded?.ok === true && decoded.kind === 'post' ? decoded.body : NO_CONTENT
}

function referredPosts(post: PostBody): Uint8Array[] {
  return post.reply === undefined ? [] : [post.reply.parent.id, post.reply.root.id]
}

function toClaim(entry: MediaEntry): MediaClaim {
  return { root: entry.cid.toString(), type: entry.type, size: entry.size }
}
