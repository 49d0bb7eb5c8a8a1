-- Conversations with outside phones within the last day, for the limits of minutes: `about` is the channel, `value` is
-- `ANSWERED_MS UNTIL_MS PAYER`. A CHECK cannot be changed in place, so the table is made anew.
CREATE TABLE memory_with_outside_calls (
  kind TEXT NOT NULL CHECK (kind IN ('rung_first', 'answered', 'outside_call')),
  -- A group's id, a username, or a channel's id.
  about TEXT NOT NULL,
  -- A username, milliseconds since the epoch, or as above.
  value TEXT NOT NULL,
  PRIMARY KEY (kind, about)
) WITHOUT ROWID, STRICT;
INSERT INTO memory_with_outside_calls SELECT kind, about, value FROM memory;
DROP TABLE memory;
ALTER TABLE memory_with_outside_calls RENAME TO memory;
