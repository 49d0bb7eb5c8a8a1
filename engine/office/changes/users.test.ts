/**
 * Goal: users are added, alone or as a table, and suspended, as one revision or not at all. Method: tables of use cases
 * on the sample office, without a command line.
 */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import { headingsWith } from "../tables/import-table.js";
import { gridsOf, type TableFile } from "../tables/read-table.js";
import { applyUserTable } from "./user-table.js";
import { AUTO, addUser, type NewUser, setUsersSuspended } from "./users.js";

const BY_ANN = { author: "ann" };
const DANA: NewUser = {
  username: "dana.reed",
  name: "Dana Reed",
  groups: [],
  admin: [],
  permit: [],
  deny: [],
};

let live: LiveOffice;

beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

async function dana() {
  return (await live.office()).users.find(({ username }) => username === "dana.reed");
}

describe("adding a user", () => {
  it("makes devices, memberships and permissions of what is given", async () => {
    const ended = await addUser(live.deps, BY_ANN, {
      ...DANA,
      extension: AUTO,
      sip: "dana-desk",
      phone: "+1 917 555 0188",
      groups: ["billing"],
      admin: ["system"],
      permit: ["sms"],
      deny: ["outside_calls"],
    });
    expect(ended).toMatchObject({ outcome: "applied", revision: 2 });
    expect(await dana()).toMatchObject({
      extension: "105",
      permissions: { sms: true, outside_calls: false },
      devices: [
        { id: "desk", at: { kind: "sip", name: "dana-desk" } },
        { id: "cell", at: { kind: "phone", number: "+19175550188" } },
      ],
    });
    const groups = (await live.office()).groups.filter(({ members }) =>
      members.some(({ username }) => username === "dana.reed"),
    );
    expect(groups.map(({ id }) => id)).toEqual(["billing", "system-admins"]);
    expect(await live.deps.store.history(1)).toMatchObject([{ message: "user add dana.reed" }]);
  });

  it.each([
    [{ extension: "101" }, "checks_failed", "the user `dana.reed` cannot be added"],
    [{ username: "x" }, "checks_failed", "the user `x` cannot be added"],
    [{ groups: ["recption"] }, "not_found", "there is no group `recption`; did you mean reception?"],
  ])("%j is refused as %j", async (more, cause, reason) => {
    expect(await addUser(live.deps, BY_ANN, { ...DANA, ...more })).toMatchObject({
      outcome: "refused",
      cause,
      reason,
    });
    expect(await live.deps.store.currentRevision()).toBe(1);
  });
});

describe("adding a table", () => {
  const add = async (text: string) =>
    addTable({
      name: "folder/users.csv",
      read: await gridsOf(new TextEncoder().encode(text), headingsWith(new Map())),
    });
  const addTable = (file: TableFile) =>
    applyUserTable(live.deps, BY_ANN, {
      file,
      columns: new Map(),
      departments: new Map(),
      autoExtension: true,
      update: false,
    });

  it("adds all users and the groups that are named, as one revision", async () => {
    expect(await add("username,name,groups\ndana.reed,Dana,Branch\nerik.holm,Erik,Branch\n")).toMatchObject({
      outcome: "applied",
      revision: 2,
      summary: { users: { added: 2 }, groups: { added: 1 } },
    });
    expect((await dana())?.extension).toBe("105");
    expect(await live.deps.store.history(1)).toMatchObject([{ message: "user add --from users.csv" }]);
  });

  it("reads numbers as those of the office's country unless another is named", async () => {
    await add("username,name,phone\ndana.reed,Dana,(917) 555-0188\n");
    expect((await dana())?.devices).toMatchObject([{ at: { number: "+19175550188" } }]);
  });

  it.each([
    ["username,name\ndana.reed,Dana\nx,Ex\n", { outcome: "table_faulty", problems: [{ row: 3 }] }],
    ["number,label\n+12125550199,New\n", { outcome: "table_of_numbers" }],
    ["username,name\nbob.stone,Bob\n", { outcome: "refused", cause: "checks_failed" }],
  ])("%j adds nobody", async (text, ended) => {
    expect(await add(text)).toMatchObject(ended);
    expect(await live.deps.store.currentRevision()).toBe(1);
  });

  it("that cannot be read says why", async () => {
    expect(await addTable({ name: "folder", read: { ok: false, unreadable: "it is a folder" } })).toEqual({
      outcome: "table_unreadable",
      reason: "it is a folder",
    });
  });
});

describe("suspending users", () => {
  it("is taken back by resuming them", async () => {
    const before = await live.office();
    const names = ["bob.stone", "carol.diaz"];
    expect(await setUsersSuspended(live.deps, BY_ANN, names, true)).toMatchObject({ outcome: "applied" });
    expect(await setUsersSuspended(live.deps, BY_ANN, names, true)).toMatchObject({ outcome: "unchanged" });
    expect(await setUsersSuspended(live.deps, BY_ANN, names, false)).toMatchObject({ revision: 3 });
    expect(await live.office()).toEqual(before);
    expect((await live.deps.store.history(2)).map(({ message }) => message)).toEqual([
      "user resume bob.stone carol.diaz",
      "user suspend bob.stone carol.diaz",
    ]);
  });

  it("of a user who does not exist is refused", async () => {
    expect(await setUsersSuspended(live.deps, BY_ANN, ["bob.stone", "nobody"], true)).toMatchObject({
      outcome: "refused",
      cause: "not_found",
    });
  });
});
