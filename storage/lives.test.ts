/**
 * Goal: what is kept under a name belongs to whoever has the name now, and not to somebody who had it before. Method: offices
 * applied and rolled back on a real database.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { group, office, user } from "../fixtures/core/scene.js";
import { openStore, type Store } from "./store.js";

let store: Store;
let nowMs: number;
beforeEach(async () => {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
  nowMs = 0;
});
afterEach(() => store.close());

/** Each revision is applied a second after the one before. */
async function apply(users: readonly string[], name = "") {
  nowMs += 1_000;
  const entities = {
    users: users.map((username) => user(username, [], { name: `${username} ${name}` })),
    groups: [group(users.join("-"), users)],
  };
  await store.applyOffice(office([], entities), { nowMs, author: "ann", message: "", sourceHash: "x" });
}

async function rollBack(to: number) {
  nowMs += 1_000;
  const before = await store.loadOffice(to);
  if (before === undefined) throw new Error("no such revision");
  const apply = { nowMs, author: "ann", message: "", sourceHash: "", rollsBackTo: to };
  await store.applyOffice(before, apply);
}

const since = async (username: string) => (await store.livesSince("users", [username])).get(username);

it("nobody had the name before: from the beginning, however often the user was changed", async () => {
  await apply(["alice"]);
  await apply(["alice", "bobby"], "Wong");
  await apply(["alice", "bobby"], "Lee");
  expect([await since("alice"), await since("bobby")]).toEqual([0, 0]);
});

it("somebody else had the name: from the revision that has added the user", async () => {
  await apply(["alice", "bobby"]);
  await apply(["bobby"]);
  await apply(["alice", "bobby"]);
  await apply(["alice", "bobby"], "Wong");
  expect([await since("alice"), await since("bobby")]).toEqual([3_000, 0]);
});

it("a user who was left out by a slip, and brought back, is the same", async () => {
  await apply(["alice", "bobby"]);
  await apply(["bobby"]);
  await rollBack(1);
  expect(await since("alice")).toBe(0);
});

it("a user who is brought back does not have what is kept of whoever had the name in between", async () => {
  await apply(["alice", "bobby"]);
  await apply(["bobby"]);
  await apply(["alice", "bobby"], "Wong");
  expect(await since("alice")).toBe(3_000);
  await rollBack(1);
  expect(await since("alice")).toBe(4_000);
});

it("a name that the office does not have is nobody's", async () => {
  await apply(["alice", "bobby"]);
  await apply(["bobby"]);
  expect(await since("alice")).toBeUndefined();
});

it("groups likewise", async () => {
  await apply(["alice", "bobby"]);
  await apply(["alice"]);
  await apply(["alice", "bobby"]);
  expect(await store.livesSince("groups", ["alice-bobby"])).toEqual(new Map([["alice-bobby", 3_000]]));
});
