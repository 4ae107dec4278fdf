import type { CborValue } from '../codec/dag-cbor.ts'
import type { Account, NodeEvent } from '../contract/views.ts'
import { createIdentity } from '../identity/genesis.ts'
import {
  generateKeyPair,
  generateSealKeyPair,
  type KeyPair,
  keyPairFromSeed,
  sealKeyPairFromSeed,
} from '../identity/keys.ts'
import type { PassphraseKdf } from '../identity/passphrase.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { isVaultUnprotected, type VaultContent, wordsKeyOf } from '../identity/vault.ts'
import { wordsSlotKey } from '../identity/vault-slots.ts'
import { WORD_COUNT, wordsFromEntropy } from '../identity/words.ts'
import { MAX_NAME_BYTES } from '../record/limits.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { BadRequestError, NoAccountError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import { deviceName } from './device-name.ts'
import { DeviceVault, type VaultSecrets } from './device-vault.ts'
import type { FileSteps } from './durable-file.ts'
import { checkText } from './limits.ts'
import { publicKeyOfSeed } from './native-keys.ts'
import { refuseOrphans } from './orphaned-records.ts'
import type { OwnIdentity } from './ports.ts'
import { preparedWordsIn, withoutPreparedWords, withPreparedWords, withWordsAsPrepared } from './prepared-words.ts'
import { chainIn, fitting, formerIn, formerSealSeedsIn, nameIn, withFormer } from './vault-extras.ts'

/** Three words are one chance in eight billion for somebody who guesses. */
const MIN_CONFIRMED_WORDS = 3

/** Public, so it tells nothing about its owner that the posts don't. */
/** An account that other devices speak for already. */
export interface ExistingAccount {
  readonly address: Uint8Array
  /** The chain on the wire, genesis first; the operation that lists this device among them. */
  readonly operations: readonly Uint8Array[]
  /** '' where it isn't known yet. */
  readonly name: string
  /** Public key of the words for vaults (VLT7), null where nobody said it. */
  readonly wordsSlotKey: Uint8Array | null
  /** The chain names the words that were prepared here: they stand in the vault until their owner confirms them. */
  readonly hasPreparedWords?: boolean
}

/** What other parts of the node keep in the vault. */
export type KeptName = 'guardianKeys' | 'privateKeys'

/** New keys of this device. */
export interface DeviceSuccession {
  /** Ed25519 and X25519 seeds, 32 bytes each. */
  readonly deviceSeed: Uint8Array
  readonly sealSeed: Uint8Array
  /** On the wire: what the key before has signed to add the new one. */
  readonly operation: Uint8Array
}

/** What the rest of the node does with a new account. */
export interface AccountHome {
  /** Makes the account this node's own, in the store and for signing. Doing it again changes nothing. */
  adopt(address: Uint8Array, operations: readonly Uint8Array[]): Promise<void>
  /** Publishes the first profile record where there is none yet. */
  introduce(name: string): Promise<void>
}

export interface AccountServiceComponents {
  readonly logger: Logger
  readonly random: RandomSource
  readonly events: { publish(event: NodeEvent): void }
  /** What opens the vault; nothing for one that lies open. */
  readonly secrets?: VaultSecrets | undefined
  readonly kdf?: PassphraseKdf | undefined
  readonly steps?: FileSteps
}

export interface AccountServiceInit {
  readonly dataDir: string
  /** Signature domain of the network. */
  readonly domain: string
}

/**
 * The keys of this device and the account that it speaks for. The vault file decides: the account exists from the
 * moment the vault that names it is on the disk, with its signed genesis and the words. Everything after that (the
 * store, the first profile record) is made up for at the next start, so a crash leaves no account or a whole one. The
 * inception key never reaches the disk.
 */
