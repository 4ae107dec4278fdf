/**
 * The store's side of a node, wired for one thread: databases, the door, the own log, the read side. Every method is
 * synchronous and answers `SquareCalls`; the worker runs it, tests may run it in their own thread.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SignatureVerifierAside } from '../identity/signature.ts'
import { Admission } from '../ingest/admission.ts'
import { AuthorQuota } from '../ingest/author-quota.ts'
import { Ballast } from '../ingest/ballast.ts'
import { BeatKeeper } from '../ingest/beat-keeper.ts'
import { type Budgets, DEFAULT_BUDGETS } from '../ingest/budgets.ts'
import { ChainKeeper } from '../ingest/chain-keeper.ts'
import { DiskGauge, type DiskSpace } from '../ingest/disk-gauge.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { HoldPool } from '../ingest/hold-pool.ts'
import { InputCheck } from '../ingest/input-check.ts'
import { MediaEvictor } from '../ingest/media-evictor.ts'
import { OperationBudget } from '../ingest/operation-budget.ts'
import { OwnBeat } from '../ingest/own-beat.ts'
import { OwnLogGuard } from '../ingest/own-log-guard.ts'
import { OwnLogWriter } from '../ingest/own-log-writer.ts'
import { noteLoss } from '../ingest/own-loss.ts'
import { OwnRedating } from '../ingest/own-redating.ts'
import { salvageOwn } from '../ingest/own-salvage.ts'
import { createPlatformVerifier } from '../ingest/platform-verifier.ts'
import { RecordEvictor } from '../ingest/record-evictor.ts'
import { Salvage } from '../ingest/salvage.ts'
import { type DatabaseName, Scrub } from '../ingest/scrub.ts'
import type { SignatureJudges } from '../ingest/signature-judges.ts'
import { SquareDoor } from '../ingest/square-door.ts'
import { DecisionBook } from '../moderation/decision-book.ts'
import { WordBook } from '../moderation/word-book.ts'
import { AnswerQueries } from '../store/answer-queries.ts'
import { AuthorFacts } from '../store/author-facts.ts'
import { BeyondQueries } from '../store/beyond-queries.ts'
import { DecisionTable } from '../store/decision-table.ts'
import { FilteredSearch } from '../store/filtered-search.ts'
import { HiddenPosts } from '../store/hidden-posts.ts'
import { HoldingTable } from '../store/holding-table.ts'
import { LogQueries } from '../store/log-queries.ts'
import { NotificationQueries } from '../store/notification-queries.ts'
import { hasFullTextSearch } from '../store/open-database.ts'
import { PersonQueries } from '../store/person-queries.ts'
import { PostQueries } from '../store/post-queries.ts'
import { ProjectionCheck } from '../store/projection-check.ts'
import { Reprojection } from '../store/reprojection.ts'
import { SearchQueries } from '../store/search-queries.ts'
import { isDamage } from '../store/sqlite-errors.ts'
import { createSquareTables } from '../store/square-tables.ts'
import { StoredRows } from '../store/stored-rows.ts'
import { ThreadQueries } from '../store/thread-queries.ts'
import { TrafficTable } from '../store/traffic-table.ts'
import { UseQueries } from '../store/use-queries.ts'
import { WordSplitter } from '../store/word-splitter.ts'
import { WordTable } from '../store/word-table.ts'
import { KnownPeople } from '../timeline/known-people.ts'
import { NameIndex } from '../timeline/name-index.ts'
import { SquareReader } from '../timeline/timeline-reader.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { FileShrinker } from './file-shrinker.ts'
import { readBudgets } from './saved-budgets.ts'
import type { SquareCalls, SquareInit } from './square-calls.ts'
import { SquareCare } from './square-care.ts'
import { listBroken, openFiles, type SquareFiles } from './square-files.ts'
import { SquareMedia } from './square-media.ts'
import { SquareRetention } from './square-retention.ts'
import { SquareSilences } from './square-silences.ts'
import { SquareSpace } from './square-space.ts'
import { SquareThread } from './square-thread.ts'
import type { IngestTurns } from './square-turns.ts'

const MAX_VERIFY_KEYS = 16_384
const MAX_REJECTS = 50_000
const MAX_SEEN = 200_000
/** Seeds remember four times as much. */
const SEED_FACTOR = 4

