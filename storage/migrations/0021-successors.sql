-- What groups, flows and devices were called before, and who took over from users and groups that were removed. A caller
-- who began with an earlier revision may still reach a mailbox by its old name.
CREATE TABLE successors (
  kind      TEXT NOT NULL CHECK (kind IN ('user', 'group', 'flow', 'device')),
  -- The old id; of a device: USERNAME/ID.
  key       TEXT NOT NULL,
  -- The revision since which it has another one.
  revision  INTEGER NOT NULL REFERENCES revisions (revision),
  successor TEXT NOT NULL,
  -- 1: the same entity under another id; 0: another that was there already has taken over.
  renamed   INTEGER NOT NULL CHECK (renamed IN (0, 1)),
  PRIMARY KEY (kind, key, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX successors_since ON successors (revision);

-- What calls in progress are about, as a list of [name, calls]: user:NAME, group:ID, flow:ID or number:+NUMBER.
ALTER TABLE live_calls ADD COLUMN about TEXT NOT NULL DEFAULT '[]';