export class AccountService implements OwnIdentity {
  readonly #logger: Logger
  readonly #random: RandomSource
  readonly #events: { publish(event: NodeEvent): void }
  readonly #init: AccountServiceInit
  readonly #vault: DeviceVault
  #content: VaultContent | null = null
  #deviceKey: Uint8Array = new Uint8Array()
  #home: { home: AccountHome; reader: Pick<TimelineReader, 'profile'> } | null = null
  #isAdopted = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(components: AccountServiceComponents, init: AccountServiceInit) {
    this.#logger = components.logger
    this.#random = components.random
    this.#events = components.events
    this.#init = init
    this.#vault = new DeviceVault(components, { dataDir: init.dataDir })
  }

  /**
   * Opens the vault, making it with a new device key at the first start.
   *
   * @throws PalabreError vault-damaged, vault-newer, vault-locked, wrong-passphrase, vault-unprotected (DeviceVault);
   * other-network for an account of another network; vault-missing when own records lie there without it
   */
  async open(): Promise<void> {
    const content = await this.#vault.open()
    if (content === null) {
      await refuseOrphans(this.#init.dataDir, this.#logger)
      const fresh = {
        deviceSeed: generateKeyPair(this.#random).secretKey,
        sealSeed: generateSealKeyPair(this.#random).secretKey,
        address: null,
        wordsEntropy: null,
      }
      this.#take(await this.#vault.create(fresh))
      return
    }
    const domain = content.extras?.domain
    if (content.address !== null && domain !== this.#init.domain) {
      throw new PalabreError('other-network', `the account here belongs to the network "${String(domain)}"`, {
        data: { expected: String(domain), given: this.#init.domain },
      })
    }
    this.#take(content)
  }

  /** Connects to the store and makes up for what a stop in the middle of `create` left undone. */
  async settle(home: AccountHome, reader: Pick<TimelineReader, 'profile'>): Promise<void> {
    this.#home = { home, reader }
    if (this.address !== null) await this.#inTurn(() => this.#adopt())
  }

  get profile(): string | null {
    return this.address === null ? null : formatPeerId(this.address)
  }

  get address(): Uint8Array | null {
    return this.#opened().address
  }

  get deviceKey(): Uint8Array {
    return this.#deviceKey
  }

  /** 32-byte seed of the device's Ed25519 key, for signing and for the host. */
  get deviceSeed(): Uint8Array {
    return this.#opened().deviceSeed
  }

  /** @throws PalabreError account-exists */
  create(name: string): Promise<Account> {
    checkText('name', name, MAX_NAME_BYTES)
    return this.#inTurn(async () => {
      const content = this.#opened()
      if (content.address !== null && this.#isAdopted) {
        throw new PalabreError('account-exists', 'this data directory has an account already', {
          data: { profile: formatPeerId(content.address) },
        })
      }
      if (content.address === null) await this.#make(content, name)
      await this.#adopt()
      this.#events.publish({ type: 'account' })
      return this.#view()
    })
  }

  /** Whoever sees the account can write: one that is being made is told of when the store knows it. */
  async get(): Promise<Account> {
    if (this.#opened().address !== null && !this.#isAdopted) await this.#turn
    return this.#view()
  }

  async #view(): Promise<Account> {
    const content = this.#opened()
    if (content.address === null) throw new NoAccountError()
    const profile = formatPeerId(content.address)
    const view = await this.#home?.reader.profile(profile)
    return {
      profile,
      name: view?.name || nameIn(content),
      device: { peerId: formatPeerId(this.#deviceKey), name: deviceName() },
      wordsPending: content.wordsEntropy !== null,
      protection: isVaultUnprotected(content) ? 'open' : 'passphrase',
    }
  }

  words(): readonly string[] | null {
    const { address, wordsEntropy } = this.#opened()
    if (address === null) throw new NoAccountError()
    return wordsEntropy === null ? null : wordsFromEntropy(wordsEntropy)
  }

  /** @throws BadRequestError for fewer than three different places */
  confirmWords(answers: readonly { readonly index: number; readonly word: string }[]): Promise<boolean> {
    return this.#inTurn(async () => {
      const words = this.words()
      if (words === null) return true
      const places = new Set(answers.map(({ index }) => index))
      if (places.size < MIN_CONFIRMED_WORDS) {
        throw new BadRequestError(`expected at least ${MIN_CONFIRMED_WORDS} different words of the ${WORD_COUNT}`)
      }
      if (!answers.every(({ index, word }) => words[index] === word.trim().toLowerCase())) return false
      this.#take(await this.#vault.write({ ...this.#opened(), wordsEntropy: null }))
      await this.#vault.forgetPrevious()
      this.#events.publish({ type: 'account' })
      return true
    })
  }

  /** Ed25519 key of this device, for operations on the chain. */
  get deviceKeyPair(): KeyPair {
    return keyPairFromSeed(this.#opened().deviceSeed)
  }

  /** X25519 key of this device, for what is sealed to it. */
  get sealKeyPair(): KeyPair {
    return sealKeyPairFromSeed(this.#opened().sealSeed)
  }

  /** X25519 keys that this device had before, newest first. */
  get formerSealKeyPairs(): readonly KeyPair[] {
    return formerSealSeedsIn(this.#opened()).map(sealKeyPairFromSeed)
  }

  /** Public key of the words for vaults, for a second device's slot; null where none is known. */
  get wordsSlotKey(): Uint8Array | null {
    return wordsKeyOf(this.#opened())
  }

  /**
   * Makes an account that exists elsewhere this device's own: the chain has just taken this device in. Like `create`,
   * it exists from the moment the vault names it.
   *
   * @throws PalabreError account-exists
   */
  takeOver(account: ExistingAccount): Promise<Account> {
    return this.#inTurn(async () => {
      const content = this.#opened()
      if (content.address !== null) {
        throw new PalabreError('account-exists', 'this data directory has an account already', {
          data: { profile: formatPeerId(content.address) },
        })
      }
      const [genesis, ...rest] = account.operations
      if (genesis === undefined) throw new BadRequestError('an account without its genesis')
      const extras = { ...content.extras, genesis, name: account.name, domain: this.#init.domain, chain: fitting(rest) }
      const owned = { ...content, address: account.address, extras }
      const taken = account.hasPreparedWords === true ? withWordsAsPrepared(owned) : withoutPreparedWords(owned)
      const wordsKey = taken.wordsEntropy === null ? account.wordsSlotKey : wordsSlotKey(taken.wordsEntropy)
      this.#take(await (wordsKey === null ? this.#vault.write(taken) : this.#vault.writeWithWordsSlot(taken, wordsKey)))
      await this.#vault.forgetPrevious()
      await this.#adopt()
      this.#events.publish({ type: 'account' })
      return this.#view()
    })
  }

  /** The 32 bytes of words that the chain is about to name; null where there are none. */
  get preparedWords(): Uint8Array | null {
    return preparedWordsIn(this.#opened())
  }

  /** Keeps new words before the chain names them. */
  prepareWords(entropy: Uint8Array): Promise<void> {
    return this.#inTurn(async () => this.#take(await this.#vault.write(withPreparedWords(this.#opened(), entropy))))
  }

  /** The chain names the prepared words now, in place of those before, or it never will. */
  settleWords(isNamed: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const prepared = this.preparedWords
      if (prepared === null) return
      const [content, vault] = [this.#opened(), this.#vault]
      const work = isNamed
        ? vault.writeWithWordsSlot(withWordsAsPrepared(content), wordsSlotKey(prepared))
        : vault.write(withoutPreparedWords(content))
      this.#take(await work)
      await vault.forgetPrevious()
      if (isNamed) this.#events.publish({ type: 'account' })
    })
  }

  /** @throws NoAccountError; WrongPassphraseError for a `current` that isn't the one before; BadPassphraseError */
  protect(change: { readonly passphrase: string | null; readonly current?: string | undefined }): Promise<Account> {
    return this.#inTurn(async () => {
      const content = this.#opened()
      if (content.address === null) throw new NoAccountError()
      const { passphrase, current = '' } = change
      const isOpen = isVaultUnprotected(content)
      if (!isOpen) this.#vault.checkPassphrase(content, current)
      if (isOpen && passphrase === null) return this.#view()
      const vault = this.#vault
      this.#take(
        await (passphrase === null ? vault.removePassphrase(content) : vault.setPassphrase(content, passphrase)),
      )
      this.#events.publish({ type: 'account' })
      return this.#view()
    })
  }

  /** What `keep` put under this name; undefined for nothing. */
  kept(name: KeptName): CborValue | undefined {
    return this.#opened().extras?.[name]
  }

  /** Secrets of this device that go with the vault: on the disk when this resolves. */
  keep(name: KeptName, value: CborValue): Promise<void> {
    return this.#inTurn(async () => {
      const content = this.#opened()
      this.#take(await this.#vault.write({ ...content, extras: { ...content.extras, [name]: value } }))
    })
  }

  /**
   * Gives this device other keys (LOG10). Like `create`, it has them from the moment the vault names them. The ones before
   * are remembered as far as what was sealed to them can still be opened; nothing is signed with them any more.
   *
   * @throws NoAccountError
   */
  replaceDevice({ deviceSeed, sealSeed, operation }: DeviceSuccession): Promise<void> {
    return this.#inTurn(async () => {
      const content = this.#opened()
      if (content.address === null) throw new NoAccountError()
      const former = { key: this.#deviceKey, sealSeed: content.sealSeed }
      const chain = fitting([...chainIn(content), operation])
      const extras = { ...content.extras, chain, formerDevices: withFormer(content, former) }
      this.#take(await this.#vault.write({ ...content, deviceSeed, sealSeed, extras }))
      // The vault before it has the key that signs elsewhere.
      await this.#vault.forgetPrevious()
      await this.#adopt()
      this.#events.publish({ type: 'account' })
    })
  }

  /** Public keys that this device had before, newest first. */
  get formerDeviceKeys(): readonly Uint8Array[] {
    return formerIn(this.#opened()).flatMap(({ key }) => (key instanceof Uint8Array ? [key] : []))
  }

  async #make(content: VaultContent, name: string): Promise<void> {
    const { address, genesis, wordsEntropy } = createIdentity({
      device: {
        keyPair: keyPairFromSeed(content.deviceSeed),
        sealKey: sealKeyPairFromSeed(content.sealSeed).publicKey,
        name: deviceName(),
      },
      random: this.#random,
      network: this.#init.domain,
    })
    const extras = { ...content.extras, genesis, name, domain: this.#init.domain }
    this.#take(
      await this.#vault.writeWithWordsSlot({ ...content, address, wordsEntropy, extras }, wordsSlotKey(wordsEntropy)),
    )
    // The vault before it knows no account: falling back to that one would lose it.
    await this.#vault.forgetPrevious()
  }

  async #adopt(): Promise<void> {
    const content = this.#opened()
    const genesis = content.extras?.genesis
    if (this.#home === null) throw new PalabreError('starting', 'the store is not open yet')
    if (content.address === null || !(genesis instanceof Uint8Array)) {
      throw new PalabreError('vault-damaged', 'the vault names an account and has no genesis of it')
    }
    await this.#home.home.adopt(content.address, [genesis, ...chainIn(content)])
    // An account that other devices speak for has its profile, here already or still on its way.
    if (content.extras?.chain === undefined) await this.#home.home.introduce(nameIn(content))
    this.#isAdopted = true
  }

  #take(content: VaultContent): void {
    this.#content = content
    this.#deviceKey = publicKeyOfSeed(content.deviceSeed)
  }

  #opened(): VaultContent {
    if (this.#content === null) throw new PalabreError('starting', 'the vault is not open yet')
    return this.#content
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
