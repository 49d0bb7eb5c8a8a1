/**
 * Goal: the database knows for each field whether a command changed it last, until files say the same or overwrite it.
 * Method: a real database, with offices applied as by files and as by commands.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { office, user } from "../fixtures/core/scene.js";
import { newStore } from "../fixtures/new-store.js";
import { driftAfter } from "../policy/change/drift-after.js";
import type { Office } from "../policy/office/office.js";
import type { Apply } from "./apply.js";
import { Database } from "./database.js";
import { APPLICATION_ID, migrationsFolder } from "./migrate.js";
import { openStore, type Store } from "./store.js";

vi.mock("../policy/change/drift-after.js", { spy: true });

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
  vi.restoreAllMocks();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function drifted(): Promise<string[]> {
  return (await store.drift()).map(({ kind, key, field, revision }) =>
    [kind, key, field, revision].join(" "),
  );
}

describe("what is remembered as changed by command", () => {
  it("is nothing of what files said", async () => {
    expect(await drifted()).toEqual([]);
  });

  it("is what a command added, changed and removed, each with its last revision and who did it", async () => {
    await store.applyOffice(withUsers({ ...ALICE, name: "Al" }, user("carol", [])), COMMAND);
    expect(await drifted()).toEqual(["users alice name 2", "users bobby  2", "users carol  2"]);
    await store.applyOffice(withUsers({ ...ALICE, name: "Ali" }, user("carol", [])), COMMAND);
    expect(await drifted()).toEqual(["users bobby  2", "users carol  2", "users alice name 3"]);
    expect((await store.drift())[0]).toEqual({
      kind: "users",
      key: "bobby",
      field: "",
      revision: 2,
      author: "ben",
      message: "why",
      appliedMs: COMMAND.nowMs,
      word: {
        is: {
          name: "bobby",
          no_answer: [{ ring: "user:bobby", timeout: 20 }, { hangup: "no_answer" }],
        },
      },
    });
  });

  it("is forgotten when files have their way, but for what they keep", async () => {
    await store.applyOffice(withUsers({ ...ALICE, name: "Al" }, { ...BOB, name: "Bo" }), COMMAND);
    const kept = withUsers({ ...ALICE, name: "Al" }, BOB);
    const keeps = (await store.drift()).filter(({ key }) => key === "alice");
    await store.applyOffice(kept, { ...FILES, keeps });
    expect(await drifted()).toEqual(["users alice name 2"]);
    await store.applyOffice(BASE, FILES);
    expect(await drifted()).toEqual([]);
  });

  it("is forgotten when files come to say the same, without a new revision", async () => {
    const changed = withUsers({ ...ALICE, name: "Al" }, BOB);
    await store.applyOffice(changed, COMMAND);
    expect(await store.applyOffice(changed, FILES)).toMatchObject({ outcome: "unchanged", revision: 2 });
    expect(await drifted()).toEqual([]);
  });

  it("is forgotten field by field when a command sets it back", async () => {
    await store.applyOffice(withUsers({ ...ALICE, name: "Al", extension: "104" }, BOB), COMMAND);
    await store.applyOffice(withUsers({ ...ALICE, extension: "104" }, BOB), COMMAND);
    expect(await drifted()).toEqual(["users alice extension 2"]);
    await store.applyOffice(BASE, COMMAND);
    expect(await drifted()).toEqual([]);
  });

  it("is what the operator keeps, too, in the revision that is live then", async () => {
    const cause = { revision: null, author: "ann", message: "kept", appliedMs: FILES.nowMs };
    const keeps = [{ kind: "users", key: "alice", field: "name", word: { is: "Al" }, ...cause }] as const;
    expect(await store.applyOffice(BASE, { ...FILES, keeps })).toMatchObject({ outcome: "unchanged" });
    expect(await store.drift()).toEqual([{ ...keeps[0], revision: 1 }]);
  });

  it("stays when somebody else was first", async () => {
    await store.applyOffice(withUsers(ALICE), COMMAND);
    expect(await store.applyOffice(BASE, { ...FILES, expectRevision: 1 })).toMatchObject({
      outcome: "conflict",
    });
    expect(await drifted()).toEqual(["users bobby  2"]);
  });
});

/** The number of migrations before drift was kept by field. */
const BEFORE = 19;

it("of a database that kept it by entity is all of the entity, until files are applied", async () => {
  const path = join(folder, "old.db");
  const database = await Database.open(path, false);
  for (const name of readdirSync(migrationsFolder()).sort().slice(0, BEFORE))
    await database.exec(readFileSync(join(migrationsFolder(), name), "utf8"));
  await database.exec(`PRAGMA user_version = ${BEFORE}; PRAGMA application_id = ${APPLICATION_ID};
    INSERT INTO revisions VALUES (1, ${COMMAND.nowMs}, 'ben', 'why', '', '{}');
    INSERT INTO drift VALUES ('users', 'alice', 1);`);
  await database.close();
  const upgraded = await openStore(path);
  if (!upgraded.ok) throw new Error(upgraded.failure.reason);
  expect(await upgraded.store.drift()).toEqual([
    {
      kind: "users",
      key: "alice",
      field: "",
      revision: 1,
      author: "ben",
      message: "why",
      appliedMs: COMMAND.nowMs,
    },
  ]);
  await upgraded.store.close();
});

/** Does something before each transaction, and tells how often drift was worked out in it. */
function aroundTransactions(before: () => Promise<void>): number[] {
  const inside: number[] = [];
  const transaction = Database.prototype.transaction;
  vi.spyOn(Database.prototype, "transaction").mockImplementation(async function (this: Database, work) {
    await before();
    return transaction.call(this, async (rollback) => {
      const count = vi.mocked(driftAfter).mock.calls.length;
      const result = await work(rollback);
      inside.push(vi.mocked(driftAfter).mock.calls.length - count);
      return result;
    }) as never;
  });
  return inside;
}

describe("what drifts after a command", () => {
  const more = Array.from({ length: 50 }, (_, nth) => user(`person${nth}`, []));

  it("is worked out before others wait for the write lock", async () => {
    const inside = aroundTransactions(async () => {});
    await store.applyOffice(withUsers(ALICE, BOB, ...more), COMMAND);
    expect(inside).toEqual([0]);
    expect((await drifted()).length).toBe(50);
  });

  it("is worked out again when files came in between that changed the drift alone", async () => {
    await store.applyOffice(withUsers({ ...ALICE, name: "Al" }, BOB), COMMAND);
    const other = await openStore(join(folder, "office.db"));
    if (!other.ok) throw new Error(other.failure.reason);
    let isFirst = true;
    aroundTransactions(async () => {
      if (!isFirst) return;
      isFirst = false;
      // The files say the same now: nothing drifts any more.
      await other.store.applyOffice(withUsers({ ...ALICE, name: "Al" }, BOB), FILES);
    });
    await store.applyOffice(withUsers({ ...ALICE, name: "Al", email: "a@example.com" }, BOB), COMMAND);
    await other.store.close();
    expect(await drifted()).toEqual(["users alice email 3"]);
  });
});
