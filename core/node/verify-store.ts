import { systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { openSquare, type Square } from './square.ts'
import type { SquareInit } from './square-calls.ts'
import type { ScrubReport } from './square-care.ts'

/** What looking through a store has come to. */
export interface StoreVerification extends Pick<ScrubReport, 'looked' | 'damaged'> {
  /** Databases that were made anew; the old ones lie in the folder `damaged` of the data directory. */
  readonly rebuilt: ScrubReport['broken']
}

/**
 * Looks through all that lies in a data directory that no node uses, and mends what can be mended without peers: what is
 * left are holes, which a node that runs again asks for.
 *
 * @throws DatabaseError, DiskFullError
 */
export function verifyStore(
  components: { readonly logger: Logger; readonly onProgress: (looked: number) => void },
  init: Pick<SquareInit, 'dataDir' | 'domain'>,
): StoreVerification {
  const { logger, onProgress } = components
  const open = (rebuild: ScrubReport['broken']): Square =>
    openSquare(
      { clock: systemClock, logger, onIngested: () => {} },
      { ...init, role: 'peer', admit: 'all', pins: [], account: null, rebuild },
    )
  let square = open([])
  try {
    const aside = square.rebuilt
    while (square.care.salvage());
    let report = square.care.scrub(true)
    while (report.endedAt === null) {
      onProgress(report.looked)
      report = square.care.scrub(false)
    }
    if (report.broken.length > 0) {
      square.close()
      square = open(report.broken)
      while (square.care.salvage());
    }
    const { looked, damaged, broken } = report
    return { looked, damaged, rebuilt: [...new Set([...aside, ...broken])] }
  } finally {
    square.close()
  }
}
