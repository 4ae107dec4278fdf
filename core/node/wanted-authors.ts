import { toHex } from '../util/bytes.ts'

/** For what somebody is wanted who is neither followed nor pinned. */
export type WantedReason = 'wards' | 'recovery' | 'visited'

/** Whom sync wants besides own, followed and pinned authors: several parts of the node say so, one list is kept. */
export class WantedAuthors {
  readonly #store: { setWanted(addresses: readonly Uint8Array[]): Promise<void> }
  readonly #lists = new Map<WantedReason, readonly Uint8Array[]>()

  constructor(components: { readonly store: { setWanted(addresses: readonly Uint8Array[]): Promise<void> } }) {
    this.#store = components.store
  }

  /** Replaces what was wanted for this reason; 32-byte addresses. */
  async set(reason: WantedReason, addresses: readonly Uint8Array[]): Promise<void> {
    this.#lists.set(reason, addresses)
    const all = new Map([...this.#lists.values()].flat().map((address) => [toHex(address), address]))
    await this.#store.setWanted([...all.values()])
  }
}
