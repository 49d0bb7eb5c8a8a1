-- Events on their way to webhooks. A row is there while its event waits for its delivery, and is deleted with it.
CREATE TABLE webhook_outbox (
  seq      INTEGER PRIMARY KEY,           -- the order in which events happened
  hook     TEXT NOT NULL,                 -- the id of the webhook
  stream   TEXT NOT NULL,                 -- what is delivered in order: the call, or an event of no call
  event_id TEXT NOT NULL,
  event    TEXT NOT NULL,                 -- its kind
  body     TEXT NOT NULL,                 -- the JSON that is sent
  since_ms INTEGER NOT NULL,              -- when it was queued; Unix epoch, as all times here
  attempts INTEGER NOT NULL DEFAULT 0,
  next_ms  INTEGER,                       -- null: an earlier event of the same stream waits
  why      TEXT,                          -- why the last attempt failed
  UNIQUE (hook, event_id)
) STRICT;
CREATE INDEX webhook_outbox_due ON webhook_outbox (hook, next_ms) WHERE next_ms IS NOT NULL;
CREATE INDEX webhook_outbox_order ON webhook_outbox (hook, stream, seq);
CREATE INDEX webhook_outbox_age ON webhook_outbox (hook, seq);

-- What has become of the events of each webhook.
CREATE TABLE webhook_state (
  hook         TEXT PRIMARY KEY,
  url          TEXT NOT NULL,             -- to which `off_ms` and `failing_ms` refer
  delivered    INTEGER NOT NULL DEFAULT 0,
  given_up     INTEGER NOT NULL DEFAULT 0,
  dropped      INTEGER NOT NULL DEFAULT 0, -- because too many waited, or the webhook was switched off
  last_ms      INTEGER,                   -- of the last delivery
  failing_ms   INTEGER,                   -- since when no delivery succeeds; null: the last one did
  why          TEXT,                      -- of the last failure
  off_ms       INTEGER,                   -- when its server said that it is gone; null: it is in use
  retry_ms     INTEGER                    -- when somebody asked to try again at once
) STRICT, WITHOUT ROWID;

-- Which process delivers, so that two of them, while one takes over from the other, do not deliver beside each other.
CREATE TABLE webhook_lease (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  holder   TEXT NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT;

-- Alarms about calls outside that are no events yet: the engine raises them, the recorder makes events of them.
CREATE TABLE webhook_alarms (
  id      TEXT PRIMARY KEY,
  at_ms   INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  payer   TEXT,                           -- a username; null: the whole office
  figures TEXT NOT NULL CHECK (json_valid(figures))
) STRICT, WITHOUT ROWID;

-- Calls for help of which somebody is told by mail.
CREATE TABLE emergency_calls (
  id        TEXT PRIMARY KEY,             -- of the event
  call      TEXT NOT NULL,
  at_ms     INTEGER NOT NULL,
  number    TEXT NOT NULL,
  is_test   INTEGER NOT NULL,
  username  TEXT,
  user_name TEXT,
  extension TEXT,
  device    TEXT,
  location  TEXT,
  call_back TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX emergency_calls_age ON emergency_calls (at_ms);

-- The outbox again, for mails about calls for help as well.
CREATE TABLE mails (
  id            INTEGER PRIMARY KEY,
  message       TEXT REFERENCES messages (id) ON DELETE CASCADE,
  call          TEXT REFERENCES missed_calls (call) ON DELETE CASCADE,
  emergency     TEXT REFERENCES emergency_calls (id) ON DELETE CASCADE,
  username      TEXT NOT NULL,            -- empty: an address that is no user's
  address       TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'given_up')),
  attempts      INTEGER NOT NULL DEFAULT 0,
  next_ms       INTEGER NOT NULL,
  without_sound INTEGER NOT NULL DEFAULT 0,
  cut_short     INTEGER NOT NULL DEFAULT 0,
  given_up_why  TEXT,
  UNIQUE (message, username),
  UNIQUE (call, username),
  UNIQUE (emergency, address),
  CHECK ((message IS NOT NULL) + (call IS NOT NULL) + (emergency IS NOT NULL) = 1)
) STRICT;
INSERT INTO mails (id, message, call, username, address, state, attempts, next_ms, without_sound, cut_short, given_up_why)
  SELECT id, message, call, username, address, state, attempts, next_ms, without_sound, cut_short, given_up_why FROM outbox;
DROP TABLE outbox;
ALTER TABLE mails RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (next_ms) WHERE state = 'waiting';
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
