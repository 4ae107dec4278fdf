import { AuthorCounts } from './author-counts.ts'
import { BeatTable } from './beat-table.ts'
import { EdgeTable } from './edge-table.ts'
import { EditTable } from './edit-table.ts'
import { ForkTable } from './fork-table.ts'
import { HomeTable } from './home-table.ts'
import { IdentityTable } from './identity-table.ts'
import { InboxTable } from './inbox-table.ts'
import { LogTable } from './log-table.ts'
import { MediaRefTable } from './media-ref-table.ts'
import { NotificationTable } from './notification-table.ts'
import { PostIndex } from './post-index.ts'
import { Projections } from './projections.ts'
import { RecordEffects } from './record-effects.ts'
import { RecordTable } from './record-table.ts'
import { RecordWriter } from './record-writer.ts'
import { ReleaseTable } from './release-table.ts'
import { SealWalker } from './seal-walker.ts'
import type { SquareDatabase } from './square-database.ts'
import { TombstoneTable } from './tombstone-table.ts'

/** All tables of one open square.db, wired. */
export interface SquareTables {
  readonly identities: IdentityTable
  readonly counts: AuthorCounts
  readonly logs: LogTable
  readonly forks: ForkTable
  readonly beats: BeatTable
  readonly records: RecordTable
  readonly edges: EdgeTable
  readonly edits: EditTable
  readonly home: HomeTable
  readonly tombstones: TombstoneTable
  readonly mediaRefs: MediaRefTable
  readonly notifications: NotificationTable
  readonly found: PostIndex
  readonly projections: Projections
  readonly effects: RecordEffects
  readonly seals: SealWalker
  readonly writer: RecordWriter
  readonly releases: ReleaseTable
  readonly inbox: InboxTable
}

export function createSquareTables(square: SquareDatabase): SquareTables {
  const { db } = square
  const identities = new IdentityTable(square)
  const logs = new LogTable(square)
  const forks = new ForkTable(db)
  const beats = new BeatTable(db, { logs })
  const counts = new AuthorCounts(square)
  const records = new RecordTable(square, counts)
  const edges = new EdgeTable(db)
  const home = new HomeTable(square, { records, edges })
  const tombstones = new TombstoneTable(db)
  const mediaRefs = new MediaRefTable(db)
  const edits = new EditTable(db)
  const notifications = new NotificationTable(db, { identities, records, edges })
  const found = new PostIndex(square)
  const projections = new Projections(db, { identities, records, edges, edits, home, mediaRefs, notifications, found })
  const effects = new RecordEffects({ identities, logs, records, tombstones, edits, home, projections })
  const seals = new SealWalker({ logs, records, effects })
  const writer = new RecordWriter({ identities, logs, forks, records, home, projections, effects, seals })
  return {
    identities,
    counts,
    logs,
    forks,
    beats,
    records,
    edges,
    edits,
    home,
    tombstones,
    mediaRefs,
    notifications,
    found,
    projections,
    effects,
    seals,
    writer,
    inbox: new InboxTable(square, { identities }),
    releases: new ReleaseTable(square, { edits, effects, logs, records }),
  }
}
