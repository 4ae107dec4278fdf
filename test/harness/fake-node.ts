/**
 * An implementation of the contract in memory, with a pleasant sample square, for tests of carriers, guard and window.
 * It uses nothing of Node.js, so it also runs in the page of a component test. What a test needs to simulate is in
 * `controls`: nobody online, slow or failing calls, posts that arrive, a node that died.
 */
import { EventPublisher, ORPCError } from '@orpc/server'
import type { Evidence } from '../../core/contract/evidence.ts'
import type { Media, MediaView } from '../../core/contract/media.ts'
import { DEFAULT_SETTINGS } from '../../core/contract/setting-defaults.ts'
import type { Settings } from '../../core/contract/settings.ts'
import type { NetworkStatus, NodeEvent, PostPage } from '../../core/contract/views.ts'
import { findTags, foldTag } from '../../core/record/tag-text.ts'
import { FakeAccounts, fakeAccountRoutes } from './fake/fake-accounts.ts'
import { fakeActRoutes } from './fake/fake-acts.ts'
import { FakeArchive } from './fake/fake-archive.ts'
import { FakeDrill } from './fake/fake-drill.ts'
import { fakeEvidence } from './fake/fake-evidence.ts'
import { fakeFollowRoutes } from './fake/fake-follows.ts'
import type { FakeHome } from './fake/fake-home.ts'
import { FakeInvitations } from './fake/fake-invitations.ts'
import { fakeListRoutes, isListed } from './fake/fake-lists.ts'
import { fakeModerationRoutes } from './fake/fake-moderation.ts'
import { createFakeOs, type FakeContext, type FakeRouter } from './fake/fake-os.ts'
import { fakePetnameRoutes } from './fake/fake-petnames.ts'
import { FakeReading, fakeFindRoutes } from './fake/fake-reading.ts'
import { type FakePost, FakeSquare, HELD_BY_TWO } from './fake/fake-square.ts'
import { FakeStorage } from './fake/fake-storage.ts'
import { fakeMediaId, fakePeerId, fakeRecordId } from './fake/ids.ts'
import { fakeBanRoutes, fakeConnect, fakeNetworkStatus } from './fake/network-status.ts'
import { isOnProfile } from './fake/on-profile.ts'

/** square: an account, ten people, forty posts · empty: an account and nothing else · newcomer: no account yet */
export type FakeSample = 'square' | 'empty' | 'newcomer'

export interface FakeNodeInit {
  sample?: FakeSample
  /** Milliseconds since 1970 that count as now; stands still unless `controls.advance` moves it. */
  nowMs?: number
  /** Pause before each step of linking and recovery that happens by itself; left out, `controls.accounts` drives them. */
  paceMs?: number
}

const MAX_POST_BYTES = 3_000
const DEFAULT_NOW_MS = Date.UTC(2026, 10, 21, 9, 30)

