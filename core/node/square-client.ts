import type { Worker } from 'node:worker_threads'
import type { ImportPlace } from '../archive/archive-import.ts'
import type { Budgets } from '../ingest/budgets.ts'
import type { BeatDoor, IngestBatch, IngestDoor, IngestedEvent, IngestResult, IngestSource } from '../ingest/door.ts'
import type { OwnDraft, OwnLog } from '../ingest/own-log.ts'
import type { MutedWord } from '../moderation/word-rule.ts'
import type {
  AnswerQuestion,
  AuthorityIndex,
  DeviceLogs,
  HoldingBook,
  InboxReader,
  LogPlaces,
  LogReader,
  PrivateRecords,
  SeqRange,
} from '../store/log-reader.ts'
import type { BlockStore, MediaIndex } from '../store/media-index.ts'
import type { TrafficRow } from '../store/traffic-table.ts'
import type { ConnectionState } from '../timeline/post-views.ts'
import type {
  BeyondQuery,
  NotificationQuery,
  PageQuery,
  Ringing,
  SearchQuery,
  SilencedQuery,
  ThreadQuery,
  TimelineReader,
} from '../timeline/reader.ts'
import { BadRequestError, NoAccountError, NotFoundError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions } from '../util/startable.ts'
import { IngestGate } from './ingest-gate.ts'
import {
  type DagInput,
  type ErrorFacts,
  type MediaBlockInput,
  type MutedPerson,
  packBytes,
  type SquareAccount,
  type SquareCalls,
  type SquareInit,
  type SquareMessage,
  type SquareMethod,
  type SquareRequest,
  unpackBytes,
} from './square-calls.ts'
import { unpackEvent, unpackResult } from './square-packing.ts'
import { startSquareThread } from './square-starter.ts'

/** Calls that may wait for the thread; a caller that piles up more is told so. */
const MAX_PENDING = 4_096
/** Batches on their way in at once: one is written while the signatures of the next ones are judged. */
const MAX_INGESTING = 4
/** Bytes of batches that may wait: all that gossip and 64 sessions of sync may bring at once, three times. */
const MAX_WAITING_BYTES = 64 * 1_048_576

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

export interface SquareClientComponents {
  readonly logger: Logger
  /** Entry of the thread, where it doesn't lie beside this file. */
  readonly worker?: URL
  /** One that was started before; it serves one client. */
  readonly thread?: Worker | undefined
}

/**
 * The store as the main thread sees it: every call crosses to the worker and back. When the thread dies all that waits
 * is rejected with `store-stopped`, and `stopped` says why.
 */
