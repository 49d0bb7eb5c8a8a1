/** Goal: what is set by hand is kept, replaced and taken back, one thing at a time. Method: a real database. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ByHand } from "./by-hand.js";
import { openStore, type Store } from "./store.js";

const OPEN: ByHand = {
  kind: "schedule",
  id: "practice",
  value: { state: "open" },
  untilMs: 1_800_000_000_000,
  author: "ann",
  sinceMs: 1_700_000_000_000,
};

let folder: string;
let store: Store;
const open = async () => {
  const opened = await openStore(join(folder, "office.db"));
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-by-hand-"));
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

it("what was set is there, also after a restart", async () => {
  await store.writeByHand(OPEN);
  await store.close();
  await open();
  expect(await store.readByHand()).toEqual([OPEN]);
});

it("what is set later takes the place of what was set before, and of nothing else", async () => {
  const other: ByHand = { ...OPEN, id: "reception", untilMs: null };
  const closed: ByHand = { ...OPEN, value: { state: "closed" }, author: "ben" };
  await store.writeByHand(OPEN);
  await store.writeByHand(other);
  await store.writeByHand(closed);
  expect(await store.readByHand()).toEqual([closed, other]);
});

it("it is taken back once", async () => {
  await store.writeByHand(OPEN);
  expect(await store.removeByHand("schedule", "reception")).toBe(false);
  expect(await store.removeByHand("schedule", "practice")).toBe(true);
  expect(await store.removeByHand("schedule", "practice")).toBe(false);
  expect(await store.readByHand()).toEqual([]);
});
