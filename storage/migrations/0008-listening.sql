-- What people have who listen to messages by phone. Not part of any revision: a PIN that was changed must not come
-- back with a rollback.

-- PINs, as salted hashes, and how often somebody has tried others: one lock for all calls.
CREATE TABLE mailbox_pins (
  username     TEXT PRIMARY KEY,
  hash         TEXT NOT NULL,
  set_ms       INTEGER NOT NULL,            -- Unix epoch, as all times here
  -- Attempts since the last right one; each is counted before it is looked at.
  failures     INTEGER NOT NULL DEFAULT 0,
  locked_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Greetings and names that were recorded or uploaded; the sound file is <id>.wav beside the messages.
CREATE TABLE greetings (
  id         TEXT PRIMARY KEY,
  box        TEXT NOT NULL,                 -- user:NAME or group:ID
  kind       TEXT NOT NULL CHECK (kind IN ('temporary', 'own', 'name')),
  busy       INTEGER NOT NULL,
  set_by     TEXT NOT NULL,
  set_ms     INTEGER NOT NULL,
  -- Replaced or removed: the file goes first, then the row.
  removed_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX greetings_in_use ON greetings (box, kind, busy) WHERE removed_ms IS NULL;

-- Recordings that are no messages and not in use yet: the row is written before the file, so that none is left.
CREATE TABLE drafts (
  id       TEXT PRIMARY KEY,
  call     TEXT NOT NULL,
  began_ms INTEGER NOT NULL
) STRICT;

ALTER TABLE messages ADD COLUMN forwarded_by TEXT;
