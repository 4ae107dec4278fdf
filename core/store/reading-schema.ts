/** SQL that is true for a record that somebody, or a list that was subscribed to, has decided not to see. */
export const isHiddenRecord = (id: string) => `EXISTS (SELECT 1 FROM moderation_decision AS d
    WHERE d.scope = 'record' AND d.subject = ${id} AND d.effect IN ('hide', 'drop'))`

const isSilenced = (address: string) => `EXISTS (SELECT 1 FROM moderation_decision AS d
    WHERE d.scope = 'author' AND d.subject = ${address} AND d.effect IN ('hide', 'drop'))`

/** The names in these are no others', so that `id` may be a column of any table around them. */
const countEdges = (kind: number, id: string) => `(SELECT count(*) FROM edge_word AS counted
    JOIN author AS counted_author ON counted_author.author_id = counted.author_id WHERE counted.kind = ${kind}
    AND counted.subject = ${id} AND counted.is_on = 1 AND counted.is_last = 1 AND counted_author.is_silenced = 0)`

const countReplies = (id: string) => `(SELECT count(*) FROM post AS counted
    JOIN record AS counted_record ON counted_record.record_key = counted.record_key
    JOIN author AS counted_author ON counted_author.author_id = counted_record.author_id
    WHERE counted.parent_id = ${id} AND counted_author.is_silenced = 0 AND NOT ${isHiddenRecord('counted_record.id')})`

/** SQL that counts anew the answers to the posts whose ids `posts` selects. */
const recountReplies = (posts: string) => `
  UPDATE post SET reply_count = ${countReplies('(SELECT o.id FROM record AS o WHERE o.record_key = post.record_key)')}
    WHERE record_key IN (SELECT o.record_key FROM record AS o WHERE o.id IN (${posts}));`

/** SQL that adds `change` to what the post counts that an edge points at, for people who are seen. */
const countEdge = (change: '+ 1' | '- 1', row: 'NEW' | 'OLD') => `
  UPDATE post SET reaction_count = reaction_count ${change}
    WHERE ${row}.kind = 3 AND record_key = (SELECT record_key FROM record WHERE id = ${row}.subject)
      AND (SELECT is_silenced FROM author WHERE author_id = ${row}.author_id) = 0;
  UPDATE post SET repost_count = repost_count ${change}
    WHERE ${row}.kind = 4 AND record_key = (SELECT record_key FROM record WHERE id = ${row}.subject)
      AND (SELECT is_silenced FROM author WHERE author_id = ${row}.author_id) = 0;`

const countReply = (change: '+ 1' | '- 1', row: 'NEW' | 'OLD') => `
  UPDATE post SET reply_count = reply_count ${change}
    WHERE record_key = (SELECT record_key FROM record WHERE id = ${row}.parent_id)
      AND EXISTS (SELECT 1 FROM record AS r JOIN author AS a USING (author_id)
        WHERE r.record_key = ${row}.record_key AND a.is_silenced = 0 AND NOT ${isHiddenRecord('r.id')});`

const parentsOf = (authorId: string) =>
  `SELECT p.parent_id FROM record AS r JOIN post AS p USING (record_key) WHERE r.author_id = ${authorId} AND r.kind = 1`

/** SQL that takes the edges of a person who is silenced out of the counts, or puts them in again. */
const countEdgesOf = (kind: 3 | 4, column: 'reaction_count' | 'repost_count') => `
  UPDATE post SET ${column} = ${column} + CASE WHEN NEW.is_silenced = 1 THEN -1 ELSE 1 END
    WHERE record_key IN (SELECT r.record_key FROM edge_word AS e JOIN record AS r ON r.id = e.subject
      WHERE e.kind = ${kind} AND e.author_id = NEW.author_id AND e.is_on = 1 AND e.is_last = 1);`

/** Kept with the decisions about a person, whoever writes them. */
const decided = (name: string, event: string, row: 'NEW' | 'OLD') => `
CREATE TRIGGER ${name} AFTER ${event} ON moderation_decision BEGIN
  UPDATE author SET is_silenced = ${isSilenced('author.address')}
    WHERE ${row}.scope = 'author' AND address = ${row}.subject AND is_silenced <> ${isSilenced('author.address')};
  ${recountReplies(`SELECT p.parent_id FROM record AS r JOIN post AS p USING (record_key)
      WHERE ${row}.scope = 'record' AND r.id = ${row}.subject`)}
END;`

