import type { Holding, PostPage, PostView } from '../contract/views.ts'
import type { ConnectedPeers, OwnIdentity } from './ports.ts'

/** Says of own posts how far they have travelled, and when they haven't, why. */
export class Holdings {
  readonly #identity: OwnIdentity
  readonly #peers: ConnectedPeers

  constructor(components: { readonly identity: OwnIdentity; readonly peers: ConnectedPeers }) {
    this.#identity = components.identity
    this.#peers = components.peers
  }

  withHolding(post: PostView): PostView {
    if (post.author !== this.#identity.profile) return post.holding === null ? post : { ...post, holding: null }
    const seeds = post.holding?.seeds ?? []
    return { ...post, holding: { seeds, cause: this.#causeOf(seeds.length) } }
  }

  page(page: PostPage): PostPage {
    return { ...page, items: page.items.map((post) => this.withHolding(post)) }
  }

  #causeOf(holders: number): Holding['cause'] {
    if (holders > 0) return 'held'
    const connected = this.#peers.listConnected()
    if (connected.length === 0) return 'offline'
    return connected.some((peer) => peer.isSeed) ? 'sending' : 'no-seed'
  }
}
