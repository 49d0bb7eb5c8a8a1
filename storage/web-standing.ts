/** How the web server listens, as it says itself, so that `ringline doctor` knows it whoever has started it. */
import type { Database } from "./database.js";

export interface WebStanding {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly trustedProxies: readonly string[];
  /** Where people reach it; null: nobody has said it. */
  readonly publicUrl: string | null;
  /** A proxy of this network that passes requests on and was not named; null: none was seen. */
  readonly unnamedProxy: string | null;
}

export class WebStandingTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  write(standing: WebStanding, nowMs: number): Promise<void> {
    return this.#database.run(
      "INSERT OR REPLACE INTO web_standing (id, said_ms, standing) VALUES (1, ?, ?)",
      [nowMs, JSON.stringify(standing)],
    );
  }

  /** The server has ended as it should. */
  remove(): Promise<void> {
    return this.#database.run("DELETE FROM web_standing");
  }

  /** Undefined: no server runs, or it has never said anything. */
  async read(): Promise<(WebStanding & { readonly saidMs: number }) | undefined> {
    const row = await this.#database.get<{ saidMs: number; standing: string }>(
      "SELECT said_ms AS saidMs, standing FROM web_standing",
    );
    return row && { ...(JSON.parse(row.standing) as WebStanding), saidMs: row.saidMs };
  }
}
