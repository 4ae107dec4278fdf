import type { MediaView } from '../../../core/contract/media.ts'
import type { MutedWord } from '../../../core/contract/moderation.ts'
import type {
  AnswersState,
  Follow,
  FollowState,
  Holding,
  Mention,
  Person,
  PostVersion,
  PostView,
  ProfileView,
  QuotedPost,
  Rung,
  Silence,
  Suggestion,
  Thread,
} from '../../../core/contract/views.ts'
import { foldName } from '../../../core/record/name-text.ts'
import { sumSigns } from '../../../core/record/sign-text.ts'
import { foldWord } from '../../../core/record/word-text.ts'
import { fakeThread, type ThreadPageInput } from './fake-thread.ts'
import { fakePeerId, fakeRecordId } from './ids.ts'
import { PENDING_PERSON_KEY, PEOPLE_WITH_AVATAR, SAMPLE_PEOPLE } from './sample-people.ts'
import { drawAvatar, drawLandscape } from './sample-pictures.ts'
import { SAMPLE_POSTS } from './sample-posts.ts'

const MINUTE_MS = 60_000
const REPLY_LIMIT = 500

export interface FakePerson {
  readonly profile: string
  name: string
  bio: string
  avatar: MediaView | null
  follow: FollowState
  since: number
  readonly followsMe: boolean
  /** Why they are not shown, and since when. */
  readonly silences: Map<Silence, number>
  /** Records that are known and not here; none where it is left out. */
  missing?: number
  /** Six minutes ago where it is left out. */
  completeAsOf?: number | null
  /** Peers that were asked; two where it is left out. */
  asked?: number
}

export interface FakePost {
  readonly id: string
  readonly author: string
  readonly ts: number
  text: string
  lang: string | null
  media: MediaView[]
  warning?: string | undefined
  mentions?: readonly Mention[] | undefined
  /** What it said before, the oldest first; left out, with the time of the last edit, where it was never edited. */
  versions?: PostVersion[]
  editedAt?: number
  /** Id of the post that is answered. */
  readonly reply: string | null
  /** Id of the post that is quoted, held or not. */
  readonly quote?: string | undefined
  deletedAt: number | null
  readonly reactions: Map<string, string>
  readonly reposts: Set<string>
  holding: Holding | null
}

/** People, posts and pictures of a small square in memory, with the views that the contract asks for. */
export class FakeSquare {
  readonly lists = new Map<string, { name: string; members: Set<string> }>()
  readonly rungs: Record<Rung, string[]> = { friends: [], others: [], welcome: [] }
  readonly people = new Map<string, FakePerson>()
  readonly posts = new Map<string, FakePost>()
  /** The account's own names for others, by profile. */
  readonly petnames = new Map<string, string>()
  /** Muted words by id. */
  readonly words = new Map<string, MutedWord>()
  readonly files = new Map<string, { type: string; bytes: Uint8Array<ArrayBuffer> }>()
  /** Profiles whom somebody follows whom the account follows. */
  readonly near = new Set<string>()
  /** Parents that threads miss. */
  missingParents = 0
  /** Profile address of the account, null while there is none. */
  me: string | null = null
  /** What is said of the seeds of a thread or a tag. */
  answers: AnswersState = { answers: 'asked', seedsAsked: 2 }

  /** Ten people and forty posts; the newest is a few minutes older than `nowMs`. */
  static sample(nowMs: number): FakeSquare {
    const square = new FakeSquare()
    for (const person of SAMPLE_PEOPLE) {
      const profile = fakePeerId(person.key)
      square.people.set(profile, {
        profile,
        name: person.name,
        bio: person.bio,
        avatar: PEOPLE_WITH_AVATAR.includes(person.key) ? square.addPicture(drawAvatar(person.key), '') : null,
        follow: person.follow === 'me' ? 'none' : person.follow,
        since: nowMs - 20_000 * MINUTE_MS,
        followsMe: person.followsMe,
        silences: new Map(),
      })
      if (person.follow === 'me') square.me = profile
    }
    square.person(fakePeerId(PENDING_PERSON_KEY)).follow = 'pending'
    for (const sample of SAMPLE_POSTS) {
      const author = fakePeerId(sample.by)
      const id = fakeRecordId(sample.key)
      square.posts.set(id, {
        id,
        author,
        ts: nowMs - sample.ago * MINUTE_MS,
        text: sample.text,
        lang: sample.lang,
        media: (sample.media ?? []).map(({ name, light, width, height, alt, state }) =>
          square.addPicture(drawLandscape(name, light, width, height), alt, state),
        ),
        reply: sample.reply === undefined ? null : fakeRecordId(sample.reply),
        deletedAt: sample.deleted ? nowMs - (sample.ago - 3) * MINUTE_MS : null,
        reactions: new Map((sample.reactions ?? []).map((key) => [fakePeerId(key), '❤'])),
        reposts: new Set((sample.reposts ?? []).map((key) => fakePeerId(key))),
        holding: author === square.me ? HELD_BY_TWO : null,
      })
    }
    return square
  }

