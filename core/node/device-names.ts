/** What the account's owner calls its devices, by key in hex; the chain keeps the names that they were linked with. */
export interface DeviceNames {
  get(): Promise<ReadonlyMap<string, string>>
  set(key: string, name: string): Promise<void>
}

const STATE_KEY = 'device-names'

/** Names that only this device knows. */
export class LocalDeviceNames implements DeviceNames {
  readonly #state: {
    getState(key: string): Promise<unknown>
    setState(key: string, value: unknown): Promise<void>
  }

  constructor(components: {
    readonly state: {
      getState(key: string): Promise<unknown>
      setState(key: string, value: unknown): Promise<void>
    }
  }) {
    this.#state = components.state
  }

  async get(): Promise<ReadonlyMap<string, string>> {
    const value = await this.#state.getState(STATE_KEY)
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  }

  async set(key: string, name: string): Promise<void> {
    await this.#state.setState(STATE_KEY, Object.fromEntries([...(await this.get()), [key, name]]))
  }
}
