import type { Migration } from './open-database.ts'
import { trafficSchema } from './traffic-schema.ts'

/**
 * own.db: what nobody else may be able to give back. Written with `synchronous=FULL`; a record stands here before it
 * is published anywhere. Times are milliseconds since 1970.
 */
const version1 = `
CREATE TABLE own_record (
  device BLOB NOT NULL CHECK (length(device) = 32),
  seq INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
  author BLOB NOT NULL CHECK (length(author) = 32),
  kind INTEGER NOT NULL,
  ts_ms INTEGER NOT NULL,
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  body BLOB,
  delete_id BLOB,
  PRIMARY KEY (device, seq)
) STRICT;

CREATE TABLE own_operation (
  position INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE pending_follow (
  target BLOB PRIMARY KEY CHECK (length(target) = 32),
  addresses TEXT NOT NULL,
  since_ms INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;

CREATE TABLE holder (
  holder_id INTEGER PRIMARY KEY,
  peer_id TEXT NOT NULL UNIQUE,
  is_seed INTEGER NOT NULL,
  noted_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE holding (
  holder_id INTEGER NOT NULL REFERENCES holder,
  device BLOB NOT NULL,
  from_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL,
  PRIMARY KEY (holder_id, device, from_seq)
) WITHOUT ROWID, STRICT;
`

export const ownMigrations: readonly Migration[] = [
  { version: 1, sql: version1 },
  { version: 2, sql: trafficSchema },
]
