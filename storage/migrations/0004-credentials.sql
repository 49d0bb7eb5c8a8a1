-- The credentials of SIP phones. Not part of any revision: a rollback must not bring an old password back. Only the
-- digest is kept (RFC 2617, A1: md5 of name:realm:password); the password is shown once.
CREATE TABLE credentials (
  sip_name TEXT PRIMARY KEY,
  -- Whose phone it was made for: a name that goes to somebody else needs a password of its own.
  username TEXT NOT NULL,
  realm    TEXT NOT NULL,
  -- Null: taken away; the row stays, so that a running engine learns of it.
  a1_hash  TEXT CHECK (a1_hash IS NULL OR (length(a1_hash) = 32 AND a1_hash NOT GLOB '*[^0-9a-f]*')),
  made_ms  INTEGER NOT NULL,              -- Unix epoch
  made_by  TEXT NOT NULL,
  -- Counts changes over the whole table: what is new since a serial is found by the index alone.
  serial   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credentials_serial ON credentials (serial);
