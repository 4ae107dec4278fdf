/**
 * Looks through everything that is stored, bit by bit, for bytes that are not what was written. Records and operations
 * prove themselves by hash and signature, blocks by their CID, projections by the body that they come from, all other
 * pages by SQLite's own check. What is damaged in own.db is taken from square.db, or becomes a hole that peers fill; a
 * damaged block goes and is fetched again; a square.db with damage of any kind is named `broken`, and is made anew from
 * what can be proven (docs/store.md). Nothing is ever mended by guessing.
 */
import { checkOperation } from '../identity/operation.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { readBody } from '../record/check-record.ts'
import type { DatabaseFile } from '../store/database-file.ts'
import type { MediaDatabase } from '../store/media-database.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { ProjectionCheck } from '../store/projection-check.ts'
import { RECORD_STATE } from '../store/record-table.ts'
import type { RowWalk, WalkedRow } from '../store/row-walk.ts'
import { DatabaseError, isDamage } from '../store/sqlite-errors.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { StoredRows } from '../store/stored-rows.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Logger } from '../util/logger.ts'
import { isStoredBlock } from './block-proof.ts'
import { toOwnRow } from './own-log-guard.ts'
import { type ProvenRecord, proveStored } from './record-proof.ts'

const PARTS = ['own', 'own-operations', 'operations', 'records', 'blocks', 'media', 'pages'] as const
export type ScrubPart = (typeof PARTS)[number]

const DATABASES = ['own.db', 'square.db', 'media.db'] as const
export type DatabaseName = (typeof DATABASES)[number]

/** Where a pass stands; survives a stop. */
export interface ScrubPosition {
  readonly part: ScrubPart
  /** Number of the last row, or name of the last root, or index of the last check. */
  readonly after: number | string
}

export interface ScrubStep {
  /** Null at the end of the pass. */
  readonly next: ScrubPosition | null
  /** Rows looked at. */
  readonly looked: number
  /** What was damaged, by what it was. */
  readonly damaged: { readonly records: number; readonly operations: number; readonly blocks: number }
  /** Databases that have to be made anew. */
  readonly broken: readonly DatabaseName[]
}

export const SCRUB_START: ScrubPosition = { part: PARTS[0], after: 0 }

const RECORDS_A_STEP = 128
/** At most 1 MiB each. */
const BLOCKS_A_STEP = 4
const ROOTS_A_STEP = 128
/** Rows of each of two tables of which one at least is whole, whatever happened to a disk. */
const SAMPLE = 64

export interface ScrubComponents {
  readonly own: OwnDatabase
  readonly square: SquareDatabase
  readonly media: MediaDatabase
  readonly rows: StoredRows
  readonly tables: SquareTables
  readonly projections: ProjectionCheck
  readonly verifier: SignatureVerifier
  readonly logger: Logger
}

export interface ScrubInit {
  /** Domain of the network whose signatures count. */
  readonly domain: string
  /** An own record at the end of a log can't be had from square.db: its number may have been signed (LOG7). */
  readonly onHeadLost: (device: Uint8Array) => void
}

type Found = { records: number; operations: number; blocks: number; broken: Set<DatabaseName> }

export class Scrub {
  readonly #c: ScrubComponents
  readonly #init: ScrubInit
  #isRightDomain: boolean | undefined

  constructor(components: ScrubComponents, init: ScrubInit) {
    this.#c = components
    this.#init = init
  }