export interface SquareComponents {
  readonly clock: Clock
  readonly logger: Logger
  readonly onIngested: (event: IngestedEvent) => void
  /** What the disk says of itself; left out for the real one. */
  readonly readSpace?: ((directory: string) => DiskSpace) | undefined
  /** Threads for the signatures of big batches; left out: they are judged one by one in the platform's pool. */
  readonly judges?: SignatureJudges
}

export interface Square extends SquareCalls {
  /** Whether pages are read, and batches wait. */
  readonly turns: Pick<IngestTurns, 'ingest' | 'noteReading' | 'settled'>
  readonly care: Pick<SquareCare, 'scrub' | 'scrubDue' | 'salvage'>
  /** Databases that were damaged when this was opened, and were made anew. */
  readonly rebuilt: readonly DatabaseName[]
  /** Databases that SQLite can't read any more, or whose parts don't agree. Reads everything. */
  findBroken(): readonly DatabaseName[]
  /** One bounded step towards the budgets; true while more is to do. `tick` goes on with it by itself. */
  makeRoom(): boolean
  /** Lets in what was ahead of the clock; writes deleted bytes out of the logs. To be called now and then. */
  tick(): void
}

/** @throws DatabaseError, DiskFullError, PalabreError `no-full-text-search` */
export function openSquare(components: SquareComponents, init: SquareInit): Square {
  if (!hasFullTextSearch()) {
    throw new PalabreError('no-full-text-search', 'this SQLite was built without FTS5: Palabre needs it for search')
  }
  mkdirSync(init.dataDir, { recursive: true, mode: 0o700 })
  return openWhole(components, init, [])
}

/** `made`: databases that were made anew for this already, and aren't again. */
function openWhole(components: SquareComponents, init: SquareInit, made: readonly DatabaseName[]): Square {
  const files = openFiles(components, init)
  const madeNow = [...made, ...files.aside.keys()]
  const { own, square, media } = files
  try {
    const isSquareWhole = files.isSquareWhole && !made.includes('square.db')
    return wire(components, init, { ...files, isSquareWhole })
  } catch (error) {
    const broken = isDamage(error) ? listBroken(files).filter((name) => !madeNow.includes(name)) : []
    for (const database of [media, square, own]) database.close()
    if (broken.length === 0) throw error
    return openWhole(components, { ...init, rebuild: broken }, madeNow)
  }
}