  /** The person at an address; a stranger is made up on the way, as an address nobody knows yet. */
  person(profile: string): FakePerson {
    let person = this.people.get(profile)
    if (!person) {
      person = {
        profile,
        name: '',
        bio: '',
        avatar: null,
        follow: 'none',
        since: 0,
        followsMe: false,
        silences: new Map(),
      }
      this.people.set(profile, person)
    }
    return person
  }

  addPicture(
    picture: {
      cid: string
      type: string
      width: number
      height: number
      size: number
      thumbhash: string
      bytes: Uint8Array<ArrayBuffer>
    },
    alt: string,
    state: MediaView['state'] = 'here',
  ): MediaView {
    const { cid, type, width, height, size, thumbhash, bytes } = picture
    if (state === 'here') this.files.set(cid, { type, bytes })
    return { cid, type, size, width, height, alt, thumbhash, state }
  }

  /** What a post and an edit say beside text and pictures. */
  said(input: { lang?: string | undefined; warning?: string | undefined; mentions?: readonly Mention[] | undefined }) {
    return { lang: input.lang ?? null, warning: input.warning, mentions: input.mentions }
  }

  suggest(query: string, limit: number): Suggestion[] {
    const start = foldName(query)
    return [...this.people.values()]
      .filter((person) => {
        const words = foldName(person.name).split(' ')
        const keys = [...words.map((_, i) => words.slice(i).join(' ')), foldName(person.profile.slice(-8))]
        const isThere = start === '' ? person.follow === 'following' : keys.some((key) => key.startsWith(start))
        return isThere && person.name !== '' && person.profile !== this.me && !this.isSilenced(person.profile)
      })
      .map((person) => ({ ...this.toPerson(person), isFollowed: person.follow === 'following' }))
      .sort((a, b) => Number(b.isFollowed) - Number(a.isFollowed) || (a.name < b.name ? -1 : 1))
      .slice(0, limit)
  }

  /** Nobody who is silenced, unless that is asked for. */
  postsNewestFirst(filter: (post: FakePost) => boolean, silenced = false): FakePost[] {
    return [...this.posts.values()]
      .filter((post) => filter(post) && (silenced || !this.isSilenced(post.author)))
      .filter((post) => this.wordOf(post)?.level !== 'hide')
      .sort((a, b) => b.ts - a.ts || (a.id < b.id ? 1 : -1))
  }

  isSilenced(profile: string): boolean {
    return this.person(profile).silences.size > 0
  }

  /** The muted word that a post of somebody else has. */
  wordOf(post: FakePost): MutedWord | undefined {
    if (post.author === this.me) return undefined
    const said = ` ${(post.text.match(/[\p{L}\p{N}]+/gu) ?? []).map(foldWord).join(' ')} `
    return [...this.words.values()].find(
      ({ word, isExpired, exceptFollowed }) =>
        !isExpired &&
        said.includes(` ${foldWord(word).replace('#', '')} `) &&
        !(exceptFollowed && this.person(post.author).follow === 'following'),
    )
  }

  isHome(post: FakePost): boolean {
    if (post.author === this.me || this.person(post.author).follow === 'following') return true
    return this.#reposterOf(post) !== undefined
  }

  toPostView(post: FakePost): PostView {
    const author = this.person(post.author)
    const reposter = author.follow === 'following' || post.author === this.me ? undefined : this.#reposterOf(post)
    const isShown = post.deletedAt === null
    const view: PostView = {
      id: post.id,
      author: post.author,
      name: author.name,
      avatar: author.avatar,
      ts: post.ts,
      text: isShown ? post.text : '',
      lang: post.lang,
      media: isShown ? post.media : [],
      state: isShown ? 'shown' : 'deleted',
      editedAt: post.editedAt ?? null,
      arrivedLateAt: null,
      deletedAt: post.deletedAt,
      counts: {
        replies: [...this.posts.values()].filter((other) => other.reply === post.id && !this.isSilenced(other.author))
          .length,
        reposts: post.reposts.size,
        reactions: post.reactions.size,
      },
      mine: {
        reaction: post.reactions.get(this.me ?? '') ?? null,
        reposted: post.reposts.has(this.me ?? ''),
      },
      repostedBy: reposter === undefined ? null : this.toPerson(reposter),
      holding: post.holding,
      ...this.#foldOf(post),
    }
    if (post.warning !== undefined && isShown) view.warning = post.warning
    if (post.mentions?.length && isShown) {
      view.mentions = post.mentions.map((mention) => ({ ...mention, name: this.person(mention.profile).name }))
    }
    const signs = sumSigns([...post.reactions.values()].map((value) => ({ value, count: 1 })))
    if (signs.length > 0 && isShown) view.signs = signs
    if (post.quote !== undefined && isShown) view.quote = this.#toQuoted(post.quote)
    const parent = post.reply === null ? undefined : this.posts.get(post.reply)
    if (parent) {
      const root = this.#ancestors(post)[0] ?? parent
      view.reply = {
        root: { author: root.author, id: root.id },
        parent: { author: parent.author, id: parent.id },
        parentName: this.person(parent.author).name,
      }
    }
    return view
  }

