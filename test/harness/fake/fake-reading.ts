import type { PersonSearch } from '../../../core/contract/finding.ts'
import type { Notification, NotificationFilter, Unread } from '../../../core/contract/reading.ts'
import type { PostView } from '../../../core/contract/views.ts'
import type { FakeHome } from './fake-home.ts'
import type { createFakeOs } from './fake-os.ts'
import type { FakePost } from './fake-square.ts'
import { fakeRecordId } from './ids.ts'

/** One notification as the sample keeps it. */
export interface FakeNotice {
  readonly id: string
  readonly kind: Notification['kind']
  readonly from: string
  readonly at: number
  readonly post: string | null
  readonly emoji: string | null
}

const MINUTE_MS = 60_000
/** What came so long ago has been read when the sample begins. */
const READ_MS = 60 * MINUTE_MS

/** Notifications as they follow from the sample square, and those that a test adds; and bookmarks. */
export class FakeReading {
  readonly #home: FakeHome
  readonly #marks = new Map<string, number>()
  readonly #said: FakeNotice[] = []
  #readAt: number
  #count = 0

  constructor(home: FakeHome) {
    this.#home = home
    this.#readAt = home.now() - READ_MS
  }

  /** Somebody says something to the account just now. */
  say(kind: FakeNotice['kind'], from: string, about: { post?: string; emoji?: string; at?: number } = {}): FakeNotice {
    const id = fakeRecordId(`said ${++this.#count}`)
    const at = about.at ?? this.#home.now() + this.#count
    const notice = { id, kind, from, at, post: about.post ?? null, emoji: about.emoji ?? null }
    this.#said.push(notice)
    this.#home.emit({ type: 'notifications' })
    return notice
  }

  /** As if all of it had been seen. */
  readAll(): void {
    this.#readAt = this.#home.now()
  }

  /** Puts a post among the bookmarks, or takes it out. */
  mark(id: string, isOn = true) {
    this.#marks.delete(id)
    if (isOn) this.#marks.set(id, this.#home.now())
    this.#home.emit({ type: 'private' })
    return { ok: true as const }
  }

