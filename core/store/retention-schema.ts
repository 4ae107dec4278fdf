/**
 * What was let go of to make room. `log.released_seq`: up to there this node keeps only what lasts of a log, asks for
 * nothing and takes nothing in, as long as its author is no dearer to it than `released_rank` says (`RANK`).
 * `media_fetch.is_released`: the file is here no more, and is fetched only when somebody asks for it.
 */
export const retentionSchema = `
ALTER TABLE log ADD COLUMN released_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE log ADD COLUMN released_rank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media_fetch ADD COLUMN is_released INTEGER NOT NULL DEFAULT 0;
`
