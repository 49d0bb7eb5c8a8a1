-- Access to mailboxes by phone. Not part of any revision: a rollback must not bring an old PIN back.

-- PINs as salted hashes, with the failed attempts and the lock, which hold over all calls.
CREATE TABLE mailbox_pins (
  username     TEXT PRIMARY KEY,
  hash         TEXT NOT NULL,
  set_ms       INTEGER NOT NULL,            -- Unix epoch, as all times here
  -- Attempts since the last right one; each is counted before it is looked at.
  failures     INTEGER NOT NULL DEFAULT 0,
  locked_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Recorded or uploaded greetings and names; the sound file is <id>.wav beside those of messages.
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

-- Recordings of greetings, names and introductions that are not in use yet. The row is written before the file, so that
-- no file is left behind.
CREATE TABLE drafts (
  id       TEXT PRIMARY KEY,
  call     TEXT NOT NULL,
  began_ms INTEGER NOT NULL
) STRICT;

ALTER TABLE messages ADD COLUMN forwarded_by TEXT;
