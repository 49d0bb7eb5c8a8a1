/**
 * What an apply would remove, found from the entities that differ, and what is kept about each outside of revisions:
 * messages, greetings, PINs and the passwords of phones.
 */
import type { Rename } from "../policy/change/renaming.js";
import { type Vanished, type Vanishing, vanishingBetween } from "../policy/change/vanishing.js";
import type { EntityKind } from "../policy/office/entities.js";
import type { User } from "../policy/office/office.js";
import { type Compared, NOTHING } from "./compare.js";
import type { Database } from "./database.js";
import { tableOf } from "./entities.js";
import { readByKeys } from "./read.js";

/** What the newest revision has and the compared office lacks. */
export async function vanishingIn(
  database: Database,
  { differences, revision }: Compared,
  renames: readonly Rename[],
): Promise<Vanishing> {
  const of = (kind: EntityKind) => differences.get(kind) ?? NOTHING;
  const { changed, removed } = of("users");
  const before = await readByKeys(database, "users", revision, [...changed.keys(), ...removed]);
  const after = (kind: EntityKind) => [...of(kind).added.keys()];
  return vanishingBetween(
    {
      users: [...before.values()],
      groups: of("groups").removed,
      flows: of("flows").removed,
      numbers: of("numbers").removed,
    },
    {
      // The values of users are users.
      users: [...changed.values()] as User[],
      groups: after("groups"),
      flows: after("flows"),
      numbers: after("numbers"),
    },
    renames,
  );
}

/** How many entities of a kind there are now. */
export async function countOf(database: Database, kind: EntityKind): Promise<number> {
  const row = await database.get<{ n: number }>(
    `SELECT count(*) AS n FROM ${tableOf(kind)} WHERE until_revision IS NULL`,
  );
  return row?.n ?? 0;
}

/**
 * Everything that vanishes with what is kept about it; devices only with a password or calls. Messages count that the
 * removal would leave to nobody, as for a removal by command.
 */
export async function holdingsOf(
  database: Database,
  vanishing: Vanishing,
  calls: ReadonlyMap<string, number>,
): Promise<Vanished[]> {
  const boxes = [
    ...vanishing.users.map((name) => `user:${name}`),
    ...vanishing.groups.map((id) => `group:${id}`),
  ];
  const messages = await countsIn(database, MESSAGES, boxes);
  const greetings = await countsIn(database, GREETINGS, boxes);
  const pins = await countsIn(database, PINS, vanishing.users);
  const phones = vanishing.phones.map(({ username, sipName }) => `${username}/${sipName}`);
  const passwords = await countsIn(database, PASSWORDS, phones);
  const passwordsOf = new Map<string, number>();
  const lost = vanishing.phones.map((phone) => ({
    ...phone,
    passwords: passwords.get(`${phone.username}/${phone.sipName}`) ?? 0,
  }));
  for (const { username, withUser, passwords: count } of lost)
    if (withUser) passwordsOf.set(username, (passwordsOf.get(username) ?? 0) + count);
  const vanished = (kind: Vanished["kind"], id: string, passwordCount = 0): Vanished => ({
    kind,
    id,
    messages: messages.get(`${kind}:${id}`) ?? 0,
    greetings: greetings.get(`${kind}:${id}`) ?? 0,
    hasPin: kind === "user" && pins.has(id),
    passwords: passwordCount,
    calls: calls.get(`${kind}:${id}`) ?? 0,
  });
  return [
    ...vanishing.users.map((name) => vanished("user", name, passwordsOf.get(name))),
    ...vanishing.groups.map((id) => vanished("group", id)),
    ...lost
      .filter(({ withUser }) => !withUser)
      .map((phone) => vanished("device", `${phone.username}/${phone.device}`, phone.passwords)),
    ...vanishing.flows.map((id) => vanished("flow", id)),
    ...vanishing.numbers.map((number) => vanished("number", number)),
  ];
}

/** The same rule as `messagesKept` of `hand-over.ts`, for many mailboxes at once. */
const MESSAGES = `SELECT box AS name, count(*) AS n FROM messages WHERE box IN (SELECT value FROM json_each(?))
  AND (state = 'recording' OR (deleted_ms IS NULL AND (
    NOT EXISTS (SELECT 1 FROM message_members WHERE message = id)
    OR EXISTS (SELECT 1 FROM message_members AS m WHERE m.message = id AND m.state <> 'deleted'))))
  GROUP BY box`;
const GREETINGS = `SELECT box AS name, count(*) AS n FROM greetings
  WHERE removed_ms IS NULL AND box IN (SELECT value FROM json_each(?)) GROUP BY box`;
const PINS = `SELECT username AS name, 1 AS n FROM mailbox_pins
  WHERE username IN (SELECT value FROM json_each(?))`;
const PASSWORDS = `SELECT username || '/' || sip_name AS name, 1 AS n FROM credentials
  WHERE a1_hash IS NOT NULL AND username || '/' || sip_name IN (SELECT value FROM json_each(?))`;

async function countsIn(
  database: Database,
  sql: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await database.all<{ name: string; n: number }>(sql, [JSON.stringify(names)]);
  return new Map(rows.map(({ name, n }) => [name, n]));
}
