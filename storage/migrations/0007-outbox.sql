-- Mail about messages, written in the transaction that delivers the message, and sent when a mail server takes
-- it. A row is `sending` while a server may have it: one found so at a start was interrupted, and is not sent
-- again, since nobody knows.
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY,
  message    TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  username   TEXT NOT NULL,
  address    TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'given_up')),
  attempts   INTEGER NOT NULL DEFAULT 0,
  next_ms    INTEGER NOT NULL,
  UNIQUE (message, username)
) STRICT;
CREATE INDEX outbox_due ON outbox (next_ms) WHERE state = 'waiting';
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
