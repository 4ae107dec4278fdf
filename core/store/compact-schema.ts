import { edgeTriggers } from './reading-schema.ts'

/**
 * What takes less room and says the same. The indexes of `record` name its row, which has the id; of the words of a post
 * the search index says where they are, not at which place in the text, since nothing asks for words side by side: so a
 * query's words must each be one entry (`WordSplitter`), and marks of scripts that write vowels as such belong to their
 * word. Reprojection puts the posts of older versions in again. A word on an arrow names the row that says it.
 *
 * `record.header` is whole where the body is not here, and of a later version of the protocol; else it is the id of the
 * record before it alone, no bytes for the first: the row and the body say the rest (`core/store/stored-header.ts`).
 */
export const compactSchema = `
DROP INDEX record_by_log;
CREATE INDEX record_by_log ON record (log_id, seq);
DROP INDEX record_by_author;
CREATE INDEX record_by_author ON record (author_id, kind, sort_ms);

DROP TABLE post_search;
CREATE VIRTUAL TABLE post_search USING fts5 (
  text, content = '', detail = none, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'", prefix = '3 4'
);
INSERT INTO post_search (post_search, rank) VALUES ('secure-delete', 1);
INSERT INTO post_gram (post_gram) VALUES ('delete-all');
DELETE FROM post_tag;
UPDATE post SET search_key = NULL;

CREATE TABLE edge_kept AS
  SELECT e.kind, e.author_id, e.subject, said.record_key, e.ts_ms, e.subject_author, e.is_on, e.value, e.is_last
  FROM edge_word AS e JOIN record AS said ON said.id = e.id;
DROP VIEW edge;
DROP TABLE edge_word;
CREATE TABLE edge_word (
  kind INTEGER NOT NULL,
  author_id INTEGER NOT NULL REFERENCES author,
  subject BLOB NOT NULL,
  record_key INTEGER NOT NULL REFERENCES record,
  ts_ms INTEGER NOT NULL,
  subject_author BLOB NOT NULL,
  is_on INTEGER NOT NULL,
  value TEXT,
  is_last INTEGER NOT NULL,
  PRIMARY KEY (kind, author_id, subject, record_key)
) WITHOUT ROWID, STRICT;
INSERT INTO edge_word SELECT * FROM edge_kept;
DROP TABLE edge_kept;
CREATE INDEX edge_word_by_subject ON edge_word (kind, subject, is_on) WHERE is_last = 1;
CREATE VIEW edge AS
  SELECT kind, author_id, subject, subject_author, ts_ms, record_key,
    (SELECT said.id FROM record AS said WHERE said.record_key = edge_word.record_key) AS id, is_on, value
  FROM edge_word WHERE is_last = 1;
${edgeTriggers}
`
