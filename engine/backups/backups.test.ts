/**
 * Goal: a backup with recordings has a file for every message it has a row for, also while messages come and go; going
 * back to it changes nothing before it is known to be good, and loses nothing that is there. Method: real files; the
 * office goes on working at chosen moments of the backup.
 */

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mustOpen } from "../../fixtures/must-open.js";
import { Database } from "../../storage/database.js";
import type { Store } from "../../storage/store.js";
import type { Delivery } from "../../storage/voicemail.js";
import { rowNote } from "../voicemail/row-note.js";
import { backUp } from "./backup.js";
import { type Restore, restore } from "./restore.js";

let folder: string;
let sounds: string;
let store: Store;
const opened: Store[] = [];
const clock = { nowMs: () => Date.UTC(2026, 10, 30, 5) };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-backups-"));
  sounds = at("messages");
  mkdirSync(sounds);
  store = await mustOpen(at("live.db"), opened);
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(folder, { recursive: true });
});

function at(...names: string[]): string {
  return join(folder, ...names);
}

async function record(id: string, sound: string | null = `sound of ${id}`): Promise<void> {
  const caller = { callerNumber: "+1", callerName: "", called: "+2" };
  await store.voicemail.open([{ id, box: "user:alice", call: `call-${id}`, beganMs: 1, ...caller }]);
  if (sound !== null) writeFileSync(join(sounds, `${id}.wav`), sound);
}

/** As an engine does that waits for the database. */
function note(id: string, sound: string | null = `sound of ${id}`): void {
  const caller = { callerNumber: "+1", callerName: "", called: "+2" };
  const row = { id, box: "user:alice", call: `call-${id}`, beganMs: 1, alone: true, ...caller };
  writeFileSync(join(sounds, `${id}.row.json`), rowNote(row));
  if (sound !== null) writeFileSync(join(sounds, `${id}.wav`), sound);
}

async function deliver(id: string, mails: Delivery["mails"] = []): Promise<void> {
  const sound = readFileSync(join(sounds, `${id}.wav`));
  await store.voicemail.deliver(id, {
    box: "user:alice",
    deliveredMs: 2,
    lengthMs: 3_000,
    bytes: sound.length,
    sha256: createHash("sha256").update(sound).digest("hex"),
    urgent: false,
    recipients: [{ username: "alice", receives: true }],
    mails,
  });
}

async function message(id: string): Promise<void> {
  await record(id);
  await deliver(id);
}

/** As the sweep does: the file first. */
async function removed(id: string): Promise<void> {
  rmSync(join(sounds, `${id}.wav`));
  await store.voicemail.remove(id);
}

async function greeting(id: string): Promise<void> {
  await store.mailboxAccess.openDraft(id, "call", 1);
  writeFileSync(join(sounds, `${id}.wav`), `greeting ${id}`);
  await store.mailboxAccess.keepGreeting({ box: "user:alice", kind: "own", busy: false }, id, "alice", 2);
}

function backedUp(to = at("backup"), replace = false) {
  return backUp({ store, clock }, to, { recordings: sounds, replace });
}

function files(...names: string[]): string[] {
  return readdirSync(at(...names)).sort();
}

function restored(parts: Partial<Restore> = {}) {
  return restore({
    backup: at("backup"),
    db: at("restored.db"),
    recordings: at("restored"),
    replace: false,
    nowMs: clock.nowMs(),
    ...parts,
  });
}

