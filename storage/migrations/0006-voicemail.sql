-- Messages. Each message has one row and one sound file, and a row in message_members for each member of the mailbox.
-- Not part of any revision.
--
-- The row is written before the recording begins, with the state `recording`, so that a recording left behind by a
-- crash is found by its row. `recording` becomes `delivered` in one transaction with the members' rows and the mails, so
-- a message is delivered once.
CREATE TABLE messages (
  id            TEXT PRIMARY KEY,         -- uuid; the sound file is <id>.wav
  box           TEXT NOT NULL,            -- user:NAME or group:ID
  state         TEXT NOT NULL CHECK (state IN ('recording', 'delivered')),
  call          TEXT NOT NULL,            -- uuid of the caller's channel
  caller_number TEXT NOT NULL,
  caller_name   TEXT NOT NULL,
  called        TEXT NOT NULL,
  began_ms      INTEGER NOT NULL,         -- Unix epoch, as all times here
  delivered_ms  INTEGER,
  length_ms     INTEGER,
  bytes         INTEGER,
  sha256        TEXT,                     -- of the sound file, hexadecimal
  urgent        INTEGER NOT NULL DEFAULT 0,
  heard_by      TEXT,                     -- who heard it first
  heard_ms      INTEGER,
  claimed_by    TEXT,                     -- who calls this caller back
  claimed_ms    INTEGER,
  deleted_ms    INTEGER                   -- for all
) STRICT;
CREATE INDEX messages_of_box ON messages (box, delivered_ms) WHERE state = 'delivered';
CREATE INDEX messages_open ON messages (began_ms) WHERE state = 'recording';

CREATE TABLE message_members (
  message    TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  username   TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('new', 'heard', 'saved', 'deleted')),
  -- 0: it came while this member's voicemail was switched off.
  received   INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  PRIMARY KEY (username, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_members_of ON message_members (message);
