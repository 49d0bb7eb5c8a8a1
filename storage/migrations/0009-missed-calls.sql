-- Calls that nobody answered and that left no message, if there are mails about them.
CREATE TABLE missed_calls (
  call          TEXT PRIMARY KEY,         -- uuid of the caller's channel
  box           TEXT NOT NULL,            -- user:NAME or group:ID
  caller_number TEXT NOT NULL,
  caller_name   TEXT NOT NULL,
  called        TEXT NOT NULL,
  rang          TEXT NOT NULL CHECK (json_valid(rang)),  -- [username or number, …]
  arrived_ms    INTEGER NOT NULL,         -- Unix epoch
  ended_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The outbox again, for mails about messages and about missed calls.
CREATE TABLE mails (
  id         INTEGER PRIMARY KEY,
  message    TEXT REFERENCES messages (id) ON DELETE CASCADE,
  call       TEXT REFERENCES missed_calls (call) ON DELETE CASCADE,
  username   TEXT NOT NULL,
  address    TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'given_up')),
  attempts   INTEGER NOT NULL DEFAULT 0,
  next_ms    INTEGER NOT NULL,
  UNIQUE (message, username),
  UNIQUE (call, username),
  CHECK ((message IS NULL) <> (call IS NULL))
) STRICT;
INSERT INTO mails (id, message, username, address, state, attempts, next_ms)
  SELECT id, message, username, address, state, attempts, next_ms FROM outbox;
DROP TABLE outbox;
ALTER TABLE mails RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (next_ms) WHERE state = 'waiting';
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
