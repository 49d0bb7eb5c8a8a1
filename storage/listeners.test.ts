/** PINs that lock, greetings of which one is in use, and drafts: what is kept for those who listen. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../fixtures/core/scene.js";
import { PIN_FAILURES_MAX } from "./listeners.js";
import { openStore, type Store } from "./store.js";

let store: Store;
beforeEach(async () => {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
});
afterEach(() => store.close());

const UNTIL = 1_000_000;

async function wrong(times: number, nowMs = 10): Promise<boolean[]> {
  const locked: boolean[] = [];
  for (let n = 0; n < times; n++) {
    await store.listeners.tryPin("alice", nowMs, UNTIL);
    locked.push(await store.listeners.pinWrong("alice", UNTIL));
  }
  return locked;
}

describe("a PIN", () => {
  it("is none until it is set, and none again when it is taken away", async () => {
    const { listeners } = store;
    expect(await listeners.tryPin("alice", 1, UNTIL)).toEqual({ kind: "none" });
    await listeners.setPin("alice", "hash", 1);
    expect(await listeners.tryPin("alice", 1, UNTIL)).toEqual({ kind: "look", hash: "hash" });
    expect(await listeners.clearPin("alice")).toBe(true);
    expect(await listeners.clearPin("alice")).toBe(false);
    expect(await listeners.tryPin("alice", 1, UNTIL)).toEqual({ kind: "none" });
  });

  it("locks at the fifth wrong one, until its time has passed, and then counts from none", async () => {
    const { listeners } = store;
    await listeners.setPin("alice", "hash", 1);
    expect(await wrong(PIN_FAILURES_MAX)).toEqual([false, false, false, false, true]);
    expect(await listeners.tryPin("alice", UNTIL - 1, UNTIL)).toEqual({ kind: "locked" });
    expect(await wrong(PIN_FAILURES_MAX - 1, UNTIL)).toEqual([false, false, false, false]);
  });

  it("is not looked at more often than that, also by calls at the same moment", async () => {
    const { listeners } = store;
    await listeners.setPin("alice", "hash", 1);
    const tries = await Promise.all(Array.from({ length: 20 }, () => listeners.tryPin("alice", 5, UNTIL)));
    expect(tries.filter(({ kind }) => kind === "look")).toHaveLength(PIN_FAILURES_MAX);
  });

  it.each([
    ["a right one", (s: Store) => s.listeners.pinRight("alice")],
    ["a new one", (s: Store) => s.listeners.setPin("alice", "other", 2)],
  ])("forgets failures after %s", async (_what, mend) => {
    await store.listeners.setPin("alice", "hash", 1);
    await wrong(PIN_FAILURES_MAX);
    await mend(store);
    expect((await store.listeners.tryPin("alice", 20, UNTIL)).kind).toBe("look");
  });
});

describe("a greeting", () => {
  const slot = { box: "user:alice", kind: "own", busy: false } as const;

  it("takes the place of the one before, once, and is no draft any more", async () => {
    const { listeners } = store;
    await listeners.openDraft("one", "call", 1);
    await listeners.keepGreeting(slot, "one", "alice", 2);
    await listeners.keepGreeting(slot, "two", "alice", 3);
    await listeners.keepGreeting(slot, "two", "alice", 4);
    await listeners.keepGreeting({ ...slot, busy: true }, "busy", "alice", 5);
    expect(await listeners.drafts()).toEqual([]);
    expect((await listeners.greetings("user:alice")).map(({ id, busy }) => [id, busy])).toEqual([
      ["two", false],
      ["busy", true],
    ]);
    expect(await listeners.removedGreetings()).toEqual(["one"]);
    await listeners.forgetGreeting("one");
    await listeners.forgetGreeting("two"); // In use: it stays.
    expect(await listeners.removedGreetings()).toEqual([]);
    expect(await listeners.greetings()).toHaveLength(2);
  });

  it("is removed once", async () => {
    const { listeners } = store;
    await listeners.keepGreeting(slot, "one", "alice", 2);
    expect(await listeners.removeGreeting(slot, 3)).toBe(true);
    expect(await listeners.removeGreeting(slot, 3)).toBe(false);
  });
});

it("nobody who gets a name later inherits a PIN or a greeting", async () => {
  const { listeners } = store;
  const apply = (users: readonly string[]) =>
    store.applyOffice(
      office([], {
        users: users.map((name) => user(name, [])),
        groups: users.length > 1 ? [group("sales", users)] : [],
      }),
      { nowMs: 1, author: "test", message: "", sourceHash: "x" },
    );
  await apply(["alice", "bobby"]);
  for (const name of ["alice", "bobby"]) await listeners.setPin(name, "hash", 1);
  for (const box of ["user:alice", "user:bobby", "group:sales"])
    await listeners.keepGreeting({ box, kind: "own", busy: false }, box, "alice", 1);
  await apply(["bobby"]);
  expect((await listeners.pinOf("alice")).isSet).toBe(false);
  expect((await listeners.pinOf("bobby")).isSet).toBe(true);
  expect((await listeners.greetings()).map(({ box }) => box)).toEqual(["user:bobby"]);
  expect((await listeners.removedGreetings()).sort()).toEqual(["group:sales", "user:alice"]);
});
