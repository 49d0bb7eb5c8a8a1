/**
 * Goal: whoever is removed from the office has no account any more, in the same transaction, and a later user of the same
 * name inherits nothing. Method: a real database, revisions by files.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { office, user } from "../../fixtures/core/scene.js";
import { mustOpen } from "../../fixtures/must-open.js";
import { newStore } from "../../fixtures/new-store.js";
import type { Store } from "../store.js";

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-accounts-"));
  store = await newStore(join(folder, "db"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const APPLY = { author: "files", message: "", sourceHash: "x", nowMs: 5 };

function apply(names: readonly string[], more: object = {}) {
  const users = names.map((name) => user(name, []));
  return store.applyOffice(office([], { users }), { ...APPLY, ...more });
}

function account(username: string) {
  return { username, passwordHash: "$argon2id$", activatedMs: 1, passwordMs: 2 };
}

it("an account ends with its user, and neither a later user of the name nor a rollback has it", async () => {
  await apply(["alice.wong", "bob.stone"]);
  await store.accounts.put(account("alice.wong"));
  await store.accounts.put(account("bob.stone"));
  await apply(["alice.wong"]);
  expect(await store.accounts.account("bob.stone")).toBeUndefined();
  expect(await store.accounts.account("alice.wong")).toEqual(account("alice.wong"));
  await apply(["alice.wong", "bob.stone"], { rollsBackTo: 1 });
  expect(await store.accounts.usernames("", 10)).toEqual(["alice.wong"]);
});

it("whoever loses the name to somebody whom a rollback brings back loses the account, too", async () => {
  await apply(["alice.wong", "bob.stone"]);
  await apply(["alice.wong"]);
  await apply(["alice.wong", "bob.stone"]);
  await store.accounts.put(account("bob.stone"));
  await apply(["alice.wong", "bob.stone"], { rollsBackTo: 1, message: "back" });
  await store.accounts.put(account("alice.wong"));
  await store.applyOffice(
    office([], { users: [user("alice.wong", []), user("bob.stone", [], { name: "The first Bob" })] }),
    { ...APPLY, rollsBackTo: 1 },
  );
  expect(await store.accounts.usernames("", 10)).toEqual(["alice.wong"]);
});

it("invitation, links, mails, sessions and keys end with the user", async () => {
  await apply(["alice.wong", "bob.stone"]);
  const [invite] = await store.invitations.invite([
    { username: "bob.stone", by: "ann", nowMs: 1, expiresMs: 99, linkHash: null, again: false },
  ]);
  expect(invite).toBe("invited");
  await store.accountMails.add({ kind: "new_device", username: "bob.stone", detail: {} }, 1);
  await store.accounts.put(account("bob.stone"));
  await store.accounts.forgot(
    { linkHash: "h", username: "bob.stone", kind: "password", sentTo: null, madeMs: 1, expiresMs: 99 },
    { most: 3, sinceMs: 0 },
  );
  await apply(["alice.wong"]);
  expect(await store.invitations.invitation("bob.stone")).toBeUndefined();
  expect(await store.accounts.link("h")).toBeUndefined();
  expect(await store.accountMails.isDue(1_000)).toBe(false);
});

it("an account is written again in place of what there was, and lists are in order", async () => {
  for (const name of ["carol.diaz", "alice.wong", "bob.stone"]) await store.accounts.put(account(name));
  await store.accounts.put({ ...account("bob.stone"), passwordMs: 9 });
  expect((await store.accounts.account("bob.stone"))?.passwordMs).toBe(9);
  expect(await store.accounts.usernames("alice.wong", 1)).toEqual(["bob.stone"]);
  expect([...(await store.accounts.accountsOf(["carol.diaz", "erin.hall"])).keys()]).toEqual(["carol.diaz"]);
  expect(await store.accounts.remove("bob.stone")).toBe(true);
  expect(await store.accounts.remove("bob.stone")).toBe(false);
});

it("a copy of the database signs nobody in, has no link that works, and sends no mail of the original", async () => {
  await apply(["alice.wong", "bob.stone"]);
  await store.accounts.put(account("alice.wong"));
  const session = {
    ...{ id: "s", secretHash: "secret", username: "alice.wong", nowMs: 10, address: "::1", userAgent: "" },
    ...{ way: "password" as const, browser: { hash: "b" } },
  };
  await store.sessions.begin(session, { idleMs: 1e6, wholeMs: 1e6 });
  await store.invitations.invite([
    { username: "bob.stone", by: "ann", nowMs: 1, expiresMs: 1e6, linkHash: "shown", again: false },
  ]);
  const key = { id: "k", secretHash: "key", username: "alice.wong", name: "CRM", powers: [] };
  expect(await store.apiKeys.add({ ...key, madeMs: 10, expiresMs: null })).toBe(true);
  const phone = { username: "bob.stone", device: "desk", sipName: "bob-desk", madeFor: "person" };
  const link = { ...phone, domain: "x", server: "x:5060", madeMs: 1, madeBy: "ann", expiresMs: 1e6 };
  await store.writeSetupLinks([{ ...link, tokenHash: "phone" }]);
  await store.accountMails.add({ kind: "new_device", username: "alice.wong", detail: {} }, 1);
  const path = join(folder, "copy");
  expect(await store.backup(path)).toEqual({ outcome: "written" });
  const copy = await mustOpen(path, []);
  try {
    expect(await copy.sessions.bySecret("secret")).toBeUndefined();
    expect(await copy.accounts.link("shown")).toBeUndefined();
    expect(await copy.setupLink("phone")).toBeUndefined();
    // It is in the list, as over.
    expect(await copy.apiKeys.bySecret("k", "key")).toMatchObject({ name: "CRM", expiresMs: 10 });
    expect(await copy.accountMails.isDue(1e6)).toBe(false);
    expect(await copy.invitations.invitation("bob.stone")).toMatchObject({
      failed: expect.stringContaining("restored from a backup"),
      expiresMs: 1,
    });
    expect(await copy.accounts.account("alice.wong")).toEqual(account("alice.wong"));
    expect(await copy.sessions.isKnown("alice.wong", "b")).toBe(true);
  } finally {
    await copy.close();
  }
  expect(await store.sessions.bySecret("secret")).toMatchObject({ username: "alice.wong" });
  expect(await store.apiKeys.bySecret("k", "key")).toMatchObject({ expiresMs: null });
  expect(await store.setupLink("phone")).toBeDefined();
});
