/**
 * Goal: groups and their members are changed as asked, and an impossible change is refused with its cause. Method: use
 * cases one after the other on the sample office, and a table of refusals.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import type { Deps } from "../../use-case.js";
import type { OfficeChanged } from "./change.js";
import { addGroup, addGroupMembers, removeGroupMembers, switchGroupMembers } from "./groups.js";

const BY_ANN = { author: "ann" };

let live: LiveOffice;

beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

async function group(id: string) {
  return (await live.office()).groups.find((each) => each.id === id);
}

describe("a group", () => {
  it("is made, and its members are added, switched and removed", async () => {
    const { deps } = live;
    const sales = { id: "sales", name: "Sales", extension: "210", strategy: "in_order" } as const;
    await addGroup(deps, BY_ANN, { ...sales, members: ["bob.stone"] });
    expect(await group("sales")).toMatchObject(sales);
    await addGroupMembers(deps, BY_ANN, "sales", [
      { username: "carol.diaz", delay: 10, ring: 20, voicemail: false },
      { username: "dan.okafor" },
    ]);
    await removeGroupMembers(deps, BY_ANN, "sales", ["bob.stone"]);
    await switchGroupMembers(deps, BY_ANN, "sales", ["dan.okafor"], { calls: false });
    expect((await group("sales"))?.members).toEqual([
      { username: "carol.diaz", delayMs: 10_000, ringMs: 20_000, calls: true, voicemail: false },
      { username: "dan.okafor", delayMs: 0, ringMs: null, calls: false, voicemail: true },
    ]);
    expect((await deps.store.history(4)).map(({ message }) => message)).toEqual([
      "group member switch sales dan.okafor --calls off",
      "group member remove sales bob.stone",
      "group member add sales carol.diaz dan.okafor",
      "group add sales",
    ]);
  });

  it("has its id as name unless a name is given", async () => {
    await addGroup(live.deps, BY_ANN, { id: "sales", members: ["bob.stone"] });
    expect(await group("sales")).toMatchObject({ name: "sales", strategy: "simultaneous" });
  });
});

type Try = readonly [what: string, ended: (deps: Deps) => Promise<OfficeChanged>, cause: string];

describe("an impossible change", () => {
  it.each<Try>([
    [
      "a group without members",
      (deps) => addGroup(deps, BY_ANN, { id: "sales", members: [] }),
      "checks_failed",
    ],
    [
      "a group that is built in",
      (deps) => addGroup(deps, BY_ANN, { id: "system-admins", members: ["bob.stone"] }),
      "senseless",
    ],
    [
      "a member who is one already",
      (deps) => addGroupMembers(deps, BY_ANN, "reception", [{ username: "bob.stone" }]),
      "checks_failed",
    ],
    [
      "members of no group",
      (deps) => addGroupMembers(deps, BY_ANN, "sales", [{ username: "bob.stone" }]),
      "not_found",
    ],
    [
      "removing who is no member",
      (deps) => removeGroupMembers(deps, BY_ANN, "reception", ["dan.okafor"]),
      "not_found",
    ],
    [
      "removing the last members",
      (deps) => removeGroupMembers(deps, BY_ANN, "billing", ["dan.okafor", "carol.diaz"]),
      "checks_failed",
    ],
    [
      "switching who is no member",
      (deps) => switchGroupMembers(deps, BY_ANN, "reception", ["dan.okafor"], { calls: false }),
      "not_found",
    ],
  ])("%s is refused", async (_what, useCase, cause) => {
    expect(await useCase(live.deps)).toMatchObject({ outcome: "refused", cause });
    expect(await live.deps.store.currentRevision()).toBe(1);
  });
});
