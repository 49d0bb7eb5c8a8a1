-- Calls that people ask for in a page: their own phone rings, and when they answer the number is dialled on it.
CREATE TABLE click_calls (
  id         TEXT PRIMARY KEY,
  username   TEXT NOT NULL,
  dialled    TEXT NOT NULL,              -- what a phone would send
  device     TEXT,                       -- the id of the device that rings; null: all that are reachable
  asked_ms   INTEGER NOT NULL,           -- Unix epoch
  state      TEXT NOT NULL,              -- asked, ringing_you, calling, connected, ended
  reason     TEXT,                       -- why it has ended
  why        TEXT,                       -- more of that: why it was refused, or how it has failed
  is_stopped INTEGER NOT NULL DEFAULT 0, -- the user wants it to end
  legs       TEXT,                       -- JSON: the channels that ring the user's phones; null: none was rung
  call       TEXT                        -- the id of the call that it has become
) STRICT, WITHOUT ROWID;
CREATE INDEX click_calls_open ON click_calls (state) WHERE state <> 'ended';
CREATE INDEX click_calls_asked ON click_calls (asked_ms);
CREATE INDEX click_calls_user ON click_calls (username, asked_ms);
