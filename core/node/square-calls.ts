import type { ImportPlace } from '../archive/archive-import.ts'
import type { ListPeople, ListView } from '../contract/lists.ts'
import type { SilencedPeople } from '../contract/moderation.ts'
import type { NotificationPage, Unread } from '../contract/reading.ts'
import type { Follow, PostPage, PostVersion, PostView, ProfileView, Suggestion, Thread } from '../contract/views.ts'
import type { Budgets } from '../ingest/budgets.ts'
import type { SpaceState } from '../ingest/disk-gauge.ts'
import type { BeatOutcome, IngestResult, IngestSource } from '../ingest/door.ts'
import type { OwnBeatResult } from '../ingest/own-beat.ts'
import type { OwnDraft, OwnPublished } from '../ingest/own-log.ts'
import type { DatabaseName } from '../ingest/scrub.ts'
import type { WordSettling } from '../moderation/word-book.ts'
import type { MutedWord } from '../moderation/word-rule.ts'
import type { SignedBeat } from '../record/beat.ts'
import type { Verdict } from '../record/verdict.ts'
import type {
  AnswerPage,
  AnswerQuestion,
  DeviceLogFacts,
  HeldLog,
  LogPlaces,
  OpenTail,
  PrivateRow,
  ProfilePlace,
  SeqDigest,
  SeqRange,
} from '../store/log-reader.ts'
import type { TrafficRow } from '../store/traffic-table.ts'
import type { AuthorUse } from '../store/use-queries.ts'
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

/** Byte arrays in one buffer that can be handed to another thread without a copy. */
export interface PackedBytes {
  readonly buffer: ArrayBuffer
  readonly lengths: readonly number[]
}

/** The account whose log this node writes. */
export interface SquareAccount {
  /** Address, 32 bytes. */
  readonly author: Uint8Array
  /** Public key of this device, 32 bytes. */
  readonly device: Uint8Array
  /** 32-byte seed of the device key. */
  readonly secretKey: Uint8Array
  /** Operations of the own chain on the wire, genesis first; those that are new are committed. */
  readonly operations: readonly Uint8Array[]
}

export interface SquareInit {
  /** Folder of own.db, square.db and media.db; it exists. */
  readonly dataDir: string
  /** Domain of the network whose signatures count. */
  readonly domain: string
  readonly role: 'peer' | 'seed'
  readonly admit: 'all' | 'pinned'
  /** 32-byte addresses. */
  readonly pins: readonly Uint8Array[]
  readonly account: SquareAccount | null
  /** How much of the disk may be taken; what is left out is as for everybody of this role. */
  readonly budgets?: Partial<Budgets>
  /** Most that the ballast takes; none when left out. */
  readonly ballastBytes?: number | undefined
  /** Free pages that a file may keep without giving them back to the disk. */
  readonly slackBytes?: number | undefined
  /** Overwrites what is deleted; off only where a test needs the contrast. */
  readonly isSecureDelete?: boolean
  /** FULL; NORMAL, which a power cut shows to lose own posts, only where a test needs the contrast. */
  readonly ownSynchronous?: 'FULL' | 'NORMAL'
  /** Databases that are moved aside and made anew, because they were found to be damaged. */
  readonly rebuild?: readonly DatabaseName[]
}

