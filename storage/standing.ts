/**
 * What an engine asks about an office before it begins: whether there is anybody in it, and whether mailboxes want mails.
 * SQLite counts, so that a large office need not be loaded for it.
 */
import type { Database } from "./database.js";
import { tableOf } from "./entities.js";

const LIVE = "until_revision IS NULL";
const WANTS_MAIL = "json_extract(body, '$.voicemail.email') IN ('notice', 'attached')";

/** Whether the newest revision has no user, group or number, or there is no revision at all. */
export async function isEmptyOffice(database: Database): Promise<boolean> {
  const any = (["users", "groups", "numbers"] as const)
    .map((kind) => `EXISTS (SELECT 1 FROM ${tableOf(kind)} WHERE ${LIVE})`)
    .join(" OR ");
  const row = await database.get<{ some: number }>(`SELECT ${any} AS some`);
  return row?.some !== 1;
}

/** How many mailboxes of users and groups ask for mails and have a member with an address. */
export async function mailboxesWithMail(database: Database): Promise<number> {
  const users = tableOf("users");
  const row = await database.get<{ n: number }>(`
    SELECT (SELECT count(*) FROM ${users} WHERE ${LIVE} AND ${WANTS_MAIL}
             AND json_extract(body, '$.email') IS NOT NULL)
         + (SELECT count(*) FROM ${tableOf("groups")} AS boxes WHERE ${LIVE} AND ${WANTS_MAIL}
             AND EXISTS (SELECT 1 FROM json_each(boxes.body, '$.members') AS member
               JOIN ${users} AS person ON person.key = json_extract(member.value, '$.username')
               WHERE person.until_revision IS NULL
                 AND json_extract(member.value, '$.voicemail')
                 AND json_extract(person.body, '$.email') IS NOT NULL)) AS n`);
  return row?.n ?? 0;
}

/** How many users and addresses the office names to be told of calls for help. */
export async function toldOfEmergencies(database: Database): Promise<number> {
  const row = await database.get<{ n: number | null }>(
    `SELECT json_array_length(body, '$.emergency.notify') AS n FROM ${tableOf("settings")} WHERE ${LIVE}`,
  );
  return row?.n ?? 0;
}
