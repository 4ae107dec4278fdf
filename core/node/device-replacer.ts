import { type DeviceReplacement, deviceReplacementSchema } from '../contract/accounts.ts'
import { ChangeRefusedError, linkDevice, proveDevice } from '../identity/change.ts'
import { generateKeyPair, generateSealKeyPair } from '../identity/keys.ts'
import { encodeOperation } from '../identity/operation.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { NoAccountError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { AccountService } from './account-service.ts'
import type { DeviceReplacements } from './api/services.ts'
import type { EventHub } from './event-hub.ts'
import type { IdentityChains } from './identity-chains.ts'

/** Under this key of the store's small state stands the last replacement, for people (LOG10). */
export const DEVICE_REPLACED = 'device-replaced'

/** Peer ID of the new device of the last replacement that the owner has dismissed. */
const REPLACED_SEEN = 'device-replaced-seen'

export interface DeviceReplacerComponents {
  readonly account: Pick<
    AccountService,
    'address' | 'deviceKey' | 'deviceKeyPair' | 'formerDeviceKeys' | 'replaceDevice'
  >
  readonly chains: Pick<IdentityChains, 'state'>
  readonly store: {
    isOwnLogForked(): Promise<boolean>
    getState(key: string): Promise<unknown>
    setState(key: string, value: unknown): Promise<void>
  }
  readonly events: Pick<EventHub, 'publish'>
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
}

export interface DeviceReplacerInit {
  /** Signature domain of the network. */
  readonly domain: string
  /** The device has another key, and so the node another peer ID. */
  readonly onReplaced: () => void
}

/**
 * Gives this device a new key when a copy of it signs elsewhere (LOG10): a data directory that was copied, say. The key
 * before, which both have, adds the new one to the account and signs nothing more. Every copy does this by itself; none
 * is sealed, so nothing that either wrote is lost.
 */
export class DeviceReplacer implements DeviceReplacements {
  readonly #components: DeviceReplacerComponents
  readonly #init: DeviceReplacerInit
  #running: Promise<void> | null = null

  constructor(components: DeviceReplacerComponents, init: DeviceReplacerInit) {
    this.#components = components
    this.#init = init
  }

  /**
   * Does nothing where the own log is one chain. Calls at one time are one.
   *
   * @throws PalabreError log-forked where the chain doesn't let this device add another
   */
  replaceForked(): Promise<void> {
    this.#running ??= this.#replace().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** At a start: makes up for what a stop right after a replacement left unsaid, or for the replacement itself. */
  async settle(): Promise<void> {
    const { account, store } = this.#components
    const [former] = account.formerDeviceKeys
    if (former !== undefined && account.address !== null) {
      const said = (await store.getState(DEVICE_REPLACED)) as DeviceReplacement | null
      if (said?.to !== formatPeerId(account.deviceKey)) await this.#say(former)
    }
    await this.replaceForked()
  }

  async unseen(): Promise<DeviceReplacement | null> {
    const { store } = this.#components
    const { data: last } = deviceReplacementSchema.safeParse(await store.getState(DEVICE_REPLACED))
    if (last === undefined || (await store.getState(REPLACED_SEEN)) === last.to) return null
    return last
  }

  async dismiss(to: string): Promise<void> {
    const { events, store } = this.#components
    await store.setState(REPLACED_SEEN, to)
    events.publish({ type: 'devices' })
  }

  async #replace(): Promise<void> {
    const { account, random, store } = this.#components
    if (!(await store.isOwnLogForked())) return
    const former = account.deviceKey
    const keyPair = generateKeyPair(random)
    const sealKey = generateSealKeyPair(random)
    const operation = await this.#operationFor(keyPair, sealKey.publicKey)
    await account.replaceDevice({ deviceSeed: keyPair.secretKey, sealSeed: sealKey.secretKey, operation })
    await this.#say(former)
    this.#init.onReplaced()
  }

  async #say(former: Uint8Array): Promise<void> {
    const { account, clock, events, logger, store } = this.#components
    const [from, to] = [formatPeerId(former), formatPeerId(account.deviceKey)]
    logger.warn({ from, to }, 'a copy of this device signs elsewhere: this one goes on under a new key')
    const replacement: DeviceReplacement = { at: clock.now(), from, to }
    await store.setState(DEVICE_REPLACED, replacement)
    events.publish({ type: 'devices' })
  }

  async #operationFor(keyPair: ReturnType<typeof generateKeyPair>, sealKey: Uint8Array): Promise<Uint8Array> {
    const { account, chains } = this.#components
    const { domain } = this.#init
    if (account.address === null) throw new NoAccountError()
    const state = await chains.state(account.address)
    const own = state?.devices.find(({ key }) => equalBytes(key, account.deviceKey))
    if (state === null || own === undefined) throw stillForked()
    const { name, capabilities } = own.entry
    const entry = proveDevice({ keyPair, sealKey, name, capabilities }, account.address, domain)
    try {
      return encodeOperation(linkDevice(state, entry, account.deviceKeyPair, domain))
    } catch (cause) {
      if (cause instanceof ChangeRefusedError) throw stillForked(cause)
      throw cause
    }
  }
}

function stillForked(cause?: unknown): PalabreError {
  return new PalabreError(
    'log-forked',
    'a copy of this device has signed posts, and the account does not let this device add a new key: link this computer anew from another device of yours, or bring the account back with its words',
    { cause },
  )
}
