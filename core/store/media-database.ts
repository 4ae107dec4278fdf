import { parseCid } from '../codec/cid.ts'
import { BadRequestError } from '../util/errors.ts'
import { DatabaseFile } from './database-file.ts'
import { mediaMigrations } from './media-schema.ts'

/** 'PLBm' */
export const MEDIA_APPLICATION_ID = 0x504c_426d

/** A root without a record is kept this long after it was added: the post is still being written. */
const PENDING_MS = 24 * 3_600_000
/** Blocks of a root that is being fetched have no root row yet. */
const BLOCK_GRACE_MS = 3_600_000
const COLLECT_BATCH = 64

export interface Dag {
  readonly root: string
  /** CIDs, root first. */
  readonly blocks: readonly string[]
  readonly type: string
  readonly size: number
  readonly isPending: boolean
}

/** media.db: blocks by CID and the roots they make up; committed for good before the call returns. */
export class MediaDatabase extends DatabaseFile {
  readonly #putBlock
  readonly #getBlock
  readonly #hasBlock
  readonly #dropBlock
  readonly #putDag
  readonly #putDagBlock
  readonly #dag
  readonly #hasDag
  readonly #dagBlocks
  readonly #looseBlocks
  readonly #dagsToJudge
  readonly #settle
  readonly #dropDag
  readonly #dropDagBlocks
  readonly #bytes
  readonly #after
  /** Bytes of all blocks, null until somebody asks and after a transaction that was undone. */
  #totalBytes: number | null = null

