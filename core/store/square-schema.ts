import { authoritySchema } from './authority-schema.ts'
import { beatSchema } from './beat-schema.ts'
import { compactSchema } from './compact-schema.ts'
import { inboxSchema } from './inbox-schema.ts'
import { nearSchema } from './near-schema.ts'
import type { Migration } from './open-database.ts'
import { readingSchema } from './reading-schema.ts'
import { retentionSchema } from './retention-schema.ts'
import { silenceSchema } from './silence-schema.ts'
import { squareSchemaV2 } from './square-schema-v2.ts'
import { wordSchema } from './word-schema.ts'

/**
 * square.db: what this node holds of everybody's logs, and the projections that the read side needs. Everything in it
 * can be had again: own records from own.db, the rest from peers. Times are milliseconds since 1970.
 *
 * `record.state`: 0 body here and readable (or of an unknown kind) · 1 deleted by its author · 2 body not here ·
 * 3 body here and unreadable. `visible_post` is the only place where the read side finds posts (rule 7).
 */
const version1 = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID, STRICT;

CREATE TABLE author (
  author_id INTEGER PRIMARY KEY,
  address BLOB NOT NULL UNIQUE CHECK (length(address) = 32),
  genesis_hash BLOB,
  record_count INTEGER NOT NULL DEFAULT 0,
  record_bytes INTEGER NOT NULL DEFAULT 0,
  post_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE operation (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  author_id INTEGER NOT NULL REFERENCES author,
  position INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX operation_by_author ON operation (author_id, position);

CREATE TABLE device (
  author_id INTEGER NOT NULL REFERENCES author,
  key BLOB NOT NULL CHECK (length(key) = 32),
  PRIMARY KEY (author_id, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX device_by_key ON device (key);

CREATE TABLE log (
  log_id INTEGER PRIMARY KEY,
  author_id INTEGER NOT NULL REFERENCES author,
  device BLOB NOT NULL CHECK (length(device) = 32),
  head_seq INTEGER NOT NULL DEFAULT 0,
  is_forked INTEGER NOT NULL DEFAULT 0,
  carry_from INTEGER,
  carry_to INTEGER,
  UNIQUE (author_id, device)
) STRICT;

CREATE INDEX log_to_carry ON log (log_id) WHERE carry_from IS NOT NULL;

CREATE TABLE held_range (
  log_id INTEGER NOT NULL REFERENCES log,
  from_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL,
  PRIMARY KEY (log_id, from_seq)
) WITHOUT ROWID, STRICT;

CREATE TABLE record (
  record_key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
  author_id INTEGER NOT NULL REFERENCES author,
  log_id INTEGER NOT NULL REFERENCES log,
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  ts_ms INTEGER NOT NULL,
  effective_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  sort_ms INTEGER NOT NULL,
  state INTEGER NOT NULL,
  delete_id BLOB,
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  body BLOB
) STRICT;
CREATE INDEX record_by_log ON record (log_id, seq, id);
CREATE INDEX record_by_author ON record (author_id, kind, sort_ms, id);

CREATE TABLE post (
  record_key INTEGER PRIMARY KEY REFERENCES record,
  root_author BLOB,
  root_id BLOB,
  parent_author BLOB,
  parent_id BLOB
) STRICT;
CREATE INDEX post_by_root ON post (root_id) WHERE root_id IS NOT NULL;
CREATE INDEX post_by_parent ON post (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE tombstone (
  target_id BLOB NOT NULL,
  author_id INTEGER NOT NULL REFERENCES author,
  delete_id BLOB NOT NULL,
  ts_ms INTEGER NOT NULL,
  PRIMARY KEY (target_id, author_id)
) WITHOUT ROWID, STRICT;

CREATE TABLE edge (
  kind INTEGER NOT NULL,
  author_id INTEGER NOT NULL REFERENCES author,
  subject BLOB NOT NULL,
  subject_author BLOB NOT NULL,
  ts_ms INTEGER NOT NULL,
  id BLOB NOT NULL,
  is_on INTEGER NOT NULL,
  value TEXT,
  PRIMARY KEY (kind, author_id, subject)
) WITHOUT ROWID, STRICT;
CREATE INDEX edge_by_subject ON edge (kind, subject, is_on);

CREATE TABLE profile (
  author_id INTEGER PRIMARY KEY REFERENCES author,
  record_key INTEGER NOT NULL REFERENCES record,
  ts_ms INTEGER NOT NULL,
  id BLOB NOT NULL,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE media_ref (
  record_key INTEGER NOT NULL REFERENCES record,
  root TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (record_key, root)
) WITHOUT ROWID, STRICT;
CREATE INDEX media_ref_by_root ON media_ref (root);

CREATE TABLE media_fetch (
  root TEXT PRIMARY KEY,
  is_here INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  failed_ms INTEGER
) WITHOUT ROWID, STRICT;

CREATE TABLE home_author (author_id INTEGER PRIMARY KEY REFERENCES author) STRICT;

CREATE TABLE home (
  post_key INTEGER PRIMARY KEY REFERENCES record,
  sort_ms INTEGER NOT NULL,
  entry_id BLOB NOT NULL,
  reposter_id INTEGER REFERENCES author
) STRICT;
CREATE INDEX home_by_sort ON home (sort_ms, entry_id);

CREATE TABLE moderation_decision (
  scope TEXT NOT NULL CHECK (scope IN ('author', 'record')),
  subject BLOB NOT NULL,
  source TEXT NOT NULL,
  effect TEXT NOT NULL CHECK (effect IN ('show', 'warn', 'hide', 'drop')),
  reason TEXT NOT NULL,
  decided_ms INTEGER NOT NULL,
  PRIMARY KEY (scope, subject, source)
) WITHOUT ROWID, STRICT;

CREATE VIRTUAL TABLE post_search USING fts5 (
  text, content = '', tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO post_search (post_search, rank) VALUES ('secure-delete', 1);

CREATE VIEW visible_post AS
SELECT
  record.record_key, record.id, record.author_id, author.address AS author, log.device, record.seq, record.ts_ms,
  record.sort_ms, record.state, record.body, tombstone.ts_ms AS deleted_ms,
  post.root_author, post.root_id, post.parent_author, post.parent_id,
  (SELECT count(*) FROM edge WHERE edge.kind = 3 AND edge.subject = record.id AND edge.is_on = 1
    AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d JOIN author AS a ON d.subject = a.address
      WHERE a.author_id = edge.author_id AND d.scope = 'author' AND d.effect IN ('hide', 'drop'))) AS reaction_count,
  (SELECT count(*) FROM edge WHERE edge.kind = 4 AND edge.subject = record.id AND edge.is_on = 1
    AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d JOIN author AS a ON d.subject = a.address
      WHERE a.author_id = edge.author_id AND d.scope = 'author' AND d.effect IN ('hide', 'drop'))) AS repost_count
FROM record
JOIN author ON author.author_id = record.author_id
JOIN log ON log.log_id = record.log_id
LEFT JOIN post ON post.record_key = record.record_key
LEFT JOIN tombstone ON tombstone.target_id = record.id AND tombstone.author_id = record.author_id
WHERE record.kind = 1
  AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d
    WHERE d.scope = 'record' AND d.subject = record.id AND d.effect IN ('hide', 'drop'))
  AND NOT EXISTS (SELECT 1 FROM moderation_decision AS d
    WHERE d.scope = 'author' AND d.subject = author.address AND d.effect IN ('hide', 'drop'));
`

export const squareMigrations: readonly Migration[] = [
  { version: 1, sql: version1 },
  { version: 2, sql: squareSchemaV2 },
  { version: 3, sql: authoritySchema },
  { version: 4, sql: beatSchema },
  { version: 5, sql: retentionSchema },
  { version: 6, sql: readingSchema },
  {
    version: 7,
    sql: compactSchema,
    schemaHash: 'c5922cc211e73bb091dcf12bec9ebd0308aa11450813ea20d544ff01253a01fc',
  },
  {
    version: 8,
    sql: silenceSchema,
    schemaHash: 'c9422d7dff9b7a2e304499dc4421dd33c185b1354eba953c9e5194c9391f0b63',
  },
  { version: 9, sql: wordSchema, schemaHash: 'cc0738035807daf7835c935e9fb99a23a50fe9b98ca5c252af8e6c51dd7f3a5d' },
  { version: 10, sql: inboxSchema, schemaHash: '746586d702049e4968d905aadcb0c9d44fcc3b45fd0dccc623446aa608753336' },
  {
    version: 11,
    sql: nearSchema,
    schemaHash: '5ec0a028a2d851ef3887f4a11627f0a71bb7ae6e196087b88c00bb437d4a78e0',
  },
]
