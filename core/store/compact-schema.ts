/**
 * What takes less room and says the same. The indexes of `record` name its row, which has the id; of the words of a post
 * the search index says where they are, not at which place in the text, since nothing asks for words side by side: so a
 * query's words must each be one entry (`WordSplitter`), and marks of scripts that write vowels as such belong to their
 * word. Reprojection puts the posts of older versions in again.
 *
 * `record.header` is whole where the body is not here, and of a later version of the protocol; else it is the id of the
 * record before it alone, no bytes for the first: the row and the body say the rest (`core/store/stored-header.ts`).
 */
export const compactSchema = `
DROP INDEX record_by_log;
CREATE INDEX record_by_log ON record (log_id, seq);
DROP INDEX record_by_author;
CREATE INDEX record_by_author ON record (author_id, kind, sort_ms);

DROP TABLE post_search;
CREATE VIRTUAL TABLE post_search USING fts5 (
  text, content = '', detail = none, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'", prefix = '3 4'
);
INSERT INTO post_search (post_search, rank) VALUES ('secure-delete', 1);
INSERT INTO post_gram (post_gram) VALUES ('delete-all');
DELETE FROM post_tag;
UPDATE post SET search_key = NULL;
`
