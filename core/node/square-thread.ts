import type { ImportPlace } from '../archive/archive-import.ts'
import type { Admission } from '../ingest/admission.ts'
import type { BeatKeeper } from '../ingest/beat-keeper.ts'
import type { Budgets } from '../ingest/budgets.ts'
import type { IngestSource } from '../ingest/door.ts'
import type { OwnBeat } from '../ingest/own-beat.ts'
import type { OwnDraft, OwnPublished } from '../ingest/own-log.ts'
import type { OwnLogWriter } from '../ingest/own-log-writer.ts'
import type { DatabaseName } from '../ingest/scrub.ts'
import type { SquareDoor } from '../ingest/square-door.ts'
import type { WordBook } from '../moderation/word-book.ts'
import type { MutedWord } from '../moderation/word-rule.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { AnswerQueries } from '../store/answer-queries.ts'
import type { HoldingTable } from '../store/holding-table.ts'
import type { LogQueries } from '../store/log-queries.ts'
import type { AnswerQuestion, LogPlaces, SeqRange } from '../store/log-reader.ts'
import type { MediaDatabase } from '../store/media-database.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { PersonQueries } from '../store/person-queries.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { TrafficRow, TrafficTable } from '../store/traffic-table.ts'
import type { ConnectionState } from '../timeline/post-views.ts'
import type {
  BeyondQuery,
  NotificationQuery,
  PageQuery,
  Ringing,
  SearchQuery,
  SilencedQuery,
  ThreadQuery,
} from '../timeline/reader.ts'
import type { SquareReader } from '../timeline/timeline-reader.ts'
import { toHex, utf8 } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { ensureHome } from './home-owner.ts'
import { NotificationMarks } from './notification-marks.ts'
import { saveBudgets } from './saved-budgets.ts'
import {
  type DagInput,
  type MutedPerson,
  type PackedBytes,
  type PackedResult,
  type PendingFollowView,
  type SquareAccount,
  type SquareCalls,
  type SquareStats,
  unpackBytes,
} from './square-calls.ts'
import type { SquareCare } from './square-care.ts'
import { listBroken } from './square-files.ts'
import type { SquareMedia } from './square-media.ts'
import { packLog, packResult } from './square-packing.ts'
import type { SquareRetention } from './square-retention.ts'
import type { SquareSilences } from './square-silences.ts'
import type { SquareSpace } from './square-space.ts'
import { IngestTurns } from './square-turns.ts'
import { SquareWanted } from './square-wanted.ts'

const MAX_PENDING_FOLLOWS = 2_048
const MAX_STATE_CHARACTERS = 1_048_576
const MAX_HELD_SEQS = 8_192
const MAX_FOUND_AUTHORS = 16

export interface SquareThreadComponents {
  readonly own: OwnDatabase
  readonly square: SquareDatabase
  readonly blocks: MediaDatabase
  readonly tables: SquareTables
  readonly admission: Admission
  readonly door: SquareDoor
  readonly ownLog: OwnLogWriter
  readonly beats: BeatKeeper
  readonly ownBeat: OwnBeat
  readonly holdings: HoldingTable
  readonly media: SquareMedia
  readonly persons: PersonQueries
  readonly reader: SquareReader
  readonly logs: LogQueries
  readonly answers: AnswerQueries
  readonly care: SquareCare
  readonly rebuilt: readonly DatabaseName[]
  readonly retention: SquareRetention
  readonly silences: SquareSilences
  readonly words: Pick<WordBook, 'setAccount' | 'settle'>
  readonly space: SquareSpace
  readonly traffic: TrafficTable
  readonly clock: Clock
  readonly logger: Logger
}

/** Answers every call of `SquareCalls`; holds the account and nothing else of its own. */
export class SquareThread implements SquareCalls {
  readonly #c: SquareThreadComponents
  #account: SquareAccount | null = null
  readonly #wanted: SquareWanted
  readonly #marks: NotificationMarks
  readonly turns: IngestTurns

  constructor(components: SquareThreadComponents) {
    this.#c = components
    this.#wanted = new SquareWanted(components)
    this.#marks = new NotificationMarks(components)
    this.turns = new IngestTurns(components)
  }

  /** Takes the account, if there is one, and makes own.db and square.db agree. */
  begin(account: SquareAccount | null): void {
    this.#refreshPending()
    if (account !== null) this.setAccount(account)
    // What a crash left in the write-ahead logs may be text that was deleted.
    this.checkpoint()
  }