export class SquareClient
  implements
    AuthorityIndex,
    BeatDoor,
    IngestDoor,
    OwnLog,
    LogReader,
    DeviceLogs,
    PrivateRecords,
    HoldingBook,
    InboxReader,
    BlockStore,
    MediaIndex,
    TimelineReader
{
  readonly #worker: Worker
  readonly #logger: Logger
  readonly #pending = new Map<number, Pending>()
  readonly #listeners = new Set<(event: IngestedEvent) => void>()
  readonly #gate = new IngestGate({
    atOnce: MAX_INGESTING,
    maxWaiting: MAX_PENDING,
    maxWaitingBytes: MAX_WAITING_BYTES,
  })
  readonly #opened = Promise.withResolvers<void>()
  readonly #stopped = Promise.withResolvers<PalabreError | null>()
  #lastCall = 0
  #end: PalabreError | null = null
  #closing: Promise<void> | null = null

  private constructor(worker: Worker, logger: Logger) {
    this.#worker = worker
    this.#logger = logger
    worker.on('message', (message: SquareMessage) => this.#receive(message))
    worker.on('error', (error) => this.#stop(`the store's thread failed: ${error.message}`, error))
    worker.on('exit', (code) => this.#stop(`the store's thread ended with code ${code}`))
  }

  /**
   * Starts the thread and waits until the databases are open and own records are reconciled.
   * @throws DatabaseError codes as PalabreError: `database-newer`, `database-damaged`, `database-readonly` …
   */
  static async open(components: SquareClientComponents, init: SquareInit): Promise<SquareClient> {
    const worker = components.thread ?? startSquareThread(components.worker)
    const client = new SquareClient(worker, components.logger)
    // Nothing is heard any more of one that ended before.
    if (worker.threadId < 0) client.#stop("the store's thread ended before it was used")
    worker.postMessage(init)
    await client.#opened.promise
    return client
  }

  /** Resolves when the thread has ended: null after `close`, else with what went wrong. */
  get stopped(): Promise<PalabreError | null> {
    return this.#stopped.promise
  }

  /** Hears of every committed batch, in order. Returns what ends it. */
  subscribe(listener: (event: IngestedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Ends the thread after what was already asked. */
  close(): Promise<void> {
    this.#closing ??= this.#call('close', []).then(
      async () => void (await this.#worker.terminate()),
      async () => void (await this.#worker.terminate()),
    )
    return this.#closing
  }

  /** What is waiting when `signal` aborts is not brought in. @throws PalabreError `store-busy` when too much waits */
  async ingest(batch: IngestBatch, source: IngestSource, options: AbortOptions = {}): Promise<IngestResult> {
    const from = source.peer ?? source.kind
    await this.#gate.enter(bytesIn(batch.operations) + bytesIn(batch.records), from, options.signal)
    try {
      const operations = packBytes(batch.operations)
      const records = packBytes(batch.records)
      const transfer = [operations.buffer, records.buffer]
      return unpackResult(await this.#call('ingestPacked', [operations, records, source], transfer))
    } finally {
      this.#gate.leave()
    }
  }

  publish(drafts: readonly OwnDraft[], options: AbortOptions = {}) {
    options.signal?.throwIfAborted()
    return this.#call('publish', [drafts])
  }

  ingestBeats(beats: readonly Uint8Array[], source: IngestSource, options: AbortOptions = {}) {
    options.signal?.throwIfAborted()
    const packed = packBytes(beats)
    return this.#call('ingestBeats', [packed, source], [packed.buffer])
  }

  /** Says where the own log ends, if that is due (BEA6); only when the own head is known (LOG7). */
  signBeat = (isFresh: boolean) => this.#call('signBeat', [isFresh])

  /** A copy of this device has signed other records (LOG10). */
  isOwnLogForked = () => this.#call('isOwnLogForked', [])

  listWanted = () => this.#call('listWanted', [])
  wantsEveryone = () => this.#call('wantsEveryone', [])
  listAuthors = (after: Uint8Array | null, limit: number) => this.#call('listAuthors', [after, limit])
  findByPrefix = (prefixes: readonly Uint8Array[]) => this.#call('findByPrefix', [prefixes])
  listHeld = (authors: readonly Uint8Array[]) => this.#call('listHeld', [authors])
  listDigests = (places: readonly LogPlaces[]) => this.#call('listDigests', [places])
  listBeats = (logs: readonly Pick<LogPlaces, 'author' | 'device'>[]) => this.#call('listBeats', [logs])
  listForks = (logs: readonly Pick<LogPlaces, 'author' | 'device'>[]) => this.#call('listForks', [logs])
  listTails = (limit: number) => this.#call('listTails', [limit])
  listOperations = (authors: readonly Uint8Array[]) => this.#call('listOperations', [authors])
  listProfilePlaces = (authors: readonly Uint8Array[]) => this.#call('listProfilePlaces', [authors])
  async readLog(author: Uint8Array, device: Uint8Array, range: SeqRange, maxBytes: number) {
    const { seqs, records } = await this.#call('readLogPacked', [author, device, range, maxBytes])
    return unpackBytes(records).map((record, i) => ({ seq: seqs[i] as number, record }))
  }
  findAuthorOfDevice = (device: Uint8Array) => this.#call('findAuthorOfDevice', [device])
  listPrivate = (author: Uint8Array, afterKey: number, limit: number) =>
    this.#call('listPrivate', [author, afterKey, limit])
  listDeviceLogs = (author: Uint8Array) => this.#call('listDeviceLogs', [author])
  findAuthorsByAuthority = (keyHash: Uint8Array, addressStart: Uint8Array, limit: number) =>
    this.#call('findAuthorsByAuthority', [keyHash, addressStart, limit])
  openInbox = (key: Uint8Array) => this.#call('openInbox', [key])
  isHomeOf = (address: Uint8Array) => this.#call('isHomeOf', [address])
  readInbox = (question: AnswerQuestion) => this.#call('readInbox', [question])
  /** Pictures that the author's records show: named, and here. */
  countMedia = (author: Uint8Array) => this.#call('countMedia', [author])
  noteHeld = (peerId: string, isSeed: boolean, device: Uint8Array, seqs: readonly number[]) =>
    this.#call('noteHeld', [peerId, isSeed, device, seqs])

  putBlocks(blocks: readonly MediaBlockInput[]): Promise<void> {
    const packed = packBytes(blocks.map(({ bytes }) => bytes))
    return this.#call('putBlocks', [blocks.map(({ cid }) => cid), packed], [packed.buffer])
  }
  getBlock = (cid: Uint8Array) => this.#call('getBlock', [cid])
  hasBlock = (cid: Uint8Array) => this.#call('hasBlock', [cid])
  deleteBlock = (cid: Uint8Array) => this.#call('deleteBlock', [cid])
  putDag = (dag: DagInput) => this.#call('putDag', [dag])
  getDag = (root: string) => this.#call('getDag', [root])
  listMissing = (limit: number) => this.#call('listMissing', [limit])
  findClaim = (root: string) => this.#call('findClaim', [root])
  /** Pages show the picture as being fetched until it is put or the fetch fails. */
  noteFetchStarted = (root: string) => this.#call('noteFetchStarted', [root])
  noteFetchFailed = (root: string) => this.#call('noteFetchFailed', [root])
  collectGarbage = () => this.#call('collectGarbage', [])

  home = (query: PageQuery) => this.#call('home', [query])
  beyond = (query: BeyondQuery) => this.#call('beyond', [query])
  profilePosts = (profile: string, query: SilencedQuery) => this.#call('profilePosts', [profile, query])
  tag = (tag: string, query: PageQuery) => this.#call('tag', [tag, query])
  list = (profile: string, list: string, query: PageQuery) => this.#call('list', [profile, list, query])
  lists = (member: string | null) => this.#call('lists', [member])
  listPeople = (id: string) => this.#call('listPeople', [id])
  posts = (ids: readonly string[]) => this.#call('posts', [ids])
  notifications = (query: NotificationQuery) => this.#call('notifications', [query])
  unreadNotifications = (ringing: Ringing) => this.#call('unreadNotifications', [ringing])
  markNotificationsRead = (id: string | null) => this.#call('markNotificationsRead', [id])
  post = (id: string) => this.#call('post', [id])
  history = (id: string) => this.#call('history', [id])
  thread = (id: string, query: ThreadQuery = {}) => this.#call('thread', [id, query])
  silencedPeople = () => this.#call('silencedPeople', [])
  profile = (profile: string) => this.#call('profile', [profile])
  follows = () => this.#call('follows', [])
  search = (text: string, query: SearchQuery) => this.#call('search', [text, query])
  suggest = (typed: string, limit: number) => this.#call('suggest', [typed, limit])
  names = (profiles: readonly string[]) => this.#call('names', [profiles])

  /** From now on this is whose log is written and whose home is shown. */
  setAccount = (account: SquareAccount) => this.#call('setAccount', [account])
  setPins = (pins: readonly Uint8Array[]) => this.#call('setPins', [pins])
  /** These are muted, these blocked without a record yet, and by their records others; true when that hides or shows somebody. */
  settleSilences = (muted: readonly MutedPerson[], blocked: readonly MutedPerson[] = []) =>
    this.#call('settleSilences', [muted, blocked])
  /** These words are muted and no others; one step of what follows, to be called again while there is more. */
  settleWords = (muted: readonly MutedWord[]) => this.#call('settleWords', [muted])
  /** Authors that sync wants besides own, followed and pinned ones, at most 1,024; not remembered. */
  setWanted = (addresses: readonly Uint8Array[]) => this.#call('setWanted', [addresses])
  /** Authors whose new records are kept for neighbours among those of strangers (FEE11); not remembered. Says which are. */
  setCarried = (addresses: readonly Uint8Array[]) => this.#call('setCarried', [addresses])
  /** Decides what is said of own posts that no seed keeps yet. */
  setConnection = (connection: ConnectionState) => this.#call('setConnection', [connection])
  /** `targets`: 32-byte keys, addresses or devices'. A second time replaces the addresses. */
  addPendingFollows = (targets: readonly Uint8Array[], addresses: readonly string[]) =>
    this.#call('addPendingFollows', [targets, addresses])
  listPendingFollows = () => this.#call('listPendingFollows', [])
  removePendingFollows = (targets: readonly Uint8Array[]) => this.#call('removePendingFollows', [targets])
  /** What `setState` put, null for nothing. */
  getState = (key: string) => this.#call('getState', [key])
  /** Durable. `value` is JSON of at most a million characters; null forgets it. */
  setState = (key: string, value: unknown) => this.#call('setState', [key, value])
  /** Where an import had got to, in the same file as what it took in: neither survives without the other. */
  getImportPlace = () => this.#call('getImportPlace', [])
  setImportPlace = (place: ImportPlace | null) => this.#call('setImportPlace', [place])
  /** 32-byte hash of the genesis; null while the chain isn't held. */
  findGenesis = (author: Uint8Array) => this.#call('findGenesis', [author])
  /** Body of the profile record that counts; null while there is none. */
  readProfileBody = (author: Uint8Array) => this.#call('readProfileBody', [author])
  /** From now on, and after a restart, what is held is kept within these; those of `SquareInit` stay. */
  setBudgets = (change: Partial<Budgets>) => this.#call('setBudgets', [change])
  storage = () => this.#call('storage', [])
  addTraffic = (rows: readonly TrafficRow[]) => this.#call('addTraffic', [rows])
  /** The newest days first. */
  listTraffic = (days: number) => this.#call('listTraffic', [days])
  stats = () => this.#call('stats', [])
  /** What is wrong with the files, [] when nothing is. Reads everything. */
  integrityCheck = () => this.#call('integrityCheck', [])
  checkpoint = () => this.#call('checkpoint', [])

  #call<M extends SquareMethod>(
    method: M,
    args: Parameters<SquareCalls[M]>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<ReturnType<SquareCalls[M]>> {
    if (this.#end !== null) return Promise.reject(this.#end)
    if (this.#pending.size >= MAX_PENDING) return Promise.reject(busy())
    const call = ++this.#lastCall
    const request: SquareRequest = { call, method, args }
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve, reject })
      this.#worker.postMessage(request, [...transfer])
    })
  }

  #receive(message: SquareMessage): void {
    switch (message.type) {
      case 'opened':
        this.#opened.resolve()
        break
      case 'failed':
        this.#opened.reject(fromFacts(message.error))
        break
      case 'answer':
        this.#settle(message.call)?.resolve(message.result as never)
        break
      case 'refusal':
        this.#settle(message.call)?.reject(fromFacts(message.error))
        break
      case 'ingested':
        this.#tellAll(unpackEvent(message.event))
        break
      case 'log':
        this.#logger[message.line.level](message.line.fields, message.line.message)
    }
  }

  #settle(call: number): Pending | undefined {
    const pending = this.#pending.get(call)
    this.#pending.delete(call)
    return pending
  }

  #tellAll(event: IngestedEvent): void {
    for (const listener of this.#listeners) this.#tell(listener, event)
  }

  /** A listener's fault is its own. */
  #tell(listener: (event: IngestedEvent) => void, event: IngestedEvent): void {
    try {
      listener(event)
    } catch (error) {
      this.#logger.error({ error: String(error) }, 'a listener of the store failed')
    }
  }

  #stop(reason: string, cause?: unknown): void {
    if (this.#end !== null) return
    this.#end = new PalabreError('store-stopped', reason, { cause })
    this.#opened.reject(this.#end)
    for (const { reject } of this.#pending.values()) reject(this.#end)
    this.#pending.clear()
    this.#gate.open()
    this.#stopped.resolve(this.#closing === null ? this.#end : null)
  }
}

function bytesIn(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

function busy(): PalabreError {
  return new PalabreError('store-busy', `more than ${MAX_PENDING} calls are waiting for the store`)
}

function fromFacts({ name, code, message, data }: ErrorFacts): Error {
  if (code === 'bad-request') return new BadRequestError(message)
  if (code === 'not-found') return new NotFoundError(message)
  if (code === 'no-account') return new NoAccountError(message)
  if (code !== null) return new PalabreError(code, message, { data: { ...data } })
  return Object.assign(new Error(message), { name })
}
