/** PINs and their locks, greetings in use and out of use, and drafts. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../fixtures/core/scene.js";
import { PIN_FAILURES_MAX } from "./mailbox-access.js";
import { openStore, type Store } from "./store.js";

let store: Store;
beforeEach(async () => {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
});
afterEach(() => store.close());

let tries = 0;
const attempt = (nowMs: number, key = `try ${++tries}`) => store.mailboxAccess.tryPin("alice", key, nowMs);

/** For how long each of so many wrong PINs locks. */
async function wrong(times: number, nowMs: number): Promise<Array<number | null>> {
  const locks: Array<number | null> = [];
  for (let n = 0; n < times; n++) {
    const tried = await attempt(nowMs);
    locks.push(tried.kind === "check" ? tried.locksMs : -1);
  }
  return locks;
}

describe("a PIN", () => {
  it("is none until it is set, and none again when it is taken away", async () => {
    const { mailboxAccess } = store;
    expect(await attempt(1)).toEqual({ kind: "none" });
    await mailboxAccess.setPin("alice", "hash", 1);
    expect(await attempt(1)).toEqual({ kind: "check", hash: "hash", locksMs: null });
    expect(await mailboxAccess.clearPin("alice")).toBe(true);
    expect(await mailboxAccess.clearPin("alice")).toBe(false);
    expect(await attempt(1)).toEqual({ kind: "none" });
  });

  it("locks at the fifth wrong one, each time for twice as long, up to a day", async () => {
    await store.mailboxAccess.setPin("alice", "hash", 1);
    let nowMs = 10;
    const minutes: number[] = [];
    for (let locks = 0; locks < 8; locks++) {
      const locked = await wrong(PIN_FAILURES_MAX, nowMs);
      expect(locked.slice(0, -1)).toEqual([null, null, null, null]);
      const lockMs = locked.at(-1) ?? 0;
      minutes.push(lockMs / 60_000);
      expect(await attempt(nowMs + lockMs - 1)).toEqual({ kind: "locked" });
      nowMs += lockMs;
    }
    expect(minutes).toEqual([30, 60, 120, 240, 480, 960, 1_440, 1_440]);
  });

  it("is not looked at more often than that, also by calls at the same moment", async () => {
    await store.mailboxAccess.setPin("alice", "hash", 1);
    const all = await Promise.all(Array.from({ length: 20 }, () => attempt(5)));
    expect(all.filter(({ kind }) => kind === "check")).toHaveLength(PIN_FAILURES_MAX);
  });

  it("counts once what is asked again by an engine that has taken the call over, also the last", async () => {
    await store.mailboxAccess.setPin("alice", "hash", 1);
    expect(await wrong(PIN_FAILURES_MAX - 2, 5)).toEqual([null, null, null]);
    for (let n = 0; n < 3; n++) expect((await attempt(5, "the fourth")).kind).toBe("check");
    expect(await attempt(5, "the fifth")).toMatchObject({ locksMs: 30 * 60_000 });
    expect((await attempt(6, "the fifth")).kind).toBe("check");
    expect((await attempt(6)).kind).toBe("locked");
  });

  it.each([
    ["a right one", (s: Store) => s.mailboxAccess.pinRight("alice")],
    ["a new one", (s: Store) => s.mailboxAccess.setPin("alice", "other", 2)],
  ])("forgets failures and locks after %s", async (_what, mend) => {
    await store.mailboxAccess.setPin("alice", "hash", 1);
    await wrong(PIN_FAILURES_MAX, 10);
    await mend(store);
    expect((await wrong(PIN_FAILURES_MAX, 20)).at(-1)).toBe(30 * 60_000);
  });
});

describe("a greeting", () => {
  const slot = { box: "user:alice", kind: "own", busy: false } as const;

  it("takes the place of the one before, once, and is no draft any more", async () => {
    const { mailboxAccess } = store;
    await mailboxAccess.openDraft("one", "call", 1);
    await mailboxAccess.keepGreeting(slot, "one", "alice", 2);
    await mailboxAccess.keepGreeting(slot, "two", "alice", 3);
    await mailboxAccess.keepGreeting(slot, "two", "alice", 4);
    await mailboxAccess.keepGreeting({ ...slot, busy: true }, "busy", "alice", 5);
    expect(await mailboxAccess.drafts()).toEqual([]);
    expect((await mailboxAccess.greetings("user:alice")).map(({ id, busy }) => [id, busy])).toEqual([
      ["two", false],
      ["busy", true],
    ]);
    expect(await mailboxAccess.removedGreetings()).toEqual(["one"]);
    await mailboxAccess.forgetGreeting("one");
    await mailboxAccess.forgetGreeting("two"); // It is in use, so it stays.
    expect(await mailboxAccess.removedGreetings()).toEqual([]);
    expect(await mailboxAccess.greetings()).toHaveLength(2);
  });

  it("is removed once", async () => {
    const { mailboxAccess } = store;
    await mailboxAccess.keepGreeting(slot, "one", "alice", 2);
    expect(await mailboxAccess.removeGreeting(slot, 3)).toBe(true);
    expect(await mailboxAccess.removeGreeting(slot, 3)).toBe(false);
  });
});

it("nobody who gets a name later inherits a PIN or a greeting", async () => {
  const { mailboxAccess } = store;
  const apply = (users: readonly string[]) =>
    store.applyOffice(
      office([], {
        users: users.map((name) => user(name, [])),
        groups: users.length > 1 ? [group("sales", users)] : [],
      }),
      { nowMs: 1, author: "test", message: "", sourceHash: "x" },
    );
  await apply(["alice", "bobby"]);
  for (const name of ["alice", "bobby"]) await mailboxAccess.setPin(name, "hash", 1);
  for (const box of ["user:alice", "user:bobby", "group:sales"])
    await mailboxAccess.keepGreeting({ box, kind: "own", busy: false }, box, "alice", 1);
  await apply(["bobby"]);
  expect((await mailboxAccess.pinOf("alice")).isSet).toBe(false);
  expect((await mailboxAccess.pinOf("bobby")).isSet).toBe(true);
  expect((await mailboxAccess.greetings()).map(({ box }) => box)).toEqual(["user:bobby"]);
  expect((await mailboxAccess.removedGreetings()).sort()).toEqual(["group:sales", "user:alice"]);
});
