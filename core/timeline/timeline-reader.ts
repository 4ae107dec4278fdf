import { formatRecordId } from '../codec/cid.ts'
import type { ListPeople, ListView } from '../contract/lists.ts'
import type { SilencedPeople } from '../contract/moderation.ts'
import type { NotificationPage, Unread } from '../contract/reading.ts'
import type {
  Follow,
  PostPage,
  PostVersion,
  PostView,
  ProfileView,
  Silence,
  Suggestion,
  Thread,
} from '../contract/views.ts'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import { formatProfileLink } from '../record/links.ts'
import { foldName } from '../record/name-text.ts'
import { foldTag } from '../record/tag-text.ts'
import type { AuthorCounts } from '../store/author-counts.ts'
import type { BeatTable } from '../store/beat-table.ts'
import type { BeyondQueries } from '../store/beyond-queries.ts'
import { bytesName } from '../store/bytes-name.ts'
import { type DecisionTable, SILENCE_SOURCES } from '../store/decision-table.ts'
import type { FilteredSearch } from '../store/filtered-search.ts'
import type { NotificationQueries } from '../store/notification-queries.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { NamedPerson } from '../store/person-queries.ts'
import type { PageKey, PostQueries, PostRow } from '../store/post-queries.ts'
import type { SearchQueries } from '../store/search-queries.ts'
import { type SearchExpressions, toSearchExpressions } from '../store/search-text.ts'
import type { ThreadQueries } from '../store/thread-queries.ts'
import { equalBytes, fromHex } from '../util/bytes.ts'
import { BadRequestError } from '../util/errors.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import { readProfile } from './known-people.ts'
import type { NameIndex } from './name-index.ts'
import { readListPeople, readLists } from './own-lists.ts'
import { type ConnectionState, type PostViewComponents, PostViews } from './post-views.ts'
import { boundedLimit, parsePostId, parseProfile } from './query-parts.ts'
import type {
  BeyondQuery,
  NotificationQuery,
  PageQuery,
  Ringing,
  SearchQuery,
  SilencedQuery,
  ThreadQuery,
} from './reader.ts'
import { authorsOn } from './rung-authors.ts'
import { siftPosts } from './sift.ts'
import { readThread } from './thread-page.ts'

const MAX_LIMIT = 500
const SILENCES = ['blocked', 'muted', 'blocks-me'] as const
const MAX_NAMES = 500
const LIST_ID_BYTES = 16
/** The timeline of a list looks at each of them; further members are left out. */
const MAX_LIST_MEMBERS = 1_000
/** Of a post that is looked at in all its versions. */
const MAX_VERSIONS = 100
/** Suggested before anything is typed. */
const MAX_LATEST_FOLLOWS = 50
/** Names of peers that are kept while they are away. */
const MAX_PEER_NAMES = 500

interface ReaderComponents extends PostViewComponents {
  readonly posts: PostQueries
  readonly beyond: BeyondQueries
  readonly searches: SearchQueries
  readonly filtered: FilteredSearch
  readonly threads: ThreadQueries
  readonly notifications: NotificationQueries
  readonly own: OwnDatabase
  readonly beats: Pick<BeatTable, 'completeAsOf'>
  readonly counts: Pick<AuthorCounts, 'totalPosts'>
  readonly names: Pick<NameIndex, 'find'>
  readonly decisions: Pick<DecisionTable, 'listAbout' | 'listFrom' | 'wordAbout'>
}

/** The read side inside the store's thread: what `TimelineReader` promises, answered synchronously. */
export class SquareReader {
  readonly #c: ReaderComponents
  #me: Uint8Array | null = null
  #connection: ConnectionState = { peers: 0, seeds: 0, names: [] }

  constructor(components: ReaderComponents) {
    this.#c = components
  }

  setAccount(address: Uint8Array | null): void {
    this.#me = address
  }

  setConnection(connection: ConnectionState): void {
    // A seed that is away is still called by the name it gave.
    const named = connection.names.filter(([, name]) => name !== '')
    const names = new Map([...this.#connection.names, ...named])
    this.#connection = { ...connection, names: [...names].slice(-MAX_PEER_NAMES) }
  }

  home(query: PageQuery): PostPage {
    return this.#read((views) => {
      const limit = boundedLimit(query)
      const rows = this.#c.posts.home(parseCursor(query.cursor), limit)
      const items = rows.map(({ post, reposterId }) => views.view(post, reposterId))
      const last = rows.at(-1)
      return { items, cursor: rows.length < limit || last === undefined ? null : formatCursor(last.key) }
    })
  }