  tick(): void {
    this.#c.retention.tick()
    this.#c.door.releaseDue()
    this.#c.door.settleMore()
    this.#c.door.purgeDue()
    if (this.#c.door.takePurged()) this.checkpoint()
  }

  makeRoom = () => this.#c.retention.step()
  storage = () => this.#c.retention.facts()
  addTraffic = (rows: readonly TrafficRow[]) => this.#c.own.transaction(() => this.#c.traffic.add(rows))
  listTraffic = (days: number) => this.#c.traffic.list(days)
  setBudgets(change: Partial<Budgets>): void {
    this.#c.space.withRoom(() => saveBudgets(this.#c.own, change))
    this.#c.retention.setBudgets(change)
  }

  ingest(operations: PackedBytes, records: PackedBytes, source: IngestSource) {
    return this.#c.door.ingest({ operations: unpackBytes(operations), records: unpackBytes(records) }, source)
  }

  /** The same in turns, which other calls come between. */
  async ingestPacked(...[operations, records, source]: Parameters<SquareCalls['ingest']>): Promise<PackedResult> {
    const batch = { operations: unpackBytes(operations), records: unpackBytes(records) }
    return packResult(await this.turns.ingest(batch, source))
  }

  publish(drafts: readonly OwnDraft[]): OwnPublished[] {
    const isDeleting = drafts.every(({ kind }) => kind === KIND.delete)
    return this.#c.space.withRoom(() => this.#c.ownLog.publish(drafts), isDeleting)
  }

  isOwnLogForked = () => this.#c.ownLog.isForked
  ingestBeats = (beats: PackedBytes, source: IngestSource) => this.#c.beats.ingest(unpackBytes(beats), source)
  signBeat(isFresh: boolean) {
    return this.#account === null ? { isNew: false, waitMs: null } : this.#c.ownBeat.sign(this.#account, isFresh)
  }

  listWanted = () => this.#wanted.list(this.#account?.author ?? null)
  wantsEveryone(): boolean {
    return this.#c.admission.wantsEveryone
  }

  listAuthors = (after: Uint8Array | null, limit: number) => this.#c.logs.listAuthors(after, limit)
  findByPrefix = (prefixes: readonly Uint8Array[]) => this.#c.logs.findByPrefix(prefixes)
  listHeld = (authors: readonly Uint8Array[]) => this.#c.logs.listHeld(authors)
  listDigests = (places: readonly LogPlaces[]) => this.#c.logs.listDigests(places)
  listForks = (logs: readonly Pick<LogPlaces, 'author' | 'device'>[]) => this.#c.logs.listForks(logs)
  listBeats = (logs: readonly Pick<LogPlaces, 'author' | 'device'>[]) => this.#c.logs.listBeats(logs)
  listTails = (limit: number) => this.#c.logs.listTails(limit)
  listOperations = (authors: readonly Uint8Array[]) => this.#c.logs.listOperations(authors)
  listProfilePlaces = (authors: readonly Uint8Array[]) => this.#c.logs.listProfilePlaces(authors)
  readLog(author: Uint8Array, device: Uint8Array, range: SeqRange, maxBytes: number) {
    return this.#c.logs.readLog(author, device, range, maxBytes)
  }

  readLogPacked = (...range: Parameters<SquareCalls['readLog']>) => packLog(this.readLog(...range))
  findAuthorOfDevice = (device: Uint8Array) => this.#c.tables.identities.findAuthorOfDevice(device)
  listPrivate(author: Uint8Array, afterKey: number, limit: number) {
    return this.#c.logs.listPrivate(author, afterKey, limit)
  }

  listDeviceLogs = (author: Uint8Array) => this.#c.logs.listDeviceLogs(author)
  findAuthorsByAuthority(keyHash: Uint8Array, addressStart: Uint8Array, limit: number): Uint8Array[] {
    return this.#c.tables.identities.authorities.find(keyHash, addressStart, Math.min(limit, MAX_FOUND_AUTHORS))
  }

  openInbox(key: Uint8Array): void {
    this.#c.tables.inbox.setHome(key)
  }

  isHomeOf = (address: Uint8Array) => this.#c.tables.inbox.isHomeOf(address)
  readInbox = (question: AnswerQuestion) => this.#c.answers.read(question)
  countMedia(author: Uint8Array) {
    const { identities, mediaRefs } = this.#c.tables
    const authorId = identities.findAuthor(author)
    return authorId === undefined ? { held: 0, known: 0 } : mediaRefs.countOf(authorId)
  }

  noteHeld(peerId: string, isSeed: boolean, device: Uint8Array, seqs: readonly number[]): void {
    const bounded = seqs.slice(0, MAX_HELD_SEQS)
    this.#c.own.transaction(() => this.#c.holdings.note(peerId, isSeed, device, bounded, this.#c.clock.now()))
  }

  putBlocks(cids: readonly Uint8Array[], blocks: PackedBytes): void {
    this.#c.space.withRoom(() => this.#c.media.putBlocks(cids, blocks))
  }

  getBlock = (cid: Uint8Array) => this.#c.blocks.getBlock(cid)
  hasBlock = (cid: Uint8Array) => this.#c.blocks.hasBlock(cid)
  deleteBlock(cid: Uint8Array): void {
    this.#c.blocks.deleteBlock(cid)
  }

  putDag(dag: DagInput): void {
    this.#c.space.withRoom(() => this.#c.media.putDag(dag))
  }

  getDag = (root: string) => this.#c.media.getDag(root)
  listMissing = (limit: number) => this.#c.media.listMissing(limit)
  findClaim = (root: string) => this.#c.media.findClaim(root)
  noteFetchStarted(root: string): void {
    this.#c.media.noteFetchStarted(root)
  }

  noteFetchFailed(root: string): void {
    this.#c.media.noteFetchFailed(root)
  }

  /** False while square.db may lack a reference that an own record makes: then no picture goes. */
  get knowsOwnReferences(): boolean {
    const { own, ownLog } = this.#c
    return !ownLog.isBehind && (this.#account !== null || !own.hasRecords())
  }

  collectGarbage = () => (this.knowsOwnReferences ? this.#c.media.collectGarbage() : { blocks: 0, bytes: 0 })
  home = (query: PageQuery) => this.#c.reader.home(query)
  beyond = (query: BeyondQuery) => this.#c.reader.beyond(query)
  profilePosts = (profile: string, query: SilencedQuery) => this.#c.reader.profilePosts(profile, query)
  tag = (tag: string, query: PageQuery) => this.#c.reader.tag(tag, query)
  list = (profile: string, list: string, query: PageQuery) => this.#c.reader.list(profile, list, query)
  lists = (member: string | null) => this.#c.reader.lists(member)
  listPeople = (id: string) => this.#c.reader.listPeople(id)
  posts = (ids: readonly string[]) => this.#c.reader.posts(ids)
  post = (id: string) => this.#c.reader.post(id)
  history = (id: string) => this.#c.reader.history(id)
  thread = (id: string, query: ThreadQuery = {}) => this.#c.reader.thread(id, query)
  silencedPeople = () => this.#c.reader.silencedPeople()
  settleSilences(muted: readonly MutedPerson[], blocked: readonly MutedPerson[] = []): boolean {
    const me = this.#account?.author ?? null
    this.#wanted.settleCarried(me)
    return this.#c.silences.settle(me, muted, blocked)
  }

  settleWords = (muted: readonly MutedWord[]) => this.#c.words.settle(muted)
  profile = (profile: string) => this.#c.reader.profile(profile)
  follows = () => this.#c.reader.follows()
  search = (text: string, query: SearchQuery) => this.#c.reader.search(text, query)
  suggest = (typed: string, limit: number) => this.#c.reader.suggest(typed, limit)
  names = (profiles: readonly string[]) => this.#c.reader.names(profiles)
  notifications = (query: NotificationQuery) => this.#c.reader.notifications(query)
  unreadNotifications = (ringing?: Ringing) => this.#c.reader.unreadNotifications(ringing)

  markNotificationsRead(id: string | null): number {
    this.#marks.read(id)
    return this.#c.reader.unreadNotifications().count
  }

  setAccount(account: SquareAccount): void {
    if (account.operations.length > 0) this.#c.space.withRoom(() => this.#c.own.addOperations(account.operations))
    this.#account = account
    this.#c.door.setAccount(account.author)
    this.#c.reader.setAccount(account.author)
    this.#c.words.setAccount(account.author)
    this.#c.ownLog.setAccount(account)
    this.#c.ownLog.reconcile()
    ensureHome(this.#c.square, this.#c.tables, account.author)
    this.#marks.setAccount(account.author)
    this.#wanted.settleCarried(account.author)
  }

  setPins(pins: readonly Uint8Array[]): void {
    this.#c.admission.setPins(pins)
  }

  setWanted(addresses: readonly Uint8Array[]): void {
    this.#wanted.setOthers(addresses)
  }

  setCarried(addresses: readonly Uint8Array[]): readonly Uint8Array[] {
    return this.#wanted.setCarried(addresses, this.#account?.author ?? null)
  }

  setConnection(connection: ConnectionState): void {
    this.#c.reader.setConnection(connection)
  }

  addPendingFollows(targets: readonly Uint8Array[], addresses: readonly string[]): void {
    const { own, clock } = this.#c
    const held = new Set(own.listPendingFollows().map(({ target }) => toHex(target)))
    const fresh = new Set(targets.map(toHex)).difference(held)
    if (fresh.size > 0 && held.size + fresh.size > MAX_PENDING_FOLLOWS) {
      throw new BadRequestError(`more than ${MAX_PENDING_FOLLOWS} people are being looked for already`)
    }
    this.#c.space.withRoom(() => own.putPendingFollows(targets, addresses, clock.now()))
    this.#refreshPending()
  }

  listPendingFollows(): PendingFollowView[] {
    return this.#c.own
      .listPendingFollows()
      .map(({ target, addresses, sinceMs }) => ({ target, addresses, since: sinceMs }))
  }

  removePendingFollows(targets: readonly Uint8Array[]): void {
    this.#c.own.dropPendingFollows(targets)
    this.#refreshPending()
  }

  getState(key: string): unknown {
    const text = this.#c.own.getState(key)
    return text === null ? null : JSON.parse(text)
  }

  setState(key: string, value: unknown): void {
    const text = value === null || value === undefined ? null : JSON.stringify(value)
    if (text !== null && text.length > MAX_STATE_CHARACTERS) {
      throw new BadRequestError(`the value of ${key} has ${text.length} characters, limit ${MAX_STATE_CHARACTERS}`)
    }
    this.#c.space.withRoom(() => this.#c.own.setState(key, text))
  }

  getImportPlace(): ImportPlace | null {
    const bytes = this.#c.square.getMeta('import')
    return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as ImportPlace)
  }

  setImportPlace(place: ImportPlace | null): void {
    this.#c.square.setMeta('import', place === null ? null : utf8(JSON.stringify(place)))
  }

  findGenesis(author: Uint8Array): Uint8Array | null {
    const authorId = this.#c.tables.identities.findAuthor(author)
    return authorId === undefined ? null : this.#c.tables.identities.genesisHash(authorId)
  }

  readProfileBody = (author: Uint8Array) => this.#c.persons.find(author)?.profileBody ?? null
  stats(): SquareStats {
    const { own, holdings, blocks, persons, care } = this.#c
    const device = this.#account?.device ?? new Uint8Array()
    const ownRecords = own.countRecords(device)
    return {
      ...persons.stats(),
      mediaBytes: blocks.totalBytes(),
      space: this.#c.space.facts(),
      ownRecords,
      ownUnheld: Math.max(0, ownRecords - holdings.countHeldBySeeds(device)),
      holders: holdings.list(device),
      ...(care.damage !== null && { damage: care.damage }),
    }
  }

  get care(): SquareCare {
    return this.#c.care
  }

  get rebuilt(): readonly DatabaseName[] {
    return this.#c.rebuilt
  }

  findBroken(): DatabaseName[] {
    const { own, square, blocks } = this.#c
    return listBroken({ own, square, media: blocks })
  }

  integrityCheck(): string[] {
    const { own, square, blocks } = this.#c
    return [own, square, blocks].flatMap((database) => database.integrityCheck())
  }

  checkpoint(): void {
    this.#c.space.checkpoint()
  }

  close(): void {
    const { own, square, blocks, care } = this.#c
    this.#c.retention.stop()
    care.close()
    for (const database of [blocks, square, own]) database.close()
  }

  #refreshPending(): void {
    this.#c.admission.setPendingFollows(this.#c.own.listPendingFollows().map(({ target }) => target))
  }
}
