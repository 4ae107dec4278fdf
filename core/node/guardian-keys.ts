import { z } from 'zod'
import { type CborValue, isCborArray } from '../codec/dag-cbor.ts'
import { equalBytes, fromHex, toHex } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import type { AccountService } from './account-service.ts'
import type { PrivateBook } from './api/services.ts'

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

const EDGE = 'guardian-key'

const shared = z.object({ seed: z.string().length(64), name: z.string(), since: z.number().int() })

/** The same keys in this device's vault and, sealed, with all devices of the account: they survive the loss of any. */
export class SharedGuardianKeys implements GuardianKeys {
  readonly #vault: VaultGuardianKeys
  readonly #book: PrivateBook

  constructor(components: { readonly vault: Pick<AccountService, 'keep' | 'kept'>; readonly book: PrivateBook }) {
    this.#vault = new VaultGuardianKeys(components)
    this.#book = components.book
  }

  async get(address: Uint8Array): Promise<WardKey | null> {
    return (await this.list()).find((one) => equalBytes(one.address, address)) ?? null
  }

  async put(key: WardKey): Promise<void> {
    await this.#vault.put(key)
    const { seed, name, since } = key
    await this.#book.put(EDGE, toHex(key.address), { seed: toHex(seed), name, since })
  }

  async list(): Promise<readonly WardKey[]> {
    const own = await this.#vault.list()
    const others = (await this.#book.list(EDGE)).flatMap(({ subject, value }): WardKey[] => {
      const [address, parsed] = [fromHex(subject), shared.safeParse(value)]
      const seed = parsed.success ? fromHex(parsed.data.seed) : undefined
      if (address?.length !== 32 || seed === undefined || !parsed.success) return []
      return own.some((one) => equalBytes(one.address, address)) ? [] : [{ ...parsed.data, address, seed }]
    })
    return [...own, ...others].slice(0, MAX_WARDS)
  }
}
