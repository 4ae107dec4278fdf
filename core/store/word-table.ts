import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DecisionEffect } from './decision-table.ts'
import type { SearchExpressions } from './search-text.ts'

/** A muted word as the store keeps it. */
export interface WordRow {
  /** 8 bytes that say word, effect and exemption: another of these is another rule. */
  readonly rule: Uint8Array
  /** As its owner wrote it; shown beside what it hides. */
  readonly word: string
  readonly effect: Extract<DecisionEffect, 'warn' | 'hide'>
  /** Posts of people who are followed stay as they are. */
  readonly sparesFollowed: boolean
  /** Milliseconds since 1970. */
  readonly sinceMs: number
}

/** walking: through what was here before · settled · leaving: what followed from it goes, bit by bit */
export type WordState = 'walking' | 'settled' | 'leaving'

export interface WordPlace extends WordRow {
  readonly state: WordState
  /** Posts below this search key have not been gone through. */
  readonly walkKey: number
  /** Posts with the word that were found so far. */
  readonly walked: number
}

/** What finds the posts that may have a word: all that have it, and some whose words stand elsewhere. */
export type WordSought =
  | { readonly tag: string; readonly words?: undefined; readonly grams?: undefined }
  | (SearchExpressions & { readonly tag?: undefined })

export interface WordHit {
  readonly searchKey: number
  readonly id: Uint8Array
  readonly authorId: number
  readonly body: Uint8Array
  /** Of the edit that counts. */
  readonly editBody: Uint8Array | null
}

const HIT = 'post.search_key, record.id, record.author_id, record.body, edited.body AS edit_body'

/** Where a walk begins: newer than every post. */
export const WALK_START = Number.MAX_SAFE_INTEGER

/** Decisions of muted words, and how far each has got. One source for each rule, so rules don't know of each other. */
export class WordTable {
  readonly #list
  readonly #put
  readonly #setState
  readonly #drop
  readonly #decide
  readonly #undecide
  readonly #withdraw
  readonly #spare
  readonly #homeAuthors
  readonly #authorOf
  readonly #walks

