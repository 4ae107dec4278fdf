import type { BeatWord, SignedBeat } from '../record/beat.ts'

/** Inclusive range of sequence numbers. */
export type SeqRange = readonly [from: number, to: number]

/** The records of one seq that can be handed on, in 8 bytes: sha256 over their ascending ids, cut. */
export interface SeqDigest {
  readonly seq: number
  readonly digest: Uint8Array
}

/**
 * What is held of one device log. Ranges ascending, disjoint, at most 64; records without body that no deletion explains
 * count as not held, and so does a seq of which others are held than the one that a seal links to (LOG8).
 */
export interface HeldLog {
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly ranges: readonly SeqRange[]
  /** The highest seq of which something can be handed on; null for none. */
  readonly tip: SeqDigest | null
  /** It signed one seq twice. */
  readonly isForked: boolean
  /** Seqs at which a branch is known to go on downwards, and isn't held: the newest, descending, at most 4. */
  readonly open: readonly number[]
  /** Up to this seq it was let go of to make room: what isn't held of it isn't wanted. Left out for nothing. */
  readonly releasedTo?: number
  /** What the newest beat that is here says (BEA4); null for none, and for a device that is not in use (BEA7). */
  readonly beat: Omit<BeatWord, 'head'> | null
}

/** Some seqs of one log. */
export interface LogPlaces {
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly seqs: readonly number[]
}

/** A log of a device in use whose newest beat names more than is held of it. */
export interface OpenTail {
  readonly author: Uint8Array
  readonly device: Uint8Array
  /** The number that the beat names. */
  readonly beatSeq: number
}

/** Where one record stands: of an author, in the log of a device. */
export interface ProfilePlace {
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly seq: number
}

/** How the protocols read the logs. All answers are bounded; keys and ids are raw bytes. */
export interface LogReader {
  /** Authors (32-byte keys) whose logs this node wants to be complete: own, followed, pending follows, pinned; for a keeping seed also every author it holds. */
  listWanted(): Promise<readonly Uint8Array[]>
  /** True when new authors are admitted as well (a seed with `--admit all`). */
  wantsEveryone(): Promise<boolean>
  /** Authors that this node holds anything of, ascending, after `after`, at most `limit`. */
  listAuthors(after: Uint8Array | null, limit: number): Promise<readonly Uint8Array[]>
  /** Authors whose addresses begin with these bytes, at most 512 beginnings; one for each at most, in no order. */
  findByPrefix(prefixes: readonly Uint8Array[]): Promise<readonly Uint8Array[]>
  /** The held logs of these authors (at most 512). */
  listHeld(authors: readonly Uint8Array[]): Promise<readonly HeldLog[]>
  /** What is held at these places, at most 512 seqs in all; those of which nothing is held are left out. */
  listDigests(places: readonly LogPlaces[]): Promise<readonly (readonly SeqDigest[])[]>
  /**
   * Seqs of these logs (at most 512) that were signed more than once: at most 8 each, descending. Of more than 8 every
   * call answers others.
   */
  listForks(logs: readonly Pick<LogPlaces, 'author' | 'device'>[]): Promise<readonly (readonly SeqDigest[])[]>
  /** The newest beats of these logs (at most 512); null where there is none. */
  listBeats(logs: readonly Pick<LogPlaces, 'author' | 'device'>[]): Promise<readonly (SignedBeat | null)[]>
  /** Logs whose newest beat names more than is held, at most `limit` and 4,096. */
  listTails(limit: number): Promise<readonly OpenTail[]>
  /** All operations of these authors' chains on the wire, genesis first. */
  listOperations(
    authors: readonly Uint8Array[],
  ): Promise<readonly { readonly author: Uint8Array; readonly operations: readonly Uint8Array[] }[]>
  /** Wire bytes of a log's records within the range, newest first, at most `maxBytes` in all; but at least one if there is any, and all of its seq. A deleted body goes as null with its reason. */
  readLog(
    author: Uint8Array,
    device: Uint8Array,
    range: SeqRange,
    maxBytes: number,
  ): Promise<readonly { readonly seq: number; readonly record: Uint8Array }[]>
  /** Where the profile record that counts now stands, of each of these authors (at most 512) who has one here. */
  listProfilePlaces(authors: readonly Uint8Array[]): Promise<readonly ProfilePlace[]>
  /** Author's address of a device key, where a held chain lists it. */
  findAuthorOfDevice(device: Uint8Array): Promise<Uint8Array | null>
}

/** From what a person has to the chains that name it. */
export interface AuthorityIndex {
  /**
   * Addresses (32 bytes) whose chains name this sha256 of an authority's or paper key, in any operation, and that begin
   * with `addressStart` (0 … 32 bytes); the longest held first, at most 16.
   */
  findAuthorsByAuthority(keyHash: Uint8Array, addressStart: Uint8Array, limit: number): Promise<readonly Uint8Array[]>
}

/** What is held of one device's log, for people. */
export interface DeviceLogFacts {
  readonly device: Uint8Array
  /** Records held, deleted ones too; headers whose body isn't here are none. */
  readonly records: number
  /** Of those, and of headers alone, beyond the device's seal or not linked to it: kept, passed on, not shown. */
  readonly hidden: number
  /** The highest seq that is held, with its lowest id; null for an empty log. */
  readonly head: { readonly seq: number; readonly id: Uint8Array; readonly tsMs: number } | null
  /** It signed one seq twice. */
  readonly isForked: boolean
}

/** A private record whose body is here. */
export interface PrivateRow {
  /** Its place among the records of this store. */
  readonly recordKey: number
  readonly id: Uint8Array
  readonly tsMs: number
  readonly body: Uint8Array
}

export interface PrivateRecords {
  /** Those that count, in the order in which they were written here, after that of `afterKey`; at most 1,000. */
  listPrivate(author: Uint8Array, afterKey: number, limit: number): Promise<readonly PrivateRow[]>
}

export interface DeviceLogs {
  /** Logs of which anything is held, at most 512. */
  listDeviceLogs(author: Uint8Array): Promise<readonly DeviceLogFacts[]>
}

/** What peers acknowledged. */
export interface HoldingBook {
  /** The peer says it keeps these own records. */
  noteHeld(peerId: string, isSeed: boolean, device: Uint8Array, seqs: readonly number[]): Promise<void>
}

/** What seeds look up for others (INB4). */
export interface AnswerQuestion {
  /** collect: what speaks to this person · answers: to this root, and itself · tag: posts with this one. */
  readonly purpose: 'collect' | 'answers' | 'tag'
  /** 32-byte address, 32-byte id, or a folded tag in UTF-8. */
  readonly subject: Uint8Array
  /** Of collect: milliseconds since 1970; else 0. */
  readonly since: number
  /** `next` of the page before; null for the newest. */
  readonly cursor: Uint8Array | null
}

/** Wire bytes with the chains of who wrote them, at most 96 records and 1 MiB. */
export interface AnswerPage {
  readonly operations: readonly Uint8Array[]
  readonly records: readonly Uint8Array[]
  readonly next: Uint8Array | null
  /** Of collect: when the newest came, milliseconds since 1970; else whatever orders it. */
  readonly until: number
}

/** The inboxes that a seed keeps, and what it looks up. */
export interface InboxReader {
  /** From now on people whose profile names this 32-byte key are at home here. */
  openInbox(key: Uint8Array): Promise<void>
  isHomeOf(address: Uint8Array): Promise<boolean>
  readInbox(question: AnswerQuestion): Promise<AnswerPage>
  findAuthorOfDevice(device: Uint8Array): Promise<Uint8Array | null>
}
