-- Entities that a command changed last, and in which revision. What files said last is not here: then it is as
-- the files say, and the next files may change it.
CREATE TABLE drift (
  kind     TEXT NOT NULL,
  key      TEXT NOT NULL,
  revision INTEGER NOT NULL REFERENCES revisions (revision),
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
