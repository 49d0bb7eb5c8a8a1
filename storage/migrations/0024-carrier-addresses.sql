-- The addresses that DNS has named for the hosts of carriers, so that a restart while DNS is away shuts out no carrier.
CREATE TABLE carrier_addresses (
  host     TEXT NOT NULL,     -- a name, and the kinds of records by which it was looked up
  address  TEXT NOT NULL,
  named_ms INTEGER NOT NULL,  -- Unix epoch; when DNS named it last
  PRIMARY KEY (host, address)
) STRICT, WITHOUT ROWID;