/** Counts of posts follow every word, whoever writes it. */
export const edgeTriggers = `CREATE TRIGGER edge_said AFTER INSERT ON edge_word
WHEN NEW.kind IN (3, 4) AND NEW.is_on = 1 AND NEW.is_last = 1 BEGIN
  ${countEdge('+ 1', 'NEW')}
END;
CREATE TRIGGER edge_counts_again AFTER UPDATE OF is_last ON edge_word
WHEN NEW.kind IN (3, 4) AND NEW.is_on = 1 AND NEW.is_last = 1 AND OLD.is_last = 0 BEGIN
  ${countEdge('+ 1', 'NEW')}
END;
CREATE TRIGGER edge_outdated AFTER UPDATE OF is_last ON edge_word
WHEN OLD.kind IN (3, 4) AND OLD.is_on = 1 AND OLD.is_last = 1 AND NEW.is_last = 0 BEGIN
  ${countEdge('- 1', 'OLD')}
END;
CREATE TRIGGER edge_taken_back AFTER DELETE ON edge_word
WHEN OLD.kind IN (3, 4) AND OLD.is_on = 1 AND OLD.is_last = 1 BEGIN
  ${countEdge('- 1', 'OLD')}
END;`

/** What a view of posts says of each. */
export const postColumns = `  record.record_key, record.id, record.author_id, author.address AS author, record.log_id, record.seq, record.ts_ms,
  record.sort_ms, record.state, CASE WHEN record.state = 1 THEN NULL ELSE record.body END AS body,
  CASE WHEN record.state = 1 THEN (SELECT deletion.ts_ms FROM deletion WHERE deletion.target_id = record.id
    AND deletion.author_id = record.author_id AND deletion.is_first = 1) END AS deleted_ms,
  edited.body AS edit_body, edited.ts_ms AS edited_ms,
  CASE WHEN record.is_late = 1 THEN record.seen_ms ELSE NULL END AS arrived_late_ms,
  post.root_author, post.root_id, post.parent_author, post.parent_id,
  CASE WHEN post.record_key IS NULL THEN ${countReplies('record.id')} ELSE post.reply_count END AS reply_count,
  CASE WHEN post.record_key IS NULL THEN ${countEdges(3, 'record.id')} ELSE post.reaction_count END AS reaction_count,
  CASE WHEN post.record_key IS NULL THEN ${countEdges(4, 'record.id')} ELSE post.repost_count END AS repost_count`

/** Where it has that from: `record`, `author`, `post`, and the record of the edit that counts. */
export const postTables = `FROM record
JOIN author ON author.author_id = record.author_id
LEFT JOIN post ON post.record_key = record.record_key
LEFT JOIN record AS edited ON edited.record_key = post.edit_key`

/**
 * What pages cost follows from what they show and from nothing else: counts stand with the post and are kept by
 * triggers, so that nothing that changes an edge, a post or a decision can forget them; whether a person is silenced
 * stands with the person; and everything that a page is a stretch of has an index in the page's order.
 *
 * `post.search_key` is the place of a post in the search index, which gives back what it finds in that order: four
 * seconds of its sort time, then a number. Reprojection gives it to the posts of older versions, which have none.
 */
