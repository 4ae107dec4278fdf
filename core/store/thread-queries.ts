import { BOUND_LIMIT } from './bound-limit.ts'
import { type PostValues, prepareRows, rowsOf } from './post-queries.ts'
import type { SquareDatabase } from './square-database.ts'

/** How far away whoever wrote it is: the account or somebody it follows, somebody whom these follow, anybody else. */
export type Nearness = 1 | 2 | 3

/** Where an answer belongs, without what it says. */
export interface AnswerRow {
  readonly recordKey: number
  readonly id: Uint8Array
  readonly parentId: Uint8Array
  readonly authorId: number
  readonly sortMs: number
  readonly nearness: Nearness
}

const COLUMNS = `placed_post.record_key, placed_post.id, placed_post.parent_id, placed_post.author_id, placed_post.sort_ms,
  CASE WHEN EXISTS (SELECT 1 FROM home_author WHERE home_author.author_id = placed_post.author_id) THEN 1
    WHEN EXISTS (SELECT 1 FROM near WHERE near.address = placed_post.author) THEN 2 ELSE 3 END AS nearness`

/** The answers of a thread as rows that are cheap to have many of; also of people who are silenced. */
export class ThreadQueries {
  readonly #below
  readonly #inThread
  readonly #nearInThread

  constructor({ db }: SquareDatabase) {
    this.#below = prepareRows(
      db,
      `WITH RECURSIVE branch (id) AS (SELECT ?
         UNION ALL SELECT placed_post.id FROM branch JOIN placed_post ON placed_post.parent_id = branch.id ${BOUND_LIMIT})
       SELECT ${COLUMNS} FROM branch JOIN placed_post ON placed_post.parent_id = branch.id ${BOUND_LIMIT}`,
    )
    const named = `SELECT ${COLUMNS} FROM placed_post WHERE root_id = ? AND parent_id IS NOT NULL`
    this.#inThread = prepareRows(db, `${named} ORDER BY sort_ms, id ${BOUND_LIMIT}`)
    this.#nearInThread = prepareRows(db, `${named} AND nearness < 3 ORDER BY sort_ms, id ${BOUND_LIMIT}`)
  }

  /** What answers this post, and what answers that, level by level, at most `limit`. */
  below(id: Uint8Array, limit: number): AnswerRow[] {
    return rowsOf(this.#below.all(id, limit, limit)).map(toAnswer)
  }

  /** Everything that names this post as the root of its thread, oldest first. */
  inThread(rootId: Uint8Array, limit: number): AnswerRow[] {
    return rowsOf(this.#inThread.all(rootId, limit)).map(toAnswer)
  }

  /** The same of people who aren't strangers: looks at all of the thread to find them. */
  nearInThread(rootId: Uint8Array, limit: number): AnswerRow[] {
    return rowsOf(this.#nearInThread.all(rootId, limit)).map(toAnswer)
  }
}

function toAnswer(row: PostValues): AnswerRow {
  return {
    recordKey: row[0] as number,
    id: row[1] as Uint8Array,
    parentId: row[2] as Uint8Array,
    authorId: row[3] as number,
    sortMs: row[4] as number,
    nearness: row[5] as Nearness,
  }
}
