import type { SquareDatabase } from './square-database.ts'

/** Words of follows that are looked at for friends of friends. */
const MAX_WORDS = 100_000
/** Strangers that are looked at, those met last first. */
const MAX_STRANGERS = 4_000

/** People whose posts stand below home. Who is silenced is left out here, and their posts by `visible_post` besides. */
export class BeyondQueries {
  readonly #friends
  readonly #others
  readonly #isHome

  constructor({ db }: Pick<SquareDatabase, 'db'>) {
    this.#friends = db.prepare(
      `SELECT friend.author_id AS author_id
       FROM (SELECT edge.subject AS subject FROM home_author
               JOIN author AS follower ON follower.author_id = home_author.author_id AND follower.is_silenced = 0
               JOIN edge ON edge.kind = 5 AND edge.author_id = home_author.author_id AND edge.is_on = 1
             LIMIT ${MAX_WORDS}) AS word
       JOIN author AS friend ON friend.address = word.subject
       WHERE friend.is_silenced = 0 AND friend.post_count > 0
         AND friend.author_id NOT IN (SELECT author_id FROM home_author)
       GROUP BY friend.author_id ORDER BY count(*) DESC, friend.author_id LIMIT ? + 0`,
    )
    this.#others = db.prepare(
      `SELECT author_id FROM author
       WHERE is_silenced = 0 AND post_count > 0 AND author_id NOT IN (SELECT author_id FROM home_author)
       ORDER BY author_id DESC LIMIT ${MAX_STRANGERS}`,
    )
    this.#isHome = db.prepare('SELECT 1 AS yes FROM home_author WHERE author_id = ?')
  }

  /** Whom the people at home follow, and who isn't there: those first whom most of them follow. */
  friends(limit: number): number[] {
    return this.#friends.all(limit).map((row) => row.author_id as number)
  }

  /** Everybody else of whom posts are held, those met last first. */
  others(without: ReadonlySet<number>, limit: number): number[] {
    const all = this.#others.all().map((row) => row.author_id as number)
    return all.filter((id) => !without.has(id)).slice(0, limit)
  }

  /** Those of them whose posts home doesn't have already. */
  notAtHome(authorIds: readonly number[]): number[] {
    return authorIds.filter((id) => this.#isHome.get(id) === undefined)
  }
}
