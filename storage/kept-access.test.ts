/**
 * Goal: whoever files leave out by a slip has their PIN and greetings again after a rollback, and nobody who only has the
 * same name ever gets them. Method: offices applied and rolled back on a real database.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../fixtures/core/scene.js";
import type { Apply } from "./apply.js";
import { openStore, type Store } from "./store.js";

const DAY_MS = 86_400_000;

let store: Store;
let nowMs: number;
beforeEach(async () => {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
  nowMs = 100 * DAY_MS;
});
afterEach(() => store.close());

function apply(users: readonly string[], groups: readonly string[] = [], more: Partial<Apply> = {}) {
  const entities = {
    users: users.map((name) => user(name, [])),
    groups: groups.map((id) => group(id, users)),
  };
  return store.applyOffice(office([], entities), {
    ...{ nowMs, author: "ann", message: "", sourceHash: "x" },
    ...more,
  });
}

const rollBack = async (to: number) => {
  const before = await store.loadOffice(to);
  if (before === undefined) throw new Error("no such revision");
  return store.applyOffice(before, { nowMs, author: "ann", message: "", sourceHash: "", rollsBackTo: to });
};

const record = (box: string, id: string, kind: "own" | "name" = "own") =>
  store.mailboxAccess.keepGreeting({ box, kind, busy: false }, id, "ann", nowMs);
const inUse = async () => (await store.mailboxAccess.greetings()).map(({ id }) => id).sort();
const hasPin = async (name: string) => (await store.mailboxAccess.pinOf(name)).isSet;
let tries = 0;
const hashOf = async (name: string) => {
  const tried = await store.mailboxAccess.tryPin(name, `try ${++tries}`, nowMs);
  return tried.kind === "check" ? tried.hash : tried.kind;
};

describe("whoever files leave out by a slip", () => {
  beforeEach(async () => {
    await apply(["alice", "bobby"], ["sales"]);
    await store.mailboxAccess.setPin("alice", "hers", nowMs);
    await record("user:alice", "hello");
    await record("user:alice", "replaced", "name");
    await record("user:alice", "name", "name");
    await record("group:sales", "sales");
    await apply(["bobby"]);
  });

  it("has neither PIN nor greetings, and both again after a rollback", async () => {
    expect([await hasPin("alice"), await inUse()]).toEqual([false, []]);
    await rollBack(1);
    expect([await hashOf("alice"), await inUse()]).toEqual(["hers", ["hello", "name", "sales"]]);
    expect(await store.mailboxAccess.removedGreetings()).toEqual(["replaced"]);
  });

  it("has both again after being left out, and brought back, more than once", async () => {
    await rollBack(1);
    await apply(["bobby"]);
    await apply(["bobby"], ["sales"]);
    expect([await hasPin("alice"), await inUse()]).toEqual([false, []]);
    await rollBack(3);
    expect([await hashOf("alice"), await inUse()]).toEqual(["hers", ["hello", "name", "sales"]]);
  });

  it("has both again also when the revision of before is meant that a rollback brought back already", async () => {
    await rollBack(1);
    await apply(["bobby"]);
    await rollBack(1);
    expect([await hashOf("alice"), await inUse()]).toEqual(["hers", ["hello", "name", "sales"]]);
    await apply(["alice", "bobby"], ["sales", "support"]);
    await rollBack(1);
    expect([await hashOf("alice"), await inUse()]).toEqual(["hers", ["hello", "name", "sales"]]);
  });

  it("is not followed in both by somebody who gets the name", async () => {
    await apply(["alice", "bobby"], ["sales", "support"]);
    expect([await hasPin("alice"), await inUse()]).toEqual([false, []]);
    await store.mailboxAccess.setPin("alice", "another's", nowMs);
    await record("user:alice", "another");
    await rollBack(1);
    expect([await hashOf("alice"), await inUse()]).toEqual(["hers", ["hello", "name", "sales"]]);
    await rollBack(3);
    expect([await hashOf("alice"), await inUse()]).toEqual(["another's", ["another"]]);
    await apply(["bobby"]);
    await rollBack(1);
    expect([await hashOf("alice"), await inUse()]).toEqual(["hers", ["hello", "name", "sales"]]);
  });

  it("stays without both when a rollback goes to a revision without them", async () => {
    await apply(["bobby"], ["support"]);
    await rollBack(2);
    expect([await hasPin("alice"), await inUse()]).toEqual([false, []]);
  });

  it("keeps what was recorded under the name meanwhile, as by a call that went on", async () => {
    await record("user:alice", "meanwhile");
    await rollBack(1);
    expect(await inUse()).toEqual(["meanwhile", "name", "sales"]);
  });
});

describe("a rollback past a removal", () => {
  it("gives the name back to its first owner, without the PIN of who had it meanwhile", async () => {
    await apply(["alice", "bobby"]);
    await apply(["bobby"]);
    await apply(["alice", "bobby"]);
    await store.mailboxAccess.setPin("alice", "another's", nowMs);
    await apply(["alice", "bobby"], ["sales"]);
    await rollBack(1);
    expect(await hasPin("alice")).toBe(false);
    await rollBack(4);
    expect(await hashOf("alice")).toBe("another's");
  });

  it("touches nobody who was there all the time", async () => {
    await apply(["alice", "bobby"]);
    await store.mailboxAccess.setPin("bobby", "his", nowMs);
    await record("user:bobby", "hello");
    await apply(["alice", "bobby"], ["sales"]);
    await rollBack(1);
    expect([await hashOf("bobby"), await inUse()]).toEqual(["his", ["hello"]]);
  });
});

describe("what is kept of somebody who is gone", () => {
  const LATER_MS = 200 * DAY_MS;
  beforeEach(async () => {
    await apply(["alice", "bobby"]);
    await store.mailboxAccess.setPin("alice", "hers", nowMs);
    await record("user:alice", "hello");
    await record("user:bobby", "replaced");
    await record("user:bobby", "his");
    await apply(["bobby"]);
  });

  it("may be removed with the messages, and not before; what was replaced at once", async () => {
    expect(await store.mailboxAccess.removedGreetings(nowMs)).toEqual(["replaced"]);
    expect(await store.mailboxAccess.removedGreetings(nowMs + 1)).toEqual(["hello", "replaced"]);
    await store.mailboxAccess.forgetKeptPins(nowMs);
    await rollBack(1);
    expect(await hasPin("alice")).toBe(true);
  });

  it("is gone after that", async () => {
    await store.mailboxAccess.forgetGreeting("hello");
    await store.mailboxAccess.forgetKeptPins(nowMs + 1);
    await rollBack(1);
    expect([await hasPin("alice"), await inUse()]).toEqual([false, ["his"]]);
  });

  it("stays for as long as there are messages in the mailbox", async () => {
    const message = { call: "c", callerNumber: "", callerName: "", called: "", beganMs: nowMs };
    await store.voicemail.open([{ id: "a", box: "user:alice", ...message }]);
    await store.voicemail.deliver("a", {
      ...{ box: "user:alice", deliveredMs: nowMs, lengthMs: 1, bytes: 1, sha256: "", urgent: false },
      ...{ recipients: [{ username: "alice", receives: true }], mails: [] },
    });
    expect(await store.mailboxAccess.removedGreetings(LATER_MS)).toEqual(["replaced"]);
    await store.mailboxAccess.forgetKeptPins(LATER_MS);
    await rollBack(1);
    expect([await hashOf("alice"), await inUse()]).toEqual(["hers", ["hello", "his"]]);
  });
});
