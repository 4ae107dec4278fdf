import type { OwnDatabase } from '../store/own-database.ts'
import { toHex } from '../util/bytes.ts'

/** Key of the small state in own.db that says that records of its own log were lost to damage. */
export const OWN_LOSS = 'own-loss'

export interface OwnLoss {
  /** Hex; null until it is known whose log this is. */
  readonly device: string | null
  /** square.db was not damaged at that time, and knows of all that was signed before. */
  readonly isSquareWhole: boolean
}

export function noteLoss(own: OwnDatabase, loss: OwnLoss): void {
  own.setState(OWN_LOSS, JSON.stringify(loss))
}

/** What this device may have lost, null for nothing. Numbers that it may have signed are not signed again (LOG7). */
export function readLoss(own: OwnDatabase, device: Uint8Array): OwnLoss | null {
  const loss: OwnLoss | null = JSON.parse(own.getState(OWN_LOSS) ?? 'null')
  return loss === null || (loss.device !== null && loss.device !== toHex(device)) ? null : loss
}
