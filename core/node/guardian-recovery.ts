/**
 * A new machine that asks for an account by its guardians (GRD3, GRD11 in docs/protocol/guardians.md). It shows a link
 * and a code, wants the account's chain and reads there how far the guardians are. When the chain lists this device,
 * the account is taken over; what is left then is what every recovery does.
 */
import { z } from 'zod'
import type { RecoveryStatus } from '../contract/accounts.ts'
import type { NodeEvent } from '../contract/views.ts'
import { type IdentityState, resolveChain } from '../identity/chain.ts'
import { proveDevice } from '../identity/change.ts'
import { findJointOperations } from '../identity/joint-change.ts'
import {
  guardianSlots,
  isVetoed,
  REQUEST_NONCE_BYTES,
  readNotices,
  requestCode,
  requestId,
} from '../identity/notice.ts'
import { encodeOperation, type IdentityOperation, isNotice, MAX_DEVICE_NAME_BYTES } from '../identity/operation.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { formatRecoverLink } from '../record/account-links.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { AccountService } from './account-service.ts'
import type { RecoveryCalls } from './api/services.ts'
import { deviceName } from './device-name.ts'
import { bytesOf } from './guardian-asks.ts'
import { askedGuardians, dueOf, recoveriesOf } from './guardian-views.ts'
import type { IdentityChains } from './identity-chains.ts'
import { checkText } from './limits.ts'
import { checkAddresses, type People } from './people.ts'
import type { AddressKeeper, NodePart, Reach, StateBook } from './ports.ts'
import type { WantedAuthors } from './wanted-authors.ts'

const STATE = 'guardian-ask'

const asked = z.object({
  address: z.string().length(64),
  nonce: z.string().length(2 * REQUEST_NONCE_BYTES),
  name: z.string(),
  addresses: z.array(z.string()),
  failure: z.enum(['vetoed', 'account-exists']).nullable(),
})
type Asked = z.infer<typeof asked>

export interface GuardianRecoveryComponents {
  readonly account: Pick<AccountService, 'address' | 'deviceKeyPair' | 'sealKeyPair' | 'takeOver'>
  readonly people: Pick<People, 'find'>
  readonly chains: Pick<IdentityChains, 'operations'>
  readonly addresses: AddressKeeper
  readonly book: StateBook
  readonly reader: Pick<TimelineReader, 'names'>
  readonly wanted: WantedAuthors
  readonly reach: Reach
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
}

export interface GuardianRecoveryInit {
  /** Signature domain of the network. */
  readonly domain: string
  /** The account is this device's own now. */
  readonly onTaken?: (address: Uint8Array) => void
}

