/**
 * Goal: whoever changes the office by the API may do so or is refused with the reason, on every road: edits of a part of a
 * large office, edits of all of it, use cases without edits, an earlier revision, a dry run. Commands are held to nothing.
 * Method: the sample office on a real database.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { acmeOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { editOfficeBy } from "./edits.js";
import { rollBack } from "./rollback.js";
import { addUser, setUsersSuspended } from "./users.js";

let live: LiveOffice;
beforeEach(async () => {
  live = await acmeOffice();
  await editOfficeBy(live.deps, { author: "shell" }, [
    { verb: "add", kind: "member", id: "system-admins/alice.wong", fields: {} },
    {
      verb: "set",
      kind: "user",
      id: "bob.stone",
      fields: { permissions: { users: true, outside_calls: true } },
    },
  ]);
});
afterEach(() => live.close());

const by = (username: string) => ({ author: username, changer: { username, keyPowers: null } });
const name = (id: string): Edit => ({ verb: "set", kind: "user", id, fields: { name: "Another" } });
const suspend = (id: string): Edit => ({ verb: "set", kind: "user", id, fields: { suspended: true } });
const joins = (id: string): Edit => ({ verb: "add", kind: "member", id: `system-admins/${id}`, fields: {} });
const extension: Edit = { verb: "set", kind: "user", id: "carol.diaz", fields: { extension: "auto" } };

it.each<readonly [by: string, edits: readonly Edit[], outcome: object]>([
  ["alice.wong", [name("carol.diaz")], { outcome: "applied" }],
  ["bob.stone", [name("carol.diaz")], { outcome: "applied" }],
  ["bob.stone", [name("carol.diaz"), extension], { outcome: "applied" }],
  ["carol.diaz", [name("carol.diaz")], { outcome: "applied" }],
  ["carol.diaz", [name("bob.stone")], { cause: "not_allowed", needs: "users", edit: 0 }],
  [
    "carol.diaz",
    [name("carol.diaz"), suspend("carol.diaz")],
    { cause: "not_allowed", needs: "users", edit: 1 },
  ],
  ["carol.diaz", [name("nobody.here")], { cause: "not_allowed", needs: "users", edit: 0 }],
  ["bob.stone", [name("alice.wong")], { cause: "not_allowed", needs: "system_admin" }],
  ["bob.stone", [joins("bob.stone")], { cause: "not_allowed", needs: "system_admin" }],
  ["bob.stone", [extension, joins("carol.diaz")], { cause: "not_allowed", needs: "system_admin" }],
  ["nobody.here", [name("carol.diaz")], { cause: "not_allowed" }],
])("%s: %j", async (username, edits, outcome) => {
  for (const dryRun of [true, false]) {
    const ended = await editOfficeBy(live.deps, { ...by(username), dryRun }, edits);
    const expected = "outcome" in outcome ? { outcome: dryRun ? "planned" : "applied" } : outcome;
    expect(ended).toMatchObject(expected);
  }
  expect(await live.deps.store.currentRevision()).toBe("outcome" in outcome ? 3 : 2);
});

it("use cases that make no list of edits are held to the same", async () => {
  const fresh = { username: "fresh.face", name: "Fresh", groups: [], admin: [], permit: [], deny: [] };
  expect(await addUser(live.deps, by("carol.diaz"), fresh)).toMatchObject({ needs: "users" });
  expect(await setUsersSuspended(live.deps, by("bob.stone"), ["alice.wong"], true)).toMatchObject({
    cause: "not_allowed",
    needs: "system_admin",
  });
  expect(await setUsersSuspended(live.deps, by("bob.stone"), ["carol.diaz"], true)).toMatchObject({
    outcome: "applied",
  });
});

it("an earlier revision gives nobody back what the person who goes back does not have", async () => {
  await editOfficeBy(live.deps, { author: "shell" }, [
    { verb: "add", kind: "member", id: "system-admins/carol.diaz", fields: {} },
    { verb: "set", kind: "user", id: "bob.stone", fields: { permissions: { account_settings: true } } },
  ]);
  await editOfficeBy(live.deps, { author: "shell" }, [
    { verb: "remove", kind: "member", id: "system-admins/carol.diaz", options: {} },
  ]);
  expect(await rollBack(live.deps, { ...by("bob.stone"), revision: 3 })).toMatchObject({
    outcome: "refused",
    cause: "not_allowed",
  });
  expect(await rollBack(live.deps, { ...by("alice.wong"), revision: 3 })).toMatchObject({
    outcome: "applied",
  });
});

it("commands on the machine may do everything", async () => {
  expect(await editOfficeBy(live.deps, { author: "shell" }, [joins("carol.diaz")])).toMatchObject({
    outcome: "applied",
  });
});
