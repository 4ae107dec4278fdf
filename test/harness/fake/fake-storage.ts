import type { Storage, TrafficDay } from '../../../core/contract/storage.ts'
import type { createFakeOs } from './fake-os.ts'
import type { FakeSquare } from './fake-square.ts'

const MIB = 1_048_576
const GIB = 1_024 * MIB
const DAY_MS = 86_400_000

/** What a small node says of its disk: people with more and less, and 30 days of traffic that follow from their number. */
export class FakeStorage {
  readonly #square: FakeSquare
  #budgets = { recordBytes: GIB, mediaBytes: 5 * GIB, strangerBytes: 20 * MIB }
  #state: Storage['space']['state'] = 'plenty'
  #fixed: Storage['fixed'] = []

  constructor(square: FakeSquare) {
    this.#square = square
  }

  get space(): Storage['space'] {
    const freeBytes = { plenty: 64 * GIB, low: 800 * MIB, 'own-only': 90 * MIB, full: 3 * MIB }[this.#state]
    return { state: this.#state, freeBytes, ballastBytes: this.#state === 'full' ? 0 : 64 * MIB }
  }

  setState(state: Storage['space']['state']): void {
    this.#state = state
  }

  setFixed(fixed: Storage['fixed']): void {
    this.#fixed = fixed
  }

  handlers(os: ReturnType<typeof createFakeOs>) {
    return {
      get: os.storage.get.handler(() => this.get()),
      setBudgets: os.storage.setBudgets.handler(({ input }) => this.setBudgets(input)),
    }
  }

  get(): Storage {
    const people = [...this.#square.people.values()].slice(0, 12)
    return {
      space: this.space,
      budgets: this.#budgets,
      fixed: this.#fixed,
      recordBytes: 612 * MIB,
      strangerBytes: 143 * MIB,
      mediaBytes: Math.round(3.2 * GIB),
      files: { bytes: Math.round(4.1 * GIB), freeBytes: 12 * MIB },
      largest: people.map(({ profile, name }, i) => ({
        profile,
        name,
        isMe: profile === this.#square.me,
        records: 9_400 - 730 * i,
        recordBytes: Math.round(14.2 * MIB) - i * MIB,
        mediaBytes: Math.round((310 * MIB) / (i + 1)),
      })),
    }
  }

  setBudgets(change: { recordBytes?: number | undefined; mediaBytes?: number | undefined }): Storage {
    const { recordBytes, mediaBytes, strangerBytes } = this.#budgets
    this.#budgets = {
      recordBytes: change.recordBytes ?? recordBytes,
      mediaBytes: change.mediaBytes ?? mediaBytes,
      strangerBytes,
    }
    return this.get()
  }

  ledger(days: number, nowMs: number): TrafficDay[] {
    return Array.from({ length: Math.min(days, 30) }, (_, i) => {
      const swing = (n: number) => Math.round(MIB * (2 + ((i * 7 + n * 5) % 11)))
      const flow = (n: number) => ({ receivedBytes: swing(n), sentBytes: Math.round(swing(n + 3) / 4) })
      const parts = { gossip: flow(1), sync: flow(2), feed: flow(3), media: flow(9), other: flow(4) }
      const sum = (side: 'receivedBytes' | 'sentBytes') =>
        Object.values(parts).reduce((bytes, part) => bytes + part[side], 0)
      const day = new Date(nowMs - i * DAY_MS).toISOString().slice(0, 10)
      return { day, receivedBytes: sum('receivedBytes'), sentBytes: sum('sentBytes'), parts }
    })
  }
}
