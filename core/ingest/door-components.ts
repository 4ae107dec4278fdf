import type { MediaDatabase } from '../store/media-database.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { Admission } from './admission.ts'
import type { AuthorQuota } from './author-quota.ts'
import type { ChainKeeper } from './chain-keeper.ts'
import type { DiskGauge } from './disk-gauge.ts'
import type { HoldPool } from './hold-pool.ts'
import type { InputCheck } from './input-check.ts'
import type { OperationBudget } from './operation-budget.ts'
import type { OwnLogGuard } from './own-log-guard.ts'

/** What the door stands on. */
export interface DoorComponents {
  readonly square: SquareDatabase
  readonly tables: SquareTables
  readonly own: OwnDatabase
  readonly media: MediaDatabase
  readonly check: InputCheck
  readonly admission: Admission
  readonly chains: ChainKeeper
  readonly quota: AuthorQuota
  readonly operationBudget: OperationBudget
  readonly holds: HoldPool
  readonly disk: DiskGauge
  readonly ownLog: OwnLogGuard
  readonly clock: Clock
  readonly logger: Logger
}
