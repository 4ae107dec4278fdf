import type { ListPeople, ListView } from '../contract/lists.ts'
import type { MediaView } from '../contract/media.ts'
import type { SilencedPeople } from '../contract/moderation.ts'
import type { NotificationFilter, NotificationPage, Unread } from '../contract/reading.ts'
import type { Settings } from '../contract/settings.ts'
import type {
  Follow,
  PostPage,
  PostVersion,
  PostView,
  ProfileShow,
  ProfileView,
  Rung,
  Suggestion,
  Thread,
} from '../contract/views.ts'

/** A page of a list: opaque cursor of the page before, at most 500. */
export interface PageQuery {
  readonly cursor?: string | undefined
  readonly limit: number
}

/** What a post must be besides what it says; times in milliseconds since 1970. */
export interface SearchQuery extends PageQuery {
  /** Profile of the author. */
  readonly author?: string | undefined
  readonly since?: number | undefined
  /** The first moment after. */
  readonly until?: number | undefined
  readonly media?: boolean | undefined
}

export interface NotificationQuery extends PageQuery, NotificationFilter {}

/** Which of the unread ring the bell. */
export type Ringing = Pick<Settings, 'silentKinds' | 'strangersRing'>

export interface SilencedQuery extends PageQuery {
  /** Posts of who is muted, blocked or blocks this account are asked for all the same. */
  readonly silenced?: boolean | undefined
  /** All where it is left out. */
  readonly show?: ProfileShow | undefined
}

export interface BeyondQuery extends PageQuery {
  readonly rung: Rung
  /** Profiles of all voices of the welcome pack: they stand on no other rung. */
  readonly voices: readonly string[]
  /** Those of them whose posts the rung of the pack has. */
  readonly spoken: readonly string[]
}

export interface ThreadQuery {
  /** With what those say who are silenced. */
  readonly silenced?: boolean | undefined
  /** Which answers: all, those of strangers last; those of strangers alone, or without them. */
  readonly strangers?: 'all' | 'none' | 'only' | undefined
  /** Deepest level of answers that is given; all unless said. */
  readonly depth?: number | undefined
  readonly cursor?: string | undefined
  /** Answers of one page, at most 500, which it is unless said. */
  readonly limit?: number | undefined
}

/**
 * The read side, as the API hands it out: bounded keyset pages over `visible_post` and nothing else. Profiles are
 * `12D3Koo…` texts, record ids CID texts. `link` in profile views is filled in by the node, which knows addresses.
 */
export interface TimelineReader {
  home(query: PageQuery): Promise<PostPage>
  /** Of people who aren't followed. */
  beyond(query: BeyondQuery): Promise<PostPage>
  /** Of somebody who is silenced only with `silenced`. With `show` a page may be short and not the last. */
  profilePosts(profile: string, query: SilencedQuery): Promise<PostPage>
  /** Posts with this tag, with or without its sign. */
  tag(tag: string, query: PageQuery): Promise<PostPage>
  /** Posts of who is on a list of this profile; `list` is hex of its 16 bytes. */
  list(profile: string, list: string, query: PageQuery): Promise<PostPage>
  /** Own lists by name, at most 100; `member`: of whom each says whether they are on it. */
  lists(member: string | null): Promise<readonly ListView[]>
  /** Null for a list that this account doesn't have. */
  listPeople(id: string): Promise<ListPeople | null>
  /** In the order of the ids, at most 500; null for what isn't held or may not be shown. */
  posts(ids: readonly string[]): Promise<readonly (PostView | null)[]>
  notifications(query: NotificationQuery): Promise<NotificationPage>
  unreadNotifications(ringing: Ringing): Promise<Unread>
  /** Up to the notification with this id, null for all. Returns how many are left. */
  markNotificationsRead(id: string | null): Promise<number>
  post(id: string): Promise<PostView | null>
  /** Every version that is held, the newest first; null for a post that isn't known. */
  history(id: string): Promise<readonly PostVersion[] | null>
  thread(id: string, query?: ThreadQuery): Promise<Thread | null>
  /** The last one first. */
  silencedPeople(): Promise<SilencedPeople>
  profile(profile: string): Promise<ProfileView>
  follows(): Promise<readonly Follow[]>
  /** `text` is what a person typed; without words what the query says alone decides, and nothing is found by neither. */
  search(text: string, query: SearchQuery): Promise<PostPage & { readonly searched: number }>
  /** Whom a post may mention whose name or short ID begins so; at most `limit`, who is followed first. */
  suggest(typed: string, limit: number): Promise<readonly Suggestion[]>
  /** Name of each of these profiles, '' while unknown. */
  names(profiles: readonly string[]): Promise<readonly string[]>
}

/** What this node knows of media bytes; asked synchronously for every page, so it answers from memory or one query. */
export interface MediaStates {
  stateOf(cid: string): MediaView['state']
}
