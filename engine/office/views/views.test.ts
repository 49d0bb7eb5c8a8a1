/**
 * Goal: users, groups and revisions are returned as plain values, and so is the fact that one does not exist. Method:
 * views of the sample office, by tables.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  acmeOffice,
  emptyOffice,
  goodFiles,
  type LiveOffice,
} from "../../../fixtures/offices/live-office.js";
import { backUp } from "../../backups/backup.js";
import type { Deps } from "../../use-case.js";
import { setUsersSuspended } from "../changes/users.js";
import { readOffice, readOfficeFrom } from "../files/read.js";
import { listDevices } from "./devices.js";
import { listGroups, showGroup } from "./groups.js";
import { compareRevisions, exportRevision } from "./revisions.js";
import { listUsers, showUser } from "./users.js";

let live: LiveOffice;

beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

const suspendBob = () =>
  setUsersSuspended(live.deps, { author: "ann", message: "on leave" }, ["bob.stone"], true);

describe("users", () => {
  it("are listed with their groups and devices", async () => {
    const ended = await listUsers(live.deps);
    expect(ended).toMatchObject({ outcome: "listed" });
    expect(ended.outcome === "listed" && ended.users[2]).toEqual({
      username: "carol.diaz",
      name: "Carol Díaz",
      email: null,
      extension: "103",
      outboundNumber: null,
      suspended: false,
      devices: ["desk"],
      groups: ["billing", "reception"],
    });
  });

  it.each([
    ["billing", ["carol.diaz", "dan.okafor"]],
    ["all-users", ["alice.wong", "bob.stone", "carol.diaz", "dan.okafor"]],
    ["system-admins", []],
  ])("of the group %s are %j", async (group, names) => {
    const ended = await listUsers(live.deps, group);
    expect(ended.outcome === "listed" && ended.users.map(({ username }) => username)).toEqual(names);
  });

  it("are shown with permissions, with what leads to them, and with drift", async () => {
    expect(await showUser(live.deps, "alice.wong")).toMatchObject({
      outcome: "shown",
      user: { username: "alice.wong", extension: 101 },
      groups: ["reception"],
      ledFrom: expect.arrayContaining(["number +12125550101, step 1: send"]),
      permissions: { outside_calls: { allowed: true, because: "has_number" } },
      drift: null,
    });
    await suspendBob();
    expect(await showUser(live.deps, "bob.stone")).toMatchObject({
      user: { suspended: true },
      drift: { revision: 2, author: "ann", message: "on leave" },
    });
  });
});

describe("groups", () => {
  it("are listed, the built-in ones first", async () => {
    const ended = await listGroups(live.deps);
    expect(ended.outcome === "listed" && ended.groups.map(({ id, builtIn }) => [id, builtIn])).toEqual([
      ["all-users", true],
      ["billing-admins", true],
      ["system-admins", true],
      ["billing", false],
      ["reception", false],
    ]);
  });

  it("are shown with what leads to them", async () => {
    expect(await showGroup(live.deps, "billing")).toMatchObject({
      outcome: "shown",
      group: { id: "billing", strategy: "in_order" },
      builtIn: false,
      ledFrom: ["number +12125550110, step 1: send"],
      drift: null,
    });
  });
});

describe("revisions", () => {
  it("are compared", async () => {
    await suspendBob();
    expect(await compareRevisions(live.deps, 1, 2)).toMatchObject({
      outcome: "compared",
      difference: { changes: [{ key: "bob.stone", change: "changed" }] },
    });
    expect(await compareRevisions(live.deps, 2, 2)).toMatchObject({ difference: { changes: [] } });
    const all = await compareRevisions(live.deps, 0, 1);
    expect(all.outcome === "compared" && all.difference.changes.length).toBeGreaterThan(20);
  });

  it("are exported as files of the same content", async () => {
    const before = await live.office();
    await suspendBob();
    const first = await exportRevision(live.deps, 1);
    const newest = await exportRevision(live.deps);
    if (first.outcome !== "exported" || newest.outcome !== "exported") throw new Error("not exported");
    expect([first.revision, newest.revision]).toEqual([1, 2]);
    const read = (text: string) => goodFiles(readOfficeFrom([{ name: "office.yaml", text }])).office;
    expect(read(first.text)).toEqual(before);
    expect(read(newest.text)).toEqual(await live.office());
  });

  it("are backed up with all before them, and never over an existing file", async () => {
    const file = join(live.folder, "backup.db");
    expect(await backUp(live.deps, file)).toEqual({ outcome: "written", revision: 1 });
    expect(existsSync(file)).toBe(true);
    expect(await backUp(live.deps, file)).toEqual({ outcome: "exists" });
    expect(await backUp(live.deps, join(live.folder, "none", "backup.db"))).toMatchObject({
      outcome: "failed",
    });
  });
});

type View = readonly [what: string, view: (deps: Deps) => Promise<unknown>, ended: object];

describe("what does not exist", () => {
  it.each<View>([
    [
      "a user",
      (deps) => showUser(deps, "alice.wang"),
      { reason: expect.stringContaining("did you mean alice.wong") },
    ],
    ["the users of a group", (deps) => listUsers(deps, "sales"), { reason: "there is no group `sales`" }],
    ["a group", (deps) => showGroup(deps, "sales"), { reason: expect.stringContaining("`sales`") }],
  ])("%s is reported", async (_what, view, ended) => {
    expect(await view(live.deps)).toMatchObject({ outcome: "not_found", ...ended });
  });

  it.each<View>([
    ["compare", (deps) => compareRevisions(deps, 1, 9), { revision: 9 }],
    ["export", (deps) => exportRevision(deps, 9), { revision: 9 }],
  ])("a revision to %s is reported", async (_what, view, ended) => {
    expect(await view(live.deps)).toEqual({ outcome: "no_revision", ...ended });
  });

  it.each<View>([
    ["a list of users", (deps) => listUsers(deps), { outcome: "no_office" }],
    ["a user", (deps) => showUser(deps, "alice.wong"), { outcome: "no_office" }],
    ["a list of groups", (deps) => listGroups(deps), { outcome: "no_office" }],
    ["a list of devices", (deps) => listDevices(deps), { outcome: "no_office" }],
    ["an export", (deps) => exportRevision(deps), { outcome: "no_revision", revision: 0 }],
  ])("an office for %s is reported", async (_what, view, ended) => {
    const empty = await emptyOffice();
    expect(await view(empty.deps)).toEqual(ended);
    await empty.close();
  });

  it("a file of an office is a problem at its place", async () => {
    const { office, problems } = await readOffice([join(live.folder, "none.yaml")]);
    expect(office).toBeUndefined();
    expect(problems).toMatchObject([{ code: "file_unreadable", line: 1 }]);
  });
});