  step({ part, after }: ScrubPosition): ScrubStep {
    if (!this.#isOfThisNetwork()) {
      this.#c.logger.error({}, 'nothing here was signed for this network: the store is not looked through')
      return { next: null, looked: 0, damaged: { records: 0, operations: 0, blocks: 0 }, broken: [] }
    }
    const found: Found = { records: 0, operations: 0, blocks: 0, broken: new Set() }
    const { rows } = this.#c
    const [row, name] = [typeof after === 'number' ? after : 0, typeof after === 'string' ? after : '']
    const walk = (table: RowWalk, database: DatabaseName, look: (one: WalkedRow) => void, limit = RECORDS_A_STEP) =>
      this.#walk(table, row, limit, database, found, look)
    let step: { next: number | string | null; looked: number }
    try {
      if (part === 'own') step = walk(rows.ownRecords, 'own.db', (one) => this.#lookAtOwn(one, found))
      else if (part === 'own-operations') {
        step = walk(rows.ownOperations, 'own.db', (one) => this.#lookAtOwnOperation(one, found))
      } else if (part === 'operations') {
        step = walk(rows.operations, 'square.db', (one) => this.#lookAtOperation(one, found))
      } else if (part === 'records') step = walk(rows.records, 'square.db', (one) => this.#lookAtRecord(one, found))
      else if (part === 'blocks') {
        step = walk(rows.blocks, 'media.db', (one) => this.#lookAtBlock(one, found), BLOCKS_A_STEP)
      } else if (part === 'media') step = this.#lookAtRoots(name)
      else step = this.#lookAtPages(row, found)
    } catch (error) {
      if (!isDamage(error)) throw error
      found.broken.add(fileOf(error) ?? fileOfPart(part))
      step = { next: null, looked: 0 }
    }
    const { records, operations, blocks, broken } = found
    const next = step.next === null ? nextPart(part) : { part, after: step.next }
    return { next, looked: step.looked, damaged: { records, operations, blocks }, broken: [...broken] }
  }

  /** Under the domain of another network every signature looks damaged: then nothing may be touched. */
  #isOfThisNetwork(): boolean {
    this.#isRightDomain ??= this.#hasProof()
    return this.#isRightDomain
  }

  #hasProof(): boolean {
    const { ownRecords, records } = this.#c.rows
    try {
      const rows = [...ownRecords.read(0, SAMPLE).rows, ...records.read(0, SAMPLE).rows]
      return rows.length === 0 || rows.some((row) => this.#prove(row) !== null)
    } catch (error) {
      if (isDamage(error)) return true
      throw error
    }
  }

  #walk(
    table: RowWalk,
    after: number,
    limit: number,
    database: DatabaseName,
    found: Found,
    look: (row: WalkedRow) => void,
  ): { next: number | null; looked: number } {
    const { rows, next, unreadable } = table.read(after, limit)
    for (const row of rows) look(row)
    if (unreadable > 0) found.broken.add(database)
    return { next, looked: rows.length }
  }

  #lookAtOwn(row: WalkedRow, found: Found): void {
    const { rows } = this.#c
    const proven = this.#prove(row)
    const isProven = proven !== null && !proven.isBodyDamaged && isNamedRightly(row, proven, row.author)
    const isDeleted = row.body === null && row.delete_id instanceof Uint8Array && rows.hasOwn(row.delete_id)
    if (isProven && (row.body !== null || isDeleted)) return
    const right = this.#findInSquare(row, proven)
    // A text that is missing may never have been here; one that square.db has, or that it knows to be deleted, was.
    if (isProven && right === null) return
    found.records++
    if (right !== null) {
      // Deleted here, and perhaps not yet there.
      const deleteId = isDeleted ? (row.delete_id as Uint8Array) : null
      const whole = toOwnRow(right.record)
      rows.replaceOwn(row.row_key, isDeleted ? { ...whole, body: null, deleteId } : whole)
    } else if (proven !== null && isNamedRightly(row, proven, row.author)) rows.clearOwnBody(row.row_key)
    else if (proven !== null) rows.replaceOwn(row.row_key, toOwnRow(proven.record))
    else {
      const { device, seq } = row
      const isPlaced = device instanceof Uint8Array && device.length === 32 && typeof seq === 'number'
      if (isPlaced && rows.isOwnTop(row.row_key, device, seq)) this.#init.onHeadLost(device)
      rows.dropOwn(row.row_key)
    }
    this.#c.logger.error({ seq: String(row.seq), isMended: right !== null }, 'an own record was damaged on this disk')
  }

  /** The same record as square.db has it, with its body. */
  #findInSquare(row: WalkedRow, proven: ProvenRecord | null): ProvenRecord | null {
    const { identities, logs, records } = this.#c.tables
    const ids: Uint8Array[] = proven !== null ? [proven.record.id] : row.id instanceof Uint8Array ? [row.id] : []
    const { author, device, seq } = row
    if (ids.length === 0 || records.find(ids[0] as Uint8Array) === undefined) {
      const authorId = author instanceof Uint8Array ? identities.findAuthor(author) : undefined
      const log = authorId === undefined || !(device instanceof Uint8Array) ? undefined : logs.find(authorId, device)
      if (log === undefined || typeof seq !== 'number' || log.isForked) return null
      ids.push(...records.listAtSeq(log.logId, seq).map(({ id }) => id))
    }
    for (const id of ids) {
      const held = records.find(id)
      if (held === undefined) continue
      const found = this.#prove({ ...held, header: records.headerOf(held), delete_id: held.deleteId })
      const isSame = found !== null && equalBytes(found.record.id, id)
      if (isSame && !found.isBodyDamaged && held.state !== RECORD_STATE.missing) return found
    }
    return null
  }

  #lookAtOwnOperation(row: WalkedRow, found: Found): void {
    if (this.#isOperation(row.bytes) !== null) return
    found.operations++
    // The chain stands in square.db as well, and what is missing there comes from peers.
    this.#c.rows.dropOwnOperation(row.row_key)
  }

  #lookAtOperation(row: WalkedRow, found: Found): void {
    const operation = this.#isOperation(row.bytes)
    const isRight = operation !== null && isSame(row.hash, operation.id) && isSame(row.address, operation.address)
    if (isRight) return
    found.operations++
    found.broken.add('square.db')
  }

