import type { QueryClient } from '@tanstack/react-query'
import type { NodeEvent, PostView } from '../../core/contract/views.ts'
import { patchPost, postIdsOf, postsShowing, withMediaState } from '../features/post/patch-posts.ts'
import type { NodeClient, NodeQueries } from './client.ts'

export type NodeEventHandler = (event: NodeEvent) => void

/** Hints come in bursts; the Network page is asked at most this often. */
const NETWORK_PAUSE_MS = 1_000
const RETRY_MS = 1_000
/** What shows posts. */
const SHOWING = ['timeline', 'threads', 'search', 'posts', 'bookmarks', 'notifications'] as const
/** Posts that one hint reads anew one by one; beyond that the lists are read. */
const MAX_SINGLE_READS = 40

interface EventFeedComponents {
  client: NodeClient
  queries: NodeQueries
  queryClient: QueryClient
}

/**
 * The one subscription of this window. It keeps the query cache true to the node's hints:
 *
 * - `posts`: the posts that are in the cache are read anew and patched where they stand; threads, and what profiles count,
 *   are read anew.
 * - `media`: the state of that picture is patched wherever it stands.
 * - `profile`, `follows`, `account`, `devices`, `link`, `recovery`, `private`, `search`, `network`: their queries are read anew.
 *   With `follows` home and the notifications are among them: whom they are about is another question from then on.
 * - `silences`: everything that shows posts or people is read anew: who was hidden must not stay.
 * - `home`, `notifications`: these lists are left alone, because a page that is being read must not move; their pages
 *   listen themselves. What is only counted is read anew.
 *
 * After a break it subscribes again and everything is read anew, since hints were missed.
 */
export class EventFeed {
  readonly #components: EventFeedComponents
  readonly #handlers = new Set<NodeEventHandler>()
  #end = new AbortController()
  #networkTimer: ReturnType<typeof setTimeout> | undefined
  /** Hints may have been missed: the last subscription ended, or never began. */
  #hasGap = false

  constructor(components: EventFeedComponents) {
    this.#components = components
  }

  /** May be started again after a stop. */
  start(): void {
    this.#end = new AbortController()
    void this.#run()
  }

  stop(): void {
    this.#end.abort()
    clearTimeout(this.#networkTimer)
    this.#networkTimer = undefined
  }

  /** @returns a function that takes the handler out again. */
  listen(handler: NodeEventHandler): () => void {
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted) {
      try {
        const events = await this.#components.client.events.subscribe(undefined, { signal })
        for await (const event of events) this.#handle(event)
      } catch {
        // Broken or refused; what follows is the same: wait and subscribe again.
      }
      this.#hasGap = true
      if (!signal.aborted) await pause(RETRY_MS, signal)
    }
  }

  #handle(event: NodeEvent): void {
    const { queryClient, queries } = this.#components
    const refresh = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey })
    switch (event.type) {
      case 'subscribed':
        if (this.#hasGap) void queryClient.invalidateQueries()
        this.#hasGap = false
        break
      case 'home':
        refresh(queries.timeline.profile.key())
        refresh(queries.profiles.get.key())
        this.#refreshNetwork()
        break
      case 'posts':
        void this.#refreshPosts(event.ids, event.all)
        break
      case 'profile':
        refresh(queries.profiles.key())
        refresh(queries.follows.key())
        refresh(queries.account.get.key())
        break
      case 'follows':
        refresh(queries.follows.key())
        refresh(queries.profiles.key())
        refresh(queries.invitations.status.key())
        refresh(queries.timeline.home.key())
        refresh(queries.timeline.beyond.key())
        refresh(queries.notifications.key())
        break
      case 'account':
        refresh(queries.account.key())
        refresh(queries.recovery.means.key())
        refresh(queries.invitations.status.key())
        break
      case 'devices':
        refresh(queries.devices.key())
        refresh(queries.recovery.means.key())
        refresh(queries.account.get.key())
        break
      case 'link':
        refresh(queries.link.key())
        break
      case 'search':
        refresh(queries.profiles.search.key())
        break
      case 'recovery':
        refresh(queries.recovery.key())
        refresh(queries.guardians.key())
        break
      case 'private':
        refresh(queries.private.key())
        refresh(queries.bookmarks.key())
        refresh(queries.profiles.petnames.key())
        break
      case 'silences':
        for (const queryKey of [...this.#showing(), queries.profiles.key(), queries.moderation.key()]) refresh(queryKey)
        break
      case 'notifications':
        refresh(queries.notifications.unread.key())
        refresh(queries.notifications.list.key({ type: 'query' }))
        break
      case 'media':
        this.#patchMedia(event.cid, event.state)
        break
      case 'network':
      case 'sync':
        this.#refreshNetwork()
        break
    }
    for (const handler of this.#handlers) handler(event)
  }

  #refreshNetwork(): void {
    this.#networkTimer ??= setTimeout(() => {
      this.#networkTimer = undefined
      const { queryClient, queries } = this.#components
      for (const key of [queries.network.key(), queries.invitations.status.key(), queries.drill.key()]) {
        void queryClient.invalidateQueries({ queryKey: key })
      }
    }, NETWORK_PAUSE_MS)
  }

  async #refreshPosts(ids: readonly string[], all: boolean): Promise<void> {
    const { queryClient, queries, client } = this.#components
    this.#refreshNetwork()
    const found = new Set<string>()
    const named = new Set(ids)
    for (const [, data] of this.#postQueries()) {
      if (all) postIdsOf(data, found)
      else postsShowing(data, named, found)
    }
    const wanted = [...found]
    if (wanted.length > MAX_SINGLE_READS) {
      for (const queryKey of this.#showing()) void queryClient.invalidateQueries({ queryKey })
      return
    }
    for (const queryKey of [queries.threads.key(), queries.profiles.get.key()]) {
      void queryClient.invalidateQueries({ queryKey })
    }
    const { signal } = this.#end
    const fresh = await Promise.allSettled(wanted.map((id) => client.posts.get({ id }, { signal })))
    for (const answer of fresh) {
      if (answer.status !== 'fulfilled') continue
      const post = answer.value
      // Why it stands in a list belongs to the list, not to the post.
      this.#patchAll((data) => patchPost(data, post.id, (old) => ({ ...post, repostedBy: old.repostedBy })))
    }
  }

  #patchMedia(cid: string, state: PostView['media'][number]['state']): void {
    for (const [, data] of this.#postQueries()) {
      for (const id of postIdsOf(data)) {
        this.#patchAll((cached) => patchPost(cached, id, (post) => withMediaState(post, cid, state)))
      }
    }
  }

  #showing() {
    return SHOWING.map((part) => this.#components.queries[part].key())
  }

  #postQueries() {
    const { queryClient } = this.#components
    return this.#showing().flatMap((queryKey) => queryClient.getQueriesData<unknown>({ queryKey }))
  }

  #patchAll(patch: (data: unknown) => unknown): void {
    const { queryClient } = this.#components
    for (const [key, data] of this.#postQueries()) {
      const patched = patch(data)
      if (patched !== data) queryClient.setQueryData(key, patched)
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
