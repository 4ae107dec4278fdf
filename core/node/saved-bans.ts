import { join } from 'node:path'
import { z } from 'zod'
import { banReasonSchema } from '../contract/bans.ts'
import { type BanBook, MAX_BANS } from '../net/ban-book.ts'
import type { Logger } from '../util/logger.ts'
import { RunAgain } from '../util/run-again.ts'
import { readIfThere, writeDurably } from './durable-file.ts'

const fileSchema = z.object({
  bans: z
    .array(
      z.object({
        peerId: z.string().max(128),
        reason: banReasonSchema,
        at: z.number().int(),
        until: z.number().int(),
      }),
    )
    .max(MAX_BANS),
})

/**
 * `bans.json`: whom this node keeps out, so that a restart forgives nobody. A damaged or unwritable file costs a
 * warning.
 */
export class SavedBans {
  readonly #bans: BanBook
  readonly #logger: Logger
  readonly #path: string
  readonly #saving = new RunAgain(() => this.#save())

  constructor(components: { readonly bans: BanBook; readonly logger: Logger }, init: { readonly dataDir: string }) {
    this.#bans = components.bans
    this.#logger = components.logger
    this.#path = join(init.dataDir, 'bans.json')
  }

  /** Reads the bans of the last run, and writes down each change from then on. */
  async load(): Promise<void> {
    try {
      const bytes = await readIfThere(this.#path)
      if (bytes !== null) this.#bans.restore(fileSchema.parse(JSON.parse(new TextDecoder().decode(bytes))).bans)
    } catch (error) {
      this.#logger.warn({ err: error, path: this.#path }, 'the bans could not be read; starting without them')
    }
    this.#bans.subscribe(() => this.#saving.ask())
  }

  /** Resolves when each change stands on the disk, or could not be written. */
  flush(): Promise<void> {
    return this.#saving.settled()
  }

  async #save(): Promise<void> {
    // Those that end first come first, as the book takes them.
    const text = JSON.stringify({ bans: this.#bans.list().toReversed() }, null, 2)
    try {
      await writeDurably(this.#path, new TextEncoder().encode(`${text}\n`))
    } catch (error) {
      this.#logger.warn({ err: error, path: this.#path }, 'the bans could not be written')
    }
  }
}