export interface PendingFollowView {
  /** 32-byte key: an address, or a device's peer ID before its owner is known. */
  readonly target: Uint8Array
  readonly addresses: readonly string[]
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Somebody whom the account has muted. */
export interface MutedPerson {
  /** 32-byte address. */
  readonly address: Uint8Array
  /** Milliseconds since 1970. */
  readonly since: number
}

/** The room on the disk of the data directory. */
export interface SpaceFacts {
  readonly state: SpaceState
  /** Null where the file system doesn't say. */
  readonly freeBytes: number | null
  /** What is held back for a full disk. */
  readonly ballastBytes: number
}

/** What lies on the disk, whose it is, and how much may. */
export interface StorageFacts {
  readonly space: SpaceFacts
  readonly budgets: Budgets
  /** Budgets that `SquareInit` sets. */
  readonly fixed: readonly (keyof Budgets)[]
  readonly recordBytes: number
  readonly strangerBytes: number
  readonly mediaBytes: number
  readonly files: { readonly bytes: number; readonly freeBytes: number }
  readonly largest: readonly AuthorUse[]
}

/** Figures for the storage part of network.status. */
export interface SquareStats {
  readonly records: number
  readonly posts: number
  readonly authors: number
  readonly recordBytes: number
  readonly mediaBytes: number
  readonly space: SpaceFacts
  readonly ownRecords: number
  /** Own records that no seed has acknowledged. */
  readonly ownUnheld: number
  /** Databases that were made anew within the last month, because they were damaged; left out for none. */
  readonly damage?: { readonly at: number; readonly files: string[] }
  /** What each peer acknowledged of the own log. */
  readonly holders: readonly { readonly peerId: string; readonly isSeed: boolean; readonly count: number }[]
}

export interface MediaBlockInput {
  readonly cid: Uint8Array
  readonly bytes: Uint8Array
}

export interface DagInput {
  readonly root: string
  readonly blocks: readonly string[]
  readonly type: string
  readonly size: number
  readonly isPending: boolean
}

export interface MissingRoot {
  readonly root: string
  readonly type: string
  readonly size: number
  readonly author: Uint8Array
}

/** Records of one log, newest first. */
export interface PackedLog {
  readonly seqs: readonly number[]
  readonly records: PackedBytes
}

export interface PackedOutcomes {
  /** Three numbers for each: id, author, flags. */
  readonly rows: Float64Array<ArrayBuffer>
  /** All but plain acceptance, by position. */
  readonly verdicts: ReadonlyMap<number, Verdict>
}

export interface PackedResult {
  readonly keys: PackedBytes
  readonly operations: PackedOutcomes
  readonly records: PackedOutcomes
}

export interface PackedEvent {
  readonly keys: PackedBytes
  readonly source: IngestSource
  /** Seven numbers for each record: id, author, device, seq, kind, flags, how many of `touches` are its own. */
  readonly rows: Float64Array<ArrayBuffer>
  readonly touches: readonly number[]
  /** CIDs, by the record's position. */
  readonly media: ReadonlyMap<number, readonly string[]>
  readonly reshown: readonly number[]
  readonly identities: readonly number[]
  /** Author and device in turns. */
  readonly gaps: readonly number[]
  readonly beats: readonly number[]
}

/** Everything that the main thread may ask of the store's thread: name → arguments and answer. */
export interface SquareCalls {
  ingest(operations: PackedBytes, records: PackedBytes, source: IngestSource): IngestResult
  /** The same in its turn, where calls come from another thread. */
  ingestPacked(...batch: Parameters<SquareCalls['ingest']>): Promise<PackedResult>
  publish(drafts: readonly OwnDraft[]): readonly OwnPublished[]
  isOwnLogForked(): boolean
  ingestBeats(beats: PackedBytes, source: IngestSource): readonly BeatOutcome[]
  signBeat(isFresh: boolean): OwnBeatResult

  listWanted(): readonly Uint8Array[]
  wantsEveryone(): boolean
  listAuthors(after: Uint8Array | null, limit: number): readonly Uint8Array[]
  findByPrefix(prefixes: readonly Uint8Array[]): readonly Uint8Array[]
  listHeld(authors: readonly Uint8Array[]): readonly HeldLog[]
  listDigests(places: readonly LogPlaces[]): readonly (readonly SeqDigest[])[]
  listForks(logs: readonly Pick<LogPlaces, 'author' | 'device'>[]): readonly (readonly SeqDigest[])[]
  listBeats(logs: readonly Pick<LogPlaces, 'author' | 'device'>[]): readonly (SignedBeat | null)[]
  listTails(limit: number): readonly OpenTail[]
  listOperations(authors: readonly Uint8Array[]): readonly { author: Uint8Array; operations: readonly Uint8Array[] }[]
  listProfilePlaces(authors: readonly Uint8Array[]): readonly ProfilePlace[]
  readLog(
    author: Uint8Array,
    device: Uint8Array,
    range: SeqRange,
    maxBytes: number,
  ): readonly { seq: number; record: Uint8Array }[]
  /** The same in one buffer. */
  readLogPacked(...range: Parameters<SquareCalls['readLog']>): PackedLog
  findAuthorOfDevice(device: Uint8Array): Uint8Array | null
  listPrivate(author: Uint8Array, afterKey: number, limit: number): readonly PrivateRow[]
  listDeviceLogs(author: Uint8Array): readonly DeviceLogFacts[]
  findAuthorsByAuthority(keyHash: Uint8Array, addressStart: Uint8Array, limit: number): readonly Uint8Array[]
  openInbox(key: Uint8Array): void
  isHomeOf(address: Uint8Array): boolean
  readInbox(question: AnswerQuestion): AnswerPage
  countMedia(author: Uint8Array): { held: number; known: number }
  noteHeld(peerId: string, isSeed: boolean, device: Uint8Array, seqs: readonly number[]): void