  beyond(query: BeyondQuery): PostPage {
    return this.#page(query, (after, limit) => this.#c.posts.ofAuthors(authorsOn(this.#c, query), after, limit))
  }

  profilePosts(profile: string, query: SilencedQuery): PostPage {
    const authorId = this.#c.identities.findAuthor(parseProfile(profile))
    if (authorId === undefined) return { items: [], cursor: null }
    const { posts } = this.#c
    const read = (after: PageKey | null, limit: number) =>
      query.silenced === true ? posts.ofSilenced(authorId, after, limit) : posts.ofAuthor(authorId, after, limit)
    const { show = 'all' } = query
    if (show === 'all') return this.#page(query, read)
    const fits = ({ reply, media }: PostView) => (show === 'posts' ? reply === undefined : media.length > 0)
    const place = { after: parseCursor(query.cursor), limit: boundedLimit(query) }
    return this.#read((views) => siftPosts({ ...place, read, view: (row) => views.view(row), fits }))
  }

  tag(tag: string, query: PageQuery): PostPage {
    const folded = foldTag(tag)
    return this.#page(query, (after, limit) => this.#c.posts.tagged(folded, after, limit))
  }

  search(text: string, query: SearchQuery): PostPage & { searched: number } {
    const sought = toSearchExpressions(text, (words) => this.#c.searches.wordsOf(words))
    const searched = this.#c.counts.totalPosts()
    const isFiltered = [query.author, query.since, query.until].some((given) => given !== undefined) || query.media
    if (isFiltered && (sought !== null || text.trim() === '')) return { ...this.#filtered(sought, query), searched }
    if (sought === null) return { items: [], cursor: null, searched }
    return { ...this.#page(query, (after, limit) => this.#c.searches.search(sought, after, limit)), searched }
  }

  #filtered(sought: SearchExpressions | null, query: SearchQuery): PostPage {
    const { author, since, until, media } = query
    const authorId = author === undefined ? undefined : this.#c.identities.findAuthor(parseProfile(author))
    if (author !== undefined && authorId === undefined) return { items: [], cursor: null }
    const filter = { authorId, sinceMs: since, untilMs: until, hasMedia: media === true }
    return this.#read((views) => {
      const found = this.#c.filtered.search(sought, filter, parseCursor(query.cursor), boundedLimit(query))
      // Pictures that an edit took out stand in the index with the history of their post.
      const items = found.rows.map((row) => views.view(row)).filter((post) => !filter.hasMedia || post.media.length > 0)
      return { items, cursor: found.end === null ? null : formatCursor(found.end) }
    })
  }

