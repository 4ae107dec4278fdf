import type { Settings } from '../contract/settings.ts'
import type { TrafficDay } from '../contract/storage.ts'
import type { NetworkStatus, NodeEvent } from '../contract/views.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { NodePart } from './ports.ts'
import { dayOf } from './traffic-ledger.ts'

/** Between two looks at what has come and gone today. */
const LOOK_EVERY_MS = 30_000

export type Saving = NonNullable<NetworkStatus['saving']>

export interface DataSaverComponents {
  readonly settings: { get(): Pick<Settings, 'pictures' | 'trafficCapBytes'> }
  readonly ledger: { list(days: number): Promise<readonly TrafficDay[]> }
  readonly events: { publish(event: NodeEvent): void }
  /** Called when pictures may come by themselves again. */
  readonly onFree: () => void
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Whether pictures come by themselves: not where the person wants to ask for each, and not once a day's traffic is over
 * the person's cap. Records come always, and so does every picture that somebody asks for.
 */
export class DataSaver implements NodePart {
  readonly #components: DataSaverComponents
  #today = { day: '', bytes: 0 }
  #said: Saving | null = null
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()

  constructor(components: DataSaverComponents) {
    this.#components = components
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS)
    this.#timer.unref()
    void this.look()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#looking
  }

  noteIdentities(): void {}
  noteSynced(): void {}

  /** asked: pictures come when somebody asks for them · cap: the day's traffic is over its cap · null: by themselves */
  saving(): Saving | null {
    const { clock, settings } = this.#components
    const { pictures, trafficCapBytes } = settings.get()
    if (pictures === 'asked') return 'asked'
    const { day, bytes } = this.#today
    return trafficCapBytes !== null && day === dayOf(clock.now()) && bytes >= trafficCapBytes ? 'cap' : null
  }

  /** Reads what has come and gone today, and tells what that changes. Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look())
    return this.#looking
  }

  async #look(): Promise<void> {
    const { clock, events, ledger, logger, onFree, settings } = this.#components
    try {
      if (settings.get().trafficCapBytes !== null) {
        const day = dayOf(clock.now())
        const today = (await ledger.list(1)).find((one) => one.day === day)
        this.#today = { day, bytes: today === undefined ? 0 : today.receivedBytes + today.sentBytes }
      }
    } catch (error) {
      // The next look reads it.
      logger.debug({ error: String(error) }, "today's traffic could not be read")
    }
    const saving = this.saving()
    if (saving === this.#said) return
    this.#said = saving
    events.publish({ type: 'network' })
    if (saving === null) onFree()
  }
}
