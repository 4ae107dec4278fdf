import type { DatabaseSync } from 'node:sqlite'

/** Why somebody is silenced, and the source of the decision that says so. */
export const SILENCE_SOURCES = { muted: 'mute', blocked: 'block', 'blocks-me': 'blocked-by' } as const

/** How sources of muted words begin; the rule follows, in hex. */
export const WORD_SOURCE = 'word:'

/** show: an exemption, whatever others say · warn: behind a click · hide: out of lists · drop: as if it weren't here */
export type DecisionEffect = 'show' | 'warn' | 'hide' | 'drop'

export interface DecisionRow {
  readonly scope: 'author' | 'record'
  /** 32-byte address or record id. */
  readonly subject: Uint8Array
  /** Who decided: 'me', a labeler's address, a list's name. One decision each about a subject. */
  readonly source: string
  readonly effect: DecisionEffect
  /** Shown beside every effect. */
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly decidedMs: number
}

/** Decisions as `visible_post` reads them. Whoever writes here decides what every surface shows. */
export class DecisionTable {
  readonly #put
  readonly #remove
  readonly #about
  readonly #from
  readonly #word

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO moderation_decision (scope, subject, source, effect, reason, decided_ms)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    this.#remove = db.prepare('DELETE FROM moderation_decision WHERE scope = ? AND subject = ? AND source = ?')
    this.#from = db.prepare(
      "SELECT subject, decided_ms FROM moderation_decision WHERE scope = 'author' AND source = ? ORDER BY subject",
    )
    this.#word = db.prepare(
      `SELECT reason FROM moderation_decision
       WHERE scope = 'record' AND subject = ? AND source >= 'word:' AND source < 'word;' ORDER BY effect, decided_ms LIMIT 1`,
    )
    this.#about = db.prepare(
      'SELECT source, effect, reason, decided_ms FROM moderation_decision WHERE scope = ? AND subject = ? ORDER BY source',
    )
  }

  /** The muted word that folds or hides a post, as its owner wrote it; null for none. */
  wordAbout(id: Uint8Array): string | null {
    const reason = this.#word.get(id)?.reason
    return typeof reason === 'string' ? reason : null
  }

  /** Decisions about people; the table is as long as somebody's patience. */
  listFrom(source: string): Pick<DecisionRow, 'subject' | 'decidedMs'>[] {
    return this.#from.all(source).map((row) => ({
      subject: row.subject as Uint8Array,
      decidedMs: row.decided_ms as number,
    }))
  }

  put(row: DecisionRow): void {
    this.#put.run(row.scope, row.subject, row.source, row.effect, row.reason, row.decidedMs)
  }

  /** True when there was one. */
  remove(scope: DecisionRow['scope'], subject: Uint8Array, source: string): boolean {
    return this.#remove.run(scope, subject, source).changes === 1
  }

  listAbout(scope: DecisionRow['scope'], subject: Uint8Array): DecisionRow[] {
    return this.#about.all(scope, subject).map((row) => ({
      scope,
      subject,
      source: row.source as string,
      effect: row.effect as DecisionEffect,
      reason: row.reason as string,
      decidedMs: row.decided_ms as number,
    }))
  }
}
