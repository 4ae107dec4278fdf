import { join } from 'node:path'
import { z } from 'zod'
import { parseAddress } from '../net/addresses.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { readIfThere, writeDurably } from './durable-file.ts'

/** Least recently useful addresses beyond this are forgotten. */
const MAX_ADDRESSES = 256

const fileSchema = z.object({
  addresses: z.array(z.object({ address: z.string().max(512), usedMs: z.number().int() })).max(4 * MAX_ADDRESSES),
})

export interface KnownPeersComponents {
  readonly logger: Logger
  readonly clock: Clock
}

/**
 * `peers.json`: addresses that a person gave or that once answered, so that a restart finds back without being told.
 * It is a convenience: a damaged or unwritable file costs a warning.
 */
export class KnownPeers {
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #path: string
  /** Insertion order is order of use, oldest first. */
  readonly #addresses = new Map<string, number>()
  #writing: Promise<void> = Promise.resolve()
  #isDirty = false

  constructor(components: KnownPeersComponents, init: { readonly dataDir: string }) {
    this.#logger = components.logger
    this.#clock = components.clock
    this.#path = join(init.dataDir, 'peers.json')
  }

  async load(): Promise<void> {
    try {
      const bytes = await readIfThere(this.#path)
      if (bytes === null) return
      const { addresses } = fileSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
      for (const { address, usedMs } of addresses.toSorted((a, b) => a.usedMs - b.usedMs)) {
        if (parseAddress(address) !== undefined) this.#addresses.set(address, usedMs)
      }
    } catch (error) {
      this.#logger.warn({ err: error, path: this.#path }, 'the known peers could not be read; starting without them')
    }
  }

  /** Most recently useful first. */
  list(): readonly string[] {
    return [...this.#addresses.keys()].toReversed()
  }

  note(address: string): void {
    this.#addresses.delete(address)
    this.#addresses.set(address, this.#clock.now())
    for (const oldest of this.#addresses.keys()) {
      if (this.#addresses.size <= MAX_ADDRESSES) break
      this.#addresses.delete(oldest)
    }
    this.#save()
  }

  /** Resolves when what was noted stands on the disk, or could not be written. */
  async flush(): Promise<void> {
    await this.#writing
  }

  #save(): void {
    if (this.#isDirty) return
    this.#isDirty = true
    this.#writing = this.#writing.then(async () => {
      this.#isDirty = false
      const addresses = [...this.#addresses].map(([address, usedMs]) => ({ address, usedMs }))
      try {
        await writeDurably(this.#path, new TextEncoder().encode(`${JSON.stringify({ addresses }, null, 2)}\n`))
      } catch (error) {
        this.#logger.warn({ err: error, path: this.#path }, 'the known peers could not be written')
      }
    })
  }
}
