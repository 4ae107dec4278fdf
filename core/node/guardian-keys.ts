import { type CborValue, isCborArray } from '../codec/dag-cbor.ts'
import { equalBytes } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import type { AccountService } from './account-service.ts'

/** The key that this account made for a person whose guardian it is. */
export interface WardKey {
  /** Address of the person, 32 bytes. */
  readonly address: Uint8Array
  /** Ed25519 seed, 32 bytes: an authority in that person's chain together with others, and nothing anywhere else. */
  readonly seed: Uint8Array
  /** What the person was called then. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Where those keys lie. */
export interface GuardianKeys {
  get(address: Uint8Array): Promise<WardKey | null>
  /** On the disk when this resolves; replaces one for the same person. @throws PalabreError too-many-wards */
  put(key: WardKey): Promise<void>
  list(): Promise<readonly WardKey[]>
}

const MAX_WARDS = 256

/** The keys in this device's vault, as `[address, seed, name, since]` each. */
export class VaultGuardianKeys implements GuardianKeys {
  readonly #vault: Pick<AccountService, 'keep' | 'kept'>

  constructor(components: { readonly vault: Pick<AccountService, 'keep' | 'kept'> }) {
    this.#vault = components.vault
  }

  async get(address: Uint8Array): Promise<WardKey | null> {
    return (await this.list()).find((one) => equalBytes(one.address, address)) ?? null
  }

  async put(key: WardKey): Promise<void> {
    const others = (await this.list()).filter(({ address }) => !equalBytes(address, key.address))
    if (others.length >= MAX_WARDS) {
      throw new PalabreError('too-many-wards', `this account is a guardian of ${MAX_WARDS} people already`)
    }
    const all = [...others, key].map(({ address, seed, name, since }) => [address, seed, name, since])
    await this.#vault.keep('guardianKeys', all)
  }

  async list(): Promise<readonly WardKey[]> {
    const value = this.#vault.kept('guardianKeys')
    return isCborArray(value) ? value.flatMap((entry) => readKey(entry) ?? []) : []
  }
}

function readKey(value: CborValue): WardKey | undefined {
  if (!isCborArray(value)) return undefined
  const [address, seed, name, since] = value
  if (!(address instanceof Uint8Array) || !(seed instanceof Uint8Array) || seed.length !== 32) return undefined
  return typeof name === 'string' && typeof since === 'number' ? { address, seed, name, since } : undefined
}