  #foldOf(post: FakePost | undefined): { foldedBy?: string } {
    const word = post === undefined ? undefined : this.wordOf(post)
    return word === undefined ? {} : { foldedBy: word.word }
  }

  #toQuoted(id: string): QuotedPost {
    const post = this.posts.get(id)
    const author = this.person(post?.author ?? fakePeerId('elsewhere'))
    const isShown = post?.deletedAt === null
    return {
      id,
      author: author.profile,
      name: author.name,
      avatar: author.avatar,
      ts: post?.ts ?? null,
      text: isShown ? post.text : '',
      lang: isShown ? post.lang : null,
      media: isShown ? post.media : [],
      ...(isShown && post.warning !== undefined && { warning: post.warning }),
      state: post === undefined ? 'missing' : isShown ? 'shown' : 'deleted',
      deletedAt: post?.deletedAt ?? null,
      ...this.#foldOf(post),
    }
  }

  /** The text as it stands, and those before. */
  toVersions({ id, ts, text, lang, media, warning, versions = [], editedAt }: FakePost): PostVersion[] {
    const now = {
      id: versions.length === 0 ? id : fakeRecordId(`edit of ${id}`),
      ts: editedAt ?? ts,
      text,
      lang,
      media,
      ...(warning && { warning }),
    }
    return [now, ...versions.toReversed()]
  }

  toAskedThread(post: FakePost, query: ThreadPageInput & { silenced: boolean }): Thread & AnswersState {
    return { ...this.toThread(post, query.silenced, query), ...this.answers }
  }

  toThread(post: FakePost, silenced = false, page: ThreadPageInput = {}): Thread {
    const distanceOf = (author: string) => {
      if (author === this.me || this.person(author).follow === 'following') return 1
      return this.near.has(author) ? 2 : null
    }
    const view = (placed: FakePost) => this.#toPlaced(placed, silenced)
    const place = { posts: this.posts, ancestors: this.#ancestors(post), missing: this.missingParents }
    return fakeThread(post, { ...place, distanceOf, view }, page)
  }

  #toPlaced(post: FakePost, silenced: boolean): PostView {
    const [silence] = this.person(post.author).silences.keys()
    const view = this.toPostView(post)
    if (silence === undefined || silenced) return view
    const { quote: _quote, warning: _warning, mentions: _mentions, signs: _signs, ...placed } = view
    return { ...placed, text: '', lang: null, media: [], silence }
  }

  toProfileView(profile: string): ProfileView {
    const person = this.person(profile)
    const own = [...this.posts.values()].filter((post) => post.author === profile)
    const others = [...this.people.values()]
    return {
      profile,
      name: person.name,
      bio: person.bio,
      avatar: person.avatar,
      seeds: person.name === '' ? [] : [{ peerId: fakePeerId('seed-mill'), addresses: ['/ip4/127.0.0.1/tcp/4001'] }],
      isMe: profile === this.me,
      follow: person.follow,
      followsMe: person.followsMe,
      ...(person.silences.size > 0 && { silences: [...person.silences.keys()] }),
      counts: {
        posts: own.length,
        following: profile === this.me ? others.filter((other) => other.follow === 'following').length : 6,
        followers: profile === this.me ? others.filter((other) => other.followsMe).length : 4,
        missing: person.missing ?? 0,
      },
      owedBy: [],
      completeAsOf: completeAsOf(person),
      compared: comparedWith(person),
      state: person.name === '' ? 'unknown' : 'known',
      link: `palabre:${profile}?a=/ip4/127.0.0.1/tcp/4001/p2p/${fakePeerId('seed-mill')}`,
    }
  }

  toPerson(person: FakePerson): Person {
    return { profile: person.profile, name: person.name, avatar: person.avatar }
  }

  follows(): Follow[] {
    return [...this.people.values()]
      .filter((person) => person.follow !== 'none')
      .map(({ profile, name, avatar, follow, since }) => ({ profile, name, avatar, state: follow, since }))
  }

  #reposterOf(post: FakePost): FakePerson | undefined {
    return [...post.reposts].map((profile) => this.person(profile)).find((person) => person.follow === 'following')
  }

  /** From the root to the parent. */
  #ancestors(post: FakePost): FakePost[] {
    const chain: FakePost[] = []
    let parent = post.reply === null ? undefined : this.posts.get(post.reply)
    while (parent && chain.length < REPLY_LIMIT) {
      chain.unshift(parent)
      parent = parent.reply === null ? undefined : this.posts.get(parent.reply)
    }
    return chain
  }
}

export const HELD_BY_TWO: Holding = {
  seeds: [
    { peerId: fakePeerId('seed-mill'), name: 'Seed of the mill' },
    { peerId: fakePeerId('seed-library'), name: 'Bibliothèque' },
  ],
  cause: 'held',
}

function completeAsOf({ name, missing, completeAsOf: at }: FakePerson): number | null {
  if (name === '' || (missing ?? 0) > 0) return null
  return at === undefined ? Date.now() - 6 * 60_000 : at
}

function comparedWith({ name, asked = 2 }: FakePerson): ProfileView['compared'] {
  return name === '' || asked === 0 ? null : { at: Date.now() - 4 * 60_000, peers: asked }
}