  list(profile: string, list: string, query: PageQuery): PostPage {
    const authorId = this.#c.identities.findAuthor(parseProfile(profile))
    const listId = fromHex(list)
    if (listId?.length !== LIST_ID_BYTES) throw new BadRequestError(`expected a list's id, got ${list.slice(0, 80)}`)
    if (authorId === undefined) return { items: [], cursor: null }
    return this.#page(query, (after, limit) => {
      const members = this.#c.edges
        .listMembers(authorId, listId, MAX_LIST_MEMBERS)
        .flatMap((member) => this.#c.identities.findAuthor(member) ?? [])
      return this.#c.posts.ofAuthors(members, after, limit)
    })
  }

  lists(member: string | null): ListView[] {
    const myId = this.#me === null ? undefined : this.#c.identities.findAuthor(this.#me)
    return myId === undefined ? [] : readLists(this.#c.edges, myId, member === null ? null : parseProfile(member))
  }

  listPeople(id: string): ListPeople | null {
    const myId = this.#me === null ? undefined : this.#c.identities.findAuthor(this.#me)
    const list = fromHex(id)
    if (myId === undefined || list === undefined) return null
    return this.#read((views) => readListPeople(this.#c.edges, myId, list, (address) => views.person(address)))
  }

  /** In the order of the ids; null for what isn't held or may not be shown. */
  posts(ids: readonly string[]): (PostView | null)[] {
    return this.#read((views) =>
      ids.slice(0, MAX_LIMIT).map((id) => {
        const row = this.#findPost(id)
        return row === null ? null : views.view(row)
      }),
    )
  }

  notifications(query: NotificationQuery): NotificationPage {
    const myId = this.#me === null ? undefined : this.#c.identities.findAuthor(this.#me)
    if (myId === undefined) return { items: [], cursor: null, unread: 0 }
    return this.#read((views) => {
      const limit = boundedLimit(query)
      const rows = this.#c.notifications.page(myId, query, parseCursor(query.cursor), limit)
      const last = rows.at(-1)
      const items = rows.map((row) => {
        const post = row.postId === null ? null : this.#c.posts.find(row.postId)
        return {
          id: formatRecordId(row.id),
          kind: row.kind,
          from: views.personOf(row.authorId),
          at: row.sortMs,
          post: post === null ? null : views.view(post),
          emoji: row.value,
          unread: row.isUnread,
        }
      })
      const cursor = rows.length < limit || last === undefined ? null : formatCursor(last)
      return { items, cursor, unread: this.#c.notifications.countUnread(myId).count }
    })
  }

  unreadNotifications(ringing?: Ringing): Unread {
    const myId = this.#me === null ? undefined : this.#c.identities.findAuthor(this.#me)
    return myId === undefined ? { count: 0, known: 0, ringing: 0 } : this.#c.notifications.countUnread(myId, ringing)
  }

  post(id: string): PostView | null {
    return this.#read((views) => {
      const row = this.#findPost(id)
      return row === null ? null : views.view(row)
    })
  }

  history(id: string): PostVersion[] | null {
    return this.#read((views) => {
      const row = this.#findPost(id)
      if (row === null) return null
      const edits = this.#c.posts.edits(row.id, MAX_VERSIONS - 1).map((edit) => ({ ...edit, kind: KIND.edit }))
      const { body } = row
      const first = body === null ? [] : [{ id: row.id, tsMs: row.tsMs, body, kind: KIND.post }]
      return [...edits, ...first].flatMap((version) => views.version(version) ?? [])
    })
  }

  thread(id: string, query: ThreadQuery = {}): Thread | null {
    return this.#read((views) => {
      const row = this.#c.posts.findPlaced(parsePostId(id))
      if (row === null) return null
      const silenceOf = (authorId: number) => this.#silencesOf(this.#c.identities.addressOf(authorId))[0]
      return readThread({ ...this.#c, views, silenceOf }, row, { ...query, hasAccount: this.#me !== null })
    })
  }

  silencedPeople(): SilencedPeople {
    return this.#read((views) => {
      const from = (source: string) =>
        this.#c.decisions
          .listFrom(source)
          .map(({ subject, decidedMs }) => ({ ...views.person(subject), since: decidedMs }))
          .sort((a, b) => b.since - a.since)
      return { muted: from(SILENCE_SOURCES.muted), blocked: from(SILENCE_SOURCES.blocked) }
    })
  }

  profile(profile: string): ProfileView {
    const address = parseProfile(profile)
    return this.#read((views) => {
      const person = this.#c.persons.find(address)
      const body = person === null ? null : readProfile(person.profileBody)
      const isKnown = person !== null && this.#c.identities.genesisHash(person.authorId) !== null
      const counts =
        person === null
          ? { posts: 0, following: 0, followers: 0, missing: 0 }
          : this.#c.persons.counts(person.authorId, address)
      const silences = this.#silencesOf(address)
      const seeds = (body?.seeds ?? []).map(({ peer, addrs }) => ({
        peerId: formatPeerId(peer),
        addresses: [...addrs],
      }))
      return {
        profile: formatPeerId(address),
        name: person?.name ?? '',
        bio: body?.bio ?? '',
        avatar: views.person(address).avatar,
        seeds,
        isMe: this.#me !== null && equalBytes(address, this.#me),
        follow: this.#followState(address),
        followsMe: this.#followsMe(person?.authorId),
        ...(silences.length > 0 && { silences }),
        counts,
        completeAsOf: person === null ? null : this.#c.beats.completeAsOf(person.authorId),
        owedBy: [],
        compared: null,
        state: isKnown ? 'known' : 'unknown',
        link: formatProfileLink({
          profile: formatPeerId(address),
          addresses: seeds.flatMap(({ addresses }) => addresses),
        }),
      }
    })
  }

  follows(): Follow[] {
    return this.#read((views) => {
      const myId = this.#me === null ? undefined : this.#c.identities.findAuthor(this.#me)
      const following = myId === undefined ? [] : this.#c.edges.listOn(KIND.follow, myId)
      const isFollowed = (target: Uint8Array) => following.some(({ subject }) => equalBytes(subject, target))
      const pending = this.#c.own.listPendingFollows().filter(({ target }) => !isFollowed(target))
      return [
        ...pending.map(({ target, sinceMs }) => ({
          ...views.person(target),
          state: 'pending' as const,
          since: sinceMs,
        })),
        ...following.map(({ subject, tsMs }) => ({
          ...views.person(subject),
          state: 'following' as const,
          since: tsMs,
        })),
      ].sort((a, b) => b.since - a.since)
    })
  }

  suggest(typed: string, limit: number): Suggestion[] {
    const myId = this.#me === null ? undefined : this.#c.identities.findAuthor(this.#me)
    return this.#read((views) => {
      const following = myId === undefined ? [] : this.#c.edges.listOn(KIND.follow, myId)
      const followed = new Set(following.map(({ subject }) => bytesName(subject)))
      const people = (foldName(typed) === '' ? this.#namedOf(following) : this.#c.names.find(typed))
        .filter(({ authorId }) => authorId !== myId)
        .map((person) => ({ ...person, isFollowed: followed.has(bytesName(person.address)) }))
      const suggestions: Suggestion[] = []
      for (const isFirst of [true, false]) {
        for (const { authorId, address, isFollowed } of people) {
          if (suggestions.length >= limit) return suggestions
          if (isFollowed !== isFirst || this.#c.persons.isSilenced(authorId)) continue
          suggestions.push({ ...views.person(address), isFollowed })
        }
      }
      return suggestions
    })
  }

  /** Before anything is typed: whom this account followed last, as far as they have names. */
  #namedOf(following: readonly { readonly subject: Uint8Array; readonly tsMs: number }[]): NamedPerson[] {
    const latest = following.toSorted((a, b) => b.tsMs - a.tsMs).slice(0, MAX_LATEST_FOLLOWS)
    return latest.flatMap(({ subject: address }) => {
      const person = this.#c.persons.find(address)
      if (person === null || person.name === '' || this.#c.identities.genesisHash(person.authorId) === null) return []
      return [{ authorId: person.authorId, address, name: person.name }]
    })
  }

  names(profiles: readonly string[]): string[] {
    return profiles.slice(0, MAX_NAMES).map((profile) => {
      const address = parsePeerId(profile)
      return address === undefined ? '' : (this.#c.persons.find(address)?.name ?? '')
    })
  }

  #page(query: PageQuery, read: (after: PageKey | null, limit: number) => readonly PostRow[]): PostPage {
    return this.#read((views) => {
      const limit = boundedLimit(query)
      const rows = read(parseCursor(query.cursor), limit)
      const last = rows.at(-1)
      const cursor = rows.length < limit || last === undefined ? null : formatCursor(last)
      return { items: rows.map((row) => views.view(row)), cursor }
    })
  }

  #read<T>(work: (views: PostViews) => T): T {
    const viewer = { me: this.#me, connection: this.#connection }
    return this.#c.posts.snapshot(() => work(new PostViews(this.#c, viewer)))
  }

  #findPost(id: string): PostRow | null {
    return this.#c.posts.find(parsePostId(id))
  }

  /** What the account said itself comes first. */
  #silencesOf(address: Uint8Array): Silence[] {
    const sources = new Set(this.#c.decisions.listAbout('author', address).map(({ source }) => source))
    return SILENCES.filter((silence) => sources.has(SILENCE_SOURCES[silence]))
  }

  #followState(address: Uint8Array): ProfileView['follow'] {
    const myId = this.#me === null ? undefined : this.#c.identities.findAuthor(this.#me)
    if (myId !== undefined && this.#c.edges.find(KIND.follow, myId, address)?.isOn === true) return 'following'
    return this.#c.own.listPendingFollows().some(({ target }) => equalBytes(target, address)) ? 'pending' : 'none'
  }

  #followsMe(authorId: number | undefined): boolean {
    if (authorId === undefined || this.#me === null) return false
    return this.#c.edges.find(KIND.follow, authorId, this.#me)?.isOn === true
  }
}
