/**
 * A square.db with many records, made by the tables that the door writes with: rows, projections and indexes are what
 * they are in use; only signatures, which nobody reads back, are blank. The same seed gives the same records.
 */

import type { SignedRecord } from '../core/record/envelope.ts'
import {
  decodeBody,
  encodeFollow,
  encodePost,
  encodeProfile,
  encodeReaction,
  encodeRepost,
  KIND,
} from '../core/record/kinds/kind-table.ts'
import type { PostBody } from '../core/record/kinds/post.ts'
import { signRecord } from '../core/record/sign-record.ts'
import { PROJECTION_VERSION } from '../core/store/reprojection.ts'
import { SquareDatabase } from '../core/store/square-database.ts'
import { createSquareTables } from '../core/store/square-tables.ts'
import { utf8 } from '../core/util/bytes.ts'
import { SeededChoice } from '../test/harness/seeded-random.ts'

export const AUTHORS = 5_000
export const FOLLOWS = 500
/** One of those followed that says something once in a long while: their posts lie far apart in every index. */
export const QUIET_EVERY = 5
/** 2025-01-01; the last record is a year younger, whatever their number. */
const EPOCH_MS = 1_735_689_600_000
const YEAR_MS = 31_536_000_000
const RECORDS_PER_TRANSACTION = 2_000
const WORDS = 20_000
const RECENT = 4_096
const SYLLABLES = ['ba', 'ce', 'di', 'fo', 'gu', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vi', 'zo', 'cha', 'tre']
const IDEOGRAPHS =
  '我们今天在村里的大树下谈论天气和收成面包价格上涨了人们说明年会更好水井修好了孩子学校开门市场很热闹朋友来信问候平安'

/** A word that stands in half of all posts, one in a thousandth of them, and one in very few. */
export const COMMON_WORD = 'tree'
export const RARE_WORD = 'quince'
export const RAREST_WORD = 'heliotrope'

interface Writer {
  readonly address: Uint8Array
  readonly device: Uint8Array
  readonly isQuiet: boolean
  seq: number
  prev: Uint8Array | null
}

const BLANK = new Uint8Array(64)
const NO_SECRET = new Uint8Array(32)

export interface FillInit {
  /** Of square.db; it may be there already, and then the account is one that it knows. */
  readonly path: string
  readonly records: number
  /** Address of the account whose home timeline this is. */
  readonly me: Uint8Array
}

/** Writes the records; `progress` hears how many there are. Authors come back in the order of their numbers. */
export function fillSquare(init: FillInit, progress: (written: number) => void = () => {}): readonly Uint8Array[] {
  const square = new SquareDatabase({ path: init.path })
  try {
    return new Filler(square, init).fill(progress)
  } finally {
    square.checkpoint()
    square.close()
  }
}

/** Addresses of the authors, as `fillSquare` makes them. */
export function authorAddress(number: number): Uint8Array {
  return new SeededChoice(number + 1).bytes(32)
}

class Filler {
  readonly #square: SquareDatabase
  readonly #tables
  readonly #init: FillInit
  readonly #choice = new SeededChoice(7)
  readonly #words: readonly string[]
  readonly #writers: readonly Writer[]
  readonly #recent: { readonly record: SignedRecord; readonly root: SignedRecord }[] = []
  #written = 0

  constructor(square: SquareDatabase, init: FillInit) {
    this.#square = square
    this.#tables = createSquareTables(square)
    this.#init = init
    this.#words = Array.from({ length: WORDS }, () =>
      Array.from({ length: 2 + this.#choice.below(3) }, () => this.#choice.pick(SYLLABLES)).join(''),
    )
    this.#writers = Array.from({ length: AUTHORS }, (_, i) => ({
      address: authorAddress(i),
      device: new SeededChoice(i + 1_000_000).bytes(32),
      isQuiet: i < FOLLOWS && i % QUIET_EVERY === 0,
      seq: 0,
      prev: null,
    }))
  }

  fill(progress: (written: number) => void): readonly Uint8Array[] {
    const { identities, home, projections } = this.#tables
    projections.setAccount(this.#init.me)
    const addresses = this.#writers.map(({ address }) => address)
    this.#square.transaction(() => {
      home.addAuthor(identities.ensureAuthor(this.#init.me))
      this.#square.setMeta('home-owner', this.#init.me)
      this.#square.setMeta('projection-version', utf8(PROJECTION_VERSION))
      const me: Writer = { address: this.#init.me, device: NO_SECRET, isQuiet: false, seq: 0, prev: null }
      for (const address of addresses.slice(0, FOLLOWS)) {
        const subject = { address, genesis: address.subarray(0, 8) }
        this.#write(me, KIND.follow, encodeFollow({ salt: this.#salt(), subject, on: true }))
      }
      for (const [i, writer] of this.#writers.entries()) {
        this.#write(writer, KIND.profile, encodeProfile({ salt: this.#salt(), name: `Author ${i}` }))
      }
    })
    while (this.#written < this.#init.records) {
      this.#square.transaction(() => {
        const end = Math.min(this.#init.records, this.#written + RECORDS_PER_TRANSACTION)
        while (this.#written < end) this.#say()
        this.#tables.writer.settle(this.#now())
      })
      progress(this.#written)
    }
    return addresses
  }

  /** What a square says: posts, a quarter of them answers, a reaction for every ten records, few reposts and follows. */
  #say(): void {
    const writer = this.#pickWriter()
    const turn = this.#choice.below(100)
    const about = this.#recent.length === 0 ? undefined : this.#choice.pick(this.#recent)
    if (about === undefined || turn < 84) {
      const isReply = about !== undefined && turn < 21
      const reply = isReply ? { root: refer(about.root), parent: refer(about.record) } : undefined
      const record = this.#write(writer, KIND.post, encodePost(this.#post(reply)))
      const said = { record, root: isReply ? about.root : record }
      if (this.#recent.length < RECENT) this.#recent.push(said)
      else this.#recent[this.#choice.below(RECENT)] = said
      return
    }
    const subject = refer(about.record)
    const salt = this.#salt()
    if (turn < 94) this.#write(writer, KIND.reaction, encodeReaction({ salt, subject, emoji: '❤' }))
    else if (turn < 97) this.#write(writer, KIND.repost, encodeRepost({ salt, subject, on: true }))
    else {
      const { address } = this.#choice.pick(this.#writers)
      const followed = { address, genesis: address.subarray(0, 8) }
      this.#write(writer, KIND.follow, encodeFollow({ salt, subject: followed, on: true }))
    }
  }

  /** Some write a hundred times as much as others; the quiet ones nearly never. */
  #pickWriter(): Writer {
    for (;;) {
      const share = this.#choice.below(1_000_000) / 1_000_000
      const writer = this.#writers[Math.floor(share * share * AUTHORS)] as Writer
      // Who is quiet is followed, and those with low numbers write the most.
      if (!writer.isQuiet || this.#choice.below(500) === 0) return writer
    }
  }

  #post(reply: PostBody['reply']): PostBody {
    const salt = this.#salt()
    const place = reply === undefined ? {} : { reply }
    if (this.#choice.below(30) === 0) return { salt, text: this.#ideographs(), ...place }
    const length = 5 + this.#choice.below(40)
    const words = Array.from({ length }, () => this.#word())
    if (this.#choice.below(2) === 0) words.push(COMMON_WORD)
    if (this.#choice.below(1_000) === 0) words.push(RARE_WORD)
    if (this.#choice.below(100_000) === 0) words.push(RAREST_WORD)
    const text = words.join(' ')
    if (this.#choice.below(10) !== 0) return { salt, text, ...place }
    const start = utf8(text).length + 1
    const tag = `#${this.#word()}`
    return { salt, text: `${text} ${tag}`, tags: [{ start, end: start + utf8(tag).length }], ...place }
  }

  /** Some words stand everywhere, most of them hardly anywhere. */
  #word(): string {
    const share = this.#choice.below(1_000_000) / 1_000_000
    return this.#words[Math.floor(share ** 4 * WORDS)] as string
  }

  #ideographs(): string {
    const all = [...IDEOGRAPHS]
    return Array.from({ length: 10 + this.#choice.below(60) }, () => this.#choice.pick(all)).join('')
  }

  #write(writer: Writer, kind: number, body: Uint8Array): SignedRecord {
    const { address: author, device, prev } = writer
    const ts = this.#now()
    const draft = { kind, author, device, secretKey: NO_SECRET, seq: writer.seq + 1, prev, ts, body }
    const record = signRecord(draft, () => BLANK)
    const decoded = decodeBody(kind, body)
    if (!decoded.ok) throw new Error('a made record is unreadable')
    this.#tables.writer.write({ record, body: decoded, isUnreadable: false, seenMs: ts })
    writer.seq++
    writer.prev = record.id
    this.#written++
    return record
  }

  #now(): number {
    return EPOCH_MS + Math.floor((this.#written / this.#init.records) * YEAR_MS)
  }

  #salt(): Uint8Array {
    return this.#choice.bytes(8)
  }
}

function refer({ header, id }: SignedRecord) {
  return { author: header.author, id }
}
