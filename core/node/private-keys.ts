/**
 * The keys of an account's private records: which of them this device has, who was granted which, and which one new
 * records are sealed with (REC19, REC21). Every device of the account grants what others lack, so that a device that was
 * just linked, and the words on a new computer, read everything; when a device is sealed or retires, a new key begins.
 */
import { type CborValue, isCborArray } from '../codec/dag-cbor.ts'
import type { IdentityState } from '../identity/chain.ts'
import type { KeyPair } from '../identity/keys.ts'
import {
  grantPrivateKey,
  type KeyGrant,
  newPrivateKey,
  openGrant,
  privateKeyId,
  recipientId,
} from '../identity/private-seal.ts'
import type { PrivateBody } from '../record/kinds/private.ts'
import { MAX_GRANTS } from '../record/limits.ts'
import { toHex } from '../util/bytes.ts'
import type { RandomSource } from '../util/random.ts'

/** A new one begins when a device is sealed: few in a life. */
const MAX_PRIVATE_KEYS = 64

export interface PrivateKeyChest {
  readonly address: Uint8Array | null
  /** X25519 key of this device. */
  readonly sealKeyPair: KeyPair
  /** Those that this device had before (LOG10): other devices may have granted to them, not knowing yet. */
  readonly formerSealKeyPairs: readonly KeyPair[]
  /** Public key of the words for vaults, null where it isn't known. */
  readonly wordsSlotKey: Uint8Array | null
  /** The vault's own place for them. */
  kept(name: 'privateKeys'): CborValue | undefined
  keep(name: 'privateKeys', value: CborValue): Promise<void>
}

export class PrivateKeys {
  readonly #chest: PrivateKeyChest
  readonly #random: RandomSource
  /** Ids of recipients by key id, hex, as the records at hand say. */
  readonly #granted = new Map<string, Set<string>>()
  /** Keys that open grants besides this device's: those of words that were just typed. */
  readonly #openers = new Map<string, KeyPair>()

  constructor(components: { readonly chest: PrivateKeyChest; readonly random: RandomSource }) {
    this.#chest = components.chest
    this.#random = components.random
  }

  /** The words are at hand, until this process ends: what was granted to them opens. */
  addOpener(keyPair: KeyPair): void {
    this.#openers.set(toHex(keyPair.publicKey), keyPair)
  }

  get hasOpeners(): boolean {
    return this.#openers.size > 0
  }

  /** Starts again with the records that are read next. */
  forgetGrants(): void {
    this.#granted.clear()
  }

  find(keyId: Uint8Array): Uint8Array | undefined {
    const name = toHex(keyId)
    return this.all.find((key) => toHex(privateKeyId(key)) === name)
  }

  /** Notes whom a record grants its key to, and opens the grant that is for this device. The key is new then. */
  async take({ key, grants }: Pick<PrivateBody, 'key' | 'grants'>): Promise<boolean> {
    const { address, formerSealKeyPairs, sealKeyPair } = this.#chest
    const granted = this.#granted.get(toHex(key)) ?? new Set<string>()
    this.#granted.set(toHex(key), granted)
    for (const { recipient } of grants ?? []) granted.add(toHex(recipient))
    if (address === null || this.find(key) !== undefined) return false
    for (const recipient of [sealKeyPair, ...formerSealKeyPairs, ...this.#openers.values()]) {
      for (const grant of grants ?? []) {
        const opened = openGrant({ grant, keyId: key, address, recipient })
        if (opened === undefined) continue
        // Before the present one: what others began is read, not gone on with.
        await this.#keep([opened, ...this.all])
        return true
      }
    }
    return false
  }

  /** The key for new records; made where there is none, or where the present one was granted to a device that may not read on. */
  async current(state: IdentityState): Promise<Uint8Array> {
    const keys = this.all
    const last = keys.at(-1)
    if (last !== undefined && !this.#isCompromised(last, state)) return last
    const fresh = newPrivateKey(this.#random)
    await this.#keep([...keys, fresh])
    return fresh
  }

  /** Grants of this key for devices in use and for the words that no record has yet; at most 32. */
  missingGrants(key: Uint8Array, state: IdentityState): KeyGrant[] {
    const { address } = this.#chest
    const granted = this.#granted.get(toHex(privateKeyId(key)))
    if (address === null) return []
    return this.#recipients(state)
      .filter((recipient) => granted?.has(toHex(recipientId(recipient))) !== true)
      .slice(0, MAX_GRANTS)
      .flatMap((recipient) => grantPrivateKey({ key, address, recipient, random: this.#random }) ?? [])
  }

  /** Keys that this device has, 32 bytes each; the last one is for new records. */
  get all(): readonly Uint8Array[] {
    const keys = this.#chest.kept('privateKeys')
    return isCborArray(keys) ? keys.filter((key) => key instanceof Uint8Array) : []
  }

  #keep(keys: readonly Uint8Array[]): Promise<void> {
    return this.#chest.keep('privateKeys', keys.slice(-MAX_PRIVATE_KEYS))
  }

  #recipients(state: IdentityState): Uint8Array[] {
    const { wordsSlotKey } = this.#chest
    const devices = state.devices.filter(({ status }) => status === 'active').map(({ sealKey }) => sealKey)
    return wordsSlotKey === null ? devices : [...devices, wordsSlotKey]
  }

  #isCompromised(key: Uint8Array, state: IdentityState): boolean {
    const granted = this.#granted.get(toHex(privateKeyId(key)))
    if (granted === undefined) return false
    return state.devices.some(({ status, sealKey }) => status !== 'active' && granted.has(toHex(recipientId(sealKey))))
  }
}
