import { DatabaseSync } from 'node:sqlite'

/**
 * Takes a text apart as the search index does: by the same tokenizer, so that each part is one entry of the index. Which
 * characters make a word is SQLite's to say: its tables of characters are older than those of JavaScript.
 */
export class WordSplitter {
  readonly #put
  readonly #parts
  readonly #clear

  constructor() {
    const db = new DatabaseSync(':memory:')
    db.exec(`CREATE VIRTUAL TABLE text USING fts5 (
        words, content = '', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
      );
      CREATE VIRTUAL TABLE part USING fts5vocab (text, instance);`)
    this.#put = db.prepare('INSERT INTO text (rowid, words) VALUES (1, ?)')
    this.#parts = db.prepare('SELECT term FROM part ORDER BY offset')
    this.#clear = db.prepare("INSERT INTO text (text) VALUES ('delete-all')")
  }

  /** In lower case and without accents, in order. */
  split(text: string): string[] {
    this.#put.run(text)
    try {
      return this.#parts.all().map(({ term }) => String(term))
    } finally {
      this.#clear.run()
    }
  }
}
