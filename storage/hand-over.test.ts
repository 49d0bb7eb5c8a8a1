/**
 * Goal: what is kept about people outside of revisions goes over with who replaces them, or ends with them. Method:
 * a real database, and what calls left behind in it before somebody was removed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { office, user } from "../fixtures/core/scene.js";
import type { Apply } from "./apply.js";
import type { HandOver } from "./hand-over.js";
import type { Remembered } from "./memory.js";
import { openStore, type Store } from "./store.js";

const BEFORE = office([{ kind: "hangup", reason: "busy" }], {
  users: [user("alice", []), user("bobby", [])],
});
const COMMAND: Apply = { author: "ben", message: "", sourceHash: "", nowMs: 1_700_000_000_000 };
const KEPT: readonly Remembered[] = [
  { kind: "rung_first", group: "sales", username: "alice" },
  { kind: "rung_first", group: "support", username: "bobby" },
  { kind: "answered", username: "alice", atMs: 5 },
  { kind: "answered", username: "bobby", atMs: 6 },
];

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-hand-over-"));
  const opened = await openStore(join(folder, "office.db"));
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
  await store.applyOffice(BEFORE, COMMAND);
  for (const what of KEPT) await store.remember(what);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function keptAfter(handOver: HandOver, apply: Partial<Apply> = {}): Promise<string[]> {
  const after = { ...BEFORE, users: [user("bobby", [])] };
  await store.applyOffice(after, { ...COMMAND, handOver, ...apply });
  return (await store.readMemory()).map((what) => JSON.stringify(what)).sort();
}

it.each<[string, HandOver, readonly Remembered[]]>([
  [
    "a user's turn in a rotating group goes to the replacement",
    { kind: "user", from: "alice", to: "bobby" },
    [
      { kind: "answered", username: "bobby", atMs: 6 },
      { kind: "rung_first", group: "sales", username: "bobby" },
      { kind: "rung_first", group: "support", username: "bobby" },
    ],
  ],
  [
    "without a replacement, only what is theirs alone ends",
    { kind: "user", from: "alice", to: null },
    [
      { kind: "answered", username: "bobby", atMs: 6 },
      { kind: "rung_first", group: "sales", username: "alice" },
      { kind: "rung_first", group: "support", username: "bobby" },
    ],
  ],
  [
    "a group's turn ends with it",
    { kind: "group", from: "sales", to: "support" },
    [
      { kind: "answered", username: "alice", atMs: 5 },
      { kind: "answered", username: "bobby", atMs: 6 },
      { kind: "rung_first", group: "support", username: "bobby" },
    ],
  ],
])("%s", async (_what, handOver, kept) => {
  expect(await keptAfter(handOver)).toEqual(kept.map((what) => JSON.stringify(what)).sort());
});

it("nothing moves when the removal was not applied", async () => {
  const kept = await keptAfter({ kind: "user", from: "alice", to: "bobby" }, { expectRevision: 7 });
  expect(kept).toEqual(KEPT.map((what) => JSON.stringify(what)).sort());
});
