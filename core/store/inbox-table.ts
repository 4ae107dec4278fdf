import type { RecordHeader } from '../record/envelope.ts'
import { type DecodedBody, decodeBody, KIND } from '../record/kinds/kind-table.ts'
import { spokenTo } from '../record/spoken-to.ts'
import { equalBytes } from '../util/bytes.ts'
import { LruMap } from '../util/lru-map.ts'
import { bytesName } from './bytes-name.ts'
import type { IdentityTable } from './identity-table.ts'
import type { SquareDatabase } from './square-database.ts'

/** Entries of one person, of all that speak to them (INB6). */
const MAX_ENTRIES = 1_000
/** Of those, what strangers may take: a ring, the oldest out first. */
const MAX_STRANGERS = 200
/** Of one who speaks, whoever they are. */
const MAX_OF_ONE = 50
/** All people together; beyond that strangers are not noted. */
const MAX_TOTAL = 1_000_000
/** People whose profile was looked at. */
const MAX_HOMES = 20_000
/** Follows that are looked at to say how near somebody is. */
const MAX_FOLLOWS = 5_000

const NEARNESS = { stranger: 0, twoHops: 1, followed: 2 } as const

export interface InboxQuotas {
  readonly entries: number
  readonly strangers: number
  readonly ofOne: number
}

export const INBOX_QUOTAS: InboxQuotas = { entries: MAX_ENTRIES, strangers: MAX_STRANGERS, ofOne: MAX_OF_ONE }

/** Which records here speak to people who are at home here. Runs inside a transaction of the caller. */
export class InboxTable {
  readonly #identities: IdentityTable
  readonly #quotas: InboxQuotas
  readonly #homes = new LruMap<string, boolean>(MAX_HOMES)
  readonly #profile
  readonly #follows
  readonly #followsOfFollows
  readonly #add
  readonly #has
  readonly #count
  readonly #countOf
  readonly #dropFirst
  readonly #dropFirstOf
  readonly #dropNearest
  readonly #total
  #home: Uint8Array | null = null

