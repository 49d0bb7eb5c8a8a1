/**
 * Goal: who changed the office, from where and how, is kept with the change itself; entries are found, and forgotten in time.
 * Method: a real database.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { office, user } from "../fixtures/core/scene.js";
import { newStore } from "../fixtures/new-store.js";
import type { Office } from "../policy/office/office.js";
import type { Apply } from "./apply.js";
import type { Store } from "./store.js";

const BY_COMMAND: Apply = { author: "ann", message: "why", sourceHash: "", nowMs: 1_000 };
const OFFICE = office([], { users: [user("alice.wong", []), user("bob.stone", [])] });

let store: Store;
beforeEach(async () => {
  store = await newStore(":memory:");
  await store.applyOffice(OFFICE, { ...BY_COMMAND, sourceHash: "files" });
});
afterEach(() => store.close());

const newest = async () => (await store.audit.list({}, { limit: 1 }))[0];
const renamed = (name: string): Office => ({
  ...OFFICE,
  users: OFFICE.users.map((each) => (each.username === "bob.stone" ? { ...each, name } : each)),
});

describe("a revision", () => {
  it("of files is kept as theirs, with what came", async () => {
    expect(await newest()).toMatchObject({
      action: "office_changed",
      actor: null,
      address: null,
      subject: "revision:1",
      detail: { way: "files", by: "ann", revision: 1, entries: expect.arrayContaining(["user:bob.stone"]) },
    });
  });

  it("by a command names who made it and the one entry that it is about", async () => {
    await store.applyOffice(renamed("Bob"), BY_COMMAND);
    expect(await newest()).toMatchObject({
      atMs: 1_000,
      actor: null,
      address: null,
      subject: "user:bob.stone",
      detail: { way: "command", by: "ann", message: "why", revision: 2, summary: { users: { changed: 1 } } },
    });
  });

  it("by the API names the person, the key and the address", async () => {
    const origin = { actor: "alice.wong", key: "sync", address: "203.0.113.9" };
    await store.applyOffice(renamed("Bob"), { ...BY_COMMAND, author: "alice.wong (key sync)", origin });
    expect(await newest()).toMatchObject({ ...origin, detail: { way: "api", by: "alice.wong (key sync)" } });
  });

  it("of the settings says what was before and what is now", async () => {
    for (const sourceHash of ["", "files"]) {
      const records = { keepDays: sourceHash === "" ? 30 : 60 };
      await store.applyOffice(
        { ...OFFICE, name: `New ${sourceHash}`, records },
        { ...BY_COMMAND, sourceHash },
      );
    }
    const entries = await store.audit.list({ subject: "office" }, { limit: 2 });
    expect(entries.map(({ detail }) => [detail["before"], detail["after"]])).toEqual([
      [
        { name: "New ", "records.keep": 30 },
        { name: "New files", "records.keep": 60 },
      ],
      [
        { name: "Test", "records.keep": null },
        { name: "New ", "records.keep": 30 },
      ],
    ]);
  });

  it("that changes nothing, or is refused, leaves no entry", async () => {
    await store.applyOffice(OFFICE, BY_COMMAND);
    await store.applyOffice(renamed("Bob"), { ...BY_COMMAND, expectRevision: 7 });
    expect(await store.audit.list({}, { limit: 10 })).toHaveLength(1);
  });

  it("with many entries names some and counts them", async () => {
    const users = Array.from({ length: 50 }, (_, index) => user(`person${index}`, []));
    await store.applyOffice({ ...OFFICE, users: [...OFFICE.users, ...users] }, BY_COMMAND);
    const entry = await newest();
    expect(entry?.detail["entries"]).toHaveLength(20);
    expect(entry?.detail["count"]).toBe(50);
  });
});

it("entries are forgotten when they are old, a few at a time", async () => {
  for (const atMs of [2_000, 3_000, 4_000])
    await store.audit.add({
      atMs,
      actor: null,
      key: null,
      address: null,
      action: "exported",
      subject: null,
      detail: {},
    });
  expect(await store.audit.deleteOld(4_000, 2)).toBe(2);
  expect(await store.audit.deleteOld(4_000, 2)).toBe(1);
  expect(await store.audit.deleteOld(4_000, 2)).toBe(0);
  expect((await store.audit.list({}, { limit: 10 })).map(({ atMs }) => atMs)).toEqual([4_000]);
});
