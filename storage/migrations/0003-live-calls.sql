-- How many calls each engine carries, by the revision they began with, for `ringline plan`. The running engine writes
-- its row now and then; an engine whose row gets old is gone.
CREATE TABLE live_calls (
  engine_id TEXT PRIMARY KEY,
  said_ms   INTEGER NOT NULL,                          -- Unix epoch
  -- [[revision, calls], …]
  calls     TEXT NOT NULL CHECK (json_valid(calls))
) STRICT, WITHOUT ROWID;
