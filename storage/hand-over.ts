/**
 * Hands over what is kept outside of revisions when a user or group is removed. It moves to the replacement in the
 * transaction that removes them, so that messages have a recipient at every moment. Without a replacement the messages
 * of the mailbox block the removal, unless the operator lets them go. PINs and greetings are personal and are removed
 * (`mailbox-access.ts`).
 */

import { recipients } from "../policy/mailbox/mailbox.js";
import { type Box, boxName, parseBox } from "../policy/office/box.js";
import type { RoutingTable } from "../policy/routing/table.js";
import type { Database } from "./database.js";

/** A user or group that is removed, and the replacement; null: none. */
export interface HandOver {
  readonly kind: "user" | "group";
  readonly from: string;
  readonly to: string | null;
  /** Without a replacement: the ids of messages that may be deleted, or all; left out: none. */
  readonly lettingGo?: readonly string[] | "all";
}

/**
 * Ids of the messages that the removal of a mailbox would lose, the oldest first: delivered and deleted neither for all
 * nor by every member, or being recorded right now.
 */
export async function messagesKept(database: Database, box: string): Promise<string[]> {
  const rows = await database.all<{ id: string }>(
    `SELECT id FROM messages WHERE box = ? AND (
       state = 'recording'
       OR (deleted_ms IS NULL AND (
         NOT EXISTS (SELECT 1 FROM message_members WHERE message = id)
         OR EXISTS (SELECT 1 FROM message_members AS m WHERE m.message = id AND m.state <> 'deleted'))))
     ORDER BY began_ms, id`,
    [box],
  );
  return rows.map(({ id }) => id);
}

/** Messages that block a removal: there is no replacement, and they may not be deleted. Inside its transaction. */
export async function messagesInTheWay(database: Database, handOver: HandOver): Promise<string[]> {
  const { to, lettingGo = [] } = handOver;
  if (to !== null || lettingGo === "all") return [];
  const kept = await messagesKept(database, boxName(boxOf(handOver)));
  return kept.filter((id) => !lettingGo.includes(id));
}

/** Hands over, inside the transaction of the removal. @param after the office without the removed user or group */
export async function handOverKept(
  database: Database,
  handOver: HandOver,
  after: () => RoutingTable,
  nowMs: number,
): Promise<void> {
  if (handOver.kind === "group") await handOverGroup(database, handOver, after);
  else await handOverUser(database, handOver, after);
  if (handOver.to === null) await letGo(database, boxName(boxOf(handOver)), nowMs);
}

function boxOf({ kind, from }: HandOver): Box {
  return kind === "user" ? { kind, username: from } : { kind, id: from };
}

async function handOverGroup(
  database: Database,
  { from, to }: HandOver,
  after: () => RoutingTable,
): Promise<void> {
  // The replacement keeps its own turn.
  await database.run("DELETE FROM memory WHERE kind = 'rung_first' AND about = ?", [from]);
  if (to === null) return;
  const box: Box = { kind: "group", id: to };
  const members = recipients(box, after());
  const usernames = JSON.stringify(members.map(({ username }) => username));
  const moved = "message IN (SELECT id FROM messages WHERE box = ?1)";
  // Members of the removed group who are not in the replacement lose access to these messages.
  await database.run(
    `DELETE FROM message_members WHERE ${moved} AND username NOT IN (SELECT value FROM json_each(?2))`,
    [`group:${from}`, usernames],
  );
  for (const { username, receives } of members)
    await database.run(
      `INSERT OR IGNORE INTO message_members (message, username, state, received, changed_ms)
       SELECT id, ?2, 'new', ?3, delivered_ms FROM messages WHERE box = ?1 AND state = 'delivered'`,
      [`group:${from}`, username, receives ? 1 : 0],
    );
  await database.run(
    `UPDATE messages SET claimed_by = NULL, claimed_ms = NULL
     WHERE box = ?1 AND claimed_by NOT IN (SELECT value FROM json_each(?2))`,
    [`group:${from}`, usernames],
  );
  await database.run("UPDATE messages SET box = ? WHERE box = ?", [boxName(box), `group:${from}`]);
}

async function handOverUser(
  database: Database,
  { from, to }: HandOver,
  after: () => RoutingTable,
): Promise<void> {
  // A later user of the same name must not inherit when this user last answered.
  await database.run("DELETE FROM memory WHERE kind = 'answered' AND about = ?", [from]);
  if (to !== null) {
    // In a rotating group the turn goes on after the replacement, who has the place now.
    await database.run("UPDATE memory SET value = ? WHERE kind = 'rung_first' AND value = ?", [to, from]);
    await database.run("UPDATE messages SET box = ? WHERE box = ?", [`user:${to}`, `user:${from}`]);
    await handOverShares(database, from, to, after);
    await database.run(
      `INSERT INTO message_members (message, username, state, received, changed_ms)
       SELECT id, ?1, 'new', 1, delivered_ms FROM messages
       WHERE box = ?2 AND state = 'delivered'
         AND NOT EXISTS (SELECT 1 FROM message_members WHERE message = id)`,
      [to, `user:${to}`],
    );
  }
  await forgetMember(database, from);
}

/** Gives `to` the message states, claims and waiting mails of `from`, in every mailbox where `to` is a member now. */
async function handOverShares(
  database: Database,
  from: string,
  to: string,
  after: () => RoutingTable,
): Promise<void> {
  const rows = await database.all<{ box: string }>(
    `SELECT DISTINCT box FROM message_members JOIN messages ON id = message WHERE username = ?1
     UNION SELECT box FROM messages WHERE claimed_by = ?1`,
    [from],
  );
  if (rows.length === 0) return;
  const table = after();
  const address = table.user(to)?.email ?? null;
  for (const { box: name } of rows) {
    const box = parseBox(name);
    if (box === undefined || !recipients(box, table).some(({ username }) => username === to)) continue;
    const inBox = "message IN (SELECT id FROM messages WHERE box = ?3)";
    // A state that `to` has already stays as it is.
    await database.run(
      `UPDATE OR IGNORE message_members SET username = ?2 WHERE username = ?1 AND ${inBox}`,
      [from, to, name],
    );
    await database.run("UPDATE messages SET claimed_by = ?2 WHERE claimed_by = ?1 AND box = ?3", [
      from,
      to,
      name,
    ]);
    if (address !== null)
      await database.run(
        `UPDATE OR IGNORE outbox SET username = ?2, address = ?4
         WHERE username = ?1 AND state = 'waiting' AND ${inBox}`,
        [from, to, name, address],
      );
  }
}

/** Removes a user's message states, claims and waiting mails: a later user of the same name must not inherit them. */
async function forgetMember(database: Database, username: string): Promise<void> {
  await database.run("UPDATE messages SET claimed_by = NULL, claimed_ms = NULL WHERE claimed_by = ?", [
    username,
  ]);
  await database.run("UPDATE outbox SET state = 'given_up' WHERE username = ? AND state = 'waiting'", [
    username,
  ]);
  await database.run("DELETE FROM message_members WHERE username = ?", [username]);
}

/** Deletes a mailbox's messages for all; commands can restore them for 30 days. */
async function letGo(database: Database, box: string, nowMs: number): Promise<void> {
  await database.run(
    "UPDATE messages SET deleted_ms = ? WHERE box = ? AND state = 'delivered' AND deleted_ms IS NULL",
    [nowMs, box],
  );
}
