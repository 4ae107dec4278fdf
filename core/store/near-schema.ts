const isHome = (row: 'NEW' | 'OLD') =>
  `${row}.kind = 5 AND ${row}.is_on = 1 AND EXISTS (SELECT 1 FROM home_author WHERE author_id = ${row}.author_id)`

/** Two statements, since the policy for conflicts of the statement outside would hold for one in here. */
const said = `
  INSERT INTO near SELECT NEW.subject, 0 WHERE NOT EXISTS (SELECT 1 FROM near WHERE address = NEW.subject);
  UPDATE near SET follows = follows + 1 WHERE address = NEW.subject;`

const takenBack = `
  UPDATE near SET follows = follows - 1 WHERE address = OLD.subject;
  DELETE FROM near WHERE address = OLD.subject AND follows <= 0;`

const followedBy = (authorId: string) =>
  `SELECT subject FROM edge_word WHERE kind = 5 AND author_id = ${authorId} AND is_on = 1 AND is_last = 1`

/**
 * Whom the account or somebody it follows follows, with how many of them do: kept by triggers, so that how far away
 * somebody is costs one look, however many follow whom.
 */
export const nearSchema = `
CREATE TABLE near (
  address BLOB PRIMARY KEY CHECK (length(address) = 32),
  follows INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
INSERT INTO near SELECT subject, count(*) FROM edge_word JOIN home_author USING (author_id)
  WHERE kind = 5 AND is_on = 1 AND is_last = 1 GROUP BY subject;

CREATE TRIGGER near_followed AFTER INSERT ON edge_word WHEN NEW.is_last = 1 AND ${isHome('NEW')} BEGIN ${said}
END;
CREATE TRIGGER near_followed_again AFTER UPDATE OF is_last ON edge_word
WHEN NEW.is_last = 1 AND OLD.is_last = 0 AND ${isHome('NEW')} BEGIN ${said}
END;
CREATE TRIGGER near_outdated AFTER UPDATE OF is_last ON edge_word
WHEN NEW.is_last = 0 AND OLD.is_last = 1 AND ${isHome('OLD')} BEGIN ${takenBack}
END;
CREATE TRIGGER near_unfollowed AFTER DELETE ON edge_word WHEN OLD.is_last = 1 AND ${isHome('OLD')} BEGIN ${takenBack}
END;
CREATE TRIGGER near_home AFTER INSERT ON home_author BEGIN
  INSERT INTO near SELECT subject, 0 FROM (${followedBy('NEW.author_id')})
    WHERE NOT EXISTS (SELECT 1 FROM near WHERE address = subject);
  UPDATE near SET follows = follows + 1 WHERE address IN (${followedBy('NEW.author_id')});
END;
CREATE TRIGGER near_home_left AFTER DELETE ON home_author BEGIN
  UPDATE near SET follows = follows - 1 WHERE address IN (${followedBy('OLD.author_id')});
  DELETE FROM near WHERE follows <= 0;
END;
`