function wire(components: SquareComponents, init: SquareInit, files: SquareFiles): Square {
  const { clock, logger } = components
  const { own, square, media } = files
  const databases = { own, square, media }
  const tables = createSquareTables(square)
  const splitter = new WordSplitter()
  const words = new WordBook({
    square,
    words: new WordTable(square.db),
    identities: tables.identities,
    home: tables.home,
    split: (text) => splitter.split(text),
  })
  tables.found.setWatch(words)
  const reread = new Reprojection(square, tables).run()
  if (reread > 0) logger.info({ records: reread }, 'records of an earlier version were read again')
  square.transaction(() => tables.identities.authorities.fillOnce())
  const facts = new AuthorFacts(square.db, tables)
  const budgets: Budgets = { ...DEFAULT_BUDGETS[init.role], ...readBudgets(own), ...init.budgets }
  const admission = new Admission(
    { facts },
    { role: init.role, admit: init.admit, pins: init.pins, strangerBytes: budgets.strangerBytes },
  )
  const guard = new OwnLogGuard({ own, logger })
  const verifier = createPlatformVerifier({ logger }, MAX_VERIFY_KEYS)
  const check = createInputCheck(init, verifier, components.judges)
  const ballast = new Ballast({ path: join(init.dataDir, 'ballast'), maxBytes: init.ballastBytes ?? 0 })
  const disk = new DiskGauge(
    { clock },
    {
      file: square.path,
      readSpace: components.readSpace,
      owedBytes: (space) => Math.max(0, ballast.targetBytes(space) - ballast.heldBytes),
    },
  )
  const opened = [media, square, own]
  const space = new SquareSpace({ gauge: disk, ballast, files: opened, clock, logger })
  const door = new SquareDoor(
    {
      square,
      tables,
      own,
      media,
      check,
      admission,
      chains: new ChainKeeper(
        { identities: tables.identities, logs: tables.logs, seals: tables.seals, clock },
        { isNeeded: (address) => admission.isKeptAuthor(address) },
      ),
      quota: new AuthorQuota({ clock }),
      operationBudget: new OperationBudget({ clock }),
      holds: new HoldPool(),
      disk,
      ownLog: guard,
      clock,
      logger,
    },
    { onIngested: components.onIngested },
  )
  const redating = new OwnRedating({ square, tables, clock })
  const ownLog = new OwnLogWriter({ own, media, tables, door, guard, redating, clock, logger }, { domain: init.domain })
  const keeper = new BeatKeeper(
    { square, tables, verifier, admission, ownLog: guard, clock },
    { domain: init.domain, onIngested: components.onIngested },
  )
  const ownBeat = new OwnBeat({ own, tables, keeper, guard, clock }, { domain: init.domain })
  const holdings = new HoldingTable(own.db)
  const squareMedia = new SquareMedia({ media, square, tables, admission, clock })
  const persons = new PersonQueries(square)
  const decisions = new DecisionTable(square.db)
  const reader = new SquareReader({
    beyond: new BeyondQueries(square),
    own,
    posts: new PostQueries(square),
    hidden: new HiddenPosts(square.db),
    searches: new SearchQueries(square),
    filtered: new FilteredSearch(square),
    threads: new ThreadQueries(square),
    notifications: new NotificationQueries(square),
    persons,
    names: new NameIndex({ persons, projections: tables.projections, clock }),
    people: new KnownPeople({ persons, projections: tables.projections }),
    identities: tables.identities,
    edges: tables.edges,
    beats: tables.beats,
    counts: tables.counts,
    decisions,
    holdings,
    mediaStates: squareMedia,
  })
  const rows = new StoredRows(databases)
  const projections = new ProjectionCheck(square.db, tables)
  const scrub = new Scrub(
    { ...databases, rows, tables, projections, verifier, logger },
    {
      domain: init.domain,
      onHeadLost: (device) => noteLoss(own, { device: toHex(device), isSquareWhole: false }),
    },
  )
  const salvage = new Salvage({ own, media, door, verifier, clock, logger }, { domain: init.domain })
  if (files.aside.has('own.db')) {
    const isWhole = salvageOwn({ own, verifier, clock }, files.aside.get('own.db') as string, init.domain)
    if (!isWhole) noteLoss(own, { device: null, isSquareWhole: files.isSquareWhole })
  }
  const care = new SquareCare({ own, scrub, salvage, clock, logger })
  care.noteDamage([...files.aside.keys()])
  for (const name of ['square.db', 'media.db'] as const) {
    const path = files.aside.get(name)
    if (path !== undefined) salvage.begin(name, path)
  }
  if (files.aside.has('media.db')) square.transaction(() => tables.mediaRefs.forgetHere())
  const logs = new LogQueries({ square, tables, facts, ranks: admission })
  const retention = new SquareRetention(
    {
      records: new RecordEvictor({ square, tables, admission, check, clock }, { role: init.role, budgets }),
      pictures: new MediaEvictor(
        { media, square, tables, admission, clock, isSafe: () => thread.knowsOwnReferences },
        { budgets },
      ),
      admission,
      media: squareMedia,
      space,
      files: opened,
      uses: new UseQueries(square),
      shrinker: new FileShrinker({ files: opened }, { slackBytes: init.slackBytes }),
      clock,
      logger,
    },
    { budgets, fixed: Object.keys(init.budgets ?? {}) as (keyof Budgets)[] },
  )
  const thread: SquareThread = new SquareThread({
    ...databases,
    rebuilt: [...files.aside.keys()],
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
    answers: new AnswerQueries({ square, tables }),
    care,
    retention,
    words,
    silences: new SquareSilences({ tables, decisions: new DecisionBook({ square, decisions }) }),
    space,
    traffic: new TrafficTable(own.db),
    clock,
    logger,
  })
  thread.begin(init.account)
  return thread
}

function createInputCheck(
  init: SquareInit,
  verifier: SignatureVerifierAside,
  judges: SignatureJudges | undefined,
): InputCheck {
  const factor = init.role === 'seed' ? SEED_FACTOR : 1
  return new InputCheck(
    { verifier, ...(judges !== undefined && { judges }) },
    { domain: init.domain, maxRejects: MAX_REJECTS * factor, maxSeen: MAX_SEEN * factor },
  )
}
