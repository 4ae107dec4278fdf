import type { NodeEvent } from '../contract/views.ts'
import { PalabreError } from '../util/errors.ts'

/** Most ids that one `posts` event names; more are said as `all`. */
const MAX_POST_IDS = 100
/** Different events that may wait for one subscriber; beyond that they collapse into hints. */
const MAX_WAITING = 64
/** Beyond this even ends of sessions are let go: whoever reads so late shows nothing. */
const MAX_WAITING_ENDS = 512
const MAX_SUBSCRIBERS = 256

/** Events that say the same thing wait as one: a slow subscriber costs a bounded amount of memory. */
function keyOf(event: NodeEvent): string {
  switch (event.type) {
    case 'home':
      return event.own ? 'home:own' : 'home'
    case 'profile':
      return `profile:${event.profile}`
    case 'media':
      return `media:${event.cid}`
    case 'sync':
      return `sync:${event.peerId}`
    default:
      return event.type
  }
}

function merge(waiting: NodeEvent, event: NodeEvent): NodeEvent {
  if (waiting.type === 'home' && event.type === 'home') return { ...event, count: waiting.count + event.count }
  if (waiting.type === 'posts' && event.type === 'posts') return mergePosts(waiting, event)
  return event
}

type PostsEvent = Extract<NodeEvent, { type: 'posts' }>

function mergePosts(a: PostsEvent, b: PostsEvent): PostsEvent {
  if (a.all || b.all) return { type: 'posts', ids: [], all: true }
  const ids = [...new Set([...a.ids, ...b.ids])]
  return ids.length > MAX_POST_IDS ? { type: 'posts', ids: [], all: true } : { type: 'posts', ids, all: false }
}

/** One subscriber's bounded queue; ends with `return` or when the hub stops. */
class Subscription implements AsyncIteratorObject<NodeEvent, unknown, void> {
  readonly #waiting = new Map<string, NodeEvent>()
  readonly #onEnd: (subscription: Subscription) => void
  #wake: (() => void) | null = null
  #hasEnded = false

  constructor(onEnd: (subscription: Subscription) => void) {
    this.#onEnd = onEnd
    this.#waiting.set('subscribed', { type: 'subscribed' })
  }

  get waiting(): number {
    return this.#waiting.size
  }

  push(event: NodeEvent): void {
    if (this.#hasEnded) return
    const key = keyOf(event)
    const before = this.#waiting.get(key)
    if (before === undefined && this.#waiting.size >= MAX_WAITING) this.#collapse()
    const first = this.#waiting.get(key)
    this.#waiting.set(key, first === undefined ? event : merge(first, event))
    this.#wake?.()
  }

  /** What named single people, pictures and peers becomes "ask again for everything"; the end of a sync is kept. */
  #collapse(): void {
    for (const [key, event] of this.#waiting) {
      const isLine = event.type === 'sync' && (!event.done || this.#waiting.size > MAX_WAITING_ENDS)
      if (event.type === 'profile' || event.type === 'media' || isLine) this.#waiting.delete(key)
    }
    this.#waiting.set('posts', { type: 'posts', ids: [], all: true })
    this.#waiting.set('follows', { type: 'follows' })
    this.#waiting.set('network', { type: 'network' })
  }

  async next(): Promise<IteratorResult<NodeEvent, unknown>> {
    for (;;) {
      for (const [key, event] of this.#waiting) {
        this.#waiting.delete(key)
        return { done: false, value: event }
      }
      if (this.#hasEnded) return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
  }

  async return(): Promise<IteratorResult<NodeEvent, unknown>> {
    this.end()
    return { done: true, value: undefined }
  }

  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#waiting.clear()
    this.#onEnd(this)
    this.#wake?.()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }
}

/** Hands events to every subscriber. Never blocks the one who publishes, never grows with a slow reader. */
export class EventHub {
  readonly #subscriptions = new Set<Subscription>()
  #hasStopped = false

  publish(event: NodeEvent): void {
    for (const subscription of this.#subscriptions) subscription.push(event)
  }

  /**
   * A stream that starts with `subscribed`; from then on nothing is missed, though it may come merged.
   *
   * @throws PalabreError 'busy' when too many subscribers are there
   */
  subscribe(signal?: AbortSignal): AsyncIteratorObject<NodeEvent, unknown, void> & { readonly waiting: number } {
    if (this.#hasStopped) throw new PalabreError('stopping', 'the node is stopping')
    if (this.#subscriptions.size >= MAX_SUBSCRIBERS) {
      throw new PalabreError('busy', `${MAX_SUBSCRIBERS} event streams are open already`)
    }
    const onAbort = () => subscription.end()
    const subscription = new Subscription((ended) => {
      this.#subscriptions.delete(ended)
      signal?.removeEventListener('abort', onAbort)
    })
    this.#subscriptions.add(subscription)
    if (signal?.aborted) subscription.end()
    else signal?.addEventListener('abort', onAbort)
    return subscription
  }

  get subscribers(): number {
    return this.#subscriptions.size
  }

  stop(): void {
    this.#hasStopped = true
    for (const subscription of [...this.#subscriptions]) subscription.end()
  }
}