  putBlocks(cids: readonly Uint8Array[], blocks: PackedBytes): void
  getBlock(cid: Uint8Array): Uint8Array | null
  hasBlock(cid: Uint8Array): boolean
  deleteBlock(cid: Uint8Array): void
  putDag(dag: DagInput): void
  getDag(root: string): { blocks: readonly string[]; type: string; size: number } | null
  listMissing(limit: number): readonly MissingRoot[]
  findClaim(root: string): { type: string; size: number; author: Uint8Array } | null
  noteFetchStarted(root: string): void
  noteFetchFailed(root: string): void
  collectGarbage(): { blocks: number; bytes: number }

  home(query: PageQuery): PostPage
  beyond(query: BeyondQuery): PostPage
  profilePosts(profile: string, query: SilencedQuery): PostPage
  tag(tag: string, query: PageQuery): PostPage
  list(profile: string, list: string, query: PageQuery): PostPage
  lists(member: string | null): readonly ListView[]
  listPeople(id: string): ListPeople | null
  posts(ids: readonly string[]): readonly (PostView | null)[]
  notifications(query: NotificationQuery): NotificationPage
  unreadNotifications(ringing?: Ringing): Unread
  markNotificationsRead(id: string | null): number
  post(id: string): PostView | null
  history(id: string): readonly PostVersion[] | null
  thread(id: string, query?: ThreadQuery): Thread | null
  silencedPeople(): SilencedPeople
  profile(profile: string): ProfileView
  follows(): readonly Follow[]
  search(text: string, query: SearchQuery): PostPage & { searched: number }
  suggest(typed: string, limit: number): readonly Suggestion[]
  names(profiles: readonly string[]): readonly string[]

  setAccount(account: SquareAccount): void
  setPins(pins: readonly Uint8Array[]): void
  settleSilences(muted: readonly MutedPerson[], blocked?: readonly MutedPerson[]): boolean
  settleWords(muted: readonly MutedWord[]): WordSettling
  setWanted(addresses: readonly Uint8Array[]): void
  setCarried(addresses: readonly Uint8Array[]): readonly Uint8Array[]
  setConnection(connection: ConnectionState): void
  addPendingFollows(targets: readonly Uint8Array[], addresses: readonly string[]): void
  listPendingFollows(): readonly PendingFollowView[]
  removePendingFollows(targets: readonly Uint8Array[]): void
  getState(key: string): unknown
  setState(key: string, value: unknown): void
  getImportPlace(): ImportPlace | null
  setImportPlace(place: ImportPlace | null): void
  findGenesis(author: Uint8Array): Uint8Array | null
  readProfileBody(author: Uint8Array): Uint8Array | null
  setBudgets(change: Partial<Budgets>): void
  storage(): StorageFacts
  addTraffic(rows: readonly TrafficRow[]): void
  listTraffic(days: number): readonly TrafficRow[]
  stats(): SquareStats
  integrityCheck(): readonly string[]
  checkpoint(): void
  close(): void
}

export type SquareMethod = keyof SquareCalls

/** Main thread → worker. */
export interface SquareRequest {
  readonly call: number
  readonly method: SquareMethod
  readonly args: readonly unknown[]
}

/** An error that crosses threads with its code. */
export interface ErrorFacts {
  readonly name: string
  readonly code: string | null
  readonly message: string
  readonly data: Readonly<Record<string, string | number | boolean | null>>
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: Record<string, unknown>
  readonly message: string
}

/** Worker → main thread. */
export type SquareMessage =
  | { readonly type: 'opened' }
  | { readonly type: 'failed'; readonly error: ErrorFacts }
  | { readonly type: 'answer'; readonly call: number; readonly result: unknown }
  | { readonly type: 'refusal'; readonly call: number; readonly error: ErrorFacts }
  | { readonly type: 'ingested'; readonly event: PackedEvent }
  | { readonly type: 'log'; readonly line: LogLine }

/** One copy of all parts into a buffer of its own. */
export function packBytes(parts: readonly Uint8Array[]): PackedBytes {
  const lengths = parts.map(({ length }) => length)
  const whole = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return { buffer: whole.buffer, lengths }
}

/** Views of the buffer, in order. */
export function unpackBytes({ buffer, lengths }: PackedBytes): Uint8Array[] {
  let offset = 0
  return lengths.map((length) => {
    const part = new Uint8Array(buffer, offset, length)
    offset += length
    return part
  })
}
