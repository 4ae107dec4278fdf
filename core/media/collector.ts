import type { MediaIndex } from '../store/media-index.ts'
import type { Logger } from '../util/logger.ts'
import type { Startable } from '../util/startable.ts'

/** After a start, when the node is busy with other things, and then at this pace. */
const FIRST_AFTER_MS = 60_000
const EVERY_MS = 10 * 60_000
/** Deletions come in flocks: one collection for all that fall into this time. */
const AFTER_DELETION_MS = 2_000

/**
 * Frees blocks that no record needs any more: after deletions, and now and then. One collection at a time; the table
 * of references decides what is free (docs/decisions/own-pins.md).
 */
export class MediaCollector implements Startable {
  readonly #index: MediaIndex
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined
  #dueAt = Number.POSITIVE_INFINITY
  #running: Promise<void> | undefined
  #isStarted = false

  constructor(components: { readonly index: MediaIndex; readonly logger: Logger }) {
    this.#index = components.index
    this.#logger = components.logger
  }

  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    this.#schedule(FIRST_AFTER_MS)
  }

  async stop(): Promise<void> {
    this.#isStarted = false
    clearTimeout(this.#timer)
    this.#dueAt = Number.POSITIVE_INFINITY
    await this.#running
  }

  /** Records that may have referred to media are gone. */
  noteDeletion(): void {
    this.#schedule(AFTER_DELETION_MS)
  }

  /** Collects now, or joins the collection that runs. */
  async collect(): Promise<void> {
    this.#running ??= this.#index
      .collectGarbage()
      .then(({ blocks, bytes }) => {
        if (blocks > 0) this.#logger.info({ blocks, bytes }, 'media collected')
      })
      .catch((error: unknown) => this.#logger.warn({ error: String(error) }, 'media could not be collected'))
      .finally(() => {
        this.#running = undefined
      })
    await this.#running
  }

  #schedule(afterMs: number): void {
    const dueAt = performance.now() + afterMs
    if (!this.#isStarted || dueAt >= this.#dueAt) return
    clearTimeout(this.#timer)
    this.#dueAt = dueAt
    this.#timer = setTimeout(async () => {
      // From here on a deletion makes an appointment of its own.
      this.#dueAt = Number.POSITIVE_INFINITY
      await this.collect()
      this.#schedule(EVERY_MS)
    }, afterMs)
    this.#timer.unref()
  }
}
