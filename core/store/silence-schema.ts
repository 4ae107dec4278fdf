import { isHiddenRecord, postColumns, postTables } from './reading-schema.ts'

/**
 * Posts of people whom the account mutes or blocks, or who block it, have a place in threads, and on their own profile for
 * who asks to see them. Both read this view, which says of each post whether it may be shown; every list reads
 * `visible_post`, which doesn't have them. Whom another source hides has no place here either.
 */
export const silenceSchema = `
CREATE VIEW placed_post AS
SELECT
${postColumns},
  author.is_silenced
${postTables}
WHERE record.kind = 1 AND record.is_hidden = 0 AND NOT ${isHiddenRecord('record.id')}
  AND (author.is_silenced = 0 OR NOT EXISTS (SELECT 1 FROM moderation_decision AS d WHERE d.scope = 'author'
    AND d.subject = author.address AND d.effect IN ('hide', 'drop') AND d.source NOT IN ('mute', 'block', 'blocked-by')));
`
