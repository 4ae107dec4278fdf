/**
 * The newest beat of each device log (BEA4), and the first one that named another record than is held there: with that
 * record it proves two histories (BEA5), also when a newer beat has taken the other's place.
 */
export const beatSchema = `
CREATE TABLE beat (
  log_id INTEGER PRIMARY KEY REFERENCES log,
  seq INTEGER NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32),
  ts_ms INTEGER NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE TABLE forking_beat (
  log_id INTEGER PRIMARY KEY REFERENCES log,
  seq INTEGER NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32),
  ts_ms INTEGER NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
`
