/** How much of the disk this node may take, bytes. */
export interface Budgets {
  /** Records of everybody, as `author.record_bytes` counts them. */
  readonly recordBytes: number
  /** Blocks of pictures. */
  readonly mediaBytes: number
  /** Records of one author who isn't kept whole. */
  readonly strangerBytes: number
}

const MIB = 1_048_576
const GIB = 1_024 * MIB

export const DEFAULT_BUDGETS = {
  peer: { recordBytes: GIB, mediaBytes: 5 * GIB, strangerBytes: 20 * MIB },
  seed: { recordBytes: 10 * GIB, mediaBytes: 50 * GIB, strangerBytes: 256 * MIB },
} as const satisfies Record<'peer' | 'seed', Budgets>

/** Of the budget for records, what all strangers together may take. */
export const STRANGER_SHARE = { peer: 0.25, seed: 1 } as const
