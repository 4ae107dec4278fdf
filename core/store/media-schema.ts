import type { Migration } from './open-database.ts'

/**
 * media.db: blocks, and which blocks make up a root. References from records stand in square.db, in the transaction of
 * the record. `pending_until_ms` keeps a root that no record refers to yet.
 */
const version1 = `
CREATE TABLE block (
  cid BLOB PRIMARY KEY,
  size INTEGER NOT NULL,
  added_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE dag (
  root TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  added_ms INTEGER NOT NULL,
  pending_until_ms INTEGER
) WITHOUT ROWID, STRICT;

CREATE TABLE dag_block (
  root TEXT NOT NULL REFERENCES dag,
  position INTEGER NOT NULL,
  cid BLOB NOT NULL,
  PRIMARY KEY (root, position)
) WITHOUT ROWID, STRICT;
CREATE INDEX dag_block_by_cid ON dag_block (cid);
`

export const mediaMigrations: readonly Migration[] = [{ version: 1, sql: version1 }]
