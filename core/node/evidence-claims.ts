import type { SeqRange } from '../store/log-reader.ts'
import { intersectRanges, subtractRanges } from '../sync/ranges.ts'
import type { SyncSummary } from '../sync/summary.ts'
import { toHex } from '../util/bytes.ts'

/**
 * withheld: offered, asked for and not sent · hole: not held in the middle of a log, though the peer keeps its author ·
 * frozen: the peer's end of a log lies below what others have · tail: it lies below what the device says there is, and
 * nobody is known to have the rest
 */
export type ClaimKind = 'withheld' | 'hole' | 'frozen' | 'tail'

/** True for what is missing here, and is over when it has come. */
export function isMissing({ kind }: { readonly kind: ClaimKind }): boolean {
  return kind === 'withheld' || kind === 'tail'
}

/** What one session with a peer says against it. */
export interface Claim {
  readonly kind: ClaimKind
  /** 32 bytes in hex, as is `device`. */
  readonly author: string
  readonly device: string
  readonly ranges: readonly SeqRange[]
  /** Counts at once; otherwise it has to be seen again, later. */
  readonly isSure: boolean
  /** Of the ranges, what the peer knows of: nothing else begins to count. All where it is left out. */
  readonly known?: readonly SeqRange[]
}

/** The facts of a session that claims are made of. */
export type SessionFacts = Pick<SyncSummary, 'shortfall'>

/** Everything that a session says against the peer: only what this node saw in it. */
export function claimsOf({ shortfall }: SessionFacts): Claim[] {
  const { owed, lacking, tails, isFinal } = shortfall
  return [
    ...owed.map(({ author, device, ranges }): Claim => {
      return { kind: 'withheld', author: toHex(author), device: toHex(device), ranges, isSure: isFinal }
    }),
    ...lacking.flatMap(({ author, device, ranges, tip }): Claim[] => {
      const log = { author: toHex(author), device: toHex(device), isSure: false }
      const below = intersectRanges(ranges, [[1, tip]])
      const beyond = subtractRanges(ranges, below)
      const claims: Claim[] = [
        { ...log, kind: 'hole', ranges: below },
        { ...log, kind: 'frozen', ranges: beyond },
      ]
      return claims.filter((claim) => claim.ranges.length > 0)
    }),
    ...tails.map(({ author, device, ranges, knownSeq }): Claim => {
      const known = intersectRanges(ranges, [[1, knownSeq]])
      return { kind: 'tail', author: toHex(author), device: toHex(device), ranges, isSure: false, known }
    }),
  ]
}
