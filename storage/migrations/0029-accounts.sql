-- People who sign in on the web. A user has an account once they have chosen a password. What belongs to it, such as sessions,
-- refers to it and ends with it; the revision that removes a user removes the account.
CREATE TABLE accounts (
  username      TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,      -- argon2id, as a PHC string
  activated_ms  INTEGER NOT NULL,   -- Unix epoch, as all times here
  password_ms   INTEGER NOT NULL    -- when the password was chosen
) STRICT, WITHOUT ROWID;

-- Users who were invited and have no account yet.
CREATE TABLE invitations (
  username   TEXT PRIMARY KEY,
  invited_ms INTEGER NOT NULL,
  invited_by TEXT NOT NULL,
  by_mail    INTEGER NOT NULL CHECK (by_mail IN (0, 1)),  -- 0: the link was shown
  sent_ms    INTEGER,                                     -- when the mail server took the mail
  sent_to    TEXT,
  failed     TEXT,                                        -- why no mail is sent any more
  expires_ms INTEGER NOT NULL,
  CHECK ((sent_ms IS NULL) = (sent_to IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_expire ON invitations (expires_ms);

-- Links for choosing a password. Those that have ended stay for a while, so that their page says why they do not work.
CREATE TABLE account_links (
  link_hash  TEXT PRIMARY KEY,   -- SHA-256 in lower-case hexadecimal: who reads the database cannot use the link
  username   TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'password')),
  sent_to    TEXT,               -- the e-mail address that the link went to; null: it was shown to an administrator
  made_ms    INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  ended_ms   INTEGER,
  ended      TEXT CHECK (ended IN ('used', 'replaced', 'withdrawn')),
  CHECK ((ended_ms IS NULL) = (ended IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX account_links_user ON account_links (username);
CREATE INDEX account_links_expire ON account_links (expires_ms);

-- Mails to people that wait. A link that a mail brings is made when the mail is sent: no secret waits here.
CREATE TABLE account_mails (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  kind     TEXT NOT NULL,                           -- such as `invitation`
  username TEXT,                                    -- null: whose it is is found out when it is sent
  asked    TEXT,                                    -- what somebody typed who forgot the password
  detail   TEXT NOT NULL CHECK (json_valid(detail)),
  made_ms  INTEGER NOT NULL,
  due_ms   INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  why      TEXT                                     -- why the last attempt failed
) STRICT;
CREATE INDEX account_mails_due ON account_mails (due_ms);
CREATE INDEX account_mails_user ON account_mails (username);
-- However often somebody asks, one mail waits.
CREATE UNIQUE INDEX account_mails_asked ON account_mails (asked) WHERE asked IS NOT NULL;
