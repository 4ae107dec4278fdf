import { BadPassphraseError, type PassphraseKdf } from '../identity/passphrase.ts'
import {
  hasSameSlots,
  isVaultUnprotected,
  listVaultSlots,
  openVault,
  protectVault,
  sealVault,
  unprotectVault,
  type VaultContent,
  withWordsSlot,
} from '../identity/vault.ts'
import { VaultLockedError, WrongPassphraseError, WrongWordsError } from '../identity/vault-errors.ts'
import { knownKeyOpener, passphraseOpener, type VaultOpener, wordsOpener } from '../identity/vault-slots.ts'
import { entropyFromWords } from '../identity/words.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { FileSteps } from './durable-file.ts'
import { chooseKdf } from './native-kdf.ts'
import { VaultFile } from './vault-file.ts'

/** How often a person is asked before a wrong passphrase is an error. */
const MAX_ATTEMPTS = 3

/** A passphrase was given, and the vault is one that anybody can read. */
export class VaultUnprotectedError extends PalabreError {
  constructor() {
    super(
      'vault-unprotected',
      'a passphrase was given, and the vault here has none: set it with `palabre protect`, or start without it',
    )
  }
}

/** Where the secret that opens the vault comes from. */
export interface VaultSecrets {
  /** A passphrase that was given beforehand: a new vault is sealed with it, one that lies open is refused. */
  readonly passphrase?: string | null
  /** The 32 bytes that the 24 words stand for, instead of a passphrase. */
  readonly wordsEntropy?: Uint8Array | null
  /** Asks a person for the passphrase of a locked vault, or the 24 words; `attempt` counts from 1, null gives up. */
  readonly ask?: (attempt: number) => Promise<string | null>
}

export interface DeviceVaultComponents {
  readonly logger: Logger
  readonly random: RandomSource
  readonly secrets?: VaultSecrets | undefined
  readonly kdf?: PassphraseKdf | undefined
  readonly steps?: FileSteps | undefined
}

/**
 * The vault of a data directory, opened. The passphrase is needed once: afterwards the data key is remembered, so that
 * writing again costs no derivation and the passphrase isn't kept. Whenever slots change, the data key does too, and
 * nothing that the old slots open stays under a name in the directory: neither the previous vault nor damaged ones that
 * were set aside. What a stop leaves of that is made up for by the next `open`.
 */
export class DeviceVault {
  readonly #random: RandomSource
  /** Nothing any more once the vault is open. */
  #secrets: VaultSecrets
  readonly #file: VaultFile<VaultContent>
  readonly #givenKdf: PassphraseKdf | undefined
  #openers: readonly VaultOpener[] = []