  /** @throws DatabaseError, DiskFullError */
  constructor(init: { readonly path: string }) {
    super({
      path: init.path,
      applicationId: MEDIA_APPLICATION_ID,
      migrations: mediaMigrations,
      synchronous: 'FULL',
    })
    const db = this.db
    this.#putBlock = db.prepare('INSERT OR IGNORE INTO block (cid, size, added_ms, bytes) VALUES (?, ?, ?, ?)')
    this.#getBlock = db.prepare('SELECT bytes FROM block WHERE cid = ?')
    this.#hasBlock = db.prepare('SELECT 1 AS yes FROM block WHERE cid = ?')
    this.#dropBlock = db.prepare('DELETE FROM block WHERE cid = ?')
    this.#putDag = db.prepare(
      `INSERT INTO dag (root, type, size, added_ms, pending_until_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (root) DO UPDATE SET type = excluded.type, size = excluded.size,
         pending_until_ms = coalesce(excluded.pending_until_ms, pending_until_ms)`,
    )
    this.#putDagBlock = db.prepare('INSERT OR REPLACE INTO dag_block (root, position, cid) VALUES (?, ?, ?)')
    this.#dag = db.prepare('SELECT type, size FROM dag WHERE root = ?')
    this.#hasDag = db.prepare(
      `SELECT 1 AS yes FROM dag WHERE root = ? AND NOT EXISTS (
         SELECT 1 FROM dag_block WHERE dag_block.root = dag.root
           AND NOT EXISTS (SELECT 1 FROM block WHERE block.cid = dag_block.cid))`,
    )
    this.#dagBlocks = db.prepare('SELECT cid FROM dag_block WHERE root = ? ORDER BY position')
    this.#looseBlocks = db.prepare(
      `SELECT cid, size FROM block WHERE added_ms < ? AND NOT EXISTS
         (SELECT 1 FROM dag_block WHERE dag_block.cid = block.cid) LIMIT ?`,
    )
    this.#dagsToJudge = db.prepare(
      'SELECT root FROM dag WHERE root > ? AND (pending_until_ms IS NULL OR pending_until_ms < ?) ORDER BY root LIMIT ?',
    )
    this.#settle = db.prepare('UPDATE dag SET pending_until_ms = NULL WHERE root = ?')
    this.#dropDag = db.prepare('DELETE FROM dag WHERE root = ?')
    this.#dropDagBlocks = db.prepare('DELETE FROM dag_block WHERE root = ?')
    this.#after = db.prepare(
      `SELECT root, size, added_ms FROM dag WHERE root > ? AND (pending_until_ms IS NULL OR pending_until_ms < ?)
       ORDER BY root LIMIT ?`,
    )
    this.#bytes = db.prepare('SELECT coalesce(sum(size), 0) AS bytes FROM block')
  }

  putBlocks(blocks: readonly { readonly cid: Uint8Array; readonly bytes: Uint8Array }[], nowMs: number): void {
    this.transaction(() => {
      for (const { cid, bytes } of blocks) {
        if (this.#putBlock.run(cid, bytes.length, nowMs, bytes).changes > 0) this.#count(bytes.length)
      }
    })
  }

  getBlock(cid: Uint8Array): Uint8Array | null {
    return (this.#getBlock.get(cid)?.bytes as Uint8Array | undefined) ?? null
  }

  hasBlock(cid: Uint8Array): boolean {
    return this.#hasBlock.get(cid) !== undefined
  }

  deleteBlock(cid: Uint8Array): void {
    this.transaction(() => {
      if (this.#dropBlock.run(cid).changes > 0) this.#totalBytes = null
    })
  }

  /** @throws BadRequestError for a CID of another form, or when the root isn't the first block */
  putDag(dag: Dag, nowMs: number): void {
    if (dag.blocks[0] !== dag.root) throw new BadRequestError('the first block of a root is the root itself')
    const cids = dag.blocks.map(toCidBytes)
    this.transaction(() => {
      this.#putDag.run(dag.root, dag.type, dag.size, nowMs, dag.isPending ? nowMs + PENDING_MS : null)
      this.#dropDagBlocks.run(dag.root)
      cids.forEach((cid, position) => {
        this.#putDagBlock.run(dag.root, position, cid)
      })
    })
  }

  /** Null while not all blocks are here. */
  getDag(root: string): { type: string; size: number; blocks: Uint8Array[] } | null {
    const row = this.hasDag(root) ? this.#dag.get(root) : undefined
    if (row === undefined) return null
    const blocks = this.#dagBlocks.all(root).map((block) => block.cid as Uint8Array)
    return { type: row.type as string, size: row.size as number, blocks }
  }

  /** What a root is said to be, whole or not; null where nothing is said. */
  findClaim(root: string): { readonly type: unknown; readonly size: unknown } | null {
    const row = this.#dag.get(root)
    return row === undefined ? null : { type: row.type, size: row.size }
  }

  /** Forgets what a root is made of; its blocks stay until they are collected. */
  forgetDag(root: string): void {
    this.transaction(() => {
      this.#dropDagBlocks.run(root)
      this.#dropDag.run(root)
    })
  }

  hasDag(root: string): boolean {
    return this.#hasDag.get(root) !== undefined
  }

  /** A record refers to it now, so that it goes when the last such record goes. */
  settlePending(root: string): void {
    this.#settle.run(root)
  }

  /** Deletes roots that `isNeeded` doesn't speak for, then blocks that belong to no root. */
  collectGarbage(
    nowMs: number,
    isNeeded: (root: string) => boolean,
  ): { blocks: number; bytes: number; roots: string[] } {
    const freed = { blocks: 0, bytes: 0, roots: [] as string[] }
    let after = ''
    for (;;) {
      const roots = this.#dagsToJudge.all(after, nowMs, COLLECT_BATCH).map((row) => row.root as string)
      this.transaction(() => {
        for (const root of roots.filter((root) => !isNeeded(root))) {
          this.#removeDag(root, freed)
          freed.roots.push(root)
        }
      })
      if (roots.length < COLLECT_BATCH) break
      after = roots.at(-1) as string
    }
    for (;;) {
      const loose = this.#looseBlocks.all(nowMs - BLOCK_GRACE_MS, COLLECT_BATCH)
      this.transaction(() => {
        for (const row of loose) {
          this.#drop(row.cid as Uint8Array, row.size as number, freed)
        }
      })
      if (loose.length < COLLECT_BATCH) break
    }
    return freed
  }

  /** Blocks that only this root had are no fetch in progress: they go at once. */
  #removeDag(root: string, freed: { blocks: number; bytes: number }): void {
    const blocks = this.#dagBlocks.all(root).map((block) => block.cid as Uint8Array)
    this.#dropDagBlocks.run(root)
    this.#dropDag.run(root)
    for (const cid of blocks) this.#dropUnowned(cid, freed)
  }

  #dropUnowned(cid: Uint8Array, freed: { blocks: number; bytes: number }): void {
    const row = this.db
      .prepare(
        'SELECT size FROM block WHERE cid = ? AND NOT EXISTS (SELECT 1 FROM dag_block WHERE dag_block.cid = block.cid)',
      )
      .get(cid)
    if (row === undefined) return
    this.#drop(cid, row.size as number, freed)
  }

  #drop(cid: Uint8Array, size: number, freed: { blocks: number; bytes: number }): void {
    this.#dropBlock.run(cid)
    this.#count(-size)
    freed.blocks++
    freed.bytes += size
  }

  #count(bytes: number): void {
    if (this.#totalBytes !== null) this.#totalBytes += bytes
  }

  override transaction<T>(work: () => T): T {
    try {
      return super.transaction(work)
    } catch (error) {
      this.#totalBytes = null
      throw error
    }
  }

  /** Roots after this one that nobody is about to refer to, in order. */
  listDags(after: string, nowMs: number, limit: number): { root: string; size: number; addedMs: number }[] {
    return this.#after.all(after, nowMs, limit).map((row) => ({
      root: row.root as string,
      size: row.size as number,
      addedMs: row.added_ms as number,
    }))
  }

  /** Deletes a root and the blocks that no other one has. */
  dropDag(root: string): { blocks: number; bytes: number } {
    const freed = { blocks: 0, bytes: 0 }
    this.transaction(() => this.#removeDag(root, freed))
    return freed
  }

  totalBytes(): number {
    this.#totalBytes ??= Number(this.#bytes.get()?.bytes)
    return this.#totalBytes
  }
}

function toCidBytes(text: string): Uint8Array {
  const cid = parseCid(text)
  if (cid === undefined) throw new BadRequestError(`expected a CIDv1 with sha2-256 in base32, got ${text.slice(0, 80)}`)
  return cid.bytes
}
