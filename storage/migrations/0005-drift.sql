-- Entities that a command changed last, and the revision of that change. Entities that files changed last are not here:
-- the next files may change them.
CREATE TABLE drift (
  kind     TEXT NOT NULL,
  key      TEXT NOT NULL,
  revision INTEGER NOT NULL REFERENCES revisions (revision),
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
