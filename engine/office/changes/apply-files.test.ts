/**
 * Goal: files become the live office and what commands changed is kept; a plan says the same beforehand; a rollback
 * brings an earlier revision back. Method: texts of the sample office with replacements, on a real database.
 */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACME_FILE,
  acmeOffice,
  emptyOffice,
  goodFiles,
  type LiveOffice,
} from "../../../fixtures/offices/live-office.js";
import { readOfficeFrom } from "../files/read.js";
import { planFiles, planFirstFiles } from "../views/plan.js";
import { applyFiles } from "./apply-files.js";
import { addGroupMembers } from "./groups.js";
import { rollBack } from "./rollback.js";
import { setUsersSuspended } from "./users.js";

const BY_ANN = { author: "ann" };
const APPLY = { author: "ann", overwrite: false, compare: true };
const TEXT = readFileSync(ACME_FILE, "utf8");

let live: LiveOffice;

beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

function files(...changes: (readonly [from: string | RegExp, to: string])[]) {
  const text = changes.reduce((before, [from, to]) => before.replaceAll(from, to), TEXT);
  return goodFiles(readOfficeFrom([{ name: "office.yaml", text }]));
}
const RENAMED = [/name: Dan Okafor/g, "name: Dan O. Okafor"] as const;
const dan = async () => (await live.office()).users.find(({ username }) => username === "dan.okafor")?.name;

describe("applying files", () => {
  it("returns what changed, if asked to", async () => {
    const ended = await applyFiles(live.deps, { ...APPLY, message: "a new name" }, files(RENAMED));
    expect(ended).toMatchObject({
      outcome: "applied",
      revision: 2,
      kept: [],
      difference: { changes: [{ key: "dan.okafor" }] },
    });
    expect(await live.deps.store.history(1)).toMatchObject([
      { author: "ann", message: "a new name", sourceHash: files(RENAMED).sourceHash },
    ]);
    const silent = await applyFiles(live.deps, { ...APPLY, compare: false }, files());
    expect(silent).toMatchObject({ outcome: "applied", difference: null });
  });

  it("that are live already changes nothing", async () => {
    expect(await applyFiles(live.deps, APPLY, files())).toMatchObject({
      outcome: "unchanged",
      revision: 1,
      difference: null,
    });
  });

  it("to an empty database writes the first revision, without a difference", async () => {
    const empty = await emptyOffice();
    expect(await applyFiles(empty.deps, APPLY, files())).toMatchObject({
      outcome: "applied",
      revision: 1,
      difference: null,
    });
    await empty.close();
  });

  it("is a conflict when another revision than expected is live", async () => {
    expect(await applyFiles(live.deps, { ...APPLY, expect: 7 }, files(RENAMED))).toMatchObject({
      outcome: "conflict",
      revision: 1,
      expected: 7,
    });
  });

  it("is tried again when another revision came in between", async () => {
    const [first, second] = await Promise.all([
      applyFiles(live.deps, APPLY, files(RENAMED)),
      setUsersSuspended(live.deps, BY_ANN, ["bob.stone"], true),
    ]);
    expect([first.outcome, second.outcome]).toEqual(["applied", "applied"]);
    expect(await dan()).toBe("Dan O. Okafor");
    expect((await live.office()).users.find(({ username }) => username === "bob.stone")?.suspended).toBe(
      true,
    );
  });
});

describe("what a command changed", () => {
  beforeEach(async () => {
    await setUsersSuspended(live.deps, { author: "eve", message: "on leave" }, ["bob.stone"], true);
  });

  it("is kept, and a plan says so beforehand", async () => {
    expect(await planFiles(live.deps, files(RENAMED), { overwrite: false })).toMatchObject({
      outcome: "planned",
      revision: 2,
      difference: { changes: [{ key: "dan.okafor" }] },
      drift: [{ key: "bob.stone", revision: 2, author: "eve", message: "on leave" }],
    });
    expect(await applyFiles(live.deps, APPLY, files(RENAMED))).toMatchObject({
      outcome: "applied",
      kept: [{ kind: "users", key: "bob.stone" }],
    });
  });

  it("is overwritten where that is asked for", async () => {
    expect(await planFiles(live.deps, files(), { overwrite: true })).toMatchObject({
      difference: { changes: [{ key: "bob.stone" }] },
      drift: [],
    });
    expect(await applyFiles(live.deps, { ...APPLY, overwrite: true }, files())).toMatchObject({ kept: [] });
    expect(await planFiles(live.deps, files(), { overwrite: false })).toMatchObject({
      difference: { changes: [] },
      drift: [],
    });
  });

  it("makes files that do not fit it refused, by plan and by apply", async () => {
    await addGroupMembers(live.deps, BY_ANN, "billing", [{ username: "bob.stone" }]);
    const withoutBob = files(
      ["{ ring: user:bob.stone, timeout: none }", "{ ring: user:alice.wong }"],
      [/ {2}- username: bob\.stone\n(?: {4}.*\n)+/g, ""],
      ["      - { user: bob.stone }\n", ""],
    );
    await applyFiles(live.deps, { ...APPLY, overwrite: true }, files());
    await addGroupMembers(live.deps, BY_ANN, "billing", [{ username: "bob.stone" }]);
    const refused = {
      outcome: "files_do_not_fit",
      faults: [{ where: "group billing, member bob.stone", code: "dangling" }],
    };
    expect(await planFiles(live.deps, withoutBob, { overwrite: false })).toMatchObject(refused);
    expect(await applyFiles(live.deps, APPLY, withoutBob)).toMatchObject(refused);
    expect(await live.deps.store.currentRevision()).toBe(5);
  });
});

describe("a plan", () => {
  it("where nothing was applied yet adds everything", () => {
    const plan = planFirstFiles(files(), 0);
    expect(plan).toMatchObject({ outcome: "planned", revision: 0, drift: [], liveCalls: [] });
    expect(new Set(plan.difference.changes.map(({ change }) => change))).toEqual(new Set(["added"]));
  });

  it("counts the calls in progress by the revision they began with", async () => {
    const said = { engineId: "engine", saidMs: live.deps.clock.nowMs(), calls: [[1, 3]] as const, about: [] };
    await live.deps.store.writeLiveCalls(said);
    expect(await planFiles(live.deps, files(), { overwrite: false })).toMatchObject({ liveCalls: [[1, 3]] });
  });
});

describe("a rollback", () => {
  it("makes an earlier revision live again, as a new one that shows as drift", async () => {
    await applyFiles(live.deps, APPLY, files(RENAMED));
    expect(await rollBack(live.deps, { author: "ann", revision: 1 })).toMatchObject({
      outcome: "applied",
      revision: 3,
    });
    expect(await dan()).toBe("Dan Okafor");
    expect(await live.deps.store.history(1)).toMatchObject([{ message: "rollback to revision 1" }]);
    expect(await live.deps.store.drift()).toMatchObject([{ key: "dan.okafor" }]);
  });

  it.each([
    [{ revision: 9 }, { outcome: "no_revision", revision: 9 }],
    [{ revision: 0 }, { outcome: "no_revision", revision: 0 }],
    [
      { revision: 1, expect: 9 },
      { outcome: "conflict", revision: 1, expected: 9 },
    ],
    [{ revision: 1 }, { outcome: "unchanged", revision: 1 }],
  ])("%j ends with %j", async (request, ended) => {
    expect(await rollBack(live.deps, { author: "ann", ...request })).toMatchObject(ended);
  });
});
