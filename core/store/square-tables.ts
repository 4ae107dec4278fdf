import { EdgeTable } from './edge-table.ts'
import { HomeTable } from './home-table.ts'
import { IdentityTable } from './identity-table.ts'
import { LogTable } from './log-table.ts'
import { MediaRefTable } from './media-ref-table.ts'
import { Projections } from './projections.ts'
import { RecordTable } from './record-table.ts'
import { RecordWriter } from './record-writer.ts'
import type { SquareDatabase } from './square-database.ts'
import { TombstoneTable } from './tombstone-table.ts'

/** All tables of one open square.db, wired. */
export interface SquareTables {
  readonly identities: IdentityTable
  readonly logs: LogTable
  readonly records: RecordTable
  readonly edges: EdgeTable
  readonly home: HomeTable
  readonly tombstones: TombstoneTable
  readonly mediaRefs: MediaRefTable
  readonly writer: RecordWriter
}

export function createSquareTables(square: SquareDatabase): SquareTables {
  const { db } = square
  const identities = new IdentityTable(db)
  const logs = new LogTable(db)
  const records = new RecordTable(db)
  const edges = new EdgeTable(db)
  const home = new HomeTable(db, { records, edges })
  const tombstones = new TombstoneTable(db)
  const mediaRefs = new MediaRefTable(db)
  const projections = new Projections(db, { identities, edges, home, mediaRefs })
  const writer = new RecordWriter({ identities, logs, records, tombstones, home, projections })
  return { identities, logs, records, edges, home, tombstones, mediaRefs, writer }
}
