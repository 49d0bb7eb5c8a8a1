/** The addresses that DNS has named for the hosts of carriers: the next engine has them when DNS is away. */
import type { Database } from "./database.js";

export interface CarrierAddress {
  /** A name, and the kinds of records by which it was looked up. */
  readonly host: string;
  readonly address: string;
  /** When DNS named it last; milliseconds since the epoch. */
  readonly namedMs: number;
}

export function readCarrierAddresses(database: Database): Promise<CarrierAddress[]> {
  return database.all<CarrierAddress>(
    "SELECT host, address, named_ms AS namedMs FROM carrier_addresses ORDER BY host, address",
  );
}

/** Replaces all that is kept of these hosts. */
export function writeCarrierAddresses(
  database: Database,
  hosts: readonly string[],
  all: readonly CarrierAddress[],
): Promise<void> {
  return database.transaction(async () => {
    for (const host of hosts) await database.run("DELETE FROM carrier_addresses WHERE host = ?", [host]);
    for (const { host, address, namedMs } of all)
      await database.run(
        "INSERT OR REPLACE INTO carrier_addresses (host, address, named_ms) VALUES (?, ?, ?)",
        [host, address, namedMs],
      );
  });
}
