import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../util/clock.ts'

const OWN_ONLY_BELOW_BYTES = 128 * 1_048_576
const REFRESH_MS = 5_000

/** How much room the disk of the data directory has; looked at no more than every five seconds. */
export class DiskGauge {
  readonly #clock: Clock
  readonly #directory: string
  readonly #ownOnlyBelowBytes: number
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #freeBytes = Number.POSITIVE_INFINITY

  constructor(
    components: { readonly clock: Clock },
    init: { readonly file: string; readonly ownOnlyBelowBytes?: number },
  ) {
    this.#clock = components.clock
    this.#directory = dirname(init.file)
    this.#ownOnlyBelowBytes = init.ownOnlyBelowBytes ?? OWN_ONLY_BELOW_BYTES
  }

  /** True when what is left is for own records only. */
  get isLow(): boolean {
    const now = this.#clock.now()
    if (Math.abs(now - this.#lookedAtMs) >= REFRESH_MS) {
      this.#lookedAtMs = now
      try {
        const { bavail, bsize } = statfsSync(this.#directory)
        this.#freeBytes = bavail * bsize
      } catch {
        // A file system that doesn't say is trusted until a write fails.
        this.#freeBytes = Number.POSITIVE_INFINITY
      }
    }
    return this.#freeBytes < this.#ownOnlyBelowBytes
  }
}
