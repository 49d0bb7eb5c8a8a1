/**
 * What ends with a user whom a revision removes: the account and all that refers to it, the invitation, links and mails that
 * wait. A later user of the same name inherits nothing, and a rollback does not bring it back: people are invited anew.
 */
import type { Database } from "../database.js";

/** Tables with rows about a person that do not refer to `accounts`; what refers to it is deleted with it. */
const TABLES = ["accounts", "invitations", "account_links", "account_mails"] as const;

/** Inside the transaction of the caller. */
export async function removeAccounts(database: Database, usernames: readonly string[]): Promise<void> {
  if (usernames.length === 0) return;
  const names = JSON.stringify(usernames);
  for (const table of TABLES)
    await database.run(`DELETE FROM ${table} WHERE username IN (SELECT value FROM json_each(?))`, [names]);
}
