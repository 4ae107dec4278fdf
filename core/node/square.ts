/**
 * The store's side of a node, wired for one thread: databases, the door, the own log, the read side. Every method is
 * synchronous and answers `SquareCalls`; the worker runs it, tests may run it in their own thread.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runKeySelfTest, runSignatureSelfTest } from '../identity/self-test.ts'
import { createSignatureVerifier, type SignatureVerifierAside } from '../identity/signature.ts'
import { Admission } from '../ingest/admission.ts'
import { AuthorQuota } from '../ingest/author-quota.ts'
import { BeatKeeper } from '../ingest/beat-keeper.ts'
import { ChainKeeper } from '../ingest/chain-keeper.ts'
import { DiskGauge } from '../ingest/disk-gauge.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { HoldPool } from '../ingest/hold-pool.ts'
import { InputCheck } from '../ingest/input-check.ts'
import { createNativeVerify, createNativeVerifyAside, createNativeX25519 } from '../ingest/native-verify.ts'
import { OperationBudget } from '../ingest/operation-budget.ts'
import { OwnBeat } from '../ingest/own-beat.ts'
import { OwnLogGuard } from '../ingest/own-log-guard.ts'
import { OwnLogWriter } from '../ingest/own-log-writer.ts'
import { SquareDoor } from '../ingest/square-door.ts'
import { AuthorFacts } from '../store/author-facts.ts'
import { HoldingTable } from '../store/holding-table.ts'
import { LogQueries } from '../store/log-queries.ts'
import { MediaDatabase } from '../store/media-database.ts'
import { NotificationQueries } from '../store/notification-queries.ts'
import { hasFullTextSearch } from '../store/open-database.ts'
import { OwnDatabase } from '../store/own-database.ts'
import { PersonQueries } from '../store/person-queries.ts'
import { PostQueries } from '../store/post-queries.ts'
import { Reprojection } from '../store/reprojection.ts'
import { SearchQueries } from '../store/search-queries.ts'
import { SquareDatabase } from '../store/square-database.ts'
import { createSquareTables } from '../store/square-tables.ts'
import { SquareReader } from '../timeline/timeline-reader.ts'
import type { Clock } from '../util/clock.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { SquareCalls, SquareInit } from './square-calls.ts'
import { SquareMedia } from './square-media.ts'
import { SquareThread } from './square-thread.ts'
import type { IngestTurns } from './square-turns.ts'

const MAX_VERIFY_KEYS = 4_096
const MAX_REJECTS = 50_000
const MAX_SEEN = 200_000
/** Seeds remember four times as much. */
const SEED_FACTOR = 4

export interface SquareComponents {
  readonly clock: Clock
  readonly logger: Logger
  readonly onIngested: (event: IngestedEvent) => void
}

export interface Square extends SquareCalls {
  /** Whether pages are read, and batches wait. */
  readonly turns: Pick<IngestTurns, 'ingest' | 'noteReading' | 'settled'>
  /** Lets in what was ahead of the clock; writes deleted bytes out of the logs. To be called now and then. */
  tick(): void
}

interface Databases {
  readonly own: OwnDatabase
  readonly square: SquareDatabase
  readonly media: MediaDatabase
}

/** @throws DatabaseError, DiskFullError, PalabreError `no-full-text-search` */
export function openSquare(components: SquareComponents, init: SquareInit): Square {
  if (!hasFullTextSearch()) {
    throw new PalabreError('no-full-text-search', 'this SQLite was built without FTS5: Palabre needs it for search')
  }
  mkdirSync(init.dataDir, { recursive: true, mode: 0o700 })
  const isSecureDelete = init.isSecureDelete ?? true
  const own = new OwnDatabase({ path: join(init.dataDir, 'own.db'), isSecureDelete })
  const opened: { close(): void }[] = [own]
  try {
    const square = new SquareDatabase({ path: join(init.dataDir, 'square.db'), isSecureDelete })
    opened.push(square)
    const media = new MediaDatabase({ path: join(init.dataDir, 'media.db') })
    opened.push(media)
    return wire(components, init, { own, square, media })
  } catch (error) {
    for (const database of opened) database.close()
    throw error
  }
}

