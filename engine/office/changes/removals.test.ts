/**
 * Goal: a removal hands over what leads to the user or group, and leaves no message without an owner unless asked to.
 * Method: use cases on the sample office with a user who has a message.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import { removeGroup, removeUser } from "./removals.js";
import { addUser } from "./users.js";

const BY_ANN = { author: "ann" };
const ID = "11111111-2222-4333-8444-000000000001";
const KEPT = { kind: "kept" } as const;

let live: LiveOffice;

beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

const hasUser = async (name: string) => (await live.office()).users.some(({ username }) => username === name);

describe("removing a user", () => {
  it("to whom something leads is refused, with the places that lead there", async () => {
    const ended = await removeUser(live.deps, BY_ANN, { id: "alice.wong", messages: KEPT });
    expect(ended).toMatchObject({ outcome: "refused", cause: "in_use" });
    expect(ended.outcome === "refused" && ended.faults.map(({ where }) => where)).toContain(
      "flow front-desk, step 1: ring",
    );
  });

  it("hands over flows, numbers and messages to a replacement", async () => {
    await live.leaveMessage(ID, "user:alice.wong", "alice.wong");
    const removal = { id: "alice.wong", replaceBy: "bob.stone", messages: KEPT };
    expect(await removeUser(live.deps, BY_ANN, removal)).toMatchObject({ outcome: "applied" });
    expect(JSON.stringify(await live.office())).not.toContain("alice.wong");
    expect(await live.deps.store.voicemail.list("user:bob.stone")).toMatchObject([{ id: ID }]);
    expect(await live.deps.store.history(1)).toMatchObject([
      { message: "user remove alice.wong --replace-by bob.stone" },
    ]);
  });

  it.each([
    ["nobody.here", undefined, "not_found"],
    ["bob.stone", "nobody.here", "not_found"],
    ["bob.stone", "bob.stone", "senseless"],
  ])("%s with the replacement %s is refused", async (id, replaceBy, cause) => {
    expect(await removeUser(live.deps, BY_ANN, { id, replaceBy, messages: KEPT })).toMatchObject({
      outcome: "refused",
      cause,
    });
  });
});

describe("removing a user who has messages", () => {
  const remove = (messages: Parameters<typeof removeUser>[2]["messages"]) =>
    removeUser(live.deps, BY_ANN, { id: "dana.reed", messages });

  beforeEach(async () => {
    const none = { groups: [], admin: [], permit: [], deny: [] };
    await addUser(live.deps, BY_ANN, { username: "dana.reed", name: "Dana Reed", ...none });
    await live.leaveMessage(ID, "user:dana.reed", "dana.reed");
  });

  it("is refused when the request does not say what happens to the messages", async () => {
    expect(await remove(KEPT)).toMatchObject({ outcome: "has_messages", messages: [ID] });
    expect(await hasUser("dana.reed")).toBe(true);
  });

  it("is made when the messages may be discarded", async () => {
    expect(await remove({ kind: "discarded" })).toMatchObject({ outcome: "applied" });
    expect(await live.deps.store.voicemail.list()).toMatchObject([{ id: ID, deletedMs: expect.any(Number) }]);
  });

  it("is made when the messages are copied first", async () => {
    const folder = join(live.folder, "dana");
    expect(await remove({ kind: "exported", folder, recordings: live.recordings })).toMatchObject({
      outcome: "applied",
    });
    expect(existsSync(join(folder, `${ID}.wav`))).toBe(true);
    expect(await hasUser("dana.reed")).toBe(false);
  });

  it("is not made when a message cannot be copied", async () => {
    rmSync(live.recordings.path(ID));
    const folder = join(live.folder, "dana");
    expect(await remove({ kind: "exported", folder, recordings: live.recordings })).toMatchObject({
      outcome: "not_exported",
      reason: expect.stringContaining("cannot be exported"),
    });
    expect(await hasUser("dana.reed")).toBe(true);
  });
});

describe("removing a group", () => {
  it("hands over to another group", async () => {
    const removal = { id: "billing", replaceBy: "reception", messages: KEPT };
    expect(await removeGroup(live.deps, BY_ANN, removal)).toMatchObject({ outcome: "applied" });
    expect((await live.office()).groups.map(({ id }) => id)).toEqual(["reception"]);
  });

  it.each([
    ["all-users", "senseless"],
    ["reception", "in_use"],
    ["sales", "not_found"],
  ])("%s is refused as %s", async (id, cause) => {
    expect(await removeGroup(live.deps, BY_ANN, { id, messages: KEPT })).toMatchObject({ cause });
  });
});
