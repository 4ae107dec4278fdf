import { CID } from 'multiformats/cid'
import type { MediaView } from '../contract/media.ts'
import type { Admission } from '../ingest/admission.ts'
import type { MediaDatabase } from '../store/media-database.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { MediaStates } from '../timeline/reader.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { type DagInput, type MissingRoot, type PackedBytes, unpackBytes } from './square-calls.ts'

const MAX_FETCHING = 1_000
/** References that one look at what is missing reads: far more than strangers' answers to a busy thread show. */
const MAX_REFERENCES = 20_000

/** Media as the store's thread answers for it: blocks and roots in media.db, references in square.db. */
export class SquareMedia implements MediaStates {
  readonly #media: MediaDatabase
  readonly #square: SquareDatabase
  readonly #tables: SquareTables
  readonly #admission: Admission
  readonly #clock: Clock
  readonly #fetching = new Set<string>()
  #hasRoom = true
  #isDiskLow = false

  constructor(components: {
    readonly media: MediaDatabase
    readonly square: SquareDatabase
    readonly tables: SquareTables
    readonly admission: Admission
    readonly clock: Clock
  }) {
    this.#media = components.media
    this.#square = components.square
    this.#tables = components.tables
    this.#admission = components.admission
    this.#clock = components.clock
  }

  stateOf(cid: string): MediaView['state'] {
    if (this.#media.hasDag(cid)) return 'here'
    if (this.#fetching.has(cid)) return 'fetching'
    return this.#tables.mediaRefs.hasFailed(cid) ? 'missing' : 'waiting'
  }

  putBlocks(cids: readonly Uint8Array[], blocks: PackedBytes): void {
    const parts = unpackBytes(blocks)
    this.#media.putBlocks(
      cids.map((cid, i) => ({ cid, bytes: parts[i] ?? new Uint8Array() })),
      this.#clock.now(),
    )
  }

  putDag(dag: DagInput): void {
    this.#media.putDag(dag, this.#clock.now())
    const isHere = this.#media.hasDag(dag.root)
    if (isHere) this.#fetching.delete(dag.root)
    this.#square.transaction(() => this.#tables.mediaRefs.noteHere(dag.root, isHere))
  }

  getDag(root: string): { blocks: readonly string[]; type: string; size: number } | null {
    const dag = this.#media.getDag(root)
    if (dag === null) return null
    return { type: dag.type, size: dag.size, blocks: dag.blocks.map((cid) => CID.decode(cid).toString()) }
  }

  listMissing(limit: number): MissingRoot[] {
    const { mediaRefs } = this.#tables
    const found = new Map<string, MissingRoot>()
    const here = new Set<string>()
    if (!this.#hasRoom) return []
    const isWanted = this.#wantedAuthors()
    for (const { root, type, size, author } of mediaRefs.iterateMissing(MAX_REFERENCES)) {
      if (found.size >= limit) break
      if (found.has(root) || here.has(root) || !isWanted(author)) continue
      // The two databases commit apart: media.db knows best.
      if (this.#media.hasDag(root)) here.add(root)
      else found.set(root, { root, type, size, author })
    }
    if (here.size > 0) {
      this.#square.transaction(() => {
        for (const root of here) mediaRefs.noteHere(root, true)
      })
    }
    return [...found.values()]
  }

  /** False while the budget is full and nothing makes room: nothing is fetched that nobody asks for. */
  setRoom(hasRoom: boolean): void {
    this.#hasRoom = hasRoom
  }

  /** Pictures are fetched only of people who are kept while the disk is short of room. */
  setDiskLow(isDiskLow: boolean): void {
    this.#isDiskLow = isDiskLow
  }

  /** Asks about each author once. */
  #wantedAuthors(): (author: Uint8Array) => boolean {
    if (this.#admission.wantsEveryone && !this.#isDiskLow) return () => true
    const known = new Map<string, boolean>()
    return (author) => {
      const name = toHex(author)
      const isKept = known.get(name) ?? this.#admission.isKeptAuthor(author)
      known.set(name, isKept)
      return isKept
    }
  }

  findClaim(root: string): { type: string; size: number; author: Uint8Array } | null {
    const claim = this.#tables.mediaRefs.findClaim(root)
    return claim === null ? null : { type: claim.type, size: claim.size, author: claim.author }
  }

  noteFetchStarted(root: string): void {
    if (this.#fetching.size < MAX_FETCHING) this.#fetching.add(root)
  }

  noteFetchFailed(root: string): void {
    this.#fetching.delete(root)
    this.#square.transaction(() => this.#tables.mediaRefs.noteFailed(root, this.#clock.now()))
  }

  collectGarbage(): { blocks: number; bytes: number } {
    const { mediaRefs } = this.#tables
    const { blocks, bytes, roots } = this.#media.collectGarbage(this.#clock.now(), (root) => mediaRefs.isReferred(root))
    this.#square.transaction(() => {
      for (const root of roots) mediaRefs.noteHere(root, false)
    })
    return { blocks, bytes }
  }
}
