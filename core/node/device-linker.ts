/**
 * Linking a device, from either side: what the protocol does with a peer (core/account) as one status that a person can
 * follow. One linking at a time; a new one takes the place of the one before, unless the account is already moving.
 */
import { LinkError, type LinkErrorCode } from '../account/errors.ts'
import type { JoinedAccount } from '../account/join-session.ts'
import { LINK_TIMES, type LinkTimes, MAX_LINK_ADDRESS_LENGTH, MAX_LINK_SEEDS } from '../account/limits.ts'
import type { LinkService } from '../account/link-service.ts'
import type { HandedAccount } from '../account/offer-session.ts'
import type { LinkStatus } from '../contract/accounts.ts'
import { ChangeRefusedError, linkDevice } from '../identity/change.ts'
import { CAPABILITY, type DeviceEntry, encodeOperation, MAX_DEVICE_NAME_BYTES } from '../identity/operation.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { isLoopbackAddress, parseAddress, peerIdOf } from '../net/addresses.ts'
import { type DeviceLink, formatDeviceLink, LINK_TOKEN_BYTES, parseDeviceLink } from '../record/device-link.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, NoAccountError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { AbortOptions } from '../util/startable.ts'
import type { AccountService } from './account-service.ts'
import type { DeviceLinker } from './api/services.ts'
import { deviceName } from './device-name.ts'
import type { EventHub } from './event-hub.ts'
import type { IdentityChains } from './identity-chains.ts'
import { checkText } from './limits.ts'
import type { AddressKeeper, ConnectedPeers } from './ports.ts'

/** Longest that one address of a link is tried: there may be others. */
const DIAL_MS = 6_000

export type LinkTransport = Pick<LinkService, 'isConnected' | 'join' | 'offer'>

export interface AccountLinkerComponents {
  readonly account: Pick<
    AccountService,
    'address' | 'deviceKey' | 'deviceKeyPair' | 'get' | 'sealKeyPair' | 'takeOver' | 'wordsSlotKey'
  >
  readonly chains: Pick<IdentityChains, 'operations' | 'publish' | 'state'>
  readonly network: AddressKeeper &
    ConnectedPeers & {
      addresses(): readonly string[]
      connect(address: string, options: AbortOptions): Promise<{ peerId: string }>
    }
  readonly events: Pick<EventHub, 'publish'>
  readonly random: RandomSource
  readonly clock: Clock
  readonly logger: Logger
  /** An account is here that was not: its records are asked for. */
  readonly onTakenOver: (address: Uint8Array) => void
}

export interface AccountLinkerInit {
  /** Signature domain of the network. */
  readonly domain: string
  readonly times?: LinkTimes
}

/** One linking: what its person decides, and what ends it. */
interface Attempt {
  readonly controller: AbortController
  readonly decision: PromiseWithResolvers<boolean>
  /** The chain lists the new device: it stands there whatever comes. */
  isAdded: boolean
}

const IDLE: LinkStatus = {
  side: 'none',
  step: 'idle',
  link: null,
  expiresAt: null,
  code: null,
  other: null,
  failure: null,
}

/** What the codes of the protocol mean to a person; all others are `broken`. */
const FAILURES: Partial<Record<LinkErrorCode, string>> = {
  'account-exists': 'account-exists',
  busy: 'refused',
  cancelled: 'cancelled',
  declined: 'declined',
  expired: 'expired',
  'no-offer': 'expired',
  refused: 'refused',
  'wrong-network': 'other-network',
  'wrong-token': 'refused',
}

/** One that nobody need wait for. */
function pendingTransport(): PromiseWithResolvers<LinkTransport> {
  const pending = Promise.withResolvers<LinkTransport>()
  pending.promise.catch(() => {})
  return pending
}

export class AccountLinker implements DeviceLinker {
  readonly #components: AccountLinkerComponents
  readonly #domain: string
  readonly #times: LinkTimes
  #transport = pendingTransport()
  #status: LinkStatus = IDLE
  #attempt: Attempt | null = null

  constructor(components: AccountLinkerComponents, init: AccountLinkerInit) {
    this.#components = components
    this.#domain = init.domain
    this.#times = init.times ?? LINK_TIMES
  }

  attach(transport: LinkTransport): void {
    this.#settle((pending) => pending.resolve(transport))
  }

  /** The network starts again under another key (LOG10): what went on over it has ended, what begins now waits for it. */
  noteRestart(): void {
    this.#transport = pendingTransport()
    this.#attempt?.controller.abort(new LinkError('cancelled', 'the network starts again'))
  }

  /** There will be none until the next start. */
  fail(reason: string): void {
    const error = new PalabreError('unreachable', `the network could not start: ${reason}`)
    this.#settle((pending) => pending.reject(error))
  }

  stop(): void {
    this.#settle((pending) => pending.reject(new PalabreError('stopping', 'the node is stopping')))
    this.#attempt?.controller.abort(new LinkError('cancelled', 'the node stops'))
  }

  status(): LinkStatus {
    return this.#status
  }