  constructor(db: DatabaseSync) {
    this.#list = db.prepare(
      `SELECT rule, word, effect, spares_followed, since_ms, state, walk_key, walked FROM muted_word
       ORDER BY since_ms, rule`,
    )
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO muted_word (rule, word, effect, spares_followed, since_ms, state, walk_key, walked)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#setState = db.prepare('UPDATE muted_word SET state = ?, walk_key = ?, walked = ? WHERE rule = ?')
    this.#drop = db.prepare('DELETE FROM muted_word WHERE rule = ?')
    this.#decide = db.prepare(
      `INSERT OR IGNORE INTO moderation_decision (scope, subject, source, effect, reason, decided_ms)
       VALUES ('record', ?, ?, ?, ?, ?)`,
    )
    this.#undecide = db.prepare(
      `DELETE FROM moderation_decision WHERE scope = 'record' AND subject = ? AND source >= 'word:' AND source < 'word;'`,
    )
    this.#withdraw = db.prepare(
      `DELETE FROM moderation_decision WHERE scope = 'record' AND source = ?1 AND subject IN
         (SELECT d.subject FROM moderation_decision AS d WHERE d.source = ?1 LIMIT ?2)`,
    )
    this.#spare = db.prepare(
      `DELETE FROM moderation_decision WHERE scope = 'record' AND source = ?1 AND subject IN
         (SELECT r.id FROM moderation_decision AS d JOIN record AS r ON r.id = d.subject
          WHERE d.source = ?1 AND r.author_id IN (SELECT author_id FROM home_author))`,
    )
    this.#homeAuthors = db.prepare('SELECT author_id FROM home_author ORDER BY author_id')
    this.#authorOf = db.prepare('SELECT author_id FROM record WHERE record_key = ?')
    const walk = (from: string, condition: string) =>
      db.prepare(
        `SELECT ${HIT} FROM ${from}
         CROSS JOIN record ON record.record_key = post.record_key
         LEFT JOIN record AS edited ON edited.record_key = post.edit_key
         WHERE ${condition} AND post.search_key < ? ORDER BY post.search_key DESC LIMIT ?`,
      )
    const indexed = (table: 'post_search' | 'post_gram', more = '') =>
      db.prepare(
        `SELECT ${HIT} FROM ${table}
         CROSS JOIN post ON post.search_key = ${table}.rowid
         CROSS JOIN record ON record.record_key = post.record_key
         LEFT JOIN record AS edited ON edited.record_key = post.edit_key
         WHERE ${table} MATCH ? ${more} AND ${table}.rowid < ? ORDER BY ${table}.rowid DESC LIMIT ?`,
      )
    this.#walks = {
      words: indexed('post_search'),
      grams: indexed('post_gram'),
      both: indexed(
        'post_gram',
        'AND post_gram.rowid IN (SELECT post_search.rowid FROM post_search WHERE post_search MATCH ?)',
      ),
      tag: walk('post_tag CROSS JOIN post ON post.record_key = post_tag.record_key', 'post_tag.tag = ?'),
    }
  }

  /** The first one said comes first. */
  list(): WordPlace[] {
    return this.#list.all().map((row) => ({
      rule: row.rule as Uint8Array,
      word: row.word as string,
      effect: row.effect as WordRow['effect'],
      sparesFollowed: row.spares_followed === 1,
      sinceMs: row.since_ms as number,
      state: row.state as WordState,
      walkKey: row.walk_key as number,
      walked: row.walked as number,
    }))
  }

  /** A rule whose walk begins. */
  begin({ rule, word, effect, sparesFollowed, sinceMs }: WordRow): void {
    this.#put.run(rule, word, effect, sparesFollowed ? 1 : 0, sinceMs, 'walking', WALK_START, 0)
  }

  setPlace(rule: Uint8Array, state: WordState, walkKey: number, walked: number): void {
    this.#setState.run(state, walkKey, walked, rule)
  }

  drop(rule: Uint8Array): void {
    this.#drop.run(rule)
  }

  /** Posts that are found by it and stand below this search key, the newest first. */
  find(sought: WordSought, belowKey: number, limit: number): WordHit[] {
    const rows = this.#rows(sought, belowKey, limit)
    return rows.map((row) => ({
      searchKey: row.search_key as number,
      id: row.id as Uint8Array,
      authorId: row.author_id as number,
      body: row.body as Uint8Array,
      editBody: row.edit_body as Uint8Array | null,
    }))
  }

  decide(source: string, row: WordRow, id: Uint8Array): void {
    this.#decide.run(id, source, row.effect, row.word, row.sinceMs)
  }

  /** Takes back what all words have decided about a post. */
  undecide(id: Uint8Array): void {
    this.#undecide.run(id)
  }

  /** Takes back some of what one rule has decided; returns how much. */
  withdraw(source: string, limit: number): number {
    return Number(this.#withdraw.run(source, limit).changes)
  }

  /** Takes back what one rule has decided about people who are followed; returns how much. */
  spareFollowed(source: string): number {
    return Number(this.#spare.run(source).changes)
  }

  /** Whose posts stand in home by themselves, ascending. */
  homeAuthors(): number[] {
    return this.#homeAuthors.all().map((row) => row.author_id as number)
  }

  authorOf(recordKey: number): number | undefined {
    return this.#authorOf.get(recordKey)?.author_id as number | undefined
  }

  #rows(sought: WordSought, belowKey: number, limit: number): ReturnType<StatementSync['all']> {
    const { tag, both, words, grams } = this.#walks
    if (sought.tag !== undefined) return tag.all(sought.tag, belowKey, limit)
    if (sought.words === null) return sought.grams === null ? [] : grams.all(sought.grams, belowKey, limit)
    if (sought.grams === null) return words.all(sought.words, belowKey, limit)
    return both.all(sought.grams, sought.words, belowKey, limit)
  }
}
