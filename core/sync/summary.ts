import type { BehindBeat } from './beat-exchange.ts'
import type { HelloFrame } from './frames.ts'
import type { Shortfall } from './shortfall.ts'

/** What came of a session that ended well. */
export interface SyncSummary {
  readonly hello: HelloFrame
  /** Authors that it was about, null for everything. */
  readonly scope: readonly Uint8Array[] | null
  readonly receivedOperations: number
  /** Of those, not held before. */
  readonly newOperations: number
  readonly receivedRecords: number
  /** Of those, not held before. */
  readonly newRecords: number
  readonly sentRecords: number
  /** Of those, kept by the other side. */
  readonly keptRecords: number
  /** Authors of whom the other side says it holds nothing that isn't held here now. */
  readonly compared: readonly Uint8Array[]
  /** Logs that it named or left out of an author whom it named, and of which it lacks what a beat names (BEA8); at most 1,024. */
  readonly behindBeat: readonly BehindBeat[]
  /** What the other side owes, and what it doesn't hold. */
  readonly shortfall: Shortfall
  /** Neither side held anything back because of a budget. */
  readonly isComplete: boolean
}