export class GuardianRecovery implements Pick<RecoveryCalls, 'askGuardians' | 'cancel' | 'status'>, NodePart {
  readonly #c: GuardianRecoveryComponents
  readonly #init: GuardianRecoveryInit
  #asked: Asked | null = null
  /** The chain of what is asked for is here. */
  #isHeld = false
  /** Taken over since this process started. */
  #isTaken = false
  #turn: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(components: GuardianRecoveryComponents, init: GuardianRecoveryInit) {
    this.#c = components
    this.#init = init
  }

  async start(): Promise<void> {
    this.#asked = asked.safeParse(await this.#c.book.getState(STATE)).data ?? null
    if (this.#asked === null) return
    for (const address of this.#asked.addresses) this.#c.addresses.keep(address)
    await this.#want()
    this.#look()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#turn
  }

  noteIdentities(addresses: readonly Uint8Array[]): void {
    const wanted = this.#asked?.address
    if (this.#isStopped || wanted === undefined) return
    // While nothing of it is held, what was given may be the key of one of its devices.
    if (this.#isHeld && !addresses.some((one) => toHex(one) === wanted)) return
    this.#look()
  }

  noteSynced(): void {}

  /** True while guardians are asked, or have been since the start. */
  get isActive(): boolean {
    return this.#asked !== null || this.#isTaken
  }

  /**
   * A second time asks anew, under another code.
   *
   * @throws PalabreError account-exists; BadRequestError for what is no profile; TooLongError
   */
  async askGuardians(init: {
    readonly profile: string
    readonly addresses: readonly string[]
    readonly name?: string | undefined
  }): Promise<RecoveryStatus> {
    const { account, people, addresses, random } = this.#c
    if (account.address !== null) {
      throw new PalabreError('account-exists', 'this data directory has an account already')
    }
    const name = init.name ?? deviceName()
    checkText('the device name', name, MAX_DEVICE_NAME_BYTES)
    const given = checkAddresses(init.addresses)
    const person = await people.find(init.profile)
    const wherever = [...given, ...person.addresses]
    for (const address of wherever) addresses.keep(address)
    await this.#inTurn(async () => {
      const nonce = toHex(random(REQUEST_NONCE_BYTES))
      await this.#write({ address: toHex(person.key), nonce, name, addresses: wherever, failure: null })
      await this.#want()
    })
    this.#c.reach.ask(person.key)
    await this.settle()
    return await this.status()
  }

  async cancel(): Promise<RecoveryStatus> {
    await this.#inTurn(async () => {
      if (this.#asked === null) return
      await this.#write(null)
      await this.#want()
    })
    return await this.status()
  }

  async status(): Promise<RecoveryStatus> {
    if (this.#asked === null) return idle(this.#isTaken ? this.#c.account.address : null)
    const ask = this.#asked
    const address = bytesOf(ask.address)
    const operations = await this.#c.chains.operations(address)
    const state = resolveChain(operations)
    const profile = formatPeerId(address)
    const [name = ''] = await this.#c.reader.names([profile])
    const step = ask.failure !== null ? 'failed' : state === null ? 'looking' : 'waiting'
    const guardians = this.#guardians(ask, state, operations)
    return {
      ...idle(null),
      step,
      by: 'guardians',
      profile,
      asked: this.#c.reach.connected,
      name: name === '' ? null : name,
      guardians,
      failure: ask.failure,
    }
  }

  /** Looks at the chain: takes the account over once it lists this device, notes a veto. */
  settle(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#asked === null || this.#isStopped) return
      const ask = await this.#resolve(this.#asked)
      const address = bytesOf(ask.address)
      const operations = await this.#c.chains.operations(address)
      const state = resolveChain(operations)
      this.#isHeld = state !== null
      if (state === null) return
      const own = this.#c.account.deviceKeyPair.publicKey
      if (state.devices.some(({ key, status }) => status === 'active' && equalBytes(key, own))) {
        await this.#take(ask, operations)
      } else if (ask.failure === null && isVetoed(readNotices(state, operations), this.#requestOf(ask).id)) {
        await this.#write({ ...ask, failure: 'vetoed' })
      }
      this.#c.events.publish({ type: 'recovery' })
    })
  }

  #look(): void {
    this.settle().catch((error: unknown) => this.#c.logger.warn({ err: error }, 'the account could not be taken over'))
  }

  /** A device's key gives way to the address that a chain says it belongs to. */
  async #resolve(ask: Asked): Promise<Asked> {
    const { key } = await this.#c.people.find(formatPeerId(bytesOf(ask.address)))
    if (toHex(key) === ask.address) return ask
    const resolved = { ...ask, address: toHex(key) }
    await this.#write(resolved)
    await this.#want()
    return resolved
  }

  async #take(ask: Asked, operations: readonly IdentityOperation[]): Promise<void> {
    const address = bytesOf(ask.address)
    if (this.#c.account.address !== null) return await this.#write({ ...ask, failure: 'account-exists' })
    const [name = ''] = await this.#c.reader.names([formatPeerId(address)])
    // Genesis first; notices come again with the chain.
    const chain = operations
      .filter((one) => !isNotice(one))
      .toSorted((a, b) => Number(a.prev !== null) - Number(b.prev !== null))
    await this.#c.account.takeOver({ address, operations: chain.map(encodeOperation), name, wordsSlotKey: null })
    this.#isTaken = true
    await this.#write(null)
    await this.#want()
    this.#c.logger.info({ profile: formatPeerId(address) }, 'the guardians have given the account to this device')
    this.#init.onTaken?.(address)
  }

  #guardians(
    ask: Asked,
    state: IdentityState | null,
    operations: readonly IdentityOperation[],
  ): NonNullable<RecoveryStatus['guardians']> {
    const { id, entry, nonce } = this.#requestOf(ask)
    const { key, sealKey, proof, name } = entry
    const link = formatRecoverLink({ address: bytesOf(ask.address), key, sealKey, proof, nonce, name })
    const code = requestCode(id)
    const none = { threshold: null, noticed: 0, signed: 0, vetoed: false, dueAt: null, people: [] }
    if (state === null) return { link, code, ...none }
    const notices = readNotices(state, operations)
    const recoveries = recoveriesOf(notices, id)
    const [slot] = guardianSlots(state)
    const threshold = slot?.threshold ?? null
    const signers = findJointOperations(state, operations, entry)[0]?.signers ?? new Set<string>()
    const keys = (slot?.keys ?? []).map((one) => one.key)
    const people = askedGuardians(keys, notices, { request: id, signers, nowMs: this.#c.clock.now() })
    const vetoed = ask.failure === 'vetoed' || isVetoed(notices, id)
    const dueAt = dueOf(recoveries, threshold)
    const [noticed, signed] = [recoveries.length, signers.size]
    return { link, code, threshold, noticed, signed, vetoed, dueAt, people }
  }

  #requestOf({ address, nonce, name }: Asked) {
    const { deviceKeyPair, sealKeyPair } = this.#c.account
    const device = { keyPair: deviceKeyPair, sealKey: sealKeyPair.publicKey, name }
    const entry = proveDevice(device, bytesOf(address), this.#init.domain)
    const request = { address: bytesOf(address), nonce: bytesOf(nonce), entry }
    return { ...request, id: requestId(request) }
  }

  async #want(): Promise<void> {
    await this.#c.wanted.set('recovery', this.#asked === null ? [] : [bytesOf(this.#asked.address)])
  }

  async #write(ask: Asked | null): Promise<void> {
    await this.#c.book.setState(STATE, ask)
    this.#asked = ask
    this.#c.events.publish({ type: 'recovery' })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

/** Nothing is under way, or the account has just come and its records are on their way. */
function idle(taken: Uint8Array | null): RecoveryStatus {
  return {
    step: taken === null ? 'none' : 'restoring',
    by: taken === null ? null : 'guardians',
    profile: taken === null ? null : formatPeerId(taken),
    asked: 0,
    name: null,
    follows: 0,
    records: { held: 0, known: 0 },
    media: { held: 0, known: 0 },
    privateState: 'none',
    guardians: null,
    failure: null,
  }
}
