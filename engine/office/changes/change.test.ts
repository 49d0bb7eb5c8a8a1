/**
 * Goal: a change is read, edited, checked and written as one revision, and tried again when another revision was
 * written in between. Method: edits of the sample office on a real database; another author writes a revision while an
 * edit is being prepared.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeOffice, emptyOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import { checkOffice, refused } from "../../../policy/change/edit.js";
import { setSuspended } from "../../../policy/change/users.js";
import type { Office } from "../../../policy/office/office.js";
import { changeOffice, editOffice, preparedEdit, TRIES_MAX } from "./change.js";

const BY_ANN = { author: "ann" };
const suspendBob = (office: Office) => setSuspended(office, ["bob.stone"], true);

let live: LiveOffice;
let interferences: number;

beforeEach(async () => {
  live = await acmeOffice();
  interferences = 0;
});
afterEach(() => live.close());

/** Writes a revision of another author. */
async function interfere(): Promise<void> {
  interferences += 1;
  const office = { ...(await live.office()), name: `Acme ${interferences}` };
  const applied = await live.deps.store.applyOffice(office, {
    author: "eve",
    message: "in between",
    sourceHash: "",
    nowMs: 1,
  });
  expect(applied.outcome).toBe("applied");
}

describe("a change", () => {
  it("is a revision with author, reason and time, and says what differs", async () => {
    const ended = await editOffice(live.deps, { author: "ann", message: "on leave" }, "suspend", suspendBob);
    expect(ended).toMatchObject({
      outcome: "applied",
      revision: 2,
      summary: { users: { changed: 1 } },
      difference: {
        changes: [{ kind: "users", key: "bob.stone", change: "changed" }],
        reach: expect.any(Array),
      },
    });
    expect(await live.deps.store.history(1)).toMatchObject([
      { author: "ann", message: "on leave", sourceHash: "", appliedMs: live.deps.clock.nowMs() },
    ]);
    expect(await live.deps.store.drift()).toMatchObject([{ kind: "users", key: "bob.stone" }]);
  });

  it("without a reason is described by the use case in the history", async () => {
    await editOffice(live.deps, BY_ANN, "user suspend bob.stone", suspendBob);
    expect(await live.deps.store.history(1)).toMatchObject([{ message: "user suspend bob.stone" }]);
  });

  it("that changes nothing writes no revision", async () => {
    expect(await editOffice(live.deps, BY_ANN, "", (office) => ({ ok: true, office }))).toMatchObject({
      outcome: "unchanged",
      revision: 1,
      difference: { changes: [], reach: [] },
    });
  });

  it("that is refused returns its cause and writes nothing", async () => {
    expect(await editOffice(live.deps, BY_ANN, "", () => refused("it makes no sense"))).toEqual({
      outcome: "refused",
      cause: "senseless",
      reason: "it makes no sense",
      faults: [],
    });
    expect(await live.deps.store.currentRevision()).toBe(1);
  });

  it("that fails a check names the faults", async () => {
    const edit = (office: Office) => checkOffice({ ...office, groups: [] }, "the groups are needed");
    expect(await editOffice(live.deps, BY_ANN, "", edit)).toMatchObject({
      outcome: "refused",
      cause: "checks_failed",
      reason: "the groups are needed",
      faults: expect.arrayContaining([expect.objectContaining({ where: "flow front-desk, step 2" })]),
    });
    expect(await live.deps.store.currentRevision()).toBe(1);
  });

  it("without a live office writes nothing", async () => {
    const empty = await emptyOffice();
    expect(await editOffice(empty.deps, BY_ANN, "", suspendBob)).toEqual({ outcome: "no_office" });
    await empty.close();
  });

  it("ends with the use case's failure when there is no new office", async () => {
    const failure = { outcome: "not_today" } as const;
    expect(await changeOffice(live.deps, BY_ANN, "", () => ({ ok: false, failure }))).toBe(failure);
  });
});

describe("another revision that comes in between", () => {
  it("is changed again, and nothing of it is lost", async () => {
    const ended = await changeOffice(live.deps, BY_ANN, "", async (office) => {
      if (interferences === 0) await interfere();
      return preparedEdit(suspendBob(office));
    });
    expect(ended).toMatchObject({ outcome: "applied", revision: 3 });
    const office = await live.office();
    expect(office.name).toBe("Acme 1");
    expect(office.users.find(({ username }) => username === "bob.stone")?.suspended).toBe(true);
  });

  it("is a conflict for a request that expects another one", async () => {
    expect(await editOffice(live.deps, { author: "ann", expect: 7 }, "", suspendBob)).toMatchObject({
      outcome: "conflict",
      revision: 1,
      expected: 7,
    });
  });

  it(`is a conflict when it happens ${TRIES_MAX} times in a row`, async () => {
    const ended = await changeOffice(live.deps, BY_ANN, "", async (office) => {
      await interfere();
      return preparedEdit(suspendBob(office));
    });
    expect(ended).toMatchObject({ outcome: "conflict", revision: 1 + TRIES_MAX, expected: TRIES_MAX });
    expect(interferences).toBe(TRIES_MAX);
  });
});
