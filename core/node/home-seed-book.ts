import { z } from 'zod'
import type { Clock } from '../util/clock.ts'
import type { StateBook } from './ports.ts'

const STATE = 'home-seeds'
const DAY_MS = 86_400_000
/** A seed that wasn't met on so many days on which others were is given up. */
export const MISSED_DAYS = 7
const MAX_SEEDS = 64

const stateSchema = z.object({
  seeds: z.record(
    z.string().max(128),
    z.object({
      /** This node put it into the profile, nobody else. */
      isOwn: z.boolean(),
      missedDays: z.number().int().nonnegative(),
      /** The last day that was counted, since 1970. */
      countedDay: z.number().int(),
    }),
  ),
  replacedDay: z.number().int(),
})

type State = z.infer<typeof stateSchema>

/**
 * How long each home seed of the profile hasn't been met: days on which another seed was met and it wasn't, so that a
 * computer that was off or without a network gives nobody up.
 */
export class HomeSeedBook {
  readonly #book: StateBook
  readonly #clock: Clock
  #state: State = { seeds: {}, replacedDay: 0 }

  constructor(components: { readonly book: StateBook; readonly clock: Clock }) {
    this.#book = components.book
    this.#clock = components.clock
  }

  /** What is damaged counts as nothing noted. */
  async load(): Promise<void> {
    const { data } = stateSchema.safeParse(await this.#book.getState(STATE))
    if (data !== undefined) this.#state = data
  }

  /** These peer IDs are named by the profile, and those seeds are met now; others that were named are forgotten. */
  async note(named: readonly string[], met: readonly string[]): Promise<void> {
    const today = this.#today()
    const seeds: State['seeds'] = {}
    for (const peerId of named.slice(0, MAX_SEEDS)) {
      const known = this.#state.seeds[peerId] ?? { isOwn: false, missedDays: 0, countedDay: today }
      if (met.includes(peerId)) seeds[peerId] = { ...known, missedDays: 0, countedDay: today }
      else if (met.length === 0 || known.countedDay >= today) seeds[peerId] = known
      else seeds[peerId] = { ...known, missedDays: known.missedDays + 1, countedDay: today }
    }
    await this.#write({ ...this.#state, seeds })
  }

  /** This node has put them into the profile. */
  async noteOwn(peerIds: readonly string[]): Promise<void> {
    if (peerIds.length === 0) return
    const own = peerIds.map((peerId) => [peerId, { isOwn: true, missedDays: 0, countedDay: this.#today() }] as const)
    await this.#write({ ...this.#state, seeds: { ...this.#state.seeds, ...Object.fromEntries(own) } })
  }

  async noteReplaced(): Promise<void> {
    await this.#write({ ...this.#state, replacedDay: this.#today() })
  }

  /** One that this node named itself and that is to be replaced today. */
  findGivenUp(named: readonly string[]): string | null {
    if (this.#state.replacedDay >= this.#today()) return null
    return named.find((peerId) => this.#isMissed(peerId) && this.#state.seeds[peerId]?.isOwn === true) ?? null
  }

  /** Those that somebody else named: they stay whatever happens. */
  listMissed(named: readonly string[]): readonly string[] {
    return named.filter((peerId) => this.#isMissed(peerId) && this.#state.seeds[peerId]?.isOwn === false)
  }

  #isMissed(peerId: string): boolean {
    return (this.#state.seeds[peerId]?.missedDays ?? 0) >= MISSED_DAYS
  }

  #today(): number {
    return Math.floor(this.#clock.now() / DAY_MS)
  }

  async #write(state: State): Promise<void> {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return
    await this.#book.setState(STATE, state)
    this.#state = state
  }
}
