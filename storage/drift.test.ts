/**
 * Goal: the database knows for each entity whether a command changed it last, until files say the same or overwrite it.
 * Method: a real database, with offices applied as by files and as by commands.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { office, user } from "../fixtures/core/scene.js";
import { newStore } from "../fixtures/new-store.js";
import type { Office } from "../policy/office/office.js";
import type { Apply } from "./apply.js";
import type { Store } from "./store.js";

const FILES: Apply = { author: "ann", message: "", sourceHash: "00ff", nowMs: 1_700_000_000_000 };
const COMMAND: Apply = { author: "ben", message: "why", sourceHash: "", nowMs: 1_700_000_001_000 };

const ALICE = user("alice", []);
const BOB = user("bobby", []);
const BASE = office([{ kind: "hangup", reason: "busy" }], { users: [ALICE, BOB] });

function withUsers(...users: Office["users"]): Office {
  return { ...BASE, users };
}

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-drift-"));
  store = await newStore(join(folder, "office.db"));
  await store.applyOffice(BASE, FILES);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function drifted(): Promise<string[]> {
  return (await store.drift()).map(({ kind, key, revision }) => `${kind} ${key} ${revision}`);
}

describe("what is remembered as changed by command", () => {
  it("is nothing of what files said", async () => {
    expect(await drifted()).toEqual([]);
  });

  it("is what a command added, changed and removed, each with its last revision and who did it", async () => {
    await store.applyOffice(withUsers({ ...ALICE, name: "Al" }, user("carol", [])), COMMAND);
    expect(await drifted()).toEqual(["users alice 2", "users bobby 2", "users carol 2"]);
    await store.applyOffice(withUsers({ ...ALICE, name: "Ali" }, user("carol", [])), COMMAND);
    expect(await drifted()).toEqual(["users bobby 2", "users carol 2", "users alice 3"]);
    expect((await store.drift())[0]).toEqual({
      kind: "users",
      key: "bobby",
      revision: 2,
      author: "ben",
      message: "why",
      appliedMs: COMMAND.nowMs,
    });
  });

  it("is forgotten when files have their way, but for what they keep", async () => {
    await store.applyOffice(withUsers({ ...ALICE, name: "Al" }, { ...BOB, name: "Bo" }), COMMAND);
    const kept = withUsers({ ...ALICE, name: "Al" }, BOB);
    await store.applyOffice(kept, { ...FILES, keeps: [{ kind: "users", key: "alice" }] });
    expect(await drifted()).toEqual(["users alice 2"]);
    await store.applyOffice(BASE, FILES);
    expect(await drifted()).toEqual([]);
  });

  it("is forgotten when files come to say the same, without a new revision", async () => {
    const changed = withUsers({ ...ALICE, name: "Al" }, BOB);
    await store.applyOffice(changed, COMMAND);
    expect(await store.applyOffice(changed, FILES)).toMatchObject({ outcome: "unchanged", revision: 2 });
    expect(await drifted()).toEqual([]);
  });

  it("stays when somebody else was first", async () => {
    await store.applyOffice(withUsers(ALICE), COMMAND);
    expect(await store.applyOffice(BASE, { ...FILES, expectRevision: 1 })).toMatchObject({
      outcome: "conflict",
    });
    expect(await drifted()).toEqual(["users bobby 2"]);
  });
});
