/**
 * Goal: a copy of a database is no second original: it has another engine id, sends no mail that waits or will be due in
 * the original, and is whole while others write. Method: databases on disk, and copies of them.
 */

import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mustOpen } from "../fixtures/must-open.js";
import type { Store } from "./store.js";

let folder: string;
let original: Store;
const opened: Store[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-backup-"));
  original = await mustOpen(join(folder, "original.db"), opened);
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

async function copied(): Promise<Store> {
  const path = join(folder, "copy.db");
  expect(await original.backup(path)).toEqual({ outcome: "written" });
  return mustOpen(path, opened);
}

const ALICE = { username: "alice", address: "alice@example.com" };
const CALLER = { callerNumber: "+1", callerName: "", called: "+2" };

async function record(id: string): Promise<void> {
  await original.voicemail.open([{ id, box: "user:alice", call: `call-${id}`, beganMs: 1, ...CALLER }]);
}

function deliver(store: Store, id: string): Promise<boolean> {
  return store.voicemail.deliver(id, {
    box: "user:alice",
    deliveredMs: 2,
    lengthMs: 3_000,
    bytes: 1,
    sha256: "00",
    urgent: false,
    recipients: [{ username: "alice", receives: true }],
    mails: [ALICE],
  });
}

describe("a copy of a database", () => {
  it("has an engine of another id, and the original keeps its own", async () => {
    expect(await original.engineIdentity("11111111")).toBe("11111111");
    const copy = await copied();
    expect(await copy.engineIdentity("22222222")).toBe("22222222");
    expect(await original.engineIdentity("33333333")).toBe("11111111");
    expect(await copy.engineIdentity("44444444")).toBe("22222222");
  });

  it("sends no mail that waits, or is under way, in the original", async () => {
    await record("a");
    await deliver(original, "a");
    const missed = { ...CALLER, box: "user:alice", rang: [], arrivedMs: 1, endedMs: 2 };
    for (const call of ["one", "two"]) await original.outbox.missed({ ...missed, call }, [ALICE]);
    const taken = await original.outbox.takeDue(10);
    await original.outbox.committing(taken?.id ?? 0);
    const copy = await copied();
    expect(await copy.outbox.waiting()).toBe(0);
    expect(await copy.outbox.takeDue(1e12)).toBeUndefined();
    expect(await copy.outbox.giveUpInterrupted()).toEqual([]);
    expect(await original.outbox.waiting()).toBe(2);
  });

  it("delivers a message that was being recorded, without the mail that the original sends", async () => {
    await record("a");
    const copy = await copied();
    expect(await deliver(copy, "a")).toBe(true);
    expect(await copy.voicemail.list()).toHaveLength(1);
    expect(await copy.outbox.waiting()).toBe(0);
    expect(await deliver(original, "a")).toBe(true);
    expect(await original.outbox.waiting()).toBe(1);
  });

  it("sends mails about what comes to it", async () => {
    const copy = await copied();
    await copy.voicemail.open([{ id: "b", box: "user:alice", call: "c", beganMs: 1, ...CALLER }]);
    await deliver(copy, "b");
    expect(await copy.outbox.waiting()).toBe(1);
  });

  it("says nothing of the original's live calls", async () => {
    await original.writeLiveCalls({ engineId: "11111111", saidMs: 1, calls: [[1, 5]], about: [] });
    expect(await (await copied()).readLiveCalls()).toEqual([]);
  });

  it("is one private file, with nothing beside it", async () => {
    const path = join(folder, "copy.db");
    await original.backup(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const ending of [".part", "-wal", "-shm", "-journal"])
      expect(existsSync(`${path}${ending}`)).toBe(false);
  });

  it("replaces an earlier copy only if told, with the journals of that copy", async () => {
    const path = join(folder, "copy.db");
    await original.backup(path);
    writeFileSync(`${path}-wal`, "of the earlier copy");
    expect(await original.backup(path)).toEqual({ outcome: "exists" });
    await record("a");
    expect(await original.backup(path, true)).toEqual({ outcome: "written" });
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(await (await mustOpen(path, opened)).recordingsKept()).toEqual([
      { id: "a", sha256: null, isOpen: true },
    ]);
  });
});
