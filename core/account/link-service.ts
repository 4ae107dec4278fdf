import { parsePeerId } from '../identity/peer-id.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { createPlatformVerifier } from '../ingest/platform-verifier.ts'
import { FramedStream } from '../net/framed-stream.ts'
import type { PeerHost, PeerStream } from '../net/peer-host.ts'
import type { Logger } from '../util/logger.ts'
import { type RandomSource, systemRandom } from '../util/random.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import { LinkError } from './errors.ts'
import { type JoinedAccount, JoinSession, type JoinSteps, type JoinTerms } from './join-session.ts'
import { LINK_PROTOCOL, LINK_STREAMS, MAX_LINK_FRAME_BYTES } from './limits.ts'
import { sayLinkError } from './link-channel.ts'
import { LinkOffer } from './link-offer.ts'
import type { OfferSteps, OfferTerms } from './offer-session.ts'

/** Keys of one chain that are remembered while it is checked. */
const MAX_VERIFY_KEYS = 1_024

export interface LinkServiceComponents {
  readonly host: Pick<PeerHost, 'handle' | 'isConnected' | 'openStream' | 'unhandle'>
  readonly logger: Logger
  readonly random?: RandomSource
}

/**
 * Serves `/palabre/link/1`, always: whether a link is being shown is nobody's business, so the protocol doesn't come and
 * go with it. At most one offer at a time; without one everybody is told so.
 */
export class LinkService implements Startable {
  readonly #components: LinkServiceComponents
  readonly #random: RandomSource
  readonly #stop = new AbortController()
  readonly #joins = new Set<Promise<unknown>>()
  #verifier: SignatureVerifier | null = null
  #offer: LinkOffer | null = null

  constructor(components: LinkServiceComponents) {
    this.#components = components
    this.#random = components.random ?? systemRandom
  }

  async start(): Promise<void> {
    await this.#components.host.handle(LINK_PROTOCOL, (stream) => this.#answer(stream), {
      maxInbound: LINK_STREAMS,
      maxOutbound: LINK_STREAMS,
    })
  }

  /** Ends everything that is under way and waits for it. */
  async stop(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort(new LinkError('cancelled', 'the node stops'))
      await this.#components.host.unhandle(LINK_PROTOCOL)
    }
    await Promise.all([this.#offer?.close('cancelled'), ...this.#joins])
  }

  isConnected(peerId: string): boolean {
    return this.#components.host.isConnected(peerId)
  }

  /** Shows a link from now on; the one before is taken back. */
  offer(terms: OfferTerms, steps: Omit<OfferSteps, 'onToken'>): LinkOffer {
    this.#stop.signal.throwIfAborted()
    void this.#offer?.close('cancelled')
    const { logger } = this.#components
    this.#offer = new LinkOffer({ random: this.#random, verifier: this.#checker(), logger }, { terms, steps })
    return this.#offer
  }

  /**
   * Uses the link of a connected peer; resolves when the account is this device's.
   * @throws LinkError; NetworkError when there is no connection or the peer doesn't speak the protocol
   */
  async join(peerId: string, terms: JoinTerms, steps: JoinSteps, options: AbortOptions = {}): Promise<JoinedAccount> {
    this.#stop.signal.throwIfAborted()
    const peerKey = parsePeerId(peerId)
    if (peerKey === undefined) throw new LinkError('bad-device', 'the peer is no device of an account')
    const signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal
    const work = this.#join(peerId, peerKey, { terms, steps, signal })
    const settled = work.catch(() => {})
    this.#joins.add(settled)
    try {
      return await work
    } finally {
      this.#joins.delete(settled)
    }
  }

  async #join(
    peerId: string,
    peerKey: Uint8Array,
    init: { readonly terms: JoinTerms; readonly steps: JoinSteps; readonly signal: AbortSignal },
  ): Promise<JoinedAccount> {
    const { terms, steps, signal } = init
    const opening = AbortSignal.any([signal, AbortSignal.timeout(terms.times.stepMs)])
    const stream = await this.#components.host.openStream(peerId, LINK_PROTOCOL, {
      signal: opening,
      maxOutbound: LINK_STREAMS,
    })
    const components = { duplex: framed(stream), random: this.#random, verifier: this.#checker() }
    return await new JoinSession(components, { terms, steps, peerKey }).run(signal)
  }

  async #answer(stream: PeerStream): Promise<void> {
    const { peerId } = stream
    const peerKey = parsePeerId(peerId)
    if (this.#offer === null || peerKey === undefined || this.#stop.signal.aborted) {
      return await sayLinkError(framed(stream), 'no-offer')
    }
    await this.#offer.answer(peerId, peerKey, framed(stream))
  }

  /** Made when it is needed: most nodes never link anything. */
  #checker(): SignatureVerifier {
    this.#verifier ??= createPlatformVerifier(this.#components, MAX_VERIFY_KEYS)
    return this.#verifier
  }
}

function framed(stream: PeerStream): FramedStream {
  return new FramedStream(stream, { maxFrameBytes: MAX_LINK_FRAME_BYTES })
}
