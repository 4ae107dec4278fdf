/**
 * Takes over what can be proven of a square.db or media.db that was damaged and moved aside: operations and records
 * through the door, with the times at which they were first seen, blocks by their CIDs. Bit by bit, and on after a stop.
 * What can't be read or proven is a hole, which sync and the media service fill.
 */
import { CID } from 'multiformats/cid'
import type { SignatureVerifier } from '../identity/signature.ts'
import { encodeRecord } from '../record/encode-record.ts'
import type { MediaDatabase } from '../store/media-database.ts'
import type { OwnDatabase } from '../store/own-database.ts'
import type { WalkedRow } from '../store/row-walk.ts'
import { SalvageSource, type SalvageTable } from '../store/salvage-source.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { isStoredBlock } from './block-proof.ts'
import { proveStored } from './record-proof.ts'
import type { SquareDoor } from './square-door.ts'

/** Key of the small state in own.db that says what is still to be taken over. */
const SALVAGE = 'salvage'

/** What is taken over of which file, in this order. */
const TABLES = {
  'square.db': ['operations', 'records'],
  'media.db': ['blocks'],
} as const
type Name = keyof typeof TABLES

const ROWS = 128
/** At most 1 MiB each. */
const BLOCKS = 8

interface Pending {
  readonly name: Name
  readonly path: string
  readonly table: SalvageTable
  readonly after: number
}

export interface SalvageComponents {
  readonly own: OwnDatabase
  readonly media: MediaDatabase
  readonly door: Pick<SquareDoor, 'ingest' | 'takeBack'>
  readonly verifier: SignatureVerifier
  readonly clock: Clock
  readonly logger: Logger
}

export class Salvage {
  readonly #c: SalvageComponents
  readonly #domain: string
  #source: { readonly path: string; readonly file: SalvageSource | null } | null = null

  constructor(components: SalvageComponents, init: { readonly domain: string }) {
    this.#c = components
    this.#domain = init.domain
  }

  /** To be called as soon as a database was moved to `path` and a new one stands in its place. */
  begin(name: Name, path: string): void {
    this.#save([
      ...this.#pending().filter((one) => one.name !== name),
      { name, path, table: TABLES[name][0], after: 0 },
    ])
  }

  get isBusy(): boolean {
    return this.#pending().length > 0
  }

  /** The next bit. True while something is left. */
  step(): boolean {
    const [first, ...rest] = this.#pending()
    if (first === undefined) return false
    const next = this.#step(first)
    this.#save(next === null ? rest : [next, ...rest])
    if (next === null) {
      this.close()
      this.#c.logger.warn({ file: first.name, kept: first.path }, 'what could be read of a damaged database is back')
    }
    return next !== null || rest.length > 0
  }

  close(): void {
    this.#source?.file?.close()
    this.#source = null
  }

  #step(pending: Pending): Pending | null {
    if (this.#source?.path !== pending.path) {
      this.close()
      this.#source = { path: pending.path, file: SalvageSource.open(pending.path) }
    }
    const { file } = this.#source as { readonly file: SalvageSource | null }
    if (file === null) return null
    const { rows, next } = file
      .walk(pending.table)
      ?.read(pending.after, pending.table === 'blocks' ? BLOCKS : ROWS) ?? {
      rows: [],
      next: null,
    }
    if (pending.table === 'operations') this.#takeOperations(rows)
    else if (pending.table === 'records') this.#takeRecords(rows.map((row) => file.withPlace(row)))
    else this.#takeBlocks(rows)
    if (next !== null) return { ...pending, after: next }
    if (pending.table === 'blocks') this.#takeDags(file)
    const tables: readonly SalvageTable[] = TABLES[pending.name]
    const table = tables[tables.indexOf(pending.table) + 1]
    return table === undefined ? null : { ...pending, table, after: 0 }
  }

  #takeOperations(rows: readonly WalkedRow[]): void {
    const operations = rows.flatMap(({ bytes }) => (bytes instanceof Uint8Array ? [bytes] : []))
    this.#c.door.ingest({ operations, records: [] }, { kind: 'salvage' })
  }

  #takeRecords(rows: readonly WalkedRow[]): void {
    const { clock, door, verifier } = this.#c
    const records = rows.flatMap((row) => {
      const proven = proveStored(row, verifier, this.#domain)
      if (proven === null) return []
      const { seen_ms: seen } = row
      const seenMs = typeof seen === 'number' && seen > 0 ? Math.min(seen, clock.now()) : clock.now()
      return [{ bytes: encodeRecord(proven.record), seenMs }]
    })
    door.takeBack(records)
  }

  #takeBlocks(rows: readonly WalkedRow[]): void {
    const { clock, media } = this.#c
    const whole = rows.filter(isStoredBlock)
    const blocks = whole.map(({ cid, bytes }) => ({ cid: cid as Uint8Array, bytes: bytes as Uint8Array }))
    media.putBlocks(blocks, clock.now())
  }

  /** Nothing proves them: whoever reads a file judges it against what its record says. */
  #takeDags(file: SalvageSource): void {
    const { clock, media } = this.#c
    for (const [root, rows] of Map.groupBy(file.list('dags'), ({ root }) => root)) {
      const [{ type, size } = {} as WalkedRow] = rows
      const blocks = rows.flatMap(({ cid }) => cidText(cid) ?? [])
      const isWhole = typeof root === 'string' && typeof type === 'string' && typeof size === 'number'
      if (!isWhole || blocks.length !== rows.length || blocks[0] !== root) continue
      media.putDag({ root, blocks, type, size, isPending: true }, clock.now())
    }
  }

  #pending(): readonly Pending[] {
    return JSON.parse(this.#c.own.getState(SALVAGE) ?? '[]')
  }

  #save(pending: readonly Pending[]): void {
    this.#c.own.setState(SALVAGE, pending.length === 0 ? null : JSON.stringify(pending))
  }
}

function cidText(cid: unknown): string | undefined {
  try {
    return cid instanceof Uint8Array ? CID.decode(cid).toString() : undefined
  } catch {
    return undefined
  }
}
