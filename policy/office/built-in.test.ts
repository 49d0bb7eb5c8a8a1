/**
 * Goal: every office has the built-in groups, All Users has every user as a member in every revision, and the built-in
 * groups ring. Method: tables of offices and of what follows from them; files that change a built-in group and files
 * that do not.
 */
import { describe, expect, it } from "vitest";
import { group, NUMBER, office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import { exportOffice } from "../office-file/export.js";
import { resolveOffice } from "../office-file/resolve.js";
import { RoutingTable } from "../routing/table.js";
import type { Step } from "../steps/types.js";
import { ALL_USERS, BUILT_IN_GROUPS, builtInGroup } from "./built-in.js";
import { NO_CHANGES } from "./entities.js";

const RING_ALL: Step[] = [
  { kind: "ring", target: { kind: "group", id: ALL_USERS }, timeoutMs: 20_000, skip: false },
  { kind: "hangup", reason: "no_answer" },
];
const ALICE = user("alice", [sipDevice("alice-desk")]);
const BOB = user("bobby", [sipDevice("bob-desk")]);

function members(table: RoutingTable): string[] | undefined {
  return table.group(ALL_USERS)?.members.map(({ username }) => username);
}

describe("the built-in groups", () => {
  it.each(BUILT_IN_GROUPS)("%s exists in an office that does not mention it, and without an office", (id) => {
    expect(RoutingTable.of(office([]), 1).group(id)).toEqual(builtInGroup(id));
    expect(RoutingTable.empty().group(id)).toEqual(builtInGroup(id));
  });

  it("exist under no other id", () => {
    for (const id of ["sales", "constructor", "__proto__", ""]) expect(builtInGroup(id)).toBeUndefined();
  });

  it("ring: a call to All Users rings everybody", () => {
    const scene = Scene.begun({ office: office(RING_ALL, { users: [ALICE, BOB] }) });
    expect(scene.dialled()).toEqual(["alice-desk", "bob-desk"]);
  });

  it("may be switched off for single users, who stay members", () => {
    const changed = group(ALL_USERS, ["bobby"]);
    const off = { ...changed, members: changed.members.map((member) => ({ ...member, calls: false })) };
    const where = office(RING_ALL, { users: [ALICE, BOB], groups: [off] });
    expect(Scene.begun({ office: where }).dialled()).toEqual(["alice-desk"]);
    expect(members(RoutingTable.of(where, 1))).toEqual(["bobby", "alice"]);
  });
});

describe("All Users", () => {
  it("has in every revision the users of that revision", () => {
    const first = RoutingTable.of(office([], { users: [ALICE] }), 1);
    const second = first.next({ ...NO_CHANGES, users: [{ key: "bobby", value: BOB }] }, 2);
    const third = second.next({ ...NO_CHANGES, users: [{ key: "alice", value: undefined }] }, 3);
    expect([members(third), members(second), members(first)]).toEqual([
      ["bobby"],
      ["alice", "bobby"],
      ["alice"],
    ]);
  });

  it("is found by the extension that a file gives it, until the file no longer does", () => {
    const known = office([], { users: [ALICE], groups: [{ ...group(ALL_USERS, []), extension: "300" }] });
    const first = RoutingTable.of(known, 1);
    expect(first.lookupExtension("300")).toMatchObject({ kind: "group", group: { id: ALL_USERS } });
    const second = first.next({ ...NO_CHANGES, groups: [{ key: ALL_USERS, value: undefined }] }, 2);
    expect(second.lookupExtension("300")).toBeUndefined();
    expect(members(second)).toEqual(["alice"]);
  });
});

describe("a file", () => {
  const settings = { name: "Acme", country: "US", timezone: "UTC" };

  function read(groups: readonly object[]) {
    const users = [{ username: "alice", name: "Alice" }];
    return resolveOffice([{ office: settings, users, groups }]).office;
  }

  it("that repeats the defaults of a built-in group changes nothing, and the group is not exported", () => {
    const plain = read(BUILT_IN_GROUPS.map((id) => ({ id })));
    expect(plain?.groups).toEqual([]);
    expect(plain && exportOffice(plain)).not.toHaveProperty("groups");
  });

  it("that changes a built-in group keeps its name", () => {
    expect(read([{ id: ALL_USERS, extension: 300 }])?.groups).toMatchObject([
      { id: ALL_USERS, name: "All Users", extension: "300", members: [] },
    ]);
  });

  it("may send calls to a built-in group", () => {
    const numbers = [{ number: NUMBER, steps: [{ send: "group:all-users" }] }];
    expect(resolveOffice([{ office: settings, numbers }]).office).toBeDefined();
  });
});
