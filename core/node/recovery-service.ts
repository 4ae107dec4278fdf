/**
 * Brings an account back to a computer that has none (RCV8 … RCV12). The secret finds the chain among the peers, signs
 * this device into it, and is erased; the vault then names the account, and the records come by sync like anybody's,
 * because one's own author is always wanted. A stop at any moment leaves no account or a whole one.
 */
import type { ChainAsker } from '../account/whois-service.ts'
import { NO_RECOVERY, type RecoveryMeans, type RecoveryStatus } from '../contract/accounts.ts'
import type { NodeEvent } from '../contract/views.ts'
import type { IdentityState } from '../identity/chain.ts'
import {
  type AuthorityChange,
  ChangeRefusedError,
  changeByAuthority,
  proveAuthority,
  proveDevice,
  withWordsKey,
} from '../identity/change.ts'
import { sha256 } from '../identity/hash.ts'
import { encodeOperation, MAX_DEVICE_NAME_BYTES } from '../identity/operation.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { eraseSecret, mayBeOf, parseSecret, type Secret } from '../identity/secret.ts'
import { wordsSlotKey } from '../identity/vault-slots.ts'
import { generateWordsEntropy, wordsKeyPair } from '../identity/words.ts'
import type { AuthorityIndex } from '../store/log-reader.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { AccountService } from './account-service.ts'
import type { RecoveryCalls } from './api/services.ts'
import { ChainSearch, type SearchTimes } from './chain-search.ts'
import { deviceName } from './device-name.ts'
import type { IdentityChains } from './identity-chains.ts'
import { checkText } from './limits.ts'
import { isWordsKey, type OwnSecrets } from './own-secrets.ts'
import { checkAddresses } from './people.ts'
import type { AddressKeeper } from './ports.ts'
import type { GuardianWay, PrivateStateWay } from './recovery-ways.ts'
import type { RestoreProgress } from './restore-progress.ts'

/** Key of own.db's state: how the account came here, while its records are still coming. */
const UNDER_WAY = 'recovery'
const MAX_FOUND = 4

type By = NonNullable<RecoveryStatus['by']>

export interface RecoveryServiceComponents {
  readonly account: Pick<
    AccountService,
    | 'address'
    | 'profile'
    | 'deviceKey'
    | 'deviceKeyPair'
    | 'sealKeyPair'
    | 'preparedWords'
    | 'prepareWords'
    | 'takeOver'
  >
  readonly chains: Pick<IdentityChains, 'operations' | 'state' | 'publish'>
  readonly index: AuthorityIndex
  readonly whois: ChainAsker
  readonly addresses: AddressKeeper
  readonly states: {
    getState(key: string): Promise<unknown>
    setState(key: string, value: unknown): Promise<void>
  }
  readonly secrets: OwnSecrets
  readonly progress: RestoreProgress
  readonly guardians: GuardianWay
  readonly privateState: PrivateStateWay
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
}

export interface RecoveryServiceInit {
  /** The network's signature domain. */
  readonly network: string
  readonly times: SearchTimes
  /** The account is here: its records are to be asked for. */
  readonly onTakenOver: (address: Uint8Array) => void
}

/** Why an account didn't come back, as the status says it. */
class RecoveryFailure extends PalabreError {}

interface Search {
  readonly by: By
  readonly stop: AbortController
  done: Promise<void>
  asked: number
}

export class RecoveryService implements RecoveryCalls {
  readonly #c: RecoveryServiceComponents
  readonly #init: RecoveryServiceInit
  #search: Search | null = null
  #failed: Pick<RecoveryStatus, 'by' | 'asked' | 'failure'> | null = null
  /** How the account came here; null for one that was here before. */
  #cameBy: By | null = null
  #isSettled = false

  constructor(components: RecoveryServiceComponents, init: RecoveryServiceInit) {
    this.#c = components
    this.#init = init
  }

  /** Makes up for what a stop left undone. To be called once the account is settled. */
  async settle(): Promise<void> {
    const { account, secrets, states } = this.#c
    await secrets.settle()
    const expected = await states.getState(UNDER_WAY)
    if (expected === null) return
    const by = account.profile === null ? null : byOf(expected, account.profile)
    if (by === null) await states.setState(UNDER_WAY, null)
    else this.#watch(by)
  }

  async stop(): Promise<void> {
    this.#c.progress.stop()
    this.#search?.stop.abort(new RecoveryFailure('cancelled', 'the node stops'))
    await this.#search?.done
  }

