/** Goal: mails that wait survive the migration to mails about missed calls. Method: a database of the schema before. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Database } from "./database.js";
import { APPLICATION_ID, migrate, migrationsFolder } from "./migrate.js";
import { OutboxStore } from "./outbox.js";

const BEFORE = 8;

it("a mail that waits is taken after the migration, with its message", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ringline-outbox-"));
  const database = await Database.open(join(folder, "test.db"), false);
  await database.exec("PRAGMA foreign_keys = ON");
  for (const name of readdirSync(migrationsFolder()).sort().slice(0, BEFORE))
    await database.exec(readFileSync(join(migrationsFolder(), name), "utf8"));
  await database.exec(`
    PRAGMA user_version = ${BEFORE}; PRAGMA application_id = ${APPLICATION_ID};
    INSERT INTO messages (id, box, state, call, caller_number, caller_name, called, began_ms)
      VALUES ('m', 'user:alice', 'delivered', 'c', '', '', '', 1);
    INSERT INTO outbox (message, username, address, state, attempts, next_ms)
      VALUES ('m', 'alice', 'alice@example.com', 'waiting', 3, 5);
  `);
  expect((await migrate(database)).outcome).toBe("ready");
  const mail = { about: { kind: "message", id: "m" }, username: "alice", address: "alice@example.com" };
  expect(await new OutboxStore(database).takeDue(5)).toEqual({ id: 1, ...mail, sinceMs: 1, attempts: 3 });
  await database.run("DELETE FROM messages");
  expect(await database.all("SELECT id FROM outbox")).toEqual([]);
  await database.close();
  rmSync(folder, { recursive: true });
});