export const readingSchema = `
DROP VIEW visible_edit;
DROP VIEW visible_post;

ALTER TABLE author ADD COLUMN is_silenced INTEGER NOT NULL DEFAULT 0;
UPDATE author SET is_silenced = 1 WHERE ${isSilenced('author.address')};
CREATE TRIGGER author_silenced_before AFTER INSERT ON author WHEN ${isSilenced('NEW.address')} BEGIN
  UPDATE author SET is_silenced = 1 WHERE author_id = NEW.author_id;
END;

ALTER TABLE post ADD COLUMN reply_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE post ADD COLUMN repost_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE post ADD COLUMN reaction_count INTEGER NOT NULL DEFAULT 0;
UPDATE post SET reply_count = ${countReplies('r.id')}, repost_count = ${countEdges(4, 'r.id')},
  reaction_count = ${countEdges(3, 'r.id')}
  FROM record AS r WHERE r.record_key = post.record_key;

${decided('decision_made', 'INSERT', 'NEW')}
${decided('decision_changed', 'UPDATE', 'NEW')}
${decided('decision_withdrawn', 'DELETE', 'OLD')}
CREATE TRIGGER author_silenced AFTER UPDATE OF is_silenced ON author WHEN OLD.is_silenced <> NEW.is_silenced BEGIN
  ${recountReplies(parentsOf('NEW.author_id'))}
  ${countEdgesOf(3, 'reaction_count')}
  ${countEdgesOf(4, 'repost_count')}
END;

${edgeTriggers}

CREATE TRIGGER post_shown AFTER INSERT ON post BEGIN
  UPDATE post SET reply_count = ${countReplies('r.id')}, repost_count = ${countEdges(4, 'r.id')},
    reaction_count = ${countEdges(3, 'r.id')}
    FROM record AS r WHERE r.record_key = NEW.record_key AND post.record_key = NEW.record_key;
END;
CREATE TRIGGER reply_shown AFTER INSERT ON post WHEN NEW.parent_id IS NOT NULL BEGIN
  ${countReply('+ 1', 'NEW')}
END;
CREATE TRIGGER reply_gone AFTER DELETE ON post WHEN OLD.parent_id IS NOT NULL BEGIN
  ${countReply('- 1', 'OLD')}
END;

ALTER TABLE post ADD COLUMN search_key INTEGER;
CREATE UNIQUE INDEX post_by_search ON post (search_key);
DROP TABLE post_search;
CREATE VIRTUAL TABLE post_search USING fts5 (
  text, content = '', tokenize = "unicode61 remove_diacritics 2", prefix = '3 4'
);
INSERT INTO post_search (post_search, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE post_gram USING fts5 (
  grams, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'", prefix = '1 2'
);
INSERT INTO post_gram (post_gram, rank) VALUES ('secure-delete', 1);

CREATE TABLE post_tag (
  tag TEXT NOT NULL,
  sort_ms INTEGER NOT NULL,
  id BLOB NOT NULL,
  record_key INTEGER NOT NULL REFERENCES post,
  PRIMARY KEY (tag, sort_ms, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX post_tag_by_record ON post_tag (record_key);

CREATE TABLE notification (
  record_key INTEGER PRIMARY KEY REFERENCES record,
  kind TEXT NOT NULL CHECK (kind IN ('reply', 'mention', 'quote', 'reaction', 'repost', 'follow')),
  author_id INTEGER NOT NULL REFERENCES author,
  post_id BLOB,
  value TEXT,
  sort_ms INTEGER NOT NULL,
  id BLOB NOT NULL,
  is_unread INTEGER NOT NULL
) STRICT;
CREATE INDEX notification_by_sort ON notification (sort_ms, id);
CREATE INDEX notification_unread ON notification (sort_ms, id) WHERE is_unread = 1;
CREATE INDEX notification_by_author ON notification (author_id, kind, post_id);

CREATE VIEW search_place AS SELECT search_key, record_key FROM post;

CREATE VIEW visible_post AS
SELECT
${postColumns}
${postTables}
WHERE record.kind = 1 AND record.is_hidden = 0 AND author.is_silenced = 0 AND NOT ${isHiddenRecord('record.id')};

CREATE VIEW visible_edit AS
SELECT edit.target_id, edit.id, edit.ts_ms, record.body
FROM edit
JOIN record ON record.record_key = edit.record_key AND record.state = 0 AND record.is_hidden = 0
JOIN visible_post ON visible_post.id = edit.target_id AND visible_post.author_id = edit.author_id
  AND visible_post.state = 0;

CREATE VIEW visible_notification AS
SELECT notification.kind, notification.author_id, notification.post_id, notification.value, notification.sort_ms,
  notification.id, notification.is_unread, visible_post.author_id AS post_author_id
FROM notification
JOIN author ON author.author_id = notification.author_id AND author.is_silenced = 0
LEFT JOIN visible_post ON visible_post.id = notification.post_id AND visible_post.state = 0
WHERE notification.post_id IS NULL OR visible_post.id IS NOT NULL;
`