  unread(): Unread {
    const unread = this.#notices().filter(({ at }) => at > this.#readAt)
    const { silentKinds, strangersRing } = this.#home.settings()
    const isRinging = (notice: FakeNotice) =>
      !silentKinds.includes(notice.kind) && (strangersRing || this.#isKnown(notice))
    return {
      count: unread.length,
      known: unread.filter((notice) => this.#isKnown(notice)).length,
      ringing: unread.filter(isRinging).length,
    }
  }

  routes(os: ReturnType<typeof createFakeOs>) {
    return { notifications: this.#notifications(os), bookmarks: this.#bookmarks(os) }
  }

  #notifications(os: ReturnType<typeof createFakeOs>) {
    return {
      list: os.notifications.list.handler(({ input }) => {
        const all = this.#notices().filter((notice) => this.#isChosen(notice, input))
        const { items, cursor } = cut(all, input)
        return { items: items.map((notice) => this.#view(notice)), cursor, unread: this.unread().count }
      }),
      unread: os.notifications.unread.handler(() => this.unread()),
      markRead: os.notifications.markRead.handler(({ input }) => {
        const upTo = this.#notices().find(({ id }) => input.id === undefined || id === input.id)
        this.#readAt = Math.max(this.#readAt, upTo?.at ?? 0)
        this.#home.emit({ type: 'notifications' })
        return { count: this.unread().count }
      }),
    }
  }

  #bookmarks(os: ReturnType<typeof createFakeOs>) {
    return {
      list: os.bookmarks.list.handler(({ input }) => {
        const { items, cursor } = cut([...this.#marks].map(([id, at]) => ({ id, at })).toReversed(), input)
        return { items: items.map(({ id, at }) => ({ id, at, post: this.#post(id) })), cursor }
      }),
      ids: os.bookmarks.ids.handler(() => ({ ids: [...this.#marks.keys()].toReversed() })),
      add: os.bookmarks.add.handler(({ input }) => this.mark(input.id, true)),
      remove: os.bookmarks.remove.handler(({ input }) => this.mark(input.id, false)),
    }
  }

  #post(id: string): PostView | null {
    const square = this.#home.square()
    const post = square.posts.get(id)
    return post === undefined || square.isSilenced(post.author) ? null : square.toPostView(post)
  }

  /** Newest first. */
  #notices(): FakeNotice[] {
    const square = this.#home.square()
    const all = [...this.#said]
    for (const post of square.posts.values()) {
      const parent = post.reply === null ? undefined : square.posts.get(post.reply)
      if (parent?.author === square.me && post.author !== square.me) {
        all.push({ id: post.id, kind: 'reply', from: post.author, at: post.ts, post: post.id, emoji: null })
      }
      if (post.author === square.me) all.push(...this.#acts(post))
    }
    for (const { profile, followsMe, since } of square.people.values()) {
      if (!followsMe) continue
      all.push({
        id: fakeRecordId(`follow ${profile}`),
        kind: 'follow',
        from: profile,
        at: since,
        post: null,
        emoji: null,
      })
    }
    return all.filter(({ from }) => !square.isSilenced(from)).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  }

  /** Reactions and reposts of an own post, a few minutes apart. */
  #acts({ id, ts, reactions, reposts }: FakePost): FakeNotice[] {
    const others = (profiles: Iterable<string>) => [...profiles].filter((from) => from !== this.#home.square().me)
    return [
      ...others(reactions.keys()).map((from) => ({
        kind: 'reaction' as const,
        from,
        emoji: reactions.get(from) ?? null,
      })),
      ...others(reposts).map((from) => ({ kind: 'repost' as const, from, emoji: null })),
    ].map((act, i) => ({
      ...act,
      id: fakeRecordId(`${act.kind} ${act.from} ${id}`),
      at: ts + (i + 1) * MINUTE_MS,
      post: id,
    }))
  }

  #isKnown({ from }: FakeNotice): boolean {
    return this.#home.square().person(from).follow === 'following'
  }

  #isChosen(notice: FakeNotice, { kinds, from }: NotificationFilter): boolean {
    if (kinds !== undefined && !kinds.includes(notice.kind)) return false
    return from === undefined || this.#isKnown(notice) === (from === 'known')
  }

  #view({ id, kind, from, at, post, emoji }: FakeNotice): Notification {
    const square = this.#home.square()
    return {
      ...{ id, kind, at, emoji },
      from: square.toPerson(square.person(from)),
      post: post === null ? null : this.#post(post),
      unread: at > this.#readAt,
    }
  }
}

/** A page of a list; its cursor is the id of its last row. */
function cut<Row extends { id: string }>(
  rows: Row[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  const from = cursor === undefined ? 0 : rows.findIndex(({ id }) => id === cursor) + 1
  const items = rows.slice(from, from + limit)
  return { items, cursor: from + limit < rows.length ? (items.at(-1)?.id ?? null) : null }
}

/** Nobody is found by a peer ID here: a search has an answer at once. */
export function fakeFindRoutes(os: ReturnType<typeof createFakeOs>) {
  const searches = new Map<string, PersonSearch>()
  let count = 0
  return {
    find: os.profiles.find.handler(({ input }) => {
      const search: PersonSearch = {
        profile: input.profile,
        state: 'nothing',
        ways: [
          { way: 'memory', state: 'nothing', asked: 2 },
          { way: 'peers', state: 'nothing', asked: 3 * ++count },
          { way: 'dht', state: 'nothing', asked: 0 },
          { way: 'lan', state: 'off', asked: 0 },
        ],
        startedAt: 0,
        endedAt: 1,
      }
      searches.set(input.profile, search)
      return search
    }),
    search: os.profiles.search.handler(({ input }) => searches.get(input.profile) ?? null),
  }
}