describe("a backup with recordings", () => {
  it("has the files of messages and greetings, private to their owner", async () => {
    await message("a");
    await greeting("g");
    writeFileSync(join(sounds, "stranger.wav"), "of no message");
    expect(await backedUp()).toMatchObject({
      outcome: "written",
      recordings: {
        made: "2026-11-30T05:00:00.000Z",
        recordings: 2,
        being_recorded: [],
        missing: [],
        damaged: [],
      },
    });
    expect(files("backup")).toEqual(["backup.json", "recordings", "ringline.db"]);
    expect(files("backup", "recordings")).toEqual(["a.wav", "g.wav"]);
    const mode = (...names: string[]) => statSync(at("backup", ...names)).mode & 0o777;
    expect([mode(), mode("recordings")]).toEqual([0o700, 0o700]);
    expect([mode("ringline.db"), mode("backup.json"), mode("recordings", "a.wav")]).toEqual([
      0o600, 0o600, 0o600,
    ]);
    expect(files()).not.toContain("backup.part");
  });

  it("has what was said so far of a message that is being recorded, and says so", async () => {
    await record("a");
    await record("b", null);
    expect(await backedUp()).toMatchObject({
      recordings: { recordings: 1, being_recorded: ["a", "b"], missing: [] },
    });
    expect(files("backup", "recordings")).toEqual(["a.wav"]);
  });

  it("names files that are missing or differ from what was delivered", async () => {
    await message("a");
    await message("b");
    rmSync(join(sounds, "a.wav"));
    writeFileSync(join(sounds, "b.wav"), "another sound");
    expect(await backedUp()).toMatchObject({ recordings: { recordings: 1, missing: ["a"], damaged: ["b"] } });
  });

  it("has a file for each of its messages, whatever happens while it is made", async () => {
    for (const id of ["a", "b", "c"]) await message(id);
    await record("d", "the first");
    await greeting("g");
    // What the office does right after each copy of the database.
    const meanwhile = [
      async () => {
        await removed("a");
        writeFileSync(join(sounds, "d.wav"), "the first, and the rest");
        await deliver("d");
        await message("e");
      },
      async () => {
        await removed("b");
        await greeting("h");
        await store.mailboxAccess.forgetGreeting("g");
        rmSync(join(sounds, "g.wav"));
      },
    ];
    const { backup } = store;
    store.backup = async (...args) => {
      const ended = await backup.apply(store, args);
      await meanwhile.shift()?.();
      return ended;
    };
    expect(await backedUp()).toMatchObject({ recordings: { missing: [], damaged: [], being_recorded: [] } });
    const copy = await mustOpen(at("backup", "ringline.db"), opened);
    const kept = (await copy.recordingsKept()).map(({ id }) => `${id}.wav`);
    expect(kept).toEqual(["b.wav", "c.wav", "d.wav", "e.wav", "g.wav"]);
    expect(files("backup", "recordings")).toEqual(kept);
    expect(readFileSync(at("backup", "recordings", "d.wav"), "utf8")).toBe("the first, and the rest");
  });

  it("has the messages whose row waits for the database in a note, and mails none of them", async () => {
    note("n");
    note("o", null);
    writeFileSync(join(sounds, "p.row.json"), "no note of ours");
    writeFileSync(join(sounds, "p.wav"), "of an unknown call");
    expect(await backedUp()).toMatchObject({
      recordings: {
        recordings: 1,
        being_recorded: ["n", "o"],
        noted: ["n", "o"],
        notes_unreadable: ["p"],
        missing: [],
      },
    });
    expect(files("backup", "recordings")).toEqual(["n.wav"]);
    await restored();
    store = await mustOpen(at("restored.db"), opened);
    expect(await store.voicemail.recording()).toMatchObject([
      { id: "n", box: "user:alice", call: "call-n", callerNumber: "+1", alone: true },
      { id: "o" },
    ]);
    expect(readFileSync(at("restored", "n.wav"), "utf8")).toBe("sound of n");
    sounds = at("restored");
    await deliver("n", [{ username: "alice", address: "alice@example.com" }]);
    expect(await store.voicemail.list()).toHaveLength(1);
    expect(await store.outbox.waiting()).toBe(0);
  });

  it.each([
    ["writes the row", async () => record("n"), { isOpen: true }],
    ["delivers the message", async () => message("n"), { isOpen: false }],
  ])("has a message once of which the engine %s after its note was read", async (_what, work, row) => {
    note("n");
    const { backup } = store;
    store.backup = async (...args) => {
      await work();
      rmSync(join(sounds, "n.row.json"));
      return backup.apply(store, args);
    };
    expect(await backedUp()).toMatchObject({ recordings: { recordings: 1, missing: [], damaged: [] } });
    const copy = await mustOpen(at("backup", "ringline.db"), opened);
    expect(await copy.recordingsKept()).toMatchObject([{ id: "n", ...row }]);
  });

  it("has a message whose row the engine writes right after the database was copied", async () => {
    note("n");
    const { backup } = store;
    store.backup = async (...args) => {
      const ended = await backup.apply(store, args);
      await message("n");
      rmSync(join(sounds, "n.row.json"), { force: true });
      return ended;
    };
    expect(await backedUp()).toMatchObject({ recordings: { recordings: 1, being_recorded: ["n"] } });
    expect(files("backup", "recordings")).toEqual(["n.wav"]);
  });

  it("overwrites nothing unless told, and then only a backup", async () => {
    await message("a");
    await backedUp();
    await message("b");
    expect(await backedUp()).toEqual({ outcome: "exists" });
    expect(files("backup", "recordings")).toEqual(["a.wav"]);
    expect((await backedUp(at("backup"), true)).outcome).toBe("written");
    expect(files("backup", "recordings")).toEqual(["a.wav", "b.wav"]);
    mkdirSync(at("precious"));
    expect(await backedUp(at("precious"), true)).toEqual({ outcome: "not_a_backup" });
    expect(files().filter((name) => name.startsWith("backup"))).toEqual(["backup"]);
  });

  it("that cannot be made leaves nothing behind", async () => {
    const ended = await backUp({ store, clock }, at("backup"), { recordings: at("nowhere") });
    expect(ended).toMatchObject({ outcome: "failed" });
    expect(await backUp({ store, clock }, at("none", "backup"), { recordings: sounds })).toMatchObject({
      outcome: "failed",
    });
    expect(files()).not.toContain("backup");
    expect(files()).not.toContain("backup.part");
  });
});

