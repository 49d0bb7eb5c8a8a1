-- PINs and greetings of users and groups that a revision has removed. Nobody who gets the name later has them, but a
-- rollback to before that revision brings them back with their owner. They are kept as long as messages are.
CREATE TABLE kept_pins (
  username TEXT NOT NULL,
  -- The revision that removed the user.
  gone_in  INTEGER NOT NULL REFERENCES revisions (revision),
  gone_ms  INTEGER NOT NULL,                -- Unix epoch, as all times here
  hash     TEXT NOT NULL,
  set_ms   INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  locked_until_ms INTEGER NOT NULL,
  locks    INTEGER NOT NULL,
  last_try TEXT NOT NULL,
  PRIMARY KEY (username, gone_in)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_pins_gone ON kept_pins (gone_ms);

-- The revision that removed the owner of the greeting; null: the greeting was replaced or removed by itself.
ALTER TABLE greetings ADD COLUMN gone_in INTEGER REFERENCES revisions (revision);
CREATE INDEX greetings_kept ON greetings (box, gone_in) WHERE gone_in IS NOT NULL;

-- Users and groups that a rollback has brought back: whose life ended in `gone_in` goes on since `back_in`. So an owner is
-- told from somebody else who had the same name in between.
CREATE TABLE brought_back (
  kind    TEXT NOT NULL CHECK (kind IN ('users', 'groups')),
  key     TEXT NOT NULL,
  gone_in INTEGER NOT NULL REFERENCES revisions (revision),
  back_in INTEGER NOT NULL REFERENCES revisions (revision),
  -- 1: somebody else had the name until then.
  took    INTEGER NOT NULL,
  PRIMARY KEY (kind, key, gone_in)
) STRICT, WITHOUT ROWID;
