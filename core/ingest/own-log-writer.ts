import { encodeRecord } from '../record/encode-record.ts'
import type { SignedRecord } from '../record/envelope.ts'
import { decodeBody, KIND } from '../record/kinds/kind-table.ts'
import { MAX_AHEAD_MS } from '../record/limits.ts'
import { signRecord } from '../record/sign-record.ts'
import type { LogFacts } from '../store/log-table.ts'
import type { MediaDatabase } from '../store/media-database.ts'
import type { OwnDatabase, OwnRecordRow } from '../store/own-database.ts'
import { DAY_MS, MANY_DELETES } from '../store/record-effects.ts'
import { RECORD_STATE } from '../store/record-table.ts'
import type { SquareTables } from '../store/square-tables.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, NoAccountError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { OwnDraft, OwnPublished } from './own-log.ts'
import { type OwnLogGuard, toOwnRow } from './own-log-guard.ts'
import { OWN_LOSS, type OwnLoss, readLoss } from './own-loss.ts'
import type { OwnRedating } from './own-redating.ts'
import type { SquareDoor } from './square-door.ts'

export interface OwnAccount {
  /** Address, 32 bytes. */
  readonly author: Uint8Array
  /** Public key of this device, 32 bytes. */
  readonly device: Uint8Array
  /** 32-byte seed of this device's key. */
  readonly secretKey: Uint8Array
}

const RECONCILE_BATCH = 256

/**
 * Writes the log of this device: own.db first, durable, then the door. What own.db took is published, even where
 * square.db then has no room: it is brought up to own.db as soon as it can be.
 */
export class OwnLogWriter {
  readonly #own: OwnDatabase
  readonly #media: MediaDatabase
  readonly #tables: SquareTables
  readonly #door: SquareDoor
  readonly #guard: OwnLogGuard
  readonly #redating: OwnRedating
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #domain: string
  #account: OwnAccount | null = null
  #isBehind = false

  constructor(
    components: {
      readonly own: OwnDatabase
      readonly media: MediaDatabase
      readonly tables: SquareTables
      readonly door: SquareDoor
      readonly guard: OwnLogGuard
      readonly redating: OwnRedating
      readonly clock: Clock
      readonly logger: Logger
    },
    init: { readonly domain: string },
  ) {
    this.#own = components.own
    this.#media = components.media
    this.#tables = components.tables
    this.#door = components.door
    this.#guard = components.guard
    this.#redating = components.redating
    this.#clock = components.clock
    this.#logger = components.logger
    this.#domain = init.domain
  }

  /** square.db lacks own records that own.db has. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  /** A copy of this device signs elsewhere: nothing is written any more. */
  get isForked(): boolean {
    return this.#guard.isForked
  }

  setAccount(account: OwnAccount | null): void {
    this.#account = account
    this.#guard.setDevice(account?.device ?? null)
  }

