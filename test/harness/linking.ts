import { LinkError, type LinkErrorCode } from '../../core/account/errors.ts'
import { type JoinedAccount, JoinSession, type JoinTerms } from '../../core/account/join-session.ts'
import { LINK_TIMES, type LinkTimes } from '../../core/account/limits.ts'
import { LinkOffer } from '../../core/account/link-offer.ts'
import type { HandedAccount, OfferTerms } from '../../core/account/offer-session.ts'
import { resolveChain } from '../../core/identity/chain.ts'
import { linkDevice } from '../../core/identity/change.ts'
import { createIdentity } from '../../core/identity/genesis.ts'
import { generateKeyPair, generateSealKeyPair, type KeyPair } from '../../core/identity/keys.ts'
import {
  checkOperation,
  type DeviceEntry,
  encodeOperation,
  type IdentityOperation,
} from '../../core/identity/operation.ts'
import { formatPeerId } from '../../core/identity/peer-id.ts'
import type { FrameDuplex } from '../../core/net/framed-stream.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { systemRandom } from '../../core/util/random.ts'
import { createMemoryDuplex, type DuplexEnd } from './memory-duplex.ts'
import { VERIFIERS } from './verifiers.ts'

const [, verifier] = VERIFIERS[0] as (typeof VERIFIERS)[number]

/** What a person says when asked whether the codes are the same. */
export class Answer {
  readonly #answer = Promise.withResolvers<boolean>()
  readonly promise = this.#answer.promise
  say(matches: boolean): void {
    this.#answer.resolve(matches)
  }
}

/** A code as it was shown, and what the other side is called. */
export interface Shown {
  readonly code: string
  readonly other: string
}

class Screen {
  readonly #shown = Promise.withResolvers<Shown>()
  /** Resolves with the code once it stands there. */
  readonly shown = this.#shown.promise
  show(code: string, other: string): void {
    this.#shown.resolve({ code, other })
  }
}

/** A device with an account that shows a link. */
export class OfferingDevice {
  readonly keyPair: KeyPair
  readonly chain: IdentityOperation[]
  readonly terms: OfferTerms
  readonly offer: LinkOffer
  readonly screen = new Screen()
  readonly answer = new Answer()
  /** Devices that were added to the chain. */
  readonly added: DeviceEntry[] = []

  constructor(
    init: {
      readonly keyPair?: KeyPair
      readonly times?: Partial<LinkTimes>
      readonly add?: (device: OfferingDevice, entry: DeviceEntry) => Promise<HandedAccount>
      readonly network?: string
    } = {},
  ) {
    const network = init.network ?? 'palabre'
    this.keyPair = init.keyPair ?? generateKeyPair()
    const { address, operation } = createIdentity({
      device: { keyPair: this.keyPair, sealKey: generateSealKeyPair().publicKey, name: 'laptop' },
      network,
    })
    this.chain = [operation]
    this.terms = {
      token: systemRandom(16),
      ownKey: this.keyPair.publicKey,
      address,
      name: 'Nour',
      network,
      times: { ...LINK_TIMES, ...init.times },
    }
    this.offer = new LinkOffer(
      { random: systemRandom, verifier, logger: silentLogger },
      {
        terms: this.terms,
        steps: {
          onCode: (code, other) => this.screen.show(code, other),
          decision: this.answer.promise,
          onConfirmed: () => {},
          add: (entry) => (init.add === undefined ? this.add(entry) : init.add(this, entry)),
        },
      },
    )
  }

  /** What a node does: signs, and hands out the whole chain. */
  async add(entry: DeviceEntry): Promise<HandedAccount> {
    const state = resolveChain(this.chain)
    if (state === null) throw new Error('no genesis')
    this.chain.push(linkDevice(state, entry, this.keyPair, this.terms.network))
    this.added.push(entry)
    const operations = this.chain.map(encodeOperation)
    return { operations, wordsSlotKey: new Uint8Array(32).fill(7), name: 'Nour', seeds: ['/ip4/127.0.0.1/tcp/9'] }
  }

  hear(peerKey: Uint8Array, duplex: FrameDuplex): Promise<void> {
    return this.offer.answer(formatPeerId(peerKey), peerKey, duplex)
  }

  /** The code of the error that ended the offer, 'linked' when it went well. */
  async end(): Promise<LinkErrorCode | 'linked'> {
    return await this.offer.outcome.then(() => 'linked' as const, codeOf)
  }
}

/** A new device that uses a link. */
export class JoiningDevice {
  readonly keyPair: KeyPair = generateKeyPair()
  readonly terms: JoinTerms
  readonly screen = new Screen()
  readonly answer = new Answer()
  /** Accounts that were taken over. */
  readonly taken: JoinedAccount[] = []
  isMoving = false
  readonly #takeOver: () => Promise<void>

  constructor(
    token: Uint8Array,
    init: {
      readonly times?: Partial<LinkTimes>
      readonly network?: string
      readonly takeOver?: () => Promise<void>
    } = {},
  ) {
    this.#takeOver = init.takeOver ?? (async () => {})
    this.terms = {
      keyPair: this.keyPair,
      sealKey: generateSealKeyPair().publicKey,
      deviceName: 'phone',
      token,
      network: init.network ?? 'palabre',
      times: { ...LINK_TIMES, ...init.times },
    }
  }

  run(peerKey: Uint8Array, duplex: FrameDuplex): Promise<JoinedAccount> {
    const { signal } = new AbortController()
    const steps = {
      onCode: (code: string, other: string) => this.screen.show(code, other),
      decision: this.answer.promise,
      onMoving: () => {
        this.isMoving = true
      },
      takeOver: async (account: JoinedAccount) => {
        await this.#takeOver()
        this.taken.push(account)
      },
    }
    const components = { duplex, random: systemRandom, verifier }
    return new JoinSession(components, { terms: this.terms, steps, peerKey }).run(signal)
  }

  /** The code of the error that ended it, 'linked' when it went well. */
  async end(peerKey: Uint8Array, duplex: FrameDuplex): Promise<LinkErrorCode | 'linked'> {
    return await this.run(peerKey, duplex).then(() => 'linked' as const, codeOf)
  }
}

export function codeOf(error: unknown): LinkErrorCode {
  if (!(error instanceof LinkError)) throw error
  return error.code
}

/** A stream between the two, with both sides under way. */
export function connectDevices(
  offering: OfferingDevice,
  joining: JoiningDevice,
): { near: DuplexEnd; far: DuplexEnd; ended: Promise<LinkErrorCode | 'linked'> } {
  const [near, far] = createMemoryDuplex()
  void offering.hear(joining.keyPair.publicKey, far)
  const ended = joining.end(offering.keyPair.publicKey, near)
  return { near, far, ended }
}

/** Operations as they travel, taken apart. */
export function readChain(operations: readonly Uint8Array[]): IdentityOperation[] {
  return operations.flatMap((bytes) => checkOperation(bytes, verifier).operation ?? [])
}