  /** @throws PalabreError account-exists; BadRequestError, TooLongError for addresses and name */
  async start(init: {
    readonly secret: string
    readonly addresses: readonly string[]
    readonly name?: string | undefined
  }): Promise<RecoveryStatus> {
    this.#refuseAccount()
    const addresses = checkAddresses(init.addresses)
    const name = init.name ?? deviceName()
    checkText('name', name, MAX_DEVICE_NAME_BYTES)
    await this.#endSearch()
    const secret = parseSecret(init.secret)
    if (secret === undefined) {
      this.#failed = { by: null, asked: 0, failure: 'wrong-words' }
      return this.status()
    }
    for (const address of addresses) this.#c.addresses.keep(address)
    this.#failed = null
    const search: Search = { by: secret.kind, stop: new AbortController(), done: Promise.resolve(), asked: 0 }
    this.#search = search
    search.done = this.#run(search, secret, name)
    return this.status()
  }

  askGuardians(init: Parameters<GuardianWay['ask']>[0]): Promise<RecoveryStatus> {
    this.#refuseAccount()
    return this.#c.guardians.ask(init)
  }

  async cancel(): Promise<RecoveryStatus> {
    await Promise.all([this.#endSearch(), this.#c.guardians.cancel()])
    return this.status()
  }

  async status(): Promise<RecoveryStatus> {
    const { account, guardians, progress, privateState } = this.#c
    if (this.#search !== null)
      return { ...NO_RECOVERY, step: 'looking', by: this.#search.by, asked: this.#search.asked }
    if (this.#cameBy !== null && account.profile !== null) {
      const { isDone, ...restored } = await progress.read()
      const step = isDone ? 'done' : 'restoring'
      const state = await privateState.state()
      return { ...NO_RECOVERY, ...restored, step, by: this.#cameBy, profile: account.profile, privateState: state }
    }
    const asked = await guardians.status()
    if (asked !== null) return asked
    return this.#failed === null ? NO_RECOVERY : { ...NO_RECOVERY, step: 'failed', ...this.#failed }
  }

  means(): Promise<RecoveryMeans> {
    return this.#c.secrets.means()
  }

  rehearse(words: string): ReturnType<RecoveryCalls['rehearse']> {
    return this.#c.secrets.rehearse(words)
  }

  makePaper(secret: string): Promise<string> {
    return this.#c.secrets.makePaper(secret)
  }

  newWords(secret: string): Promise<readonly string[]> {
    return this.#c.secrets.newWords(secret)
  }

  /**
   * An account is about to be taken over, by whichever way: from the moment it is here its records are followed, after a
   * stop in between too. To be called before `AccountService.takeOver`, and `follow` after it.
   */
  async expect(by: By, address: Uint8Array): Promise<void> {
    await this.#c.states.setState(UNDER_WAY, { by, profile: formatPeerId(address) })
  }

  /** The account has been taken over: follows its records. */
  follow(by: By): void {
    const { address } = this.#c.account
    if (address === null) return
    this.#watch(by)
    this.#init.onTakenOver(address)
  }

  /** All that is known of is here: nothing to go on with at the next start. */
  async noteDone(): Promise<void> {
    if (this.#isSettled) return
    this.#isSettled = true
    await this.#c.states.setState(UNDER_WAY, null)
  }

  // --- by words or paper ---

  async #run(search: Search, secret: Secret, name: string): Promise<void> {
    const { logger } = this.#c
    try {
      const found = await this.#find(search, secret)
      await this.#comeBack(await this.#choose(found, secret), secret, name)
      this.#search = null
      this.follow(secret.kind)
    } catch (error) {
      const failure = search.stop.signal.aborted ? 'cancelled' : failureOf(error)
      if (failure === 'internal') logger.error({ err: error }, 'an account could not be brought back')
      else logger.info({ failure }, 'an account was not brought back')
      this.#search = null
      this.#failed = { by: search.by, asked: search.asked, failure }
    } finally {
      eraseSecret(secret)
      this.#tell()
    }
  }

  async #find(search: Search, secret: Secret): Promise<readonly Uint8Array[]> {
    const { whois, clock, logger, index } = this.#c
    const keyHash = sha256(secret.keyPair.publicKey)
    const addressStart = secret.kind === 'paper' ? secret.addressStart : new Uint8Array()
    const chainSearch = new ChainSearch(
      { whois, clock, logger },
      {
        question: { by: 'authority', keyHash, addressStart },
        times: this.#init.times,
        known: await index.findAuthorsByAuthority(keyHash, addressStart, MAX_FOUND),
        onAsked: (count) => {
          search.asked = count
          this.#tell()
        },
      },
    )
    return await chainSearch.run(search.stop.signal)
  }

  /** The state of the account that the secret brings back. @throws RecoveryFailure */
  async #choose(addresses: readonly Uint8Array[], secret: Secret): Promise<IdentityState> {
    let failure = new RecoveryFailure('not-an-authority', 'the account was found, and this secret opens it no more')
    for (const address of addresses) {
      const state = mayBeOf(secret, address) ? await this.#c.chains.state(address) : null
      if (state === null) continue
      try {
        if (!this.#isIn(state)) this.#change(state, secret, {})
        return state
      } catch (error) {
        if (!(error instanceof ChangeRefusedError)) throw error
        failure = new RecoveryFailure(failureOf(error), error.message, { cause: error })
      }
    }
    throw failure
  }

  /** Signs this device into the chain and takes the account over. */
  async #comeBack(state: IdentityState, secret: Secret, name: string): Promise<void> {
    const { account, chains, secrets } = this.#c
    const { address } = state
    this.#refuseAccount()
    // A stop after this device was signed in, and before the vault said so.
    if (!this.#isIn(state)) {
      const change = {
        ...this.#addingThis(state, name),
        ...(secret.kind === 'paper' ? await this.#newWords(address) : {}),
      }
      await chains.publish([this.#change(state, secret, change)])
    }
    const now = await chains.state(address)
    if (now === null || !this.#isIn(now)) {
      throw new RecoveryFailure('not-an-authority', 'somebody has signed at the same time; what they wrote counts')
    }
    const prepared = account.preparedWords
    if (secret.kind === 'words') {
      this.#c.privateState.takeWords(secret.entropy)
      await secrets.noteUsed()
    }
    await this.expect(secret.kind, address)
    await account.takeOver({
      address,
      operations: (await chains.operations(address)).map(encodeOperation),
      name: '',
      wordsSlotKey: secret.kind === 'words' ? wordsSlotKey(secret.entropy) : null,
      hasPreparedWords: prepared !== null && isWordsKey(now, wordsKeyPair(prepared).publicKey),
    })
  }

  #change(state: IdentityState, secret: Secret, change: AuthorityChange) {
    return changeByAuthority(state, change, [secret.keyPair], { network: this.#init.network })
  }

  #isIn(state: IdentityState): boolean {
    const { deviceKey } = this.#c.account
    return state.devices.some(({ key, status }) => status === 'active' && equalBytes(key, deviceKey))
  }

  #addingThis(state: IdentityState, name: string): AuthorityChange {
    const { account } = this.#c
    const key = account.deviceKey
    if (state.devices.some((device) => equalBytes(device.key, key))) return { seals: [{ key, seal: null }] }
    const sealKey = account.sealKeyPair.publicKey
    return { add: [proveDevice({ keyPair: account.deviceKeyPair, sealKey, name }, state.address, this.#init.network)] }
  }

  /** Whoever needed the paper has no words: new ones, in the vault before the chain names them. The paper is used up. */
  async #newWords(address: Uint8Array): Promise<AuthorityChange> {
    const { account, random } = this.#c
    const entropy = account.preparedWords ?? generateWordsEntropy(random)
    await account.prepareWords(entropy)
    const words = wordsKeyPair(entropy)
    const key = proveAuthority(words, address, this.#init.network)
    words.secretKey.fill(0)
    return { slots: (before) => withWordsKey(before, key), paperHash: null }
  }

  // --- course ---

  #watch(by: By): void {
    this.#cameBy = by
    this.#isSettled = false
    this.#failed = null
    this.#c.progress.begin()
  }

  async #endSearch(): Promise<void> {
    const search = this.#search
    if (search === null) return
    search.stop.abort(new RecoveryFailure('cancelled', 'the search was ended'))
    await search.done
  }

  #refuseAccount(): void {
    const { address } = this.#c.account
    if (address === null) return
    throw new PalabreError('account-exists', 'this data directory has an account already', {
      data: { profile: formatPeerId(address) },
    })
  }

  #tell(): void {
    this.#c.events.publish({ type: 'recovery' })
  }
}

function failureOf(error: unknown): string {
  if (error instanceof ChangeRefusedError) return error.code === 'no-right' ? 'not-an-authority' : error.code
  return error instanceof PalabreError ? error.code : 'internal'
}

/** How the account of this profile was expected to come here; null for what was expected of another. */
function byOf(expected: unknown, profile: string): By | null {
  if (typeof expected !== 'object' || expected === null || !('by' in expected) || !('profile' in expected)) return null
  const { by } = expected
  if (expected.profile !== profile) return null
  return by === 'words' || by === 'paper' || by === 'guardians' || by === 'device' ? by : null
}