  /**
   * Signs anew, besides, what this device has signed with a time that lies ahead (LOG13): after the drafts in what it
   * returns, and before them in the log. Without drafts that alone is done.
   *
   * @throws NoAccountError, BadRequestError, DiskFullError; PalabreError `log-forked` when a copy of this device signs
   *   elsewhere, `device-retired`, `device-sealed`. Then nothing was published.
   */
  publish(drafts: readonly OwnDraft[]): OwnPublished[] {
    const account = this.#account
    if (account === null) throw new NoAccountError()
    this.#assertInUse(account)
    if (this.#hasLost(account)) this.#guard.noteForked()
    if (this.#guard.isForked) {
      throw new PalabreError(
        'log-forked',
        'another copy of this device has signed posts: this one may not sign any more',
      )
    }
    for (const draft of drafts) this.#assertDraft(draft)
    if (this.#isBehind) this.#bringTogether(account)
    const misdated = this.#redating.find(account.author, account.device)
    const again = misdated.drafts.length
    if (again + drafts.length + misdated.early.length + misdated.due.length === 0) return []
    const records = this.#own.transaction(() => this.#commit(account, [...misdated.drafts, ...drafts]))
    const published = records.map((record) => ({
      id: record.id,
      seq: record.header.seq,
      ts: record.header.ts,
      record: encodeRecord(record),
    }))
    try {
      this.#redating.settle(misdated)
      this.#door.ingest({ operations: [], records: published.map(({ record }) => record) }, { kind: 'own' })
      for (const root of drafts.flatMap(rootsOf)) this.#media.settlePending(root)
    } catch (error) {
      this.#isBehind = true
      this.#logger.error({ error: String(error) }, 'own records are safe in own.db and not yet in square.db')
    }
    return [...published.slice(again), ...published.slice(0, again)]
  }

  #commit(account: OwnAccount, drafts: readonly OwnDraft[]): SignedRecord[] {
    const head = this.#own.head(account.device)
    let prev = head === null ? null : head.id
    let seq = head?.seq ?? 0
    let lastMs = head?.tsMs ?? 0
    return drafts.map((draft) => {
      const nowMs = this.#clock.now()
      // They rise, so that a later word on a subject wins; not past what other peers would hold back.
      const ts = lastMs < nowMs + MAX_AHEAD_MS ? Math.max(nowMs, lastMs + 1) : nowMs
      seq++
      const record = signRecord({
        kind: draft.kind,
        author: account.author,
        device: account.device,
        secretKey: account.secretKey,
        seq,
        prev,
        ts,
        body: draft.body,
        network: this.#domain,
      })
      this.#own.insert(toOwnRow(record))
      this.#dropDeleted(record)
      prev = record.id
      lastMs = ts
      return record
    })
  }

  /**
   * The text goes in the transaction of the delete: no crash can leave one without the other. Of very many deletes in a
   * day the later ones wait, as everywhere, and the door says when.
   */
  #dropDeleted(record: SignedRecord): void {
    if (this.#own.countDeletesSince(record.header.device, record.header.ts - DAY_MS) > MANY_DELETES) return
    const target = readDelete(record.header.kind, record.body)
    if (target === null || !equalBytes(target.author, record.header.author)) return
    this.#own.dropBody({ id: target.id, author: record.header.author }, record.id)
  }

  /** It has said of its log that it goes on beyond what is here: the next number was signed already (LOG7). */
  #hasLost(account: OwnAccount): boolean {
    if (this.#isBehind) return false
    return (this.#logOf(account)?.beat?.seq ?? 0) > (this.#own.head(account.device)?.seq ?? 0)
  }

  /** A device that its chain has sealed or retired writes nothing more. */
  #assertInUse({ author, device }: OwnAccount): void {
    const { identities } = this.#tables
    const authorId = identities.findAuthor(author)
    const status = authorId === undefined ? undefined : identities.findDevice(authorId, device)?.status
    if (status === 'retired')
      throw new PalabreError('device-retired', 'this device was retired: it may not write any more')
    if (status === 'sealed') {
      throw new PalabreError(
        'device-sealed',
        'this device was revoked: only its owner’s words or paper key take that back',
      )
    }
  }

  /** Own pictures stand on the disk before the post that shows them. */
  #assertDraft(draft: OwnDraft): void {
    for (const root of rootsOf(draft)) {
      if (!this.#media.hasDag(root)) {
        throw new PalabreError('media-not-here', `${root} is not stored here: add the picture before the post`)
      }
    }
  }

  /**
   * Brings own.db and square.db to the same own records: a square.db that was deleted or is behind gets what it lacks,
   * an own.db that lost records takes them back before anything new is signed.
   */
  reconcile(): void {
    const account = this.#account
    if (account === null) return
    try {
      this.#bringTogether(account)
    } catch (error) {
      // Reading goes on, and the next own record tries again first.
      this.#isBehind = true
      this.#logger.error({ error: String(error) }, 'own.db and square.db could not be brought together')
    }
  }

  #bringTogether(account: OwnAccount): void {
    this.#door.ingest({ operations: this.#own.listOperations(), records: [] }, { kind: 'own' })
    const loss = readLoss(this.#own, account.device)
    this.#takeBack(account, loss === null ? (this.#own.head(account.device)?.seq ?? 0) : 0)
    this.#catchUp(account)
    const log = this.#logOf(account)
    if (log?.isForked === true) this.#guard.noteForked()
    if (loss !== null) this.#judgeLoss(account, loss, log)
  }

