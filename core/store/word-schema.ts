import { isHiddenRecord, postColumns, postTables } from './reading-schema.ts'

/**
 * Words that the account mutes, as the door needs them for every post that comes, and how far what was here before has been
 * gone through. What follows from them are decisions about records, whose source is `word:` and the rule; `visible_post`
 * reads those like all others. In threads, and for who asks to see somebody's posts, such a post keeps its place.
 */
export const wordSchema = `
CREATE TABLE muted_word (
  rule BLOB PRIMARY KEY,
  word TEXT NOT NULL,
  effect TEXT NOT NULL CHECK (effect IN ('warn', 'hide')),
  spares_followed INTEGER NOT NULL,
  since_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('walking', 'settled', 'leaving')),
  walk_key INTEGER NOT NULL,
  walked INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE INDEX moderation_decision_by_source ON moderation_decision (source, subject);

DROP VIEW placed_post;
CREATE VIEW placed_post AS
SELECT
${postColumns},
  author.is_silenced
${postTables}
WHERE record.kind = 1 AND record.is_hidden = 0
  AND (NOT ${isHiddenRecord('record.id')} OR NOT EXISTS (SELECT 1 FROM moderation_decision AS d WHERE d.scope = 'record'
    AND d.subject = record.id AND d.effect IN ('hide', 'drop') AND NOT (d.source >= 'word:' AND d.source < 'word;')))
  AND (author.is_silenced = 0 OR NOT EXISTS (SELECT 1 FROM moderation_decision AS d WHERE d.scope = 'author'
    AND d.subject = author.address AND d.effect IN ('hide', 'drop') AND d.source NOT IN ('mute', 'block', 'blocked-by')));
`
