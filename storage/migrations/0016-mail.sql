-- A mail that a server refused for its size goes again without its sound.
ALTER TABLE outbox ADD COLUMN without_sound INTEGER NOT NULL DEFAULT 0;
-- Tries in a row that had no outcome, because the process died.
ALTER TABLE outbox ADD COLUMN cut_short INTEGER NOT NULL DEFAULT 0;
-- Why a mail was given up, in one line; null: it was not, or nobody needs to know.
ALTER TABLE outbox ADD COLUMN given_up_why TEXT;

-- The trouble with the mail server, while there is any, for `ringline doctor`.
CREATE TABLE mail_trouble (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  since_ms INTEGER NOT NULL,              -- Unix epoch
  what     TEXT NOT NULL
) STRICT;

-- 1: the message was being recorded when its database was copied. Where it was recorded its members have got their
-- mails; where the copy is used they get none.
ALTER TABLE messages ADD COLUMN no_mails INTEGER NOT NULL DEFAULT 0;
