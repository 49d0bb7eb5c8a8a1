-- Sign-ins that failed are counted for the whole office, too. What was counted before is not worth keeping.
DROP TABLE sign_in_failures;
CREATE TABLE sign_in_failures (
  scope    TEXT NOT NULL CHECK (scope IN ('account', 'address', 'browser', 'office')),
  key      TEXT NOT NULL,
  failures INTEGER NOT NULL,
  last_ms  INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_ms);
