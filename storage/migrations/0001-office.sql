-- The office, entity by entity, in every revision. A row is an entity's value from one revision until (not including)
-- another; `until_revision` is null for the current value. The office of revision R is
--   from_revision <= R and (until_revision is null or until_revision > R)
-- and the two indexes find the changes since a revision, whatever the size of the office.
-- The bodies are the JSON of the types in policy/office/office.ts without the key.

CREATE TABLE revisions (
  revision    INTEGER PRIMARY KEY,
  applied_ms  INTEGER NOT NULL,           -- Unix epoch
  author      TEXT NOT NULL,
  message     TEXT NOT NULL,
  source_hash TEXT NOT NULL,              -- SHA-256 of the files, hexadecimal
  summary     TEXT NOT NULL CHECK (json_valid(summary))  -- { kind: { added, changed, removed } }
) STRICT;

CREATE TABLE settings (
  key            TEXT NOT NULL,
  from_revision  INTEGER NOT NULL REFERENCES revisions (revision),
  until_revision INTEGER REFERENCES revisions (revision),
  body           TEXT NOT NULL,
  PRIMARY KEY (key, from_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX settings_from ON settings (from_revision);
CREATE INDEX settings_until ON settings (until_revision) WHERE until_revision IS NOT NULL;

CREATE TABLE carriers (
  key            TEXT NOT NULL,
  from_revision  INTEGER NOT NULL REFERENCES revisions (revision),
  until_revision INTEGER REFERENCES revisions (revision),
  body           TEXT NOT NULL,
  PRIMARY KEY (key, from_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX carriers_from ON carriers (from_revision);
CREATE INDEX carriers_until ON carriers (until_revision) WHERE until_revision IS NOT NULL;

CREATE TABLE users (
  key            TEXT NOT NULL,
  from_revision  INTEGER NOT NULL REFERENCES revisions (revision),
  until_revision INTEGER REFERENCES revisions (revision),
  body           TEXT NOT NULL,
  PRIMARY KEY (key, from_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX users_from ON users (from_revision);
CREATE INDEX users_until ON users (until_revision) WHERE until_revision IS NOT NULL;

CREATE TABLE groups (
  key            TEXT NOT NULL,
  from_revision  INTEGER NOT NULL REFERENCES revisions (revision),
  until_revision INTEGER REFERENCES revisions (revision),
  body           TEXT NOT NULL,
  PRIMARY KEY (key, from_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX groups_from ON groups (from_revision);
CREATE INDEX groups_until ON groups (until_revision) WHERE until_revision IS NOT NULL;

CREATE TABLE flows (
  key            TEXT NOT NULL,
  from_revision  INTEGER NOT NULL REFERENCES revisions (revision),
  until_revision INTEGER REFERENCES revisions (revision),
  body           TEXT NOT NULL,
  PRIMARY KEY (key, from_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX flows_from ON flows (from_revision);
CREATE INDEX flows_until ON flows (until_revision) WHERE until_revision IS NOT NULL;

CREATE TABLE numbers (
  key            TEXT NOT NULL,           -- E.164
  from_revision  INTEGER NOT NULL REFERENCES revisions (revision),
  until_revision INTEGER REFERENCES revisions (revision),
  body           TEXT NOT NULL,
  PRIMARY KEY (key, from_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX numbers_from ON numbers (from_revision);
CREATE INDEX numbers_until ON numbers (until_revision) WHERE until_revision IS NOT NULL;