function wire(components: SquareComponents, init: SquareInit, databases: Databases): Square {
  const { clock, logger } = components
  const { own, square, media } = databases
  const tables = createSquareTables(square)
  const reread = new Reprojection(square, tables).run()
  if (reread > 0) logger.info({ records: reread }, 'records of an earlier version were read again')
  square.transaction(() => tables.identities.authorities.fillOnce())
  const facts = new AuthorFacts(square.db, tables)
  const admission = new Admission({ facts }, { role: init.role, admit: init.admit, pins: init.pins })
  const guard = new OwnLogGuard({ own, logger })
  const verifier = createVerifier(logger)
  const door = new SquareDoor(
    {
      square,
      tables,
      own,
      media,
      check: createInputCheck(init, verifier),
      admission,
      chains: new ChainKeeper(
        { identities: tables.identities, logs: tables.logs, seals: tables.seals, clock },
        { isNeeded: (address) => admission.isKeptAuthor(address) },
      ),
      quota: new AuthorQuota({ clock }),
      operationBudget: new OperationBudget({ clock }),
      holds: new HoldPool(),
      disk: new DiskGauge({ clock }, { file: square.path }),
      ownLog: guard,
      clock,
      logger,
    },
    { onIngested: components.onIngested },
  )
  const ownLog = new OwnLogWriter({ own, media, tables, door, guard, clock, logger }, { domain: init.domain })
  const keeper = new BeatKeeper(
    { square, tables, verifier, admission, ownLog: guard, clock },
    { domain: init.domain, onIngested: components.onIngested },
  )
  const ownBeat = new OwnBeat({ own, tables, keeper, guard, clock }, { domain: init.domain })
  const holdings = new HoldingTable(own.db)
  const squareMedia = new SquareMedia({ media, square, tables, admission, clock })
  const persons = new PersonQueries(square)
  const reader = new SquareReader({
    own,
    posts: new PostQueries(square),
    searches: new SearchQueries(square),
    notifications: new NotificationQueries(square),
    persons,
    identities: tables.identities,
    edges: tables.edges,
    beats: tables.beats,
    holdings,
    mediaStates: squareMedia,
  })
  const logs = new LogQueries({ square, tables, facts })
  const thread = new SquareThread({
    ...databases,
    tables,
    admission,
    door,
    ownLog,
    beats: keeper,
    ownBeat,
    holdings,
    media: squareMedia,
    blocks: media,
    persons,
    reader,
    logs,
    clock,
    logger,
  })
  thread.begin(init.account)
  return thread
}

/** The native path only where it gives the answers of the rule; else the slower reference path. */
function createVerifier(logger: Logger): SignatureVerifierAside {
  const native = createNativeVerify(MAX_VERIFY_KEYS)
  const isSound = runSignatureSelfTest(native)
  if (!isSound) logger.warn({}, "this platform's Ed25519 breaks the signature rule: using the slower reference path")
  const nativeX25519 = createNativeX25519()
  return createSignatureVerifier({
    ...(isSound && { native, nativeAside: createNativeVerifyAside(MAX_VERIFY_KEYS) }),
    ...(runKeySelfTest(nativeX25519) && { nativeX25519 }),
    maxKeys: MAX_VERIFY_KEYS,
  })
}

function createInputCheck(init: SquareInit, verifier: SignatureVerifierAside): InputCheck {
  const factor = init.role === 'seed' ? SEED_FACTOR : 1
  return new InputCheck(
    { verifier },
    { domain: init.domain, maxRejects: MAX_REJECTS * factor, maxSeen: MAX_SEEN * factor },
  )
}
