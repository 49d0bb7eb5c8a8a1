-- How many calls each engine carries, by the revision they began with: so that `ringline plan` can say how many
-- go on as they began. Written by the running engine now and then; an engine that says nothing for a while is gone.
CREATE TABLE live_calls (
  engine_id TEXT PRIMARY KEY,
  said_ms   INTEGER NOT NULL,                          -- Unix epoch
  -- [[revision, calls], …]
  calls     TEXT NOT NULL CHECK (json_valid(calls))
) STRICT, WITHOUT ROWID;
