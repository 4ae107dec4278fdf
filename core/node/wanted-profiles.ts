import { parsePeerId } from '../identity/peer-id.ts'
import { toHex } from '../util/bytes.ts'

/** Whom this node wants to hear: followed and pinned accounts, as texts and as keys. */
export class WantedProfiles {
  #profiles: ReadonlySet<string> = new Set()
  #keys: ReadonlyMap<string, Uint8Array> = new Map()

  /** In place of those before. @returns those who weren't wanted yet, 32-byte addresses */
  replace(profiles: Iterable<string>): readonly Uint8Array[] {
    const before = this.#keys
    this.#profiles = new Set(profiles)
    this.#keys = new Map(
      [...this.#profiles].flatMap((profile) => parsePeerId(profile) ?? []).map((key) => [toHex(key), key]),
    )
    return [...this.#keys].flatMap(([hex, key]) => (before.has(hex) ? [] : [key]))
  }

  hasProfile(profile: string): boolean {
    return this.#profiles.has(profile)
  }

  has(key: Uint8Array): boolean {
    return this.#keys.has(toHex(key))
  }

  keys(): readonly Uint8Array[] {
    return [...this.#keys.values()]
  }
}