  /** @throws NoAccountError, ChangeRefusedError when this device may add none, PalabreError busy, unreachable */
  async offer(): Promise<LinkStatus> {
    const { account, chains, clock, network, random } = this.#components
    const { address } = account
    if (address === null) throw new NoAccountError()
    const state = await chains.state(address)
    const own = state?.devices.find(({ key }) => equalBytes(key, account.deviceKey))
    if (own?.status !== 'active' || (own.capabilities & CAPABILITY.devices) === 0) {
      throw new ChangeRefusedError('no-right', 'only a device in use that may add devices does this')
    }
    const { name } = await account.get()
    const transport = await this.#transport.promise
    const attempt = this.#begin()
    const token = random(LINK_TOKEN_BYTES)
    const link = formatDeviceLink({ device: account.deviceKey, token, addresses: tellable(network.addresses()) })
    const expiresAt = clock.now() + this.#times.offerMs
    this.#show(attempt, { ...IDLE, side: 'offer', step: 'waiting', link, expiresAt })
    const offer = transport.offer(
      { token, ownKey: account.deviceKey, address, name, network: this.#domain, times: this.#times },
      {
        onCode: (code, other) => this.#show(attempt, { ...IDLE, side: 'offer', step: 'compare', code, other }),
        decision: attempt.decision.promise,
        onConfirmed: () => this.#change(attempt, { step: 'moving' }),
        add: (device) => this.#add(attempt, device),
      },
    )
    attempt.controller.signal.addEventListener('abort', () => void offer.close('cancelled'), { once: true })
    offer.outcome.then(
      () => this.#change(attempt, { step: 'done' }),
      (error: unknown) => this.#fail(attempt, error),
    )
    return this.#status
  }

  /** Answers at once; what doesn't work is said by the status. @throws TooLongError for the name, PalabreError busy */
  async join(text: string, name = deviceName()): Promise<LinkStatus> {
    checkText('name', name, MAX_DEVICE_NAME_BYTES)
    const { address, deviceKey } = this.#components.account
    if (address !== null) return this.#refuse('account-exists')
    const link = parseDeviceLink(text)
    if (link === undefined || equalBytes(link.device, deviceKey)) return this.#refuse('bad-link')
    const attempt = this.#begin()
    this.#show(attempt, { ...IDLE, side: 'join', step: 'waiting' })
    this.#join(attempt, link, name).then(
      () => this.#change(attempt, { step: 'done' }),
      (error: unknown) => this.#fail(attempt, error),
    )
    return this.#status
  }

