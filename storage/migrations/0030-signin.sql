-- How people are signed in. All of it belongs to an account and ends with it. Secrets are kept as their SHA-256 in lower-case
-- hexadecimal: who reads the database is not signed in by it. Times are Unix epoch milliseconds.

-- Browsers that are signed in.
CREATE TABLE sessions (
  id           TEXT PRIMARY KEY,      -- what lists show; it signs nobody in
  secret_hash  TEXT NOT NULL UNIQUE,
  username     TEXT NOT NULL REFERENCES accounts (username) ON DELETE CASCADE,
  made_ms      INTEGER NOT NULL,
  confirmed_ms INTEGER NOT NULL,      -- when the person last showed that it is them
  used_ms      INTEGER NOT NULL,
  address      TEXT NOT NULL,         -- where it was used last
  user_agent   TEXT NOT NULL,
  way          TEXT NOT NULL,         -- how they signed in, such as `password`
  browser_hash TEXT NOT NULL          -- the browser of `known_browsers`
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (username);
CREATE INDEX sessions_browser ON sessions (browser_hash);
CREATE INDEX sessions_made ON sessions (made_ms);
CREATE INDEX sessions_used ON sessions (used_ms);

-- Browsers in which an account signed in before: guesses that come from elsewhere do not slow it there.
CREATE TABLE known_browsers (
  username     TEXT NOT NULL REFERENCES accounts (username) ON DELETE CASCADE,
  browser_hash TEXT NOT NULL,
  used_ms      INTEGER NOT NULL,
  PRIMARY KEY (username, browser_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_browsers_hash ON known_browsers (browser_hash);
CREATE INDEX known_browsers_used ON known_browsers (used_ms);

-- Sign-ins that failed, by account, address and known browser. The keys are digests, since people type passwords where a
-- username belongs.
CREATE TABLE sign_in_failures (
  scope    TEXT NOT NULL CHECK (scope IN ('account', 'address', 'browser')),
  key      TEXT NOT NULL,
  failures INTEGER NOT NULL,
  last_ms  INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_ms);

-- People whose password was right and whose second step is missing.
CREATE TABLE sign_in_steps (
  secret_hash TEXT PRIMARY KEY,
  username    TEXT NOT NULL REFERENCES accounts (username) ON DELETE CASCADE,
  password_ms INTEGER NOT NULL,       -- the password that was right
  expires_ms  INTEGER NOT NULL,
  tries       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_steps_user ON sign_in_steps (username);
CREATE INDEX sign_in_steps_expire ON sign_in_steps (expires_ms);

-- Codes of an app (RFC 6238). The secret is needed to check a code, so it cannot be a digest.
CREATE TABLE totp (
  username     TEXT PRIMARY KEY REFERENCES accounts (username) ON DELETE CASCADE,
  secret       TEXT NOT NULL,         -- Base32
  made_ms      INTEGER NOT NULL,
  confirmed_ms INTEGER,               -- null: the app has not shown a code yet
  last_step    INTEGER NOT NULL       -- the time step of the last code that was taken: none works twice
) STRICT, WITHOUT ROWID;

-- For who has lost the app and the passkeys. Each works once.
CREATE TABLE recovery_codes (
  username  TEXT NOT NULL REFERENCES accounts (username) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  used_ms   INTEGER,
  PRIMARY KEY (username, code_hash)
) STRICT, WITHOUT ROWID;

-- Passkeys (WebAuthn).
CREATE TABLE passkeys (
  id             TEXT PRIMARY KEY,    -- the credential's id, base64url
  username       TEXT NOT NULL REFERENCES accounts (username) ON DELETE CASCADE,
  public_key     TEXT NOT NULL,       -- COSE, base64url
  counter        INTEGER NOT NULL,
  transports     TEXT NOT NULL CHECK (json_valid(transports)),
  rp_id          TEXT NOT NULL,       -- the host for which it was made
  name           TEXT NOT NULL,
  is_second_step INTEGER NOT NULL CHECK (is_second_step IN (0, 1)),  -- the password alone is not enough any more
  is_synced      INTEGER NOT NULL CHECK (is_synced IN (0, 1)),
  made_ms        INTEGER NOT NULL,
  used_ms        INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_user ON passkeys (username);

-- What a passkey has to sign. Each works once.
CREATE TABLE passkey_challenges (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,  -- the oldest go first
  challenge  TEXT NOT NULL UNIQUE,
  purpose    TEXT NOT NULL,           -- such as `sign_in`
  username   TEXT REFERENCES accounts (username) ON DELETE CASCADE,  -- null: whoever has the passkey
  address    TEXT NOT NULL,           -- who asked for it, so that nobody can ask for too many
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX passkey_challenges_expire ON passkey_challenges (expires_ms);
CREATE INDEX passkey_challenges_address ON passkey_challenges (address, seq);
CREATE INDEX passkey_challenges_user ON passkey_challenges (username);

-- Keys of the API.
CREATE TABLE api_keys (
  id          TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL,
  username    TEXT NOT NULL REFERENCES accounts (username) ON DELETE CASCADE,
  name        TEXT NOT NULL,
  powers      TEXT NOT NULL CHECK (json_valid(powers)),
  made_ms     INTEGER NOT NULL,
  expires_ms  INTEGER,                -- null: it does not
  used_ms     INTEGER,
  used_from   TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_user ON api_keys (username);