  constructor(
    { db }: Pick<SquareDatabase, 'db'>,
    tables: { readonly identities: IdentityTable },
    quotas: InboxQuotas = INBOX_QUOTAS,
  ) {
    this.#identities = tables.identities
    this.#quotas = quotas
    this.#profile = db.prepare(
      'SELECT record.body AS body FROM profile JOIN record USING (record_key) WHERE profile.author_id = ? AND record.state = 0',
    )
    this.#follows = db.prepare(
      `SELECT 1 AS yes FROM edge_word WHERE kind = ${KIND.follow} AND author_id = ? AND subject = ? AND is_on = 1 AND is_last = 1`,
    )
    this.#followsOfFollows = db.prepare(
      `SELECT 1 AS yes FROM (SELECT subject FROM edge_word WHERE kind = ${KIND.follow} AND author_id = ?1 AND is_on = 1
           AND is_last = 1 LIMIT ${MAX_FOLLOWS}) AS near
         JOIN author ON author.address = near.subject
         JOIN edge_word AS far ON far.kind = ${KIND.follow} AND far.author_id = author.author_id AND far.subject = ?2
           AND far.is_on = 1 AND far.is_last = 1 LIMIT 1`,
    )
    this.#has = db.prepare('SELECT 1 AS yes FROM inbox WHERE target_id = ? AND record_key = ?')
    this.#add = db.prepare(
      `INSERT OR IGNORE INTO inbox (target_id, author_id, record_key, nearness, received_ms)
       VALUES (?, ?, ?, ?, max(?, (SELECT coalesce(max(received_ms), 0) FROM inbox WHERE target_id = ?1)))`,
    )
    this.#count = db.prepare(
      'SELECT count(*) AS entries, coalesce(sum(nearness = 0), 0) AS strangers FROM inbox WHERE target_id = ?',
    )
    this.#countOf = db.prepare('SELECT count(*) AS entries FROM inbox WHERE target_id = ? AND author_id = ?')
    this.#dropFirst = db.prepare(
      `DELETE FROM inbox WHERE entry_id IN (SELECT entry_id FROM inbox WHERE target_id = ? AND nearness = 0
         ORDER BY entry_id LIMIT ?)`,
    )
    this.#dropFirstOf = db.prepare(
      `DELETE FROM inbox WHERE entry_id IN (SELECT entry_id FROM inbox WHERE target_id = ? AND author_id = ?
         ORDER BY entry_id LIMIT ?)`,
    )
    this.#dropNearest = db.prepare(
      `DELETE FROM inbox WHERE entry_id IN (SELECT entry_id FROM inbox WHERE target_id = ? AND nearness > 0
         ORDER BY nearness, entry_id LIMIT ?)`,
    )
    this.#total = db.prepare('SELECT count(*) AS entries FROM (SELECT 1 FROM inbox LIMIT ?)')
  }

  /** From now on people whose profile names this key are at home here; null for nobody. */
  setHome(key: Uint8Array | null): void {
    this.#home = key
    this.#homes.clear()
  }

  isHomeOf(address: Uint8Array): boolean {
    if (this.#home === null) return false
    const name = bytesName(address)
    const known = this.#homes.get(name)
    if (known !== undefined) return known
    const isHome = this.#isNamedBy(address, this.#home)
    this.#homes.set(name, isHome)
    return isHome
  }

  /** True for what is kept here for somebody, whoever says it: `near` for whom room is reserved. */
  takes(header: RecordHeader, body: DecodedBody): 'near' | 'stranger' | null {
    const targets = this.#targetsOf(header.author, body)
    if (targets.length === 0) return null
    const isNear = targets.some((target) => this.#nearnessOf(target, header.author) > NEARNESS.stranger)
    return isNear ? 'near' : 'stranger'
  }

  /** To be called for every record that is new here. */
  note(recordKey: number, header: RecordHeader, body: DecodedBody, nowMs: number): void {
    if (body.kind === 'profile') this.#homes.delete(bytesName(header.author))
    for (const target of this.#targetsOf(header.author, body)) this.#note(recordKey, header.author, target, nowMs)
  }

  #targetsOf(author: Uint8Array, body: DecodedBody): Uint8Array[] {
    return this.#home === null ? [] : spokenTo(author, body).filter((address) => this.isHomeOf(address))
  }

  #note(recordKey: number, author: Uint8Array, target: Uint8Array, nowMs: number): void {
    const targetId = this.#identities.findAuthor(target)
    const authorId = this.#identities.findAuthor(author)
    if (targetId === undefined || authorId === undefined || this.#has.get(targetId, recordKey) !== undefined) return
    const nearness = this.#nearnessOf(target, author)
    const { entries, strangers, ofOne } = this.#quotas
    if (nearness === NEARNESS.stranger && Number(this.#total.get(MAX_TOTAL)?.entries) >= MAX_TOTAL) return
    this.#add.run(targetId, authorId, recordKey, nearness, nowMs)
    const said = Number(this.#countOf.get(targetId, authorId)?.entries)
    if (said > ofOne) this.#dropFirstOf.run(targetId, authorId, said - ofOne)
    const held = this.#count.get(targetId)
    const ofStrangers = Number(held?.strangers)
    if (ofStrangers > strangers) this.#dropFirst.run(targetId, ofStrangers - strangers)
    const ofNear = Number(held?.entries) - ofStrangers
    if (ofNear > entries - strangers) this.#dropNearest.run(targetId, ofNear - (entries - strangers))
  }

  /** How near the one who speaks is to the one who is spoken to, as far as is held here. */
  #nearnessOf(target: Uint8Array, author: Uint8Array): number {
    const targetId = this.#identities.findAuthor(target)
    if (targetId === undefined) return NEARNESS.stranger
    if (this.#follows.get(targetId, author) !== undefined) return NEARNESS.followed
    return this.#followsOfFollows.get(targetId, author) === undefined ? NEARNESS.stranger : NEARNESS.twoHops
  }

  #isNamedBy(address: Uint8Array, key: Uint8Array): boolean {
    const authorId = this.#identities.findAuthor(address)
    const bytes = authorId === undefined ? undefined : this.#profile.get(authorId)?.body
    if (!(bytes instanceof Uint8Array)) return false
    const body = decodeBody(KIND.profile, bytes)
    return body.ok && body.kind === 'profile' && body.body.seeds?.some(({ peer }) => equalBytes(peer, key)) === true
  }
}
