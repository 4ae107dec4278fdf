import type { SignatureVerifier } from '../identity/signature.ts'
import type { FrameDuplex } from '../net/framed-stream.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import { LinkError, type LinkErrorCode } from './errors.ts'
import { MAX_GREETING, MAX_WRONG_TOKENS } from './limits.ts'
import { sayLinkError } from './link-channel.ts'
import { OfferSession, type OfferSteps, type OfferTerms } from './offer-session.ts'

export interface LinkOfferComponents {
  readonly random: RandomSource
  readonly verifier: SignatureVerifier
  readonly logger: Logger
}

/**
 * One link that is being shown (LNK4). It is good for one device and one attempt: whoever has the token first has it,
 * and another code would need another link. So nobody can try codes until two are alike.
 */
export class LinkOffer {
  readonly #components: LinkOfferComponents
  readonly #terms: OfferTerms
  readonly #steps: Omit<OfferSteps, 'onToken'>
  readonly #controller = new AbortController()
  readonly #outcome = Promise.withResolvers<void>()
  readonly #sessions = new Set<Promise<void>>()
  /** Peers that came with a wrong token: they are not heard again. */
  readonly #wrong = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #isTaken = false

  constructor(
    components: LinkOfferComponents,
    init: { readonly terms: OfferTerms; readonly steps: Omit<OfferSteps, 'onToken'> },
  ) {
    this.#components = components
    this.#terms = init.terms
    this.#steps = init.steps
    this.#outcome.promise.catch(() => {})
    const { offerMs } = init.terms.times
    this.#timer = setTimeout(() => this.#expire(), offerMs)
    this.#timer.unref()
  }

  /** Resolves when the new device has the account. Rejects with the LinkError that ended the offer. */
  get outcome(): Promise<void> {
    return this.#outcome.promise
  }

  /** Hears a peer out; resolves when that is over, however. `peerKey` is the 32-byte key in its peer ID. */
  async answer(peerId: string, peerKey: Uint8Array, duplex: FrameDuplex): Promise<void> {
    const refusal = this.#refusalOf(peerId)
    if (refusal !== null) return await sayLinkError(duplex, refusal)
    const session = this.#run(peerId, peerKey, duplex)
    this.#sessions.add(session)
    await session
    this.#sessions.delete(session)
  }

  /** Ends it, with whatever is under way. Resolves when nothing is any more. */
  async close(code: LinkErrorCode): Promise<void> {
    this.#end(new LinkError(code, 'the link was taken back'))
    await Promise.all(this.#sessions)
  }

  #refusalOf(peerId: string): LinkErrorCode | null {
    if (this.#controller.signal.aborted) return 'no-offer'
    if (this.#isTaken || this.#sessions.size >= MAX_GREETING) return 'busy'
    return this.#wrong.has(peerId) ? 'wrong-token' : null
  }

  async #run(peerId: string, peerKey: Uint8Array, duplex: FrameDuplex): Promise<void> {
    let hasToken = false
    const onToken = () => {
      if (this.#isTaken) throw new LinkError('busy', 'another device has the token already')
      this.#isTaken = true
      hasToken = true
      clearTimeout(this.#timer)
    }
    const { random, verifier, logger } = this.#components
    const steps: OfferSteps = { ...this.#steps, onToken }
    const session = new OfferSession({ duplex, random, verifier }, { terms: this.#terms, steps, peerKey })
    try {
      await session.run(this.#controller.signal)
      this.#outcome.resolve()
      this.#controller.abort(new LinkError('no-offer', 'the link was used'))
    } catch (cause) {
      const error = cause instanceof LinkError ? cause : new LinkError('unavailable', String(cause), { cause })
      logger.info({ peerId, code: error.code, isRemote: error.isRemote }, 'a device was not linked')
      if (hasToken) this.#end(error)
      else if (error.code === 'wrong-token' && !error.isRemote) this.#noteWrong(peerId)
    }
  }

  #noteWrong(peerId: string): void {
    this.#wrong.add(peerId)
    if (this.#wrong.size < MAX_WRONG_TOKENS || this.#isTaken) return
    this.#end(new LinkError('wrong-token', `${MAX_WRONG_TOKENS} peers came with a wrong token`))
  }

  #expire(): void {
    if (!this.#isTaken) this.#end(new LinkError('expired', 'nobody came in time'))
  }

  #end(error: LinkError): void {
    clearTimeout(this.#timer)
    this.#outcome.reject(error)
    this.#controller.abort(error)
  }
}
