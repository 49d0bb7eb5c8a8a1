/** Goal: who has a shell sees who did what, from where. Method: the program on a database with entries. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ringline } from "../../../fixtures/cli/run-program.js";
import { office, user } from "../../../fixtures/core/scene.js";
import { newStore } from "../../../fixtures/new-store.js";

let folder: string;
let db: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-audit-"));
  db = join(folder, "office.db");
  const store = await newStore(db);
  const atMs = Date.UTC(2026, 10, 30, 14, 0);
  const by = { author: "ann", message: "first", sourceHash: "abc", nowMs: atMs };
  await store.applyOffice(office([], { users: [user("alice.wong", [])] }), by);
  const alice = { actor: "alice.wong", key: null, address: "203.0.113.9", subject: null };
  await store.audit.add({
    ...alice,
    atMs: atMs + 60_000,
    action: "signed_in",
    detail: { device: "=1+1\u001b[2J" },
  });
  await store.audit.add({
    ...alice,
    atMs: atMs + 120_000,
    key: "sync",
    action: "exported",
    subject: "calls",
    detail: {},
  });
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [
    [],
    [
      "alice.wong (key sync) from 203.0.113.9: exported calls",
      "alice.wong from 203.0.113.9: signed in",
      "ann by files: changed the office revision:1",
    ],
  ],
  [["--user", "alice.wong", "--action", "signed_in"], ["alice.wong from 203.0.113.9: signed in"]],
  [["--about", "revision:1"], ["ann by files: changed the office revision:1"]],
  [["--since", "2026-11-30T14:02:00Z"], ["exported calls"]],
  [["--limit", "1"], ["exported calls"]],
])("ringline audit %j", async (more, lines) => {
  const { out, code } = await ringline("audit", "--db", db, ...more);
  expect(code).toBe(0);
  const shown = out.split("\n").filter((line) => line.startsWith("2026"));
  expect(shown).toHaveLength(lines.length);
  for (const [index, line] of lines.entries()) expect(shown[index]).toContain(line);
  expect(out).not.toContain("\u001b");
});

it("has one object a line for programs", async () => {
  const { out } = await ringline("audit", "--db", db, "--json");
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).action),
  ).toEqual(["exported", "signed_in", "office_changed"]);
});

it("has a table in which no cell is a formula", async () => {
  const { out } = await ringline("audit", "--db", db, "--csv", "--action", "signed_in");
  expect(out).toContain("Time,Who,Key,From,What,About,Details\r\n");
  expect(out).not.toMatch(/(^|,)"?=/m);
});

it.each([
  [["--since", "never"], 1, "--since never: expected"],
  [["--json", "--csv"], 1, "give one of --json and --csv"],
  [["--action", "dance"], 1, "--action"],
])("%j is refused", async (more, code, text) => {
  const ended = await ringline("audit", "--db", db, ...more);
  expect(ended.code).toBe(code);
  expect(ended.out + ended.err).toContain(text);
});