  /** @throws BadRequestError while no code is shown */
  async confirm(matches: boolean): Promise<LinkStatus> {
    const attempt = this.#attempt
    if (attempt === null || this.#status.step !== 'compare') throw new BadRequestError('no code is being compared')
    if (matches) this.#change(attempt, { step: 'confirming' })
    else this.#end(attempt, 'declined')
    attempt.decision.resolve(matches)
    return this.#status
  }

  /** Ends what is under way, or forgets how the last one ended; an account that is moving can't be called back. */
  async cancel(): Promise<LinkStatus> {
    if (this.#attempt === null) this.#set(IDLE)
    else if (this.#status.step !== 'moving') {
      const { controller } = this.#attempt
      this.#end(this.#attempt, 'cancelled')
      controller.abort(new LinkError('cancelled', 'it was cancelled here'))
    }
    return this.#status
  }

  // --- the side of the account ---

  /** Signs and publishes; a device that stands in the chain from an attempt that broke is served again. */
  async #add(attempt: Attempt, device: DeviceEntry): Promise<HandedAccount> {
    const { account, chains, events, network } = this.#components
    const { address, deviceKeyPair, wordsSlotKey } = account
    const state = address === null ? null : await chains.state(address)
    if (address === null || state === null) throw new LinkError('refused', 'the chain is not held here')
    const held = state.devices.find(({ key }) => equalBytes(key, device.key))
    const isListed = held?.status === 'active' && equalBytes(held.sealKey, device.sealKey)
    if (!isListed) {
      try {
        await chains.publish([linkDevice(state, device, deviceKeyPair, this.#domain)])
      } catch (cause) {
        const isRefusal = cause instanceof ChangeRefusedError || isCode(cause, 'refused-operation')
        throw isRefusal ? new LinkError('refused', 'the chain does not take the device in', { cause }) : cause
      }
    }
    attempt.isAdded = true
    events.publish({ type: 'devices' })
    const operations = (await chains.operations(address)).map(encodeOperation)
    const { name } = await account.get()
    const seeds = network
      .listConnected()
      .flatMap(({ isSeed, dialable }) => (isSeed && dialable !== null ? [dialable] : []))
      .filter((seed) => seed.length <= MAX_LINK_ADDRESS_LENGTH)
    return { operations, wordsSlotKey, name, seeds: seeds.slice(0, MAX_LINK_SEEDS) }
  }

  // --- the side of the new device ---

  async #join(attempt: Attempt, link: DeviceLink, name: string): Promise<void> {
    const { account } = this.#components
    const { signal } = attempt.controller
    const peerId = formatPeerId(link.device)
    const transport = await this.#transport.promise
    if (!transport.isConnected(peerId)) await this.#dial(peerId, link.addresses, signal)
    const joined = await transport.join(
      peerId,
      {
        keyPair: account.deviceKeyPair,
        sealKey: account.sealKeyPair.publicKey,
        deviceName: name,
        token: link.token,
        network: this.#domain,
        times: this.#times,
      },
      {
        onCode: (code, other) => this.#change(attempt, { step: 'compare', code, other }),
        decision: attempt.decision.promise,
        onMoving: () => this.#change(attempt, { step: 'moving' }),
        takeOver: (taken) => this.#takeOver(taken),
      },
      { signal },
    )
    this.#settleIn(joined)
  }

  async #dial(peerId: string, addresses: readonly string[], signal: AbortSignal): Promise<void> {
    const { logger, network } = this.#components
    for (const given of addresses) {
      const address = peerIdOf(given) === null ? `${given}/p2p/${peerId}` : given
      if (peerIdOf(address) !== peerId) continue
      try {
        await network.connect(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(DIAL_MS)]) })
        return
      } catch (error) {
        signal.throwIfAborted()
        logger.info({ address, error: String(error) }, 'the device that showed the link does not answer there')
      }
    }
    throw new PalabreError('unreachable', 'the device that showed the link can’t be reached')
  }

  /** From the moment the vault names the account it is here: what fails after is made up for at the next start. */
  async #takeOver({ address, operations, name, wordsSlotKey }: JoinedAccount): Promise<void> {
    const { account, logger } = this.#components
    try {
      await account.takeOver({ address, operations, name, wordsSlotKey })
    } catch (error) {
      if (isCode(error, 'account-exists')) throw new LinkError('account-exists', 'there is an account here by now')
      if (account.address === null || !equalBytes(account.address, address)) throw error
      logger.error({ err: error }, 'the account is here, and the store has not taken it in yet')
    }
  }

  /** The chain in full, those who keep its records, and the records themselves. */
  #settleIn({ address, chain, seeds }: JoinedAccount): void {
    const { chains, events, logger, network, onTakenOver } = this.#components
    for (const seed of seeds) if (parseAddress(seed) !== undefined) network.keep(seed)
    chains
      .publish(chain)
      .catch((error: unknown) =>
        logger.warn({ err: error }, 'the chain could not be kept in full; sync brings the rest'),
      )
      .finally(() => onTakenOver(address))
    events.publish({ type: 'devices' })
  }

  /** Tells those who wait for a network, and those who come later. */
  #settle(answer: (pending: PromiseWithResolvers<LinkTransport>) => void): void {
    answer(this.#transport)
    this.#transport = pendingTransport()
    answer(this.#transport)
  }

  // --- the status ---

  /** The answer to a link that can't even be tried; what is under way goes on. */
  #refuse(failure: string): LinkStatus {
    const status: LinkStatus = { ...IDLE, side: 'join', step: 'failed', failure }
    if (this.#attempt === null) this.#set(status)
    return status
  }

  #begin(): Attempt {
    if (this.#status.step === 'moving') throw new PalabreError('busy', 'an account is moving right now')
    this.#attempt?.controller.abort(new LinkError('cancelled', 'a new linking took its place'))
    const attempt: Attempt = {
      controller: new AbortController(),
      decision: Promise.withResolvers<boolean>(),
      isAdded: false,
    }
    this.#attempt = attempt
    return attempt
  }

  #fail(attempt: Attempt, error: unknown): void {
    this.#components.logger.info({ err: error }, 'a device was not linked')
    // It stands in the list of devices and can be removed there.
    if (attempt.isAdded) this.#end(attempt, 'unanswered')
    else if (error instanceof LinkError) this.#end(attempt, FAILURES[error.code] ?? 'broken')
    else if (isCode(error, 'unreachable') || isCode(error, 'unsupported-protocol')) this.#end(attempt, 'unreachable')
    else this.#end(attempt, 'broken')
  }

  #end(attempt: Attempt, failure: string): void {
    this.#change(attempt, { step: 'failed', failure })
  }

  #change(attempt: Attempt, change: Pick<LinkStatus, 'step'> & Partial<LinkStatus>): void {
    this.#show(attempt, { ...this.#status, link: null, expiresAt: null, ...change })
  }

  /** Attempts that are over say nothing any more. */
  #show(attempt: Attempt, status: LinkStatus): void {
    if (this.#attempt !== attempt) return
    if (status.step === 'done' || status.step === 'failed') this.#attempt = null
    this.#set(status)
  }

  #set(status: LinkStatus): void {
    this.#status = status
    this.#components.events.publish({ type: 'link' })
  }
}

/** Where the new device may try: other computers' addresses of this one, else the loopback ones. */
function tellable(addresses: readonly string[]): string[] {
  const bare = addresses
    .map((address) => address.replace(/\/p2p\/[^/]+$/, ''))
    .filter((address) => address.length <= MAX_LINK_ADDRESS_LENGTH)
  const far = bare.filter((address) => !isLoopbackAddress(address))
  return far.length > 0 ? far : bare
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof PalabreError && error.code === code
}
