import type { Storage } from '../contract/storage.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import type { Budgets } from '../ingest/budgets.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import { BadRequestError } from '../util/errors.ts'
import type { StorageCalls } from './api/services.ts'
import type { OwnIdentity } from './ports.ts'
import type { StorageFacts } from './square-calls.ts'

export interface StorageServiceComponents {
  readonly store: {
    storage(): Promise<StorageFacts>
    setBudgets(change: Partial<Budgets>): Promise<void>
  }
  readonly reader: Pick<TimelineReader, 'names'>
  readonly identity: Pick<OwnIdentity, 'profile'>
}

/** What lies on this disk, for people. */
export class StorageService implements StorageCalls {
  readonly #components: StorageServiceComponents

  constructor(components: StorageServiceComponents) {
    this.#components = components
  }

  async get(): Promise<Storage> {
    const { identity, reader, store } = this.#components
    const { fixed, largest, ...facts } = await store.storage()
    const profiles = largest.map(({ author }) => formatPeerId(author))
    const names = await reader.names(profiles)
    return {
      ...facts,
      fixed: [...fixed],
      largest: largest.map(({ records, recordBytes, mediaBytes }, i) => {
        const profile = profiles[i] as string
        return { profile, name: names[i] ?? '', isMe: profile === identity.profile, records, recordBytes, mediaBytes }
      }),
    }
  }

  async setBudgets(change: { recordBytes?: number | undefined; mediaBytes?: number | undefined }): Promise<Storage> {
    const given = Object.entries(change).filter(([, bytes]) => bytes !== undefined)
    const { fixed } = await this.#components.store.storage()
    const stuck = given.find(([name]) => fixed.includes(name as keyof Budgets))
    if (stuck !== undefined) {
      throw new BadRequestError(`${stuck[0]} was set when this node was started: it can be changed there only`)
    }
    await this.#components.store.setBudgets(Object.fromEntries(given))
    return await this.get()
  }
}
