import { formatRecordId } from '../codec/cid.ts'
import type { MediaView } from '../contract/media.ts'
import type { Holding, Person, PostVersion, PostView, QuotedPost, Silence } from '../contract/views.ts'
import { formatPeerId, parsePeerId, shortPeerId } from '../identity/peer-id.ts'
import type { RecordRef } from '../record/kinds/body-reader.ts'
import type { EditBody } from '../record/kinds/edit.ts'
import { decodeBody, KIND } from '../record/kinds/kind-table.ts'
import type { MediaEntry } from '../record/kinds/media-entry.ts'
import type { PostBody } from '../record/kinds/post.ts'
import type { PostContent } from '../record/kinds/post-content.ts'
import { sumSigns } from '../record/sign-text.ts'
import { bytesName } from '../store/bytes-name.ts'
import type { DecisionTable } from '../store/decision-table.ts'
import type { EdgeTable } from '../store/edge-table.ts'
import type { HiddenPosts } from '../store/hidden-posts.ts'
import type { IdentityTable } from '../store/identity-table.ts'
import type { PersonQueries } from '../store/person-queries.ts'
import type { PostQueries, PostRow } from '../store/post-queries.ts'
import { RECORD_STATE } from '../store/record-table.ts'
import { equalBytes } from '../util/bytes.ts'
import type { KnownPeople } from './known-people.ts'
import type { MediaStates } from './reader.ts'

/** Who acknowledged an own record. */
export interface HoldingLookup {
  /** Peer IDs of seeds. */
  seedsOf(device: Uint8Array, seq: number): readonly string[]
}

/** What the network side says of now. */
export interface ConnectionState {
  readonly peers: number
  readonly seeds: number
  /** What connected peers call themselves, by peer ID. */
  readonly names: readonly (readonly [peerId: string, name: string])[]
}

export interface PostViewComponents {
  readonly posts: Pick<PostQueries, 'deviceOf' | 'find'>
  readonly hidden: Pick<HiddenPosts, 'isHeld'>
  readonly persons: PersonQueries
  readonly people: KnownPeople
  readonly identities: IdentityTable
  readonly edges: EdgeTable
  readonly holdings: HoldingLookup
  readonly decisions: Pick<DecisionTable, 'wordAbout'>
  readonly mediaStates: MediaStates
}

/** One text that a post had. */
export interface VersionRow {
  /** Of the post or the edit, 32 bytes. */
  readonly id: Uint8Array
  readonly tsMs: number
  readonly body: Uint8Array
  readonly kind: number
}

/** The account that reads, and what it is connected to. */
export interface Viewer {
  readonly me: Uint8Array | null
  readonly connection: ConnectionState
}

/** People whose reactions are told apart by sign; what they cost stays below a page's other reads. */
const MAX_COUNTED = 1_000
/** Different values that are looked at for the eight that are shown. */
const MAX_VALUES = 32

const STATES = {
  [RECORD_STATE.shown]: 'shown',
  [RECORD_STATE.deleted]: 'deleted',
  [RECORD_STATE.missing]: 'missing',
  [RECORD_STATE.unreadable]: 'unreadable',
} as const

/** Turns rows into the views of one answer. */
export class PostViews {
  readonly #c: PostViewComponents
  readonly #viewer: Viewer
  readonly #myId: number | undefined
  /** What counts leave out is mine all the same. */
  readonly #isSilenced: boolean
  readonly #people = new Map<string, Person>()

  constructor(components: PostViewComponents, viewer: Viewer) {
    this.#c = components
    this.#viewer = viewer
    this.#myId = viewer.me === null ? undefined : components.identities.findAuthor(viewer.me)
    this.#isSilenced = this.#myId !== undefined && components.persons.isSilenced(this.#myId)
  }