  #lookAtRecord(row: WalkedRow, found: Found): void {
    const proven = this.#prove(row)
    if (proven !== null && !proven.isBodyDamaged && this.#isWhole(row, proven)) return
    found.records++
    found.broken.add('square.db')
  }

  #isWhole(row: WalkedRow, proven: ProvenRecord): boolean {
    const { projections, tables } = this.#c
    if (!isNamedRightly(row, proven, row.author) || row.is_of_author !== 1) return false
    const { body } = proven.record
    const { state } = row
    if (body === null) return state === RECORD_STATE.deleted || state === RECORD_STATE.missing
    if (state === RECORD_STATE.deleted) return true
    const decoded = readBody(proven.record, body)
    if (typeof decoded === 'string') return state === RECORD_STATE.unreadable
    if (state !== RECORD_STATE.shown) return false
    if (row.is_hidden === 1) return true
    const held = tables.records.find(proven.record.id)
    return held !== undefined && projections.agrees(held, decoded)
  }

  #lookAtBlock(row: WalkedRow, found: Found): void {
    if (isStoredBlock(row)) return
    found.blocks++
    const { rows, square, tables } = this.#c
    const roots = rows.dropBlock(row.row_key, row.cid)
    square.transaction(() => {
      for (const root of roots) tables.mediaRefs.noteHere(root, false)
    })
  }

  /** Roots that count as whole and aren't, or that are said to be something else than the records say. */
  #lookAtRoots(after: string): { next: string | null; looked: number } {
    const { media, rows, square, tables } = this.#c
    const roots = rows.listHere(after, ROOTS_A_STEP)
    const gone = roots.filter((root) => {
      const claim = tables.mediaRefs.findClaim(root)
      const said = media.findClaim(root)
      if (claim !== null && said !== null && (claim.type !== said.type || claim.size !== said.size)) {
        media.forgetDag(root)
      }
      return !media.hasDag(root)
    })
    square.transaction(() => {
      for (const root of gone) tables.mediaRefs.noteHere(root, false)
    })
    return { next: roots.length < ROOTS_A_STEP ? null : (roots.at(-1) ?? null), looked: roots.length }
  }

  /** One check of all those of the three databases. */
  #lookAtPages(done: number, found: Found): { next: number | null; looked: number } {
    const { own, square, media, logger } = this.#c
    const checks = [...checksOf('own.db', own), ...checksOf('square.db', square), ...checksOf('media.db', media)]
    const check = checks[done]
    if (check === undefined) return { next: null, looked: 0 }
    const problems = check.run()
    if (problems.length > 0) {
      logger.error({ file: check.name, problems: problems.slice(0, 5) }, 'a database is damaged')
      found.broken.add(check.name)
    }
    return { next: done + 1 < checks.length ? done + 1 : null, looked: 0 }
  }

  #prove(row: Readonly<Record<string, unknown>>): ProvenRecord | null {
    return proveStored(row, this.#c.verifier, this.#init.domain)
  }

  #isOperation(bytes: unknown): { readonly id: Uint8Array; readonly address: Uint8Array } | null {
    if (!(bytes instanceof Uint8Array)) return null
    const { verdict, operation } = checkOperation(bytes, this.#c.verifier, this.#init.domain)
    return verdict.verdict === 'accept' ? operation : null
  }
}

/** A table that can't be read is damaged as one that says something wrong. */
function checksOf(name: DatabaseName, database: DatabaseFile): { name: DatabaseName; run: () => string[] }[] {
  const guarded = (check: () => string[]) => () => {
    try {
      return check()
    } catch (error) {
      if (!isDamage(error)) throw error
      return [String(error)]
    }
  }
  try {
    return database.listChecks().map((check) => ({ name, run: guarded(check) }))
  } catch (error) {
    return [{ name, run: () => [String(error)] }]
  }
}

/** The database that an error names. */
function fileOf(error: unknown): DatabaseName | undefined {
  const file = error instanceof DatabaseError ? String(error.data.file) : ''
  return DATABASES.find((name) => file.endsWith(name))
}

function fileOfPart(part: ScrubPart): DatabaseName {
  if (part === 'own' || part === 'own-operations') return 'own.db'
  return part === 'blocks' ? 'media.db' : 'square.db'
}

function nextPart(part: ScrubPart): ScrubPosition | null {
  const next = PARTS[PARTS.indexOf(part) + 1]
  return next === undefined ? null : { part: next, after: next === 'media' ? '' : 0 }
}

/** What stands in the columns is what the header says. */
function isNamedRightly(row: WalkedRow, { record }: ProvenRecord, author: unknown): boolean {
  const { header, id } = record
  return (
    isSame(row.id, id) &&
    isSame(author, header.author) &&
    isSame(row.device, header.device) &&
    row.seq === header.seq &&
    row.kind === header.kind &&
    row.ts_ms === header.ts
  )
}

function isSame(stored: unknown, right: Uint8Array): boolean {
  return stored instanceof Uint8Array && equalBytes(stored, right)
}
