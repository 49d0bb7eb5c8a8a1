/** Calls for help of which the office tells somebody by mail; their mails are in the outbox, before all others. */
import type { Database } from "./database.js";

export interface EmergencyCallRow {
  readonly id: string;
  readonly call: string;
  readonly atMs: number;
  readonly number: string;
  readonly isTest: boolean;
  readonly user: string | null;
  readonly userName: string | null;
  readonly extension: string | null;
  readonly device: string | null;
  readonly location: string | null;
  readonly callBack: string | null;
}

export interface EmergencyAddressee {
  /** Empty: the address is no user's. */
  readonly username: string;
  readonly address: string;
}

/** How long a call is kept when its mails are over. */
const KEPT_MS = 30 * 24 * 3_600_000;

export class EmergencyTables {
  constructor(private readonly database: Database) {}

  /** Writes the mails about a call, due before all others, in the transaction of the caller; each call once. */
  async write(call: EmergencyCallRow, to: readonly EmergencyAddressee[], nowMs: number): Promise<void> {
    const { id, atMs, number, isTest, user, userName, extension, device, location, callBack } = call;
    await this.database.run("DELETE FROM emergency_calls WHERE at_ms < ?", [nowMs - KEPT_MS]);
    await this.database.run(
      `INSERT INTO emergency_calls
         (id, call, at_ms, number, is_test, username, user_name, extension, device, location, call_back)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [id, call.call, atMs, number, isTest ? 1 : 0, user, userName, extension, device, location, callBack],
    );
    for (const { username, address } of to)
      await this.database.run(
        `INSERT INTO outbox (emergency, username, address, state, next_ms) VALUES (?, ?, ?, 'waiting', 0)
         ON CONFLICT DO NOTHING`,
        [id, username, address],
      );
  }

  async read(id: string): Promise<EmergencyCallRow | undefined> {
    const row = await this.database.get<Omit<EmergencyCallRow, "isTest"> & { readonly isTest: number }>(
      `SELECT id, call, at_ms AS atMs, number, is_test AS isTest, username AS user, user_name AS userName, extension,
         device, location, call_back AS callBack
       FROM emergency_calls WHERE id = ?`,
      [id],
    );
    return row && { ...row, isTest: row.isTest === 1 };
  }
}