  view(row: PostRow, reposterId: number | null = null): PostView {
    const post = readPost(row)
    return {
      ...this.#placed(row, post, reposterId),
      ...(post?.quote === undefined ? {} : { quote: this.#quoted(post.quote) }),
    }
  }

  /** Its place in a thread, without what it says and quotes. */
  silenced(row: PostRow, silence: Silence): PostView {
    const { warning: _warning, mentions: _mentions, signs: _signs, ...placed } = this.#placed(row, readPost(row), null)
    return { ...placed, text: '', lang: null, media: [], silence }
  }

  /** A version of a post: what its first body or an edit says; null for a body that says nothing. */
  version({ id, tsMs, body, kind }: VersionRow): PostVersion | null {
    const decoded = decodeBody(kind, body)
    if (!decoded.ok || (decoded.kind !== 'post' && decoded.kind !== 'edit')) return null
    const { text, lang, media, warn } = decoded.body
    const shown = (media ?? []).flatMap((entry) => this.media(entry))
    return { id: formatRecordId(id), ts: tsMs, text, lang: lang ?? null, media: shown, ...warningOf(warn) }
  }

  personOf(authorId: number): Person {
    return this.person(this.#c.identities.addressOf(authorId))
  }

  person(address: Uint8Array): Person {
    const key = bytesName(address)
    let person = this.#people.get(key)
    if (person === undefined) {
      const { profile, name, avatar } = this.#c.people.find(address)
      person = { profile, name, avatar: avatar === null ? null : (this.media(avatar)[0] ?? null) }
      this.#people.set(key, person)
    }
    return person
  }

  /** [] for what has no picture to show. */
  media(entry: MediaEntry): MediaView[] {
    if (entry.width === 0 || entry.height === 0) return []
    const cid = entry.cid.toString()
    return [
      {
        cid,
        type: entry.type,
        size: entry.size,
        width: entry.width,
        height: entry.height,
        alt: entry.alt,
        ...(entry.thumb === undefined ? {} : { thumbhash: Buffer.from(entry.thumb).toString('base64') }),
        state: this.#c.mediaStates.stateOf(cid),
      },
    ]
  }

  /** Without what it quotes. */
  #placed(row: PostRow, post: PostBody | null, reposterId: number | null): PostView {
    const edited = post === null ? null : readEdit(row)
    return {
      ...this.#said(row, post, edited),
      ...this.#mentions(edited ?? post),
      ...this.#signs(row),
      ...(post?.reply === undefined ? {} : { reply: this.#reply(post.reply) }),
      editedAt: edited === null ? null : (row.edit?.tsMs ?? null),
      arrivedLateAt: row.arrivedLateMs,
      counts: { replies: row.replies, reposts: row.reposts, reactions: row.reactions },
      mine: this.#mine(row),
      repostedBy: reposterId === null ? null : this.personOf(reposterId),
      holding: this.#holding(row),
    }
  }

  /** Who said what, as it reads since the last edit. */
  #said(row: PostRow, post: PostBody | null, edited: EditBody | null) {
    const author = this.personOf(row.authorId)
    const content = edited ?? post
    const state = STATES[row.state as keyof typeof STATES]
    const foldedBy = this.#c.decisions.wordAbout(row.id)
    return {
      id: formatRecordId(row.id),
      author: author.profile,
      name: author.name,
      avatar: author.avatar,
      ts: row.tsMs,
      text: content?.text ?? '',
      lang: content?.lang ?? null,
      media: (content?.media ?? []).flatMap((entry) => this.media(entry)),
      ...warningOf(content?.warn),
      state: post === null && state === 'shown' ? ('unreadable' as const) : state,
      deletedAt: state === 'deleted' ? row.deletedMs : null,
      ...(foldedBy !== null && { foldedBy }),
    }
  }

  #mentions(content: PostContent | null): Pick<PostView, 'mentions'> {
    if (content?.mentions === undefined || content.mentions.length === 0) return {}
    const mentions = content.mentions.map(({ start, end, address }) => {
      const { profile, name } = this.person(address)
      return { start, end, profile, name }
    })
    return { mentions }
  }

  #signs({ id, reactions, state }: PostRow): Pick<PostView, 'signs'> {
    if (reactions === 0 || state !== RECORD_STATE.shown) return {}
    const signs = sumSigns(this.#c.edges.countValues(KIND.reaction, id, MAX_COUNTED, MAX_VALUES))
    return signs.length === 0 ? {} : { signs }
  }

  #reply(reply: NonNullable<PostBody['reply']>): NonNullable<PostView['reply']> {
    const { root, parent } = reply
    const answered = this.person(parent.author)
    const rootAuthor = equalBytes(root.author, parent.author) ? answered.profile : formatPeerId(root.author)
    return {
      root: { author: rootAuthor, id: formatRecordId(root.id) },
      parent: { author: answered.profile, id: formatRecordId(parent.id) },
      parentName: answered.name,
    }
  }

  /** One level: what is quoted is looked up by its id, what that quotes isn't. */
  #quoted({ author, id }: RecordRef): QuotedPost {
    const row = this.#c.posts.find(id)
    if (row !== null) {
      const post = readPost(row)
      return this.#said(row, post, post === null ? null : readEdit(row))
    }
    const isHidden = this.#c.hidden.isHeld(id)
    const claimed = this.person(author)
    return {
      id: formatRecordId(id),
      author: claimed.profile,
      name: isHidden ? '' : claimed.name,
      avatar: isHidden ? null : claimed.avatar,
      ts: null,
      text: '',
      lang: null,
      media: [],
      state: isHidden ? 'hidden' : 'missing',
      deletedAt: null,
    }
  }

  /** Looked up only where somebody is counted, and it may be me. */
  #mine({ id, reactions, reposts }: PostRow): PostView['mine'] {
    const myId = this.#myId
    if (myId === undefined) return { reaction: null, reposted: false }
    const word = (kind: number, count: number) =>
      count > 0 || this.#isSilenced ? this.#c.edges.find(kind, myId, id) : undefined
    const reaction = word(KIND.reaction, reactions)
    return {
      reaction: reaction?.isOn === true ? reaction.value : null,
      reposted: word(KIND.repost, reposts)?.isOn === true,
    }
  }

  #holding(row: PostRow): Holding | null {
    const { connection } = this.#viewer
    if (row.authorId !== this.#myId) return null
    const seeds = this.#c.holdings
      .seedsOf(this.#c.posts.deviceOf(row.logId), row.seq)
      .map((peerId) => ({ peerId, name: this.#seedName(peerId) }))
    if (seeds.length > 0) return { seeds, cause: 'held' }
    return { seeds, cause: connection.peers === 0 ? 'offline' : connection.seeds === 0 ? 'no-seed' : 'sending' }
  }

  #seedName(peerId: string): string {
    const device = parsePeerId(peerId)
    const owner = device === undefined ? null : this.#c.identities.findAuthorOfDevice(device)
    const name = owner === null ? '' : this.person(owner).name
    const claimed = this.#viewer.connection.names.find(([known]) => known === peerId)?.[1] ?? ''
    return name || claimed || shortPeerId(peerId)
  }
}

function warningOf(warn: string | undefined): { warning?: string } {
  return warn === undefined ? {} : { warning: warn }
}

function readPost(row: PostRow): PostBody | null {
  if (row.body === null || row.state !== RECORD_STATE.shown) return null
  const decoded = decodeBody(KIND.post, row.body)
  return decoded.ok && decoded.kind === 'post' ? decoded.body : null
}

function readEdit(row: PostRow): EditBody | null {
  if (row.edit === null) return null
  const decoded = decodeBody(KIND.edit, row.edit.body)
  return decoded.ok && decoded.kind === 'edit' ? decoded.body : null
}
