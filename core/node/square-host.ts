import { setImmediate as nextEvents } from 'node:timers/promises'
import type { DatabaseName } from '../ingest/scrub.ts'
import { PalabreError } from '../util/errors.ts'
import { openSquare, type Square, type SquareComponents } from './square.ts'
import type { SquareInit, SquareMethod } from './square-calls.ts'

/** Calls that change what the store knows beside its files; the last one of each is made again after a repair. */
const REMEMBERED: readonly SquareMethod[] = [
  'setPins',
  'setWanted',
  'setCarried',
  'setConnection',
  'setAccount',
  'openInbox',
]
/** A bit of a pass every so many ticks. */
const SCRUB_TICKS = 10
/** A database that is damaged again so soon is the disk's fault: it isn't made anew over and over. */
const REPAIR_PAUSE_MS = 3_600_000

/**
 * Holds the square of a store's thread and makes a damaged database anew while the node runs: the square is closed, the
 * file moved aside, the square opened again, and what can be proven of the old file taken over bit by bit.
 */
export class SquareHost {
  readonly #c: SquareComponents
  readonly #init: SquareInit
  readonly #remembered = new Map<SquareMethod, readonly unknown[]>()
  #square: Square
  #ticks = 0
  #repairing: Promise<void> | null = null
  #repairedMs = Number.NEGATIVE_INFINITY
  #isSalvaging = false
  #isClosed = false

  /** @throws what `openSquare` throws */
  constructor(components: SquareComponents, init: SquareInit) {
    this.#c = components
    this.#init = init
    this.#square = openSquare(components, init)
    this.#salvage()
  }

  get square(): Square {
    return this.#square
  }

  get isRepairing(): boolean {
    return this.#repairing !== null
  }

  /** Resolves when no repair is under way. */
  async ready(): Promise<void> {
    await this.#repairing
  }

  noteCall(method: SquareMethod, args: readonly unknown[]): void {
    if (REMEMBERED.includes(method)) this.#remembered.set(method, args)
  }

  /** To be called about once a second. */
  tick(): void {
    if (this.#repairing !== null) return
    this.#square.tick()
    if (++this.#ticks % SCRUB_TICKS !== 0) return
    const broken = this.#square.care.scrubDue()
    if (broken.length > 0) this.repair(broken)
  }

  /** A call met pages that can't be read: whose they are is looked for. */
  noteDamage(): void {
    if (!this.#mayRepair) return
    const broken = this.#square.findBroken()
    if (broken.length > 0) this.repair(broken)
  }

  /** Makes these databases anew; does nothing while that happens already, or so soon after the last time. */
  repair(names: readonly DatabaseName[]): void {
    if (!this.#mayRepair) return
    this.#repairedMs = this.#c.clock.now()
    this.#repairing = this.#repair(names)
      .catch((error: unknown) =>
        this.#c.logger.error({ error: String(error) }, 'a damaged database could not be made anew'),
      )
      .finally(() => {
        this.#repairing = null
      })
  }

  get #mayRepair(): boolean {
    const isRested = Math.abs(this.#c.clock.now() - this.#repairedMs) >= REPAIR_PAUSE_MS
    return this.#repairing === null && !this.#isClosed && isRested
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#repairing
    await this.#square.turns.settled()
    this.#square.close()
  }

  async #repair(names: readonly DatabaseName[]): Promise<void> {
    await this.#square.turns.settled()
    this.#square.close()
    this.#square = openSquare(this.#c, { ...this.#init, rebuild: names })
    for (const method of REMEMBERED) {
      const args = this.#remembered.get(method)
      if (args === undefined) continue
      const call = this.#square[method] as (...args: readonly unknown[]) => unknown
      call.apply(this.#square, [...args])
    }
    this.#salvage()
  }

  /** Between other calls, until nothing is left. */
  #salvage(): void {
    if (this.#isSalvaging) return
    this.#isSalvaging = true
    const run = async () => {
      await nextEvents()
      while (!this.#isClosed && this.#square.care.salvage()) {
        await nextEvents()
        await this.#repairing
      }
    }
    run()
      .catch((error: unknown) =>
        this.#c.logger.error({ error: String(error) }, 'a damaged database was not taken over'),
      )
      .finally(() => {
        this.#isSalvaging = false
      })
  }
}

/** True for what a call throws that met damaged pages. */
export function isDamaged(error: unknown): boolean {
  return error instanceof PalabreError && error.code === 'database-damaged'
}