export function createFakeNode(init: FakeNodeInit = {}) {
  const sample = init.sample ?? 'square'
  let nowMs = init.nowMs ?? DEFAULT_NOW_MS
  let count = 0
  let square = sample === 'square' ? FakeSquare.sample(nowMs) : new FakeSquare()
  let settings: Settings = DEFAULT_SETTINGS
  let network: NetworkStatus['state'] = 'connected'
  const storage = new FakeStorage(square)
  let clockOffsetMs = 340
  let [patch, evidence]: [Partial<NetworkStatus>, readonly Evidence[]] = [{}, []]
  let [delayMs, isDead] = [0, false]
  const failures = new Map<string, { code: string; message: string; times: number; after: number }>()
  const publisher = new EventPublisher<{ event: NodeEvent }>({ maxBufferedEvents: 1_000 })
  const emit = (event: NodeEvent) => publisher.publish('event', event)
  const home: FakeHome = {
    square: () => square,
    now: () => nowMs,
    emit,
    settings: () => settings,
    arrive: () => {
      square = FakeSquare.sample(nowMs)
      accounts.secrets.isPending = false
      emit({ type: 'account' })
      emit({ type: 'posts', ids: [], all: true })
    },
  }
  const accounts = new FakeAccounts(home, { paceMs: init.paceMs ?? null })
  const { devices, secrets } = accounts
  const archive = new FakeArchive(emit)
  const invitations = new FakeInvitations(home)
  const drill = new FakeDrill(emit, () => nowMs)
  const reading = new FakeReading(home)

  const os = createFakeOs(async (path) => {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
    if (isDead) throw new ORPCError('stopping', { message: 'the node has stopped' })
    const failure = failures.get(path.join('.'))
    if (failure && failure.after-- <= 0 && failure.times-- > 0)
      throw new ORPCError(failure.code, { message: failure.message })
  })

  const account = () => {
    if (square.me === null) throw new ORPCError('no-account', { message: 'there is no account here yet' })
    const { peerId, name: deviceName } = devices.find(fakePeerId('device'))
    const { name } = square.person(square.me)
    const protection = secrets.passphrase === null ? ('open' as const) : ('passphrase' as const)
    return {
      profile: square.me,
      name,
      device: { peerId, name: deviceName },
      wordsPending: secrets.isPending,
      protection,
    }
  }
  const findPost = (id: string): FakePost => {
    const post = square.posts.get(id)
    if (!post) throw new ORPCError('not-found', { message: `no post ${id} is held here` })
    return post
  }
  const page = (posts: FakePost[], limit: number, cursor?: string): PostPage => {
    const from = cursor === undefined ? 0 : posts.findIndex((post) => post.id === cursor) + 1
    const items = posts.slice(from, from + limit)
    const last = items.at(-1)
    return {
      items: items.map((post) => square.toPostView(post)),
      cursor: last && from + limit < posts.length ? last.id : null,
    }
  }
  const timelinePage = (
    query: { limit: number; cursor?: string | undefined; silenced?: boolean },
    isIn: (post: FakePost) => boolean,
  ) => page(square.postsNewestFirst(isIn, query.silenced), query.limit, query.cursor)
  const addPost = (post: Partial<FakePost> & { author: string; text: string }): FakePost => {
    const id = fakeRecordId(`new ${++count}`)
    const whole: FakePost = {
      id,
      ts: nowMs + count,
      lang: null,
      media: [],
      reply: null,
      deletedAt: null,
      reactions: new Map(),
      reposts: new Set(),
      holding: null,
      ...post,
    }
    square.posts.set(id, whole)
    return whole
  }
  const changed = (post: FakePost) => emit({ type: 'posts', ids: [post.id], all: false })
  const onlyLocal = (context: FakeContext) => {
    if (context.carrier !== 'local')
      throw new ORPCError('not-here', { message: 'paths are accepted on the local socket only' })
  }
  const asView = (media: Media): MediaView => ({ ...media, state: square.files.has(media.cid) ? 'here' : 'missing' })

  const router: FakeRouter = os.router({
    account: {
      create: os.account.create.handler(({ input }) => {
        if (square.me !== null) throw new ORPCError('account-exists', { message: 'there is an account here already' })
        square.me = fakePeerId('ines')
        square.person(square.me).name = input.name
        secrets.isPending = true
        devices.begin()
        emit({ type: 'account' })
        return account()
      }),
      get: os.account.get.handler(account),
      words: os.account.words.handler(({ context }) => {
        if (context.carrier === 'local') throw new ORPCError('not-here', { message: 'words never stand on stdout' })
        return { words: secrets.isPending ? secrets.words : null }
      }),
      confirmWords: os.account.confirmWords.handler(({ input }) => {
        const confirmed = input.answers.every(({ index, word }) => secrets.words[index] === word)
        if (confirmed) secrets.isPending = false
        if (confirmed) emit({ type: 'account' })
        return { confirmed }
      }),
      protect: os.account.protect.handler(({ input }) => {
        secrets.protect(input.passphrase, input.current)
        emit({ type: 'account' })
        return account()
      }),
    },
    ...fakeAccountRoutes(os, accounts, home),
    posts: {
      create: os.posts.create.handler(({ input }) => {
        const { profile } = account()
        const size = new TextEncoder().encode(input.text).length
        if (size > MAX_POST_BYTES) {
          throw new ORPCError('too-long', { message: `post text is ${size} bytes, limit ${MAX_POST_BYTES}` })
        }
        const parent = typeof input.reply === 'object' ? input.reply.id : input.reply
        const post = addPost({
          author: profile,
          text: input.text,
          ...square.said(input),
          media: input.media.map(asView),
          reply: parent === undefined ? null : findPost(parent).id,
          quote: typeof input.quote === 'object' ? input.quote.id : input.quote,
          holding: { seeds: [], cause: network === 'offline' ? 'offline' : 'sending' },
        })
        emit({ type: 'home', count: 1, own: true })
        return { id: post.id }
      }),
      get: os.posts.get.handler(({ input }) => square.toPostView(findPost(input.id))),
      edit: os.posts.edit.handler(({ input }) => {
        const post = findPost(input.id)
        if (post.author !== square.me) throw new ORPCError('not-owner', { message: 'only own posts can be edited' })
        const { versions = [], editedAt, ts, text, lang, media, warning } = post
        const id = versions.length === 0 ? post.id : fakeRecordId(`edit ${++count}`)
        post.versions = [...versions, { id, ts: editedAt ?? ts, text, lang, media, ...(warning && { warning }) }]
        Object.assign(post, {
          text: input.text,
          ...square.said(input),
          media: input.media.map(asView),
          editedAt: nowMs,
        })
        changed(post)
        return { id: post.id }
      }),
      history: os.posts.history.handler(({ input }) => ({ items: square.toVersions(findPost(input.id)) })),
      delete: os.posts.delete.handler(({ input }) => {
        const post = findPost(input.id)
        if (post.author !== square.me) throw new ORPCError('bad-request', { message: 'only own posts can be deleted' })
        post.deletedAt = nowMs
        changed(post)
        return { id: post.id }
      }),
    },
    timeline: {
      home: os.timeline.home.handler(({ input }) =>
        timelinePage(input, (post) => post.deletedAt === null && square.isHome(post)),
      ),
      beyond: os.timeline.beyond.handler(({ input }) => ({
        ...timelinePage(input, ({ id, deletedAt }) => deletedAt === null && square.rungs[input.rung].includes(id)),
        madeAt: input.rung === 'welcome' ? Date.UTC(2026, 10, 12) : null,
      })),
      profile: os.timeline.profile.handler(({ input }) => timelinePage(input, (post) => isOnProfile(post, input))),
      tag: os.timeline.tag.handler(({ input }) => ({
        ...timelinePage(input, ({ text }) => findTags(text).some((tag) => foldTag(tag.text) === foldTag(input.tag))),
        ...square.answers,
      })),
      list: os.timeline.list.handler(({ input }) => timelinePage(input, (post) => isListed(square, post, input.list))),
    },
    ...reading.routes(os),
    threads: { get: os.threads.get.handler(({ input }) => square.toAskedThread(findPost(input.id), input)) },
    profiles: {
      ...fakeFindRoutes(os),
      ...fakePetnameRoutes(os, home),
      suggest: os.profiles.suggest.handler(({ input }) => ({ items: square.suggest(input.query, input.limit) })),
      get: os.profiles.get.handler(({ input }) => square.toProfileView(input.profile ?? account().profile)),
      update: os.profiles.update.handler(({ input }) => {
        const { profile } = account()
        const person = square.person(profile)
        person.name = input.name ?? person.name
        person.bio = input.bio ?? person.bio
        if (input.avatar !== undefined) person.avatar = input.avatar === null ? null : asView(input.avatar)
        emit({ type: 'profile', profile })
        return square.toProfileView(profile)
      }),
    },
    follows: fakeFollowRoutes(os, home),
    ...fakeActRoutes(os, { findPost, me: () => account().profile, changed }),
    search: {
      posts: os.search.posts.handler(({ input }) => {
        const isFiltered = [input.author, input.since, input.until, input.media].some((given) => given !== undefined)
        const wanted = input.query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
        const hits = square.postsNewestFirst(
          (post) =>
            post.deletedAt === null &&
            wanted.every((word) => post.text.toLocaleLowerCase().includes(word)) &&
            (input.author === undefined || post.author === input.author) &&
            (input.since === undefined || post.ts >= input.since) &&
            (input.until === undefined || post.ts < input.until) &&
            (input.media !== true || post.media.length > 0),
        )
        return {
          ...page(wanted.length === 0 && !isFiltered ? [] : hits, input.limit, input.cursor),
          searched: square.posts.size,
        }
      }),
    },
    media: {
      add: os.media.add.handler(({ context, input }) => {
        onlyLocal(context)
        throw new ORPCError('unsupported-media', { message: `the sample node reads no files: ${input.path}` })
      }),
      upload: os.media.upload.handler(async ({ input }) => {
        const bytes = new Uint8Array(await input.bytes.arrayBuffer())
        const cid = fakeMediaId(`upload ${++count}`)
        const type = input.bytes.type || 'image/webp'
        square.files.set(cid, { type, bytes })
        const media: Media = { cid, type, size: bytes.length, width: 640, height: 480, alt: input.alt }
        return input.thumbhash === undefined ? media : { ...media, thumbhash: input.thumbhash }
      }),
      get: os.media.get.handler(({ context, input }) => {
        onlyLocal(context)
        throw new ORPCError('not-found', { message: `the sample node writes no files: ${input.cid}` })
      }),
      fetch: os.media.fetch.handler(({ input }) => ({ state: square.files.has(input.cid) ? 'here' : 'missing' })),
    },
    storage: storage.handlers(os),
    network: {
      evidence: os.network.evidence.handler(() => ({ items: [...evidence] })),
      status: os.network.status.handler(() =>
        fakeNetworkStatus(network, nowMs, square, { clockOffsetMs, patch, archive, drill, storage }),
      ),
      ledger: os.network.ledger.handler(({ input }) => ({ days: storage.ledger(input.days, nowMs) })),
      connect: os.network.connect.handler(({ input }) => fakeConnect(input.address)),
    },
    archive: archive.routes(os),
    bans: fakeBanRoutes(os),
    moderation: fakeModerationRoutes(os, home),
    lists: fakeListRoutes(os, home),
    invitations: invitations.routes(os),
    drill: drill.routes(os),
    settings: {
      get: os.settings.get.handler(() => settings),
      update: os.settings.update.handler(({ input }) => {
        const given = Object.entries(input).filter(([, value]) => value !== undefined)
        settings = { ...settings, ...Object.fromEntries(given) }
        if (input.silentKinds !== undefined || input.strangersRing !== undefined) emit({ type: 'notifications' })
        return settings
      }),
    },
    events: {
      subscribe: os.events.subscribe.handler(async function* ({ signal }) {
        const events = publisher.subscribe('event', { signal })
        yield { type: 'subscribed' as const }
        yield* events
      }),
    },
  })

  const controls = {
    square: () => square,
    /** Devices, linking, recovery and guardians; `accounts.course.step()` lets what is under way go on. */
    accounts,
    archive,
    /** Seeds to name, and how far the invitation is that was accepted. */
    invitations,
    drill,
    /** `reading.say()`: somebody says something to the account. */
    reading,
    settings: () => settings,
    emit,
    advance: (ms: number) => (nowMs += ms),
    /** What the chip and the Network page say. */
    setNetwork(state: NetworkStatus['state']): void {
      network = state
      emit({ type: 'network' })
    },
    storage,
    /** How far this computer's clock is ahead of the seeds'. */
    setClock: (offsetMs: number) => {
      clockOffsetMs = offsetMs
      emit({ type: 'network' })
    },
    /** What the status says otherwise from now on. */
    patchNetwork(change: Partial<NetworkStatus>): void {
      patch = { ...patch, ...change }
      emit({ type: 'network' })
    },
    /** One of each sort of what peers owe, or these. */
    setEvidence(items = fakeEvidence(nowMs, (profile) => square.person(profile).name)): void {
      evidence = items
      emit({ type: 'network' })
    },
    /** Every call waits this long first. */
    setDelay: (ms: number) => (delayMs = ms),
    /** Of a method such as `posts.create`, `times` calls fail once `after` more have been answered. */
    fail(method: string, code = 'internal', message = 'made to fail', times = 1, after = 0): void {
      failures.set(method, { code, message, times, after })
    },
    /** Posts of a followed person arrive, newest last. */
    arrive(texts: readonly string[], personKey = 'awa'): void {
      for (const text of texts) addPost({ author: fakePeerId(personKey), text, lang: 'fr' })
      emit({ type: 'home', count: texts.length, own: false })
    },
    /** A seed acknowledges every own post. */
    hold(): void {
      for (const post of square.posts.values()) if (post.author === square.me) post.holding = HELD_BY_TWO
      emit({ type: 'posts', ids: [], all: true })
    },
    /** A picture that was on its way, or not asked for, arrives or turns out to be nowhere. */
    settlePicture(cid: string, state: MediaView['state']): void {
      for (const post of square.posts.values()) for (const item of post.media) if (item.cid === cid) item.state = state
      emit({ type: 'media', cid, state })
    },
    /** From here on every call fails, as when the node has died; `revive` ends it. */
    die: () => (isDead = true),
    revive: () => (isDead = false),
    empty(): void {
      square = new FakeSquare()
      emit({ type: 'account' })
      emit({ type: 'posts', ids: [], all: true })
    },
  }

  const readMedia = async (cid: string): Promise<{ type: string; bytes: Uint8Array<ArrayBuffer> } | null> =>
    square.files.get(cid) ?? null

  if (sample === 'square') {
    devices.fill()
    accounts.guardians.fill()
  }
  if (sample === 'empty') {
    devices.begin()
    square.me = fakePeerId('ines')
    square.person(square.me).name = 'Inès Carpentier'
  }
  return { router, readMedia, controls }
}
export type FakeNode = ReturnType<typeof createFakeNode>
