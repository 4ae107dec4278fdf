/**
 * Version 2 of square.db: devices come and go, and everything that follows from a record can be undone and done again.
 *
 * A sealed device's records stay as they are; `record.is_hidden` says which of them don't count, because they lie beyond
 * the seal or don't link to it. `log.walk_seq`, `walk_id` say how far the way down from the sealed head has been gone:
 * the record with that id, at that seq, comes next. `forked_seq` lists where a log is no chain: two records of one seq, or
 * one and the name of another; `is_open` where one that is named isn't held. What is hidden has left every table below; so `edge_word` and
 * `deletion` hold every word that was said, and the views `edge` and `tombstone` the one that counts.
 */
export const squareSchemaV2 = `
DROP VIEW visible_post;

ALTER TABLE author ADD COLUMN is_chain_stale INTEGER NOT NULL DEFAULT 0;
UPDATE author SET is_chain_stale = 1
  WHERE (SELECT count(*) FROM operation WHERE operation.author_id = author.author_id) > 1;
CREATE INDEX author_with_stale_chain ON author (author_id) WHERE is_chain_stale = 1;

ALTER TABLE device ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
ALTER TABLE device ADD COLUMN seal_seq INTEGER;
ALTER TABLE device ADD COLUMN seal_id BLOB;

ALTER TABLE log ADD COLUMN seal_seq INTEGER;
ALTER TABLE log ADD COLUMN seal_id BLOB;
ALTER TABLE log ADD COLUMN walk_seq INTEGER;
ALTER TABLE log ADD COLUMN walk_id BLOB;
ALTER TABLE log ADD COLUMN is_seal_pending INTEGER NOT NULL DEFAULT 0;
CREATE INDEX log_with_seal_pending ON log (log_id) WHERE is_seal_pending = 1;

CREATE TABLE forked_seq (
  log_id INTEGER NOT NULL REFERENCES log,
  seq INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  PRIMARY KEY (log_id, seq)
) WITHOUT ROWID, STRICT;
CREATE INDEX forked_seq_open ON forked_seq (log_id, seq) WHERE is_open = 1;
INSERT INTO forked_seq SELECT log_id, seq, 0 FROM record GROUP BY log_id, seq HAVING count(*) > 1;

ALTER TABLE record ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN is_late INTEGER NOT NULL DEFAULT 0;
CREATE INDEX record_deleting ON record (log_id, seen_ms) WHERE kind = 7;
CREATE INDEX record_hidden ON record (log_id, seq) WHERE is_hidden = 1;

ALTER TABLE post ADD COLUMN edit_key INTEGER REFERENCES record;

CREATE TABLE edit (
  target_id BLOB NOT NULL,
  author_id INTEGER NOT NULL REFERENCES author,
  ts_ms INTEGER NOT NULL,
  id BLOB NOT NULL,
  record_key INTEGER NOT NULL REFERENCES record,
  PRIMARY KEY (target_id, author_id, ts_ms, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX edit_by_record ON edit (record_key);

CREATE TABLE edge_word (
  kind INTEGER NOT NULL,
  author_id INTEGER NOT NULL REFERENCES author,
  subject BLOB NOT NULL,
  ts_ms INTEGER NOT NULL,
  id BLOB NOT NULL,
  subject_author BLOB NOT NULL,
  is_on INTEGER NOT NULL,
  value TEXT,
  is_last INTEGER NOT NULL,
  PRIMARY KEY (kind, author_id, subject, ts_ms, id)
) WITHOUT ROWID, STRICT;
INSERT INTO edge_word SELECT kind, author_id, subject, ts_ms, id, subject_author, is_on, value, 1 FROM edge;
DROP TABLE edge;
CREATE INDEX edge_word_by_subject ON edge_word (kind, subject, is_on) WHERE is_last = 1;
CREATE VIEW edge AS
  SELECT kind, author_id, subject, subject_author, ts_ms, id, is_on, value FROM edge_word WHERE is_last = 1;

CREATE TABLE deletion (
  target_id BLOB NOT NULL,
  author_id INTEGER NOT NULL REFERENCES author,
  ts_ms INTEGER NOT NULL,
  delete_id BLOB NOT NULL,
  is_first INTEGER NOT NULL,
  purge_ms INTEGER,
  PRIMARY KEY (target_id, author_id, ts_ms, delete_id)
) WITHOUT ROWID, STRICT;
INSERT INTO deletion SELECT target_id, author_id, ts_ms, delete_id, 1, NULL FROM tombstone;
DROP TABLE tombstone;
CREATE INDEX deletion_to_purge ON deletion (purge_ms) WHERE purge_ms IS NOT NULL;
CREATE VIEW tombstone AS
  SELECT target_id, author_id, delete_id, ts_ms, purge_ms FROM deletion WHERE is_first = 1;

CREATE VIEW visible_post AS
SELECT
  record.record_key, record.id, record.author_id, author.address AS author, log.device, record.seq, record.ts_ms,
  record.sort_ms, record.state, CASE WHEN record.state = 1 THEN NULL ELSE record.body END AS body,
  tombstone.ts_ms AS deleted_ms, edited.body AS edit_body, edited.ts_ms AS edited_ms,
  CASE WHEN record.is_late = 1 THEN record.seen_ms ELSE NULL END AS arrived_late_ms,
  post.root_author, post.root_id, post.parent_author, post.parent_id,
  (SELECT count(*) FROM edge_word AS edge WHERE edge.kind = 3 AND edge.subject = record.id AND edge.is_on = 1
    AND edge.is_last = 1 AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d JOIN author AS a ON d.subject = a.address
      WHERE a.author_id = edge.author_id AND d.scope = 'author' AND d.effect IN ('hide', 'drop'))) AS reaction_count,
  (SELECT count(*) FROM edge_word AS edge WHERE edge.kind = 4 AND edge.subject = record.id AND edge.is_on = 1
    AND edge.is_last = 1 AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d JOIN author AS a ON d.subject = a.address
      WHERE a.author_id = edge.author_id AND d.scope = 'author' AND d.effect IN ('hide', 'drop'))) AS repost_count
FROM record
JOIN author ON author.author_id = record.author_id
JOIN log ON log.log_id = record.log_id
LEFT JOIN post ON post.record_key = record.record_key
LEFT JOIN record AS edited ON edited.record_key = post.edit_key
LEFT JOIN deletion AS tombstone ON tombstone.target_id = record.id AND tombstone.author_id = record.author_id
  AND tombstone.is_first = 1
WHERE record.kind = 1 AND record.is_hidden = 0
  AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d
    WHERE d.scope = 'record' AND d.subject = record.id AND d.effect IN ('hide', 'drop'))
  AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d
    WHERE d.scope = 'author' AND d.subject = author.address AND d.effect IN ('hide', 'drop'));

CREATE VIEW visible_edit AS
SELECT edit.target_id, edit.id, edit.ts_ms, record.body
FROM edit
JOIN record ON record.record_key = edit.record_key AND record.state = 0 AND record.is_hidden = 0
JOIN visible_post ON visible_post.id = edit.target_id AND visible_post.author_id = edit.author_id
  AND visible_post.state = 0;
`
