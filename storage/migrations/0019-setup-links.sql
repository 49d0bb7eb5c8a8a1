-- Links with which a person or a phone fetches what the phone signs in with, once. The password is made when the link is
-- used, so neither the link's row nor the mail that carried it ever has one.
CREATE TABLE setup_links (
  -- SHA-256 of the link's token in lower-case hexadecimal: who reads the database cannot use the link.
  token_hash TEXT PRIMARY KEY,
  username   TEXT NOT NULL,
  -- The device's id.
  device     TEXT NOT NULL,
  -- The name of what uses the link: `person`, or a make of phones that there is a template of.
  made_for   TEXT NOT NULL,
  -- The switch's SIP domain, and where phones reach the switch (host:port).
  domain     TEXT NOT NULL,
  server     TEXT NOT NULL,
  made_ms    INTEGER NOT NULL,            -- Unix epoch, as all times here
  made_by    TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms    INTEGER,
  -- The address of whoever used it.
  used_from  TEXT,
  CHECK ((used_ms IS NULL) = (used_from IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX setup_links_phone ON setup_links (username, device);
CREATE INDEX setup_links_expire ON setup_links (expires_ms);
