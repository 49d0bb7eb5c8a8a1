-- Who did what, from where: sign-ins and failures, invitations, exports, messages that were heard, keys, settings. Changes
-- of the office are in `revisions`.
CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY AUTOINCREMENT,   -- for paging; never used again
  at_ms   INTEGER NOT NULL,                    -- Unix epoch
  actor   TEXT,                                -- a username; null: nobody known, such as a failed sign-in
  key     TEXT,                                -- the name of the key of the API that was used
  address TEXT,                                -- where the request came from; null: a command on the machine
  action  TEXT NOT NULL,                       -- such as `signed_in`
  subject TEXT,                                -- what it was about, such as `user:bob.stone`
  detail  TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;
CREATE INDEX audit_time ON audit (at_ms);
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_subject ON audit (subject, seq);