  constructor(components: DeviceVaultComponents, init: { readonly dataDir: string }) {
    const { logger, random, steps, secrets = {}, kdf } = components
    this.#random = random
    this.#secrets = secrets
    this.#givenKdf = kdf
    this.#file = new VaultFile<VaultContent>(steps === undefined ? { logger } : { logger, steps }, {
      dataDir: init.dataDir,
      seal: (content) => sealVault(content, { random }),
      open: (bytes) => openVault(bytes, this.#openers),
      isDamage: (error) => error instanceof PalabreError && error.code === 'vault-damaged',
    })
  }

  /**
   * The content, null where there is no vault yet.
   *
   * @throws PalabreError vault-damaged, vault-newer, vault-locked, wrong-passphrase, wrong-words, vault-unprotected,
   * bad-passphrase; nothing is changed then
   */
  async open(): Promise<VaultContent | null> {
    const { passphrase, wordsEntropy } = this.#secrets
    if (wordsEntropy) this.#openers = [wordsOpener(wordsEntropy)]
    if (passphrase != null) this.#openers = [...this.#openers, passphraseOpener(passphrase, this.#kdf())]
    const content = await this.#readOrAsk()
    if (content === null) return null
    if (passphrase != null && isVaultUnprotected(content)) throw new VaultUnprotectedError()
    this.#secrets = {}
    this.#remember(content)
    await this.#dropStalePrevious(content)
    return content
  }

  /** Makes the first vault, sealed if a passphrase was given. */
  create(content: VaultContent): Promise<VaultContent> {
    const { passphrase } = this.#secrets
    this.#secrets = {}
    return this.write(passphrase == null ? content : this.#protected(content, passphrase))
  }

  /** Resolves with the content as it was read back, once it survives a power cut. */
  async write(content: VaultContent): Promise<VaultContent> {
    if (content.lock !== undefined) this.#remember(content)
    await this.#file.write(content)
    const written = (await this.#file.read()) ?? content
    this.#remember(written)
    return written
  }

  /** The same with a slot for the words of this public key (wordsSlotKey). */
  writeWithWordsSlot(content: VaultContent, publicKey: Uint8Array): Promise<VaultContent> {
    return this.write(withWordsSlot(content, publicKey, this.#random))
  }

  /** The previous vault says no more than this one. */
  forgetPrevious(): Promise<void> {
    return this.#file.forgetPrevious()
  }

  /** The 24 words do as well. @throws WrongPassphraseError for what opens none of the slots */
  checkPassphrase(content: VaultContent, passphrase: string): void {
    const openers = this.#openersOf(passphrase)
    const isRight = slotsOf(content).some((slot) => {
      return openers.some((opener) => opener.handles(slot) && opener.open(slot) !== undefined)
    })
    if (!isRight) throw new WrongPassphraseError()
  }

  /** Sets or changes the passphrase. @throws PalabreError bad-passphrase */
  setPassphrase(content: VaultContent, passphrase: string): Promise<VaultContent> {
    return this.#relock(content, this.#protected(content, passphrase))
  }

  /** Leaves the secrets to whoever reads the file. */
  removePassphrase(content: VaultContent): Promise<VaultContent> {
    return this.#relock(content, unprotectVault(content, this.#random))
  }

  async #relock(before: VaultContent, after: VaultContent): Promise<VaultContent> {
    const old = this.#openers
    if (after.lock !== undefined) this.#openers = [knownKeyOpener(after.lock.dataKey, after.lock.slots), ...old]
    await this.#file.write(after)
    const written = await this.#file.read()
    if (written === null || hasSameSlots(slotsOf(written), slotsOf(before))) {
      throw new PalabreError('vault-damaged', 'the vault that was just written is not the one that is read')
    }
    await this.#dropOld()
    this.#remember(written)
    return written
  }

  #protected(content: VaultContent, passphrase: string): VaultContent {
    return protectVault(content, { passphrase, kdf: this.#kdf() }, this.#random)
  }

  /** What a person typed is a passphrase; 24 words of the list that fit together are the words too, which cost nothing to try. */
  #openersOf(typed: string): VaultOpener[] {
    const entropy = entropyFromWords(typed)
    const passphrase = passphraseOpenerOrNull(typed, this.#kdf())
    return [...(entropy === undefined ? [] : [wordsOpener(entropy)]), ...(passphrase === null ? [] : [passphrase])]
  }

  async #readOrAsk(): Promise<VaultContent | null> {
    const { ask, passphrase, wordsEntropy } = this.#secrets
    const mayAsk = ask !== undefined && passphrase == null && !wordsEntropy
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#file.read()
      } catch (error) {
        if (!mayAsk || attempt > MAX_ATTEMPTS || !opensWithPassphrase(error)) throw error
        const answer = await ask(attempt)
        if (answer === null) throw error
        this.#openers = this.#openersOf(answer)
      }
    }
  }

  /** Makes up for a stop between a write and what should have followed it. */
  async #dropStalePrevious(content: VaultContent): Promise<void> {
    const previous = await this.#file.previousBytes()
    if (previous === null) return
    let before: VaultContent
    try {
      const isOther = !hasSameSlots(listVaultSlots(previous), slotsOf(content))
      if (isOther && !isVaultUnprotected(content)) return await this.#dropOld()
      before = openVault(previous, this.#openers)
    } catch (error) {
      if (error instanceof PalabreError) return
      throw error
    }
    const hasErasedWords = content.wordsEntropy === null && before.wordsEntropy !== null
    const knowsNoAccount = content.address !== null && before.address === null
    // A stop right after the words were confirmed, or after the account was made.
    if (hasErasedWords || knowsNoAccount) await this.#file.forgetPrevious()
  }

  /** Last of all the previous vault: while it is there, the next `open` sees what is left to do. */
  async #dropOld(): Promise<void> {
    await this.#file.eraseDamaged()
    await this.#file.forgetPrevious()
  }

  #remember(content: VaultContent): void {
    if (content.lock === undefined) return
    this.#openers = [knownKeyOpener(content.lock.dataKey, content.lock.slots)]
  }

  #kdf(): PassphraseKdf {
    return this.#givenKdf ?? chooseKdf()
  }
}

/** Null for a text that no passphrase can be. */
function passphraseOpenerOrNull(passphrase: string, kdf: PassphraseKdf): VaultOpener | null {
  try {
    return passphraseOpener(passphrase, kdf)
  } catch (error) {
    if (error instanceof BadPassphraseError) return null
    throw error
  }
}

function slotsOf(content: VaultContent): NonNullable<VaultContent['lock']>['slots'] {
  return content.lock?.slots ?? []
}

function opensWithPassphrase(error: unknown): boolean {
  if (error instanceof VaultLockedError) return error.slotTypes.includes('passphrase')
  return error instanceof WrongPassphraseError || error instanceof WrongWordsError
}