  /** own.db was damaged: what it had signed last is known only where a square.db that wasn't says so. */
  #judgeLoss({ device }: OwnAccount, loss: OwnLoss, log: LogFacts | undefined): void {
    const head = this.#own.head(device)?.seq ?? 0
    const isWhole = this.#own.countRecords(device) === head && head > 0 && log?.headSeq === head
    if (isWhole && loss.isSquareWhole) this.#own.setState(OWN_LOSS, null)
    else {
      this.#own.setState(OWN_LOSS, JSON.stringify({ ...loss, device: toHex(device) }))
      this.#guard.noteForked()
    }
  }

  #logOf(account: Pick<OwnAccount, 'author' | 'device'>): LogFacts | undefined {
    const { identities, logs } = this.#tables
    const authorId = identities.findAuthor(account.author)
    if (authorId === undefined) return undefined
    return logs.listOfAuthor(authorId).find(({ device }) => equalBytes(device, account.device))
  }

  /** What this device has signed, under the keys that it had before as well. */
  #catchUp({ author }: OwnAccount): void {
    // Twice: that an edit went with its post shows only when the deletion is here, which may come after it.
    const devices = this.#own.listDevices()
    for (const device of [...devices, ...devices]) this.#catchUpLog(author, device)
    this.#isBehind = false
  }

  /** A log is compared from its first hole on only: starting takes no longer with a long one. */
  #catchUpLog(author: Uint8Array, device: Uint8Array): void {
    const log = this.#logOf({ author, device })
    let after = log === undefined ? 0 : this.#tables.logs.heldFromStart(log.logId)
    for (;;) {
      const rows = this.#own.listAfter(device, after, RECONCILE_BATCH)
      const missing = rows.filter((row) => !this.#isInSquare(row))
      if (missing.length > 0) {
        this.#door.ingest({ operations: [], records: missing.map(toWire) }, { kind: 'own' })
      }
      if (rows.length < RECONCILE_BATCH) break
      after = (rows.at(-1) as OwnRecordRow).seq
    }
  }

  #isInSquare(row: OwnRecordRow): boolean {
    const held = this.#tables.records.find(row.id)
    if (held?.state === RECORD_STATE.missing) return false
    if (held === undefined || (held.body === null) !== (row.body === null)) {
      if (held !== undefined && held.deleteId !== null && row.body !== null) {
        // Deleted by another device of mine, and this disk stopped in between.
        this.#own.dropBody({ id: row.id, author: row.author }, held.deleteId)
        return true
      }
      return false
    }
    return true
  }

  #takeBack(account: OwnAccount, after: number): void {
    const { records } = this.#tables
    const log = this.#logOf(account)
    if (log === undefined || log.headSeq <= after) return
    let taken = 0
    this.#own.transaction(() => {
      for (let seq = after + 1; seq <= log.headSeq; seq++) {
        const row = records.listAtSeq(log.logId, seq)[0]
        if (row === undefined) continue
        if (this.#own.idAt(account.device, seq) !== null) {
          if (row.body !== null && row.state !== RECORD_STATE.deleted) this.#own.fillBody(row.id, row.body)
          continue
        }
        taken++
        const header = records.headerOf(row)
        if (header === null) continue
        this.#own.insert({ ...row, header, device: account.device, author: account.author })
        const target = readDelete(row.kind, row.body)
        if (target !== null && equalBytes(target.author, account.author)) {
          this.#own.dropBody({ id: target.id, author: account.author }, row.id)
        }
      }
    })
    if (taken > 0) this.#logger.warn({ records: taken }, 'own.db was behind square.db and took its own records back')
  }
}

/** The pictures that a draft shows. @throws BadRequestError for a body that breaks its kind's rules */
function rootsOf(draft: OwnDraft): string[] {
  const decoded = decodeBody(draft.kind, draft.body)
  if (!decoded.ok) throw new BadRequestError(decoded.detail)
  if (decoded.kind === 'post' || decoded.kind === 'edit')
    return (decoded.body.media ?? []).map(({ cid }) => cid.toString())
  return decoded.kind === 'profile' && decoded.body.avatar !== undefined ? [decoded.body.avatar.cid.toString()] : []
}

function readDelete(kind: number, body: Uint8Array | null): { author: Uint8Array; id: Uint8Array } | null {
  if (kind !== KIND.delete || body === null) return null
  const decoded = decodeBody(kind, body)
  return decoded.ok && decoded.kind === 'delete' ? decoded.body.subject : null
}

function toWire(row: OwnRecordRow): Uint8Array {
  const absence = row.deleteId === null ? null : ({ reason: 'deleted', deleteId: row.deleteId } as const)
  return encodeRecord({ headerBytes: row.header, signature: row.signature, body: row.body, absence })
}
