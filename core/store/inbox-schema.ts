/**
 * What a seed keeps for the people whose profile names it (INB6): which of the records here speak to them, by how near
 * whoever says it is to them: 0 a stranger, 1 followed by somebody they follow, 2 followed by them. Times are
 * milliseconds since 1970.
 */
export const inboxSchema = `
CREATE TABLE inbox (
  entry_id INTEGER PRIMARY KEY,
  target_id INTEGER NOT NULL REFERENCES author,
  author_id INTEGER NOT NULL REFERENCES author,
  record_key INTEGER NOT NULL REFERENCES record ON DELETE CASCADE,
  nearness INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  UNIQUE (target_id, record_key)
) STRICT;
CREATE INDEX inbox_by_record ON inbox (record_key);
CREATE INDEX inbox_by_nearness ON inbox (target_id, nearness, entry_id);
CREATE INDEX inbox_by_author ON inbox (target_id, author_id, entry_id);
CREATE INDEX inbox_by_time ON inbox (target_id, received_ms, entry_id);
`
