/** Keys of the API. A key belongs to the account of the person who made it. */
import type { Database } from "../database.js";

export interface NewApiKey {
  readonly id: string;
  readonly secretHash: string;
  readonly username: string;
  readonly name: string;
  /** What it may do, as long as its maker may. */
  readonly powers: readonly string[];
  readonly madeMs: number;
  /** Null: it does not end by itself. */
  readonly expiresMs: number | null;
}

export interface ApiKey extends Omit<NewApiKey, "secretHash"> {
  /** Null: never. */
  readonly usedMs: number | null;
  readonly usedFrom: string | null;
}

/** For one account. */
const KEYS_MAX = 100;

const COLUMNS = `id, username, name, powers, made_ms AS madeMs, expires_ms AS expiresMs, used_ms AS usedMs, used_from AS usedFrom`;

type Row = Omit<ApiKey, "powers"> & { readonly powers: string };

export class ApiKeyTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps a key. False: the account is gone, or has too many. */
  async add({ id, secretHash, username, name, powers, madeMs, expiresMs }: NewApiKey): Promise<boolean> {
    const added = await this.#database.runReturning(
      `INSERT INTO api_keys (id, secret_hash, username, name, powers, made_ms, expires_ms)
       SELECT ?1, ?2, username, ?4, ?5, ?6, ?7 FROM accounts WHERE username = ?3
         AND (SELECT count(*) FROM api_keys WHERE username = ?3) < ?8 RETURNING id`,
      [id, secretHash, username, name, JSON.stringify(powers), madeMs, expiresMs, KEYS_MAX],
    );
    return added.length > 0;
  }

  async bySecret(id: string, secretHash: string): Promise<ApiKey | undefined> {
    const row = await this.#database.get<Row>(
      `SELECT ${COLUMNS} FROM api_keys WHERE id = ? AND secret_hash = ?`,
      [id, secretHash],
    );
    return row === undefined ? undefined : keyOf(row);
  }

  async byId(id: string): Promise<ApiKey | undefined> {
    const row = await this.#database.get<Row>(`SELECT ${COLUMNS} FROM api_keys WHERE id = ?`, [id]);
    return row === undefined ? undefined : keyOf(row);
  }

  /** In the order of their ids. @param username null: of everybody */
  async list(
    username: string | null,
    page: { readonly after: string; readonly limit: number },
  ): Promise<ApiKey[]> {
    const rows = await this.#database.all<Row>(
      username === null
        ? `SELECT ${COLUMNS} FROM api_keys WHERE id > ?2 ORDER BY id LIMIT ?3`
        : `SELECT ${COLUMNS} FROM api_keys WHERE username = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
      [username, page.after, page.limit],
    );
    return rows.map(keyOf);
  }

  async used(id: string, { nowMs, address }: { nowMs: number; address: string }): Promise<void> {
    await this.#database.run("UPDATE api_keys SET used_ms = ?, used_from = ? WHERE id = ?", [
      nowMs,
      address,
      id,
    ]);
  }

  /** False: there was none with this id. */
  async end(id: string): Promise<boolean> {
    const ended = await this.#database.runReturning("DELETE FROM api_keys WHERE id = ? RETURNING id", [id]);
    return ended.length > 0;
  }
}

function keyOf({ powers, ...row }: Row): ApiKey {
  return { ...row, powers: JSON.parse(powers) as string[] };
}
