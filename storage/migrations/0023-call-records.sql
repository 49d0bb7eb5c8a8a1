-- Call records: one row a call, made from the journals of engines (docs/calls.md). Apart from the revisions, which they
-- only name: a record outlives the office it was made in.

-- `key` is when the call began, in milliseconds since the epoch, times 1000, plus a number that tells calls of the same
-- millisecond apart. So the table, and every index that ends with the key, is in the order of time. A key never changes,
-- even if the call turns out to have begun a little earlier.
CREATE TABLE calls (
  key           INTEGER PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,     -- the uuid of the caller's channel
  change        INTEGER NOT NULL,         -- rises with every writing of a row
  direction     TEXT NOT NULL,
  from_number   TEXT NOT NULL,            -- '': withheld, or anonymised
  from_name     TEXT NOT NULL,
  is_withheld   INTEGER NOT NULL,
  user          TEXT,
  device        TEXT,
  called        TEXT NOT NULL,
  revision      INTEGER NOT NULL,
  carrier       TEXT,
  sip_call_id   TEXT,
  part_of       TEXT,                     -- the id of another call
  engines       TEXT NOT NULL,            -- JSON array
  began_ms      INTEGER NOT NULL,         -- milliseconds since the epoch, as are the next three
  first_ring_ms INTEGER,
  connected_ms  INTEGER,
  ended_ms      INTEGER,                  -- null: in progress
  ending        TEXT,                     -- JSON
  result        TEXT NOT NULL,
  side          TEXT,
  cause         TEXT,
  is_end_seen   INTEGER NOT NULL,
  answered_by   TEXT,
  message_in    TEXT,
  is_emergency  INTEGER NOT NULL,
  -- JSON array of ids in call_names: all by which the call is found. The first `abouts` of them are what it was about.
  marks         TEXT NOT NULL,
  abouts        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX calls_change ON calls (change);
CREATE INDEX calls_live ON calls (key) WHERE ended_ms IS NULL;

-- What has happened in each call; apart, so that walking the calls reads no stories. Text: JSON, while the call is in
-- progress. Blob: the same deflated (storage/records/story.ts).
CREATE TABLE call_stories (
  key   INTEGER PRIMARY KEY REFERENCES calls (key) ON DELETE CASCADE,
  story ANY NOT NULL
) STRICT;

-- What calls are found by and counted under: kind `from` and `called` (numbers), `user`, `group`, `flow`, `schedule`,
-- `number`, `carrier`, `result`, `direction`, `emergency`, `all`, `caller`.
CREATE TABLE call_names (
  id   INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (kind, name)
) STRICT;

-- What numbers of kind `from` and `called` are found by: four characters from each of their places on, fewer at the end.
CREATE TABLE call_grams (
  gram TEXT NOT NULL,
  name INTEGER NOT NULL,
  PRIMARY KEY (gram, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE call_marks (
  name INTEGER NOT NULL,
  key  INTEGER NOT NULL,
  PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;

-- Sums, which stay when the calls are deleted. Days and hours are those of the office's zone in which the call began.
CREATE TABLE call_sums (
  name     INTEGER NOT NULL REFERENCES call_names (id),
  day      INTEGER NOT NULL,              -- days since 1970-01-01
  hour     INTEGER NOT NULL,
  calls    INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  missed   INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  refused  INTEGER NOT NULL,
  wait_ms  INTEGER NOT NULL,              -- of answered calls, until they were connected
  talk_ms  INTEGER NOT NULL,
  PRIMARY KEY (name, day, hour)
) STRICT, WITHOUT ROWID;

-- How long callers waited, in whole seconds.
CREATE TABLE call_waits (
  name        INTEGER NOT NULL REFERENCES call_names (id),
  day         INTEGER NOT NULL,
  hour        INTEGER NOT NULL,
  is_answered INTEGER NOT NULL,
  wait_s      INTEGER NOT NULL,
  calls       INTEGER NOT NULL,
  PRIMARY KEY (name, day, hour, is_answered, wait_s)
) STRICT, WITHOUT ROWID;

-- How far each journal was read: written with what was read.
CREATE TABLE call_journals (
  file     TEXT PRIMARY KEY,
  position INTEGER NOT NULL               -- bytes
) STRICT, WITHOUT ROWID;

-- `change`: the last one given out. `anonymised`: every call up to this key has no numbers and names any more.
CREATE TABLE call_state (
  only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
  change     INTEGER NOT NULL,
  anonymised INTEGER NOT NULL
) STRICT;
INSERT INTO call_state (only_row, change, anonymised) VALUES (1, 0, 0);
