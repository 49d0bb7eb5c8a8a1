-- Calls to the public network that were answered, for `ringline usage`: one row a leg (docs/statistics.md). What they cost
-- is not kept: it follows from the plans of the office.
CREATE TABLE call_charges (
  key         INTEGER NOT NULL REFERENCES calls (key) ON DELETE CASCADE,
  place       INTEGER NOT NULL,           -- of the leg among those of the call
  answered_ms INTEGER NOT NULL,           -- milliseconds since the epoch
  ended_ms    INTEGER,                    -- null: it goes on
  is_end_seen INTEGER NOT NULL,
  dialled     TEXT NOT NULL,              -- the number that was called
  shown       TEXT,                       -- the number of the office that was shown; never a caller's
  user        TEXT,                       -- who pays; null: the office
  PRIMARY KEY (key, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_charges_answered ON call_charges (answered_ms, key, place);
