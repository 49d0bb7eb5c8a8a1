-- Drift by field: the field that a command changed, and what the files say of it.
CREATE TABLE drift_of_fields (
  kind       TEXT NOT NULL,
  key        TEXT NOT NULL,
  -- As policy/change/fields.ts names it; empty: the whole entity was added or removed.
  field      TEXT NOT NULL,
  -- The revision of the change, with its author, reason and time: what an operator keeps of the live office when files
  -- are applied may have no revision of its own.
  revision   INTEGER NOT NULL REFERENCES revisions (revision),
  author     TEXT NOT NULL,
  message    TEXT NOT NULL,
  changed_ms INTEGER NOT NULL,
  -- JSON: { "is": VALUE }, or {} where the files do not have it. NULL: not known, for an entity that was noted before
  -- drift was kept by field; the next apply finds which of its fields differ.
  files_word TEXT,
  PRIMARY KEY (kind, key, field)
) STRICT, WITHOUT ROWID;
INSERT INTO drift_of_fields
SELECT kind, key, '', revision, author, message, applied_ms, NULL FROM drift JOIN revisions USING (revision);
DROP TABLE drift;
ALTER TABLE drift_of_fields RENAME TO drift;
