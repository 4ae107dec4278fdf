import type { SquareDatabase } from './square-database.ts'

interface Counts {
  records: number
  bytes: number
  posts: number
}

/**
 * How much is held of each author, in the rows of `author`. Within a transaction the counts stand in memory, and each
 * author's row is written once, before the commit.
 */
export class AuthorCounts {
  readonly #square: Pick<SquareDatabase, 'db' | 'keep'>
  readonly #held
  readonly #add
  readonly #sum
  /** What is to be added to the rows. */
  readonly #open = new Map<number, Counts>()
  /** What the rows say, of those that were looked at in this transaction. */
  readonly #rows = new Map<number, Readonly<Omit<Counts, 'posts'>>>()

  /** Of all authors together, null until somebody asks. */
  #total: Omit<Counts, 'records'> | null = null

  constructor(square: Pick<SquareDatabase, 'db' | 'keep'>) {
    this.#square = square
    this.#held = square.db.prepare('SELECT record_count, record_bytes FROM author WHERE author_id = ?')
    this.#add = square.db.prepare(
      'UPDATE author SET record_count = record_count + ?, record_bytes = record_bytes + ?, post_count = post_count + ? WHERE author_id = ?',
    )
    this.#sum = square.db.prepare(
      'SELECT coalesce(sum(record_bytes), 0) AS bytes, coalesce(sum(post_count), 0) AS posts FROM author',
    )
    square.keep({
      flush: () => this.#flush(),
      forget: () => {
        this.#forget()
        this.#total = null
      },
    })
  }

  add(authorId: number, { records, bytes, posts }: Readonly<Counts>): void {
    const open = this.#open.get(authorId)
    if (open === undefined) this.#open.set(authorId, { records, bytes, posts })
    else {
      open.records += records
      open.bytes += bytes
      open.posts += posts
    }
    if (!this.#square.db.isTransaction) this.#flush()
  }

  heldOf(authorId: number): { readonly records: number; readonly bytes: number } {
    const { records, bytes } = this.#rows.get(authorId) ?? this.#read(authorId)
    const open = this.#open.get(authorId)
    return open === undefined ? { records, bytes } : { records: records + open.records, bytes: bytes + open.bytes }
  }

  /** Bytes of everything that is held. To be called between transactions. */
  totalBytes(): number {
    return this.#sumUp().bytes
  }

  /** Posts with text that are held here. To be called between transactions. */
  totalPosts(): number {
    return this.#sumUp().posts
  }

  #sumUp(): Omit<Counts, 'records'> {
    const sum = this.#total === null ? this.#sum.get() : undefined
    this.#total ??= { bytes: Number(sum?.bytes), posts: Number(sum?.posts) }
    return this.#total
  }

  #read(authorId: number): Readonly<Omit<Counts, 'posts'>> {
    const row = this.#held.get(authorId)
    const held = {
      records: (row?.record_count as number | undefined) ?? 0,
      bytes: (row?.record_bytes as number | undefined) ?? 0,
    }
    if (this.#square.db.isTransaction) this.#rows.set(authorId, held)
    return held
  }

  #flush(): void {
    for (const [authorId, { records, bytes, posts }] of this.#open) this.#write(authorId, { records, bytes, posts })
    this.#forget()
  }

  #write(authorId: number, { records, bytes, posts }: Readonly<Counts>): void {
    this.#add.run(records, bytes, posts, authorId)
    if (this.#total === null) return
    this.#total.bytes += bytes
    this.#total.posts += posts
  }

  #forget(): void {
    this.#open.clear()
    this.#rows.clear()
  }
}
