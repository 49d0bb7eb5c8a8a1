-- Fingerprints of the newest revision, so that an apply finds the few entities that differ without reading all others.
-- The keys of each kind are divided into ranges of about a thousand; each row is one range.
CREATE TABLE fingerprints (
  kind      TEXT NOT NULL,
  -- The range's lowest possible key; it ends before the next range. Each kind has a range that begins with ''.
  first_key TEXT NOT NULL,
  entities  INTEGER NOT NULL,
  -- The sum of the digests of all entities in the range, hexadecimal (storage/digest.ts).
  digest    TEXT NOT NULL,
  PRIMARY KEY (kind, first_key)
) STRICT, WITHOUT ROWID;

-- The revision that the fingerprints are of, and the version of the digests. Without this row there are none.
CREATE TABLE fingerprinted (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  revision INTEGER NOT NULL,
  version  INTEGER NOT NULL
) STRICT;
