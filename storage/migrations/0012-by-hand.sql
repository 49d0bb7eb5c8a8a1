-- What somebody has set by hand, beside the files and their revisions: for example a schedule that is open until six.
-- It counts until its time is over, or until it is taken back.
CREATE TABLE by_hand (
  kind     TEXT NOT NULL,
  id       TEXT NOT NULL,
  -- JSON; what may stand here is the kind's own affair.
  value    TEXT NOT NULL,
  -- Milliseconds since the epoch; NULL: until it is taken back.
  until_ms INTEGER,
  author   TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
