-- Mails about messages, written in the transaction that delivers the message. A row is `sending` while the server may
-- have the mail. A row found `sending` at a start was interrupted and is not sent again, because the server may have it.
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
