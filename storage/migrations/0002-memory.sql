-- What later calls need of earlier ones: whom a rotating group rang first last time, and when each user last answered.
-- Not part of any revision: applying an office does not change it.
CREATE TABLE memory (
  kind TEXT NOT NULL CHECK (kind IN ('rung_first', 'answered')),
  -- A group's id, or a username.
  about TEXT NOT NULL,
  -- A username, or milliseconds since the epoch.
  value TEXT NOT NULL,
  PRIMARY KEY (kind, about)
) WITHOUT ROWID, STRICT;

-- The id under which this database's engine claims calls. It stays the same, so that a restarted engine knows its calls.
CREATE TABLE engine_identity (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  id TEXT NOT NULL
) STRICT;
