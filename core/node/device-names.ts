import type { PrivateBook } from './api/services.ts'

/** What the account's owner calls its devices, by key in hex; the chain keeps the names that they were linked with. */
export interface DeviceNames {
  get(): Promise<ReadonlyMap<string, string>>
  set(key: string, name: string): Promise<void>
}

const EDGE = 'device-name'

/** Names that all devices of the account know, and nobody else. */
export class PrivateDeviceNames implements DeviceNames {
  readonly #book: PrivateBook

  constructor(components: { readonly book: PrivateBook }) {
    this.#book = components.book
  }

  async get(): Promise<ReadonlyMap<string, string>> {
    const items = await this.#book.list(EDGE)
    return new Map(items.flatMap(({ subject, value }) => (typeof value === 'string' ? [[subject, value]] : [])))
  }

  async set(key: string, name: string): Promise<void> {
    await this.#book.put(EDGE, key, name)
  }
}
