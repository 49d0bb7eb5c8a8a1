-- Requests that create something and may be sent twice: what the first was answered.
CREATE TABLE idempotency (
  -- The person, or the key of the API, that has sent it.
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  -- Of method, path and body: another request with the same key is a mistake.
  digest BLOB NOT NULL,
  begun_ms INTEGER NOT NULL,
  -- NULL: it is being answered, or its server has ended meanwhile.
  status INTEGER,
  -- JSON: the answer's body, and the headers that matter.
  answer TEXT,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_begun ON idempotency (begun_ms);

-- How the web server listens, as it says itself: for `ringline doctor`. One row at most.
CREATE TABLE web_standing (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  said_ms INTEGER NOT NULL,
  standing TEXT NOT NULL
) STRICT;
