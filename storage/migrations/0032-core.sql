-- Requests that create something and may be sent twice: what the first was answered.
CREATE TABLE idempotency (
  -- The person, or the key of the API, that has sent it.
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  -- SHA-256 of method, path and body, hexadecimal: another request with the same key is a mistake.
  digest TEXT NOT NULL,
  begun_ms INTEGER NOT NULL,
  -- JSON: the answer, and the headers that matter. NULL: it is being answered, or its server has ended meanwhile.
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
