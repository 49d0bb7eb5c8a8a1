-- Entries of the sections of an office that belong to kinds of steps. One table for all of them: the key is the
-- section and the entry's id, for example schedules:practice.
CREATE TABLE sections (
  key            TEXT NOT NULL,
  from_revision  INTEGER NOT NULL REFERENCES revisions (revision),
  until_revision INTEGER REFERENCES revisions (revision),
  body           TEXT NOT NULL,
  PRIMARY KEY (key, from_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX sections_from ON sections (from_revision);
CREATE INDEX sections_until ON sections (until_revision) WHERE until_revision IS NOT NULL;
