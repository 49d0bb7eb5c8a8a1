-- Outside numbers that people say are theirs. The engine calls the number and says a code; who types it in has the phone.
CREATE TABLE number_proofs (
  id        TEXT PRIMARY KEY,
  username  TEXT NOT NULL,
  device    TEXT NOT NULL,        -- the id that the device gets
  number    TEXT NOT NULL,        -- E.164
  asked_ms  INTEGER NOT NULL,     -- Unix epoch, as all times here
  code      TEXT,                 -- what is said; null: the call has begun or will not be made
  code_hash TEXT NOT NULL,        -- SHA-256 with the id, in lower-case hexadecimal
  state     TEXT NOT NULL,        -- asked, calling, said, failed, proved
  why       TEXT,                 -- of a failure
  tries     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX number_proofs_asked ON number_proofs (asked_ms) WHERE state = 'asked';
CREATE INDEX number_proofs_user ON number_proofs (username, asked_ms);