describe("a backup of the database alone", () => {
  it("replaces a backup, and never the database itself or another file", async () => {
    const replace = (to: string) => backUp({ store, clock }, to, { replace: true });
    expect((await replace(at("copy.db"))).outcome).toBe("written");
    expect((await replace(at("copy.db"))).outcome).toBe("written");
    symlinkSync(at("live.db"), at("link.db"));
    writeFileSync(at("letter.txt"), "precious");
    for (const to of ["live.db", "link.db", "letter.txt", "messages"])
      expect(await replace(at(to)), to).toEqual({ outcome: "not_a_backup" });
    expect(await store.currentRevision()).toBe(0);
  });
});

describe("a restore", () => {
  beforeEach(async () => {
    await message("a");
    await greeting("g");
    await backedUp();
  });

  it("puts back the database and its recordings", async () => {
    expect(await restored()).toEqual({
      outcome: "restored",
      revision: 0,
      made: "2026-11-30T05:00:00.000Z",
      recordings: { back: 2, there: 0, missing: [], damaged: [] },
    });
    expect(statSync(at("restored.db")).mode & 0o777).toBe(0o600);
    expect(files("restored")).toEqual(["a.wav", "g.wav"]);
    // The switch, which runs as another user, plays them.
    expect(statSync(at("restored", "a.wav")).mode & 0o777).toBe(0o666 & ~process.umask());
    expect(await (await mustOpen(at("restored.db"), opened)).voicemail.list()).toHaveLength(1);
    expect(files().filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("puts the database that is there aside, with its journals, and leaves recordings alone", async () => {
    await message("b");
    writeFileSync(join(sounds, "a.wav"), "spoilt");
    await store.close();
    opened.length = 0;
    writeFileSync(at("live.db-wal"), "a journal that must not be applied to the backup");
    const there = { db: at("live.db"), recordings: sounds };
    expect(await restored(there)).toEqual({ outcome: "exists" });
    const before = at("live.db.before-20261130T050000Z");
    expect(await restored({ ...there, replace: true })).toMatchObject({
      outcome: "restored",
      before,
      recordings: { back: 1, there: 1, missing: [], damaged: [] },
    });
    expect(readFileSync(join(sounds, "a.wav"), "utf8")).toBe("sound of a");
    expect(existsSync(join(sounds, "b.wav"))).toBe(true);
    const ids = async (path: string) =>
      (await (await mustOpen(path, opened)).voicemail.list()).map(({ id }) => id);
    expect(await ids(at("live.db"))).toEqual(["a"]);
    expect(await ids(before)).toEqual(["a", "b"]);
  });

  it("takes a copy that was made by other means for a copy too", async () => {
    expect(await store.engineIdentity("11111111")).toBe("11111111");
    await store.close();
    opened.length = 0;
    expect(await restored({ backup: at("live.db") })).toMatchObject({ outcome: "restored" });
    expect(await (await mustOpen(at("restored.db"), opened)).engineIdentity("22222222")).toBe("22222222");
  });

  it.each<readonly [string, (live: string) => Partial<Restore> | Promise<Partial<Restore>>, object]>([
    ["nothing", () => ({ backup: at("nowhere") }), { outcome: "no_backup" }],
    ["another folder", () => ({ backup: sounds }), { outcome: "no_backup" }],
    [
      "another file",
      () => {
        writeFileSync(at("letter.txt"), "not a database, but long enough to be looked at by everybody");
        return { backup: at("letter.txt") };
      },
      { outcome: "unusable", failure: { reason: "not_a_database" } },
    ],
    [
      "a damaged backup",
      () => {
        const path = at("backup", "ringline.db");
        writeFileSync(path, readFileSync(path).fill(0x5a, 4_096, 12_288));
        return {};
      },
      { outcome: "unusable", failure: { reason: "damaged" } },
    ],
    ["a database in use", (live) => ({ backup: live }), { outcome: "unusable", failure: { reason: "busy" } }],
    [
      "recordings without their folder",
      () => ({ recordings: undefined }) as object,
      { outcome: "where_to_recordings" },
    ],
  ])("of %s changes nothing", async (_what, parts, ended) => {
    await message("c");
    const chosen = await parts(at("live.db"));
    const before = files();
    expect(await restored(chosen)).toMatchObject(ended);
    expect(files()).toEqual(before);
  });

  it("waits for nobody who writes to the database: it is refused", async () => {
    const other = await mustOpen(at("other.db"), opened);
    await other.engineIdentity("x");
    const writer = await Database.open(at("other.db"), true);
    await writer.exec("BEGIN IMMEDIATE");
    const ended = await restored({ db: at("other.db"), replace: true });
    await writer.close();
    expect(ended).toEqual({ outcome: "in_use" });
    expect(await other.engineIdentity("y")).toBe("x");
  });
});
