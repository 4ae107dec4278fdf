import { join } from 'node:path'
import { DEFAULT_SETTINGS } from '../contract/setting-defaults.ts'
import { type Settings, settingsSchema } from '../contract/settings.ts'
import type { Logger } from '../util/logger.ts'
import { readIfThere, writeDurably } from './durable-file.ts'

/** `settings.json`: what a person chose for this computer. Damaged or unknown values fall back one by one. */
export class SettingsFile {
  readonly #logger: Logger
  readonly #path: string
  readonly #onChanged: () => void
  #settings: Settings = DEFAULT_SETTINGS
  #writing: Promise<void> = Promise.resolve()

  /** `onChanged` is called when a change holds. */
  constructor(
    components: { readonly logger: Logger },
    init: { readonly dataDir: string; readonly onChanged?: () => void },
  ) {
    this.#logger = components.logger
    this.#path = join(init.dataDir, 'settings.json')
    this.#onChanged = init.onChanged ?? (() => {})
  }

  async load(): Promise<void> {
    const bytes = await readIfThere(this.#path)
    if (bytes === null) return
    let json: unknown
    try {
      json = JSON.parse(new TextDecoder().decode(bytes))
    } catch {
      this.#logger.warn({ path: this.#path }, 'settings.json is not JSON; using the defaults')
      return
    }
    if (typeof json !== 'object' || json === null) return
    for (const [key, value] of Object.entries(json)) {
      const one = settingsSchema.partial().safeParse({ [key]: value })
      if (one.success) this.#settings = { ...this.#settings, ...one.data } as Settings
      else this.#logger.warn({ path: this.#path, key }, 'settings.json: a value was not understood; using the default')
    }
  }

  get(): Settings {
    return this.#settings
  }

  /** Resolves when the change is on the disk; changes are written one after the other. */
  update(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings> {
    const defined = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const next: Settings = { ...this.#settings, ...defined }
    const written = this.#writing.then(async () => {
      await writeDurably(this.#path, new TextEncoder().encode(`${JSON.stringify(next, null, 2)}\n`))
    })
    this.#settings = next
    this.#onChanged()
    this.#writing = written.catch(() => {})
    return written.then(() => next)
  }
}
