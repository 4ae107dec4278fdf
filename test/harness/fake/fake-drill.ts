import type { Drill } from '../../../core/contract/drill.ts'
import type { NetworkStatus, NodeEvent } from '../../../core/contract/views.ts'
import type { FakeOs } from './fake-os.ts'

const MINUTE_MS = 60_000

/** One that ended well: a friend and a neighbour were there all along. */
export const FAKE_DRILL: Drill = {
  cut: 'seeds',
  state: 'ended',
  startedAt: 0,
  endsAt: 5 * MINUTE_MS,
  peers: { before: 1, lowest: 1, last: 4 },
  seeds: { before: 2, lowest: 0, last: 0 },
  directAfterMs: 16_000,
  firstPeerMs: 0,
  received: 14,
  sent: 9,
  data: { receivedBytes: 48_112, sentBytes: 21_004 },
  written: { count: 2, held: 2 },
  own: { records: 12, holders: 3, most: 12 },
  followed: { count: 8, direct: 2, carried: 1 },
  ways: [
    { way: 'people', count: 4 },
    { way: 'nearby', count: 0 },
    { way: 'seeds', count: 0 },
    { way: 'relays', count: 0 },
    { way: 'dht', count: 0 },
  ],
  seedsBackMs: 2_400,
}

/** A drill that a test drives: it ends when it is told to. */
export class FakeDrill {
  #drill: Drill | null = null
  readonly #emit: (event: NodeEvent) => void
  readonly #now: () => number

  constructor(emit: (event: NodeEvent) => void, now: () => number) {
    this.#emit = emit
    this.#now = now
  }

  /** What the network's status says of it. */
  get running(): NetworkStatus['drill'] {
    const drill = this.#drill
    return drill?.state === 'running' ? { cut: drill.cut, endsAt: drill.endsAt } : undefined
  }

  set(drill: Drill | null): void {
    this.#drill = drill
    this.#emit({ type: 'network' })
  }

  routes(os: FakeOs) {
    const answer = () => ({ drill: this.#drill })
    return {
      start: os.drill.start.handler(({ input: { cut, minutes } }) => {
        const startedAt = this.#now()
        this.set({ ...FAKE_DRILL, cut, state: 'running', startedAt, endsAt: startedAt + minutes * MINUTE_MS })
        return answer()
      }),
      stop: os.drill.stop.handler(() => {
        if (this.#drill !== null) this.set({ ...this.#drill, state: 'ended', endsAt: this.#now() })
        return answer()
      }),
      status: os.drill.status.handler(answer),
    }
  }
}
