import type { DatabaseSync } from 'node:sqlite'
import { type DecodedBody, decodeBody, KIND } from '../record/kinds/kind-table.ts'
import type { MediaEntry } from '../record/kinds/media-entry.ts'
import type { PostBody } from '../record/kinds/post.ts'
import type { ProfileBody } from '../record/kinds/profile.ts'
import { equalBytes } from '../util/bytes.ts'
import { type EdgeTable, isLater } from './edge-table.ts'
import type { HomeTable } from './home-table.ts'
import type { IdentityTable } from './identity-table.ts'
import type { MediaClaim, MediaRefTable } from './media-ref-table.ts'
import type { RecordRow } from './record-table.ts'

export interface Projected {
  /** Post ids whose view changed. */
  readonly touches: readonly Uint8Array[]
  /** CIDs that the record shows. */
  readonly media: readonly string[]
}

const NOTHING: Projected = { touches: [], media: [] }

export interface ProjectionTables {
  readonly identities: IdentityTable
  readonly edges: EdgeTable
  readonly home: HomeTable
  readonly mediaRefs: MediaRefTable
}

/**
 * What a readable record means to the read side: posts, search, edges, profiles, media references, home. Each step
 * gives the same end whatever the order of records. Runs inside the transaction of the record.
 */
export class Projections {
  readonly #tables: ProjectionTables
  readonly #putPost
  readonly #dropPost
  readonly #index
  readonly #unindex
  readonly #profile
  readonly #putProfile

  constructor(db: DatabaseSync, tables: ProjectionTables) {
    this.#tables = tables
    this.#putPost = db.prepare(
      'INSERT OR REPLACE INTO post (record_key, root_author, root_id, parent_author, parent_id) VALUES (?, ?, ?, ?, ?)',
    )
    this.#dropPost = db.prepare('DELETE FROM post WHERE record_key = ?')
    this.#index = db.prepare('INSERT INTO post_search (rowid, text) VALUES (?, ?)')
    this.#unindex = db.prepare("INSERT INTO post_search (post_search, rowid, text) VALUES ('delete', ?, ?)")
    this.#profile = db.prepare('SELECT record_key, ts_ms, id FROM profile WHERE author_id = ?')
    this.#putProfile = db.prepare(
      'INSERT OR REPLACE INTO profile (author_id, record_key, ts_ms, id, name) VALUES (?, ?, ?, ?, ?)',
    )
  }

  /** Takes in a record whose body is here. `me` is the address of the account on this node. */
  apply(row: RecordRow, decoded: DecodedBody, me: Uint8Array | null): Projected {
    switch (decoded.kind) {
      case 'post':
        return this.#applyPost(row, decoded.body)
      case 'reaction':
        this.#tables.edges.put({
          ...edgeOf(row, KIND.reaction),
          subject: decoded.body.subject.id,
          subjectAuthor: decoded.body.subject.author,
          isOn: decoded.body.emoji !== null,
          value: decoded.body.emoji,
        })
        return { touches: [decoded.body.subject.id], media: [] }
      case 'repost': {
        const { subject, on } = decoded.body
        const edge = {
          ...edgeOf(row, KIND.repost),
          subject: subject.id,
          subjectAuthor: subject.author,
          isOn: on,
          value: null,
        }
        if (this.#tables.edges.put(edge)) this.#tables.home.refreshById(subject.id)
        return { touches: [subject.id], media: [] }
      }
      case 'follow':
        this.#applyFollow(row, decoded.body.subject.address, decoded.body.on, me)
        return NOTHING
      case 'profile':
        return this.#applyProfile(row, decoded.body)
      default:
        return NOTHING
    }
  }

  /** Takes a post's text out of search and threads, and its media references away. `body` is what it said. */
  removePost(row: RecordRow): Projected {
    const decoded = row.body === null ? undefined : decodeBody(row.kind, row.body)
    this.#dropPost.run(row.recordKey)
    this.#tables.mediaRefs.dropAll(row.recordKey)
    if (decoded?.ok !== true || decoded.kind !== 'post') return { touches: [row.id], media: [] }
    this.#unindex.run(row.recordKey, decoded.body.text)
    return { touches: [row.id, ...referredPosts(decoded.body)], media: [] }
  }

  #applyPost(row: RecordRow, post: PostBody): Projected {
    const { reply } = post
    this.#putPost.run(
      row.recordKey,
      reply?.root.author ?? null,
      reply?.root.id ?? null,
      reply?.parent.author ?? null,
      reply?.parent.id ?? null,
    )
    this.#index.run(row.recordKey, post.text)
    const claims = (post.media ?? []).map(toClaim)
    this.#tables.mediaRefs.add(row.recordKey, claims)
    return { touches: [row.id, ...referredPosts(post)], media: claims.map(({ root }) => root) }
  }

  #applyFollow(row: RecordRow, subject: Uint8Array, isOn: boolean, me: Uint8Array | null): void {
    const { edges, home, identities } = this.#tables
    const isNewest = edges.put({ ...edgeOf(row, KIND.follow), subject, subjectAuthor: subject, isOn, value: null })
    if (!isNewest || me === null || !equalBytes(identities.addressOf(row.authorId), me) || equalBytes(subject, me))
      return
    const followed = identities.ensureAuthor(subject)
    if (isOn) home.addAuthor(followed)
    else home.removeAuthor(followed)
  }

  #applyProfile(row: RecordRow, profile: ProfileBody): Projected {
    const held = this.#profile.get(row.authorId)
    if (held !== undefined) {
      if (!isLater(row, { tsMs: held.ts_ms as number, id: held.id as Uint8Array })) return NOTHING
      this.#tables.mediaRefs.dropAll(held.record_key as number)
    }
    this.#putProfile.run(row.authorId, row.recordKey, row.tsMs, row.id, profile.name)
    const claims = profile.avatar === undefined ? [] : [toClaim(profile.avatar)]
    this.#tables.mediaRefs.add(row.recordKey, claims)
    return { touches: [], media: claims.map(({ root }) => root) }
  }
}

function edgeOf(row: RecordRow, kind: number) {
  return { kind, authorId: row.authorId, tsMs: row.tsMs, id: row.id }
}

function referredPosts(post: PostBody): Uint8Array[] {
  return post.reply === undefined ? [] : [post.reply.parent.id, post.reply.root.id]
}

function toClaim(entry: MediaEntry): MediaClaim {
  return { root: entry.cid.toString(), type: entry.type, size: entry.size }
}
