/**
 * Goal: a list of edits is one revision or nothing, and a dry run says what it would be and writes nothing. Method: edits
 * of the sample office on a real database.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeOffice, emptyOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { editOfficeBy } from "./edits.js";
import { makeFirstPassword } from "./phone-passwords.js";
import { removeUser } from "./removals.js";
import { setUsersSuspended } from "./users.js";

const BY_ANN = { author: "ann" };
const RENAMED: Edit = { verb: "set", kind: "user", id: "bob.stone", fields: { name: "Robert Stone" } };
const NO_EMAIL: Edit = { verb: "set", kind: "user", id: "alice.wong", fields: { email: null } };
const UNKNOWN: Edit = { verb: "set", kind: "user", id: "bob.stnoe", fields: { name: "Bob" } };

let live: LiveOffice;
beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

describe("edits", () => {
  it("are one revision, whose history names them", async () => {
    const ended = await editOfficeBy(live.deps, BY_ANN, [RENAMED, NO_EMAIL]);
    expect(ended).toMatchObject({ outcome: "applied", revision: 2, summary: { users: { changed: 2 } } });
    expect(await live.deps.store.history(1)).toMatchObject([
      { author: "ann", message: "set user:bob.stone (name); set user:alice.wong (email)" },
    ]);
  });

  it("are named up to a few in the history, and counted then", async () => {
    const suspend = (id: string): Edit => ({ verb: "set", kind: "user", id, fields: { suspended: true } });
    const users = ["alice.wong", "bob.stone", "carol.diaz", "dan.okafor"].map(suspend);
    await editOfficeBy(live.deps, BY_ANN, users);
    const [{ message } = { message: "" }] = await live.deps.store.history(1);
    expect(message).toBe(
      "set user:alice.wong (suspended); set user:bob.stone (suspended); set user:carol.diaz (suspended); and 1 more edits",
    );
  });

  it("are all refused when one of them is", async () => {
    expect(await editOfficeBy(live.deps, BY_ANN, [RENAMED, UNKNOWN])).toEqual({
      outcome: "refused",
      cause: "not_found",
      reason: "there is no user `bob.stnoe`; did you mean bob.stone?",
      faults: [],
      edit: 1,
    });
    expect(await live.deps.store.currentRevision()).toBe(1);
  });

  it("that say what is there already write no revision", async () => {
    const same: Edit = { verb: "set", kind: "user", id: "bob.stone", fields: { extension: "102" } };
    expect(await editOfficeBy(live.deps, BY_ANN, [same])).toMatchObject({
      outcome: "unchanged",
      revision: 1,
    });
  });

  it("that remove several people hand over the messages of each", async () => {
    await live.leaveMessage("a", "user:bob.stone", "bob.stone");
    await live.leaveMessage("b", "user:carol.diaz", "carol.diaz");
    const remove = (id: string, options: { replaceBy?: string; discardMessages?: true }): Edit => ({
      verb: "remove",
      kind: "user",
      id,
      options,
    });
    const refused = await editOfficeBy(live.deps, BY_ANN, [
      remove("bob.stone", { replaceBy: "dan.okafor" }),
      remove("carol.diaz", { replaceBy: "bob.stone" }),
    ]);
    expect(refused).toMatchObject({ outcome: "refused", edit: 1 });
    const ended = await editOfficeBy(live.deps, BY_ANN, [
      remove("bob.stone", { replaceBy: "carol.diaz" }),
      remove("carol.diaz", { replaceBy: "dan.okafor" }),
    ]);
    expect(ended).toMatchObject({ outcome: "applied", summary: { users: { removed: 2 } } });
    expect(await live.deps.store.messagesKept("user:dan.okafor")).toEqual(["a", "b"]);
  });

  it("that give a phone another SIP name take the password of the old one", async () => {
    const phone = { username: "bob.stone", id: "desk", domain: "ringline", author: "ann" };
    expect(await makeFirstPassword(live.deps, phone)).toMatchObject({ outcome: "made" });
    const edit: Edit = { verb: "set", kind: "device", id: "bob.stone/desk", fields: { sip: "bob-new" } };
    await editOfficeBy(live.deps, BY_ANN, [edit]);
    const { changes } = await live.deps.store.credentialsSince(0);
    expect(changes).toEqual([{ sipName: "bob-desk", credential: null }]);
  });

  it("of no office are none", async () => {
    const empty = await emptyOffice();
    expect(await editOfficeBy(empty.deps, BY_ANN, [RENAMED])).toEqual({ outcome: "no_office" });
    await empty.close();
  });
});

describe("a dry run", () => {
  const DRY = { author: "ann", dryRun: true };

  it("says what would change, and writes nothing", async () => {
    expect(await editOfficeBy(live.deps, DRY, [RENAMED])).toMatchObject({
      outcome: "planned",
      revision: 1,
      difference: { changes: [{ kind: "users", key: "bob.stone", change: "changed" }] },
      drift: [],
      liveCalls: [],
      byHand: [],
    });
    expect(await live.deps.store.currentRevision()).toBe(1);
    expect(await live.deps.store.drift()).toEqual([]);
  });

  it("of other changes does the same", async () => {
    expect(await setUsersSuspended(live.deps, DRY, ["bob.stone"], true)).toMatchObject({
      outcome: "planned",
      difference: { changes: [{ fields: [{ field: "suspended", from: null, to: "true" }] }] },
    });
    expect(await live.deps.store.currentRevision()).toBe(1);
  });

  it("refuses what the change would refuse", async () => {
    expect(await editOfficeBy(live.deps, DRY, [UNKNOWN])).toMatchObject({ outcome: "refused" });
    expect(await editOfficeBy(live.deps, { ...DRY, expect: 7 }, [RENAMED])).toMatchObject({
      outcome: "conflict",
      revision: 1,
      expected: 7,
    });
  });

  it("of a removal names the messages in its way, and exports none", async () => {
    const alone: Edit = {
      verb: "set",
      kind: "number",
      id: "+12125550108",
      fields: { steps: [{ hangup: "busy" }] },
    };
    await editOfficeBy(live.deps, BY_ANN, [alone]);
    await live.leaveMessage("a", "user:bob.stone", "bob.stone");
    const removal = { id: "bob.stone", messages: { kind: "kept" } } as const;
    const kept = await removeUser(live.deps, DRY, removal);
    expect(kept.outcome === "has_messages" ? kept.messages : kept).toEqual(["a"]);
    const folder = `${live.folder}/exported`;
    const messages = { kind: "exported", folder, recordings: live.recordings } as const;
    expect(await removeUser(live.deps, DRY, { ...removal, messages })).toMatchObject({ outcome: "planned" });
    expect(await live.deps.store.messagesKept("user:bob.stone")).toEqual(["a"]);
  });
});
