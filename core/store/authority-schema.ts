/** Which chains name an authority: sha256 of each key of a slot, and each paper hash, of every held operation. */
export const authoritySchema = `
CREATE TABLE authority (
  key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),
  author_id INTEGER NOT NULL REFERENCES author,
  PRIMARY KEY (key_hash, author_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX authority_by_author ON authority (author_id);
`
