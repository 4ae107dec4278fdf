import type { RecoveryMeans } from '../contract/accounts.ts'
import type { IdentityState } from '../identity/chain.ts'
import {
  ChangeRefusedError,
  changeByAuthority,
  proveAuthority,
  rotatePaperKey,
  withWordsKey,
} from '../identity/change.ts'
import type { IdentityOperation } from '../identity/operation.ts'
import { formatPaperKey, generatePaperKey } from '../identity/paper-key.ts'
import { eraseSecret, mayBeOf, parseSecret, type Secret } from '../identity/secret.ts'
import { entropyFromWords, generateWordsEntropy, wordsFromEntropy, wordsKeyPair } from '../identity/words.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { NoAccountError, PalabreError } from '../util/errors.ts'
import type { RandomSource } from '../util/random.ts'
import type { AccountService } from './account-service.ts'
import type { IdentityChains } from './identity-chains.ts'
import type { GuardianWay, PrivateStateWay } from './recovery-ways.ts'

/** Key of own.db's state: when the words were last proved to be written down, milliseconds since 1970. */
const REHEARSED = 'words-rehearsed'

/** Neither the words nor the paper key of this account. Never quotes what was given. */
export class WrongSecretError extends PalabreError {
  constructor() {
    super('wrong-secret', 'that is neither the 24 words nor the paper key of this account; nothing was changed')
  }
}

export interface OwnSecretsComponents {
  readonly account: Pick<
    AccountService,
    'address' | 'words' | 'preparedWords' | 'prepareWords' | 'settleWords' | 'deviceKey'
  >
  readonly chains: Pick<IdentityChains, 'state' | 'publish'>
  readonly states: {
    getState(key: string): Promise<unknown>
    setState(key: string, value: unknown): Promise<void>
  }
  readonly guardians: Pick<GuardianWay, 'alive'>
  readonly privateState: Pick<PrivateStateWay, 'takeWords'>
  readonly clock: Clock
  readonly random: RandomSource
}

/** What stands above the devices of this account: which means there are, whether they would work, and new ones (RCV12, RCV13). */
export class OwnSecrets {
  readonly #components: OwnSecretsComponents
  readonly #network: string
  #turn: Promise<unknown> = Promise.resolve()

  /** `network`: its signature domain. */
  constructor(components: OwnSecretsComponents, init: { readonly network: string }) {
    this.#components = components
    this.#network = init.network
  }

  /** What a stop between naming new words and keeping them left undone. */
  async settle(): Promise<void> {
    const { account, chains } = this.#components
    const { address, preparedWords } = account
    if (address === null || preparedWords === null) return
    await account.settleWords(isWordsKey(await chains.state(address), wordsKeyPair(preparedWords).publicKey))
  }

  /** @throws NoAccountError */
  async means(): Promise<RecoveryMeans> {
    const { account, states, guardians } = this.#components
    const state = await this.#state()
    const [rehearsedAt, { alive, checkedAt }] = await Promise.all([states.getState(REHEARSED), guardians.alive()])
    const active = state.devices.filter(({ status }) => status === 'active').length
    const isConfirmed = account.words() === null
    const slot = state.base?.slots.find(({ keys }) => keys.length > 1)
    const isPaperMade = (state.base?.paperHash ?? null) !== null
    const isGuarded = slot !== undefined && alive >= slot.threshold
    return {
      devices: { active },
      words: { confirmed: isConfirmed, rehearsedAt: typeof rehearsedAt === 'number' ? rehearsedAt : null },
      guardians: { threshold: slot?.threshold ?? null, count: slot?.keys.length ?? 0, alive, checkedAt },
      paper: { made: isPaperMade },
      ready: [active > 1, isConfirmed, isGuarded, isPaperMade].filter(Boolean).length,
    }
  }

  /** Keeps the day and nothing else. @throws NoAccountError */
  async rehearse(words: string): Promise<{ result: 'right' | 'not-words' | 'other-account'; at: number }> {
    const { clock, states } = this.#components
    const state = await this.#state()
    const at = clock.now()
    const entropy = entropyFromWords(words)
    if (entropy === undefined) return { result: 'not-words', at }
    try {
      const { secretKey, publicKey } = wordsKeyPair(entropy)
      secretKey.fill(0)
      if (!isWordsKey(state, publicKey)) return { result: 'other-account', at }
      await states.setState(REHEARSED, at)
      // Private records that this device was granted nothing of open too.
      this.#components.privateState.takeWords(entropy)
      return { result: 'right', at }
    } finally {
      entropy.fill(0)
    }
  }

  /** The words have just brought the account here, which proves them as a rehearsal does (RCV13). */
  async noteUsed(): Promise<void> {
    const { clock, states } = this.#components
    await states.setState(REHEARSED, clock.now())
  }

  /** The text of a new paper key, which is kept nowhere. @throws NoAccountError, WrongSecretError, ChangeRefusedError */
  makePaper(secret: string): Promise<string> {
    return this.#withSecret(secret, async ({ keyPair }, state) => {
      const { chains, random } = this.#components
      const paper = generatePaperKey(state.address, random)
      try {
        await chains.publish([rotatePaperKey(state, paper.keyPair.publicKey, [keyPair], this.#network)])
        return formatPaperKey(paper)
      } finally {
        paper.keyPair.secretKey.fill(0)
      }
    })
  }

  /** New words in place of those before. @throws NoAccountError, WrongSecretError, ChangeRefusedError */
  newWords(secret: string): Promise<readonly string[]> {
    return this.#withSecret(secret, async ({ keyPair }, state) => {
      const { account, chains, random, states } = this.#components
      const entropy = generateWordsEntropy(random)
      await account.prepareWords(entropy)
      try {
        await chains.publish([this.#naming(state, entropy, keyPair)])
      } catch (error) {
        // Otherwise it may stand in own.db: the next start looks.
        if (isRefused(error)) await account.settleWords(false)
        throw error
      }
      await account.settleWords(true)
      await states.setState(REHEARSED, null)
      return wordsFromEntropy(entropy)
    })
  }

  #naming(state: IdentityState, entropy: Uint8Array, signer: Secret['keyPair']): IdentityOperation {
    const words = wordsKeyPair(entropy)
    const key = proveAuthority(words, state.address, this.#network)
    words.secretKey.fill(0)
    return changeByAuthority(state, { slots: (before) => withWordsKey(before, key) }, [signer], {
      network: this.#network,
    })
  }

  /** One at a time: each builds on the state that the one before left. */
  #withSecret<T>(text: string, work: (secret: Secret, state: IdentityState) => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      const state = await this.#state()
      const secret = parseSecret(text)
      if (secret === undefined) throw new WrongSecretError()
      try {
        if (!mayBeOf(secret, state.address)) throw new WrongSecretError()
        return await work(secret, state)
      } finally {
        eraseSecret(secret)
      }
    })
    this.#turn = result.catch(() => {})
    return result
  }

  async #state(): Promise<IdentityState> {
    const { account, chains } = this.#components
    if (account.address === null) throw new NoAccountError()
    const state = await chains.state(account.address)
    if (state === null) throw new PalabreError('starting', 'the chain of this account is not here yet')
    return state
  }
}

/** True when the chain names this key as that of the words. */
export function isWordsKey(state: IdentityState | null, publicKey: Uint8Array): boolean {
  return (state?.base?.slots ?? []).some(
    ({ keys }) => keys.length === 1 && keys.some(({ key }) => equalBytes(key, publicKey)),
  )
}

function isRefused(error: unknown): boolean {
  return error instanceof ChangeRefusedError || (error instanceof PalabreError && error.code === 'refused-operation')
}
