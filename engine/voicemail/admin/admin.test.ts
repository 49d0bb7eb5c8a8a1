/**
 * Goal: what people do with messages, greetings and PINs without a call is done once, and every expected end is a
 * value. Method: use cases on the sample office with a message for Alice; the programs that play and convert are
 * scripts in a PATH of their own.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeOffice, type LiveOffice, MESSAGE_SOUND } from "../../../fixtures/offices/live-office.js";
import { toneWav } from "../../../fixtures/tone-wav.js";
import type { Deps } from "../../use-case.js";
import { isPin } from "../pin-hash.js";
import { Recordings } from "../recordings.js";
import { exportMessages } from "./export-messages.js";
import { exportGreeting, listGreetings, removeGreeting, setGreeting } from "./greetings.js";
import { claimMessage, deleteMessage, findMessage, listMessages, undeleteMessage } from "./messages.js";
import { clearPin, setPin, unlockPin } from "./pins.js";
import { exportSound, playMessage } from "./sounds.js";

const ID = "11111111-2222-4333-8444-000000000001";
const OTHER = "11111111-2222-4333-8444-000000000002";
const ALICE = "alice.wong";
const BOX = `user:${ALICE}`;

let live: LiveOffice;
let deps: Deps;
const path = process.env["PATH"];

beforeEach(async () => {
  live = await acmeOffice();
  deps = live.deps;
  await live.leaveMessage(ID, BOX, ALICE);
  process.env["PATH"] = join(live.folder, "bin");
  mkdirSync(join(live.folder, "bin"));
});
afterEach(async () => {
  process.env["PATH"] = path;
  await live.close();
});

/** A program of this machine that does what the script says. */
function program(name: string, script: string): void {
  const file = join(live.folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

async function stateOfAlice(): Promise<string | undefined> {
  const [message] = await deps.store.voicemail.list();
  return message?.members[0]?.state;
}

describe("messages", () => {
  it.each([
    [{ deleted: false }, [ID]],
    [{ deleted: false, box: BOX }, [ID]],
    [{ deleted: false, box: "group:billing" }, []],
    [{ deleted: false, username: ALICE }, [ID]],
    [{ deleted: false, username: "bob.stone" }, []],
  ])("by %j are %j", async (filter, ids) => {
    const ended = await listMessages(deps, filter);
    expect(ended.outcome === "listed" && ended.messages.map(({ id }) => id)).toEqual(ids);
  });

  it("are found by the beginning of their ids", async () => {
    expect(await findMessage(deps, ID.slice(0, 8))).toMatchObject({ outcome: "found", message: { id: ID } });
    expect(await findMessage(deps, "111")).toEqual({ outcome: "no_message" });
    expect(await findMessage(deps, "9999")).toEqual({ outcome: "no_message" });
    await live.leaveMessage(OTHER, BOX, ALICE);
    expect(await findMessage(deps, "1111")).toEqual({ outcome: "more_than_one_message" });
  });

  it("are deleted for all, and that is taken back", async () => {
    expect(await undeleteMessage(deps, ID, undefined)).toMatchObject({ outcome: "so_already" });
    expect(await deleteMessage(deps, ID, undefined)).toMatchObject({ outcome: "done" });
    expect(await deleteMessage(deps, ID, undefined)).toMatchObject({ outcome: "so_already" });
    expect(await listMessages(deps, { deleted: false })).toMatchObject({ messages: [] });
    expect(await listMessages(deps, { deleted: true })).toMatchObject({ messages: [{ id: ID }] });
    expect(await undeleteMessage(deps, ID, undefined)).toMatchObject({ outcome: "done" });
  });

  it("are deleted for one user, and that is taken back as saved", async () => {
    expect(await deleteMessage(deps, ID, "bob.stone")).toMatchObject({ outcome: "not_theirs" });
    expect(await undeleteMessage(deps, ID, ALICE)).toMatchObject({ outcome: "not_deleted" });
    expect(await deleteMessage(deps, ID, ALICE)).toMatchObject({ outcome: "done" });
    expect(await listMessages(deps, { deleted: false, username: ALICE })).toMatchObject({ messages: [] });
    expect(await undeleteMessage(deps, ID, ALICE)).toMatchObject({ outcome: "done" });
    expect(await stateOfAlice()).toBe("saved");
  });

  it("are claimed by the first member who says so, until it is given back", async () => {
    expect(await claimMessage(deps, ID, "bob.stone")).toEqual({ outcome: "no_member", box: BOX });
    expect(await claimMessage(deps, ID, ALICE)).toEqual({ outcome: "claimed", by: ALICE });
    expect(await claimMessage(deps, ID, null)).toEqual({ outcome: "claimed", by: null });
    await deps.store.voicemail.claimMessage(ID, "bob.stone", 1);
    expect(await claimMessage(deps, ID, ALICE)).toEqual({ outcome: "taken", by: "bob.stone" });
    expect(await claimMessage(deps, "9999", ALICE)).toEqual({ outcome: "no_message" });
  });

  it("are copied with their facts, or it is said which is not as it was recorded", async () => {
    const to = join(live.folder, "copies");
    expect(await exportMessages(deps.store, live.recordings, [ID], to)).toEqual({ ok: true });
    expect(readFileSync(join(to, `${ID}.wav`)).equals(MESSAGE_SOUND)).toBe(true);
    expect(JSON.parse(readFileSync(join(to, `${ID}.json`), "utf8"))).toMatchObject({ id: ID, box: BOX });
    writeFileSync(join(to, `${ID}.wav`), "not this sound");
    expect(await exportMessages(deps.store, live.recordings, [ID], to)).toMatchObject({ ok: false });
  });
});

describe("playing a message", () => {
  const play = (username?: string) => playMessage(deps, live.recordings, ID, username);

  it.each([
    [ALICE, "heard"],
    [undefined, "new"],
  ])("for %s leaves it %s", async (username, state) => {
    program("aplay", "exit 0");
    expect(await play(username)).toMatchObject({ outcome: "played", intact: true });
    expect(await stateOfAlice()).toBe(state);
  });

  it("that no program can play says why, and it stays new", async () => {
    program("aplay", "echo no sound card >&2; exit 1");
    expect(await play(ALICE)).toMatchObject({ outcome: "not_played", reason: "aplay: no sound card" });
    expect(await stateOfAlice()).toBe("new");
  });

  it("of somebody else is refused", async () => {
    expect(await play("bob.stone")).toMatchObject({ outcome: "not_theirs" });
  });

  it("whose sound was changed or is missing says so", async () => {
    program("aplay", "exit 0");
    writeFileSync(live.recordings.path(ID), toneWav(2_000));
    expect(await play()).toMatchObject({ outcome: "played", intact: false });
    rmSync(live.recordings.path(ID));
    expect(await play()).toMatchObject({ outcome: "no_sound", why: "missing" });
  });
});

describe("copying a message's sound", () => {
  const copy = (to: string, format: "wav" | "opus" = "wav") =>
    exportSound(deps, live.recordings, ID, { to, format });

  it("makes a file of that name, or one in that folder, and overwrites none", async () => {
    const file = join(live.folder, "message.wav");
    expect(await copy(file)).toMatchObject({ outcome: "exported", file, intact: true });
    expect(await copy(file)).toMatchObject({ outcome: "not_copied" });
    expect(await copy(live.folder)).toMatchObject({ file: join(live.folder, `${ID}.wav`) });
  });

  it("as Opus needs a program that encodes", async () => {
    const file = join(live.folder, "message.opus");
    expect(await copy(file, "opus")).toMatchObject({
      outcome: "not_copied",
      reason: expect.stringContaining("none is installed"),
    });
    program("opusenc", 'for to; do :; done\necho opus > "$to"');
    expect(await copy(file, "opus")).toMatchObject({ outcome: "exported", file });
    expect(readFileSync(file, "utf8")).toBe("opus\n");
  });
});

describe("greetings", () => {
  const OWN = { box: BOX, kind: "own", busy: false } as const;

  function soundFile(sound: Buffer | string = toneWav(2_000)): string {
    const file = join(live.folder, "hello.wav");
    writeFileSync(file, sound);
    return file;
  }
  const set = (name: Parameters<typeof setGreeting>[2], file = soundFile(), recordings = live.recordings) =>
    setGreeting(deps, recordings, name, { file, author: "ann" });

  it("are put into use, listed, copied and taken out of use", async () => {
    expect(await set(OWN)).toEqual({ outcome: "set", slot: OWN, lengthMs: 2_000 });
    expect(await listGreetings(deps, BOX)).toMatchObject({
      outcome: "listed",
      greetings: [{ box: BOX, kind: "own", busy: false, setBy: "ann" }],
    });
    const to = join(live.folder, "copy.wav");
    expect(await exportGreeting(deps, live.recordings, OWN, to)).toEqual({ outcome: "exported" });
    expect(existsSync(to)).toBe(true);
    expect(await exportGreeting(deps, live.recordings, OWN, to)).toMatchObject({ outcome: "not_copied" });
    expect(await removeGreeting(deps, OWN)).toEqual({ outcome: "removed", slot: OWN });
    expect(await removeGreeting(deps, OWN)).toEqual({ outcome: "no_greeting", slot: OWN });
    expect(await exportGreeting(deps, live.recordings, OWN, to)).toMatchObject({ outcome: "no_greeting" });
  });

  it("are converted where the file has another form", async () => {
    writeFileSync(join(live.folder, "converted.wav"), toneWav(1_500));
    program("sox", `for to; do :; done\n/bin/cp ${join(live.folder, "converted.wav")} "$to"`);
    expect(await set(OWN, soundFile("an mp3"))).toMatchObject({ outcome: "set", lengthMs: 1_500 });
  });

  it.each([
    ["is missing", () => join(live.folder, "none.wav"), "there is no file"],
    ["nothing can convert", () => soundFile("an mp3"), "cannot be used"],
    ["is too long", () => soundFile(toneWav(121_000)), "longer than 2 minutes"],
  ])("whose file %s are not set", async (_what, file, reason) => {
    expect(await set(OWN, file())).toMatchObject({
      outcome: "unusable",
      reason: expect.stringContaining(reason),
    });
  });

  it("without enough sound are not set, and leave no file behind", async () => {
    expect(await set(OWN, soundFile(toneWav(500)))).toEqual({ outcome: "too_little_sound" });
    expect(await set({ ...OWN, kind: "name" }, soundFile(toneWav(500)))).toMatchObject({ outcome: "set" });
    expect(await listGreetings(deps, BOX)).toMatchObject({ greetings: [{ kind: "name" }] });
  });

  it("without room for recordings are not set", async () => {
    const folder = join(live.folder, "none");
    expect(await set(OWN, soundFile(), new Recordings(folder))).toEqual({
      outcome: "no_room",
      folder,
      why: "missing",
    });
  });

  it.each([
    [{ ...OWN, box: "alice.wong" }, { outcome: "not_a_mailbox" }],
    [
      { ...OWN, box: "user:nobody" },
      { outcome: "no_mailbox", box: "user:nobody" },
    ],
    [{ ...OWN, kind: "name" as const, busy: true }, { outcome: "name_has_no_busy_form" }],
  ])("%j cannot be", async (name, ended) => {
    expect(await set(name)).toEqual(ended);
    expect(await removeGreeting(deps, name)).toEqual(ended);
    expect(await exportGreeting(deps, live.recordings, name, "unused.wav")).toEqual(ended);
  });
});

describe("PINs", () => {
  const typed = (pin: string | undefined) => ({ kind: "asked", ask: async () => pin }) as const;
  const NOW = 1_000;

  async function isSetTo(pin: string): Promise<boolean> {
    const attempt = await deps.store.mailboxAccess.tryPin(ALICE, `try ${pin}`, NOW);
    return attempt.kind === "check" && isPin(pin, attempt.hash);
  }

  it("that a person says are set and not handed back", async () => {
    expect(await setPin(deps, ALICE, typed("739164"))).toEqual({ outcome: "set", pin: null });
    expect(await isSetTo("739164")).toBe(true);
  });

  it("that are generated are handed out once", async () => {
    const ended = await setPin(deps, ALICE, { kind: "generated" });
    if (ended.outcome !== "set" || ended.pin === null) throw new Error("no PIN");
    expect(ended.pin).toMatch(/^\d{6}$/);
    expect(await isSetTo(ended.pin)).toBe(true);
  });

  it.each([
    [undefined, { outcome: "not_said" }],
    ["abcdef", { outcome: "weak", why: "not_digits" }],
    ["12", { outcome: "weak", why: "length" }],
    ["111111", { outcome: "weak", why: "repeated" }],
    ["123456", { outcome: "weak", why: "sequence" }],
  ])("%j are not set", async (pin, ended) => {
    expect(await setPin(deps, ALICE, typed(pin))).toEqual(ended);
    expect(await clearPin(deps, ALICE)).toEqual({ outcome: "no_pin" });
  });

  it("are taken away", async () => {
    await setPin(deps, ALICE, typed("739164"));
    expect(await clearPin(deps, ALICE)).toEqual({ outcome: "cleared" });
    expect(await unlockPin(deps, ALICE)).toEqual({ outcome: "no_pin" });
  });

  it("that wrong ones have locked are unlocked", async () => {
    await setPin(deps, ALICE, typed("739164"));
    expect(await unlockPin(deps, ALICE)).toEqual({ outcome: "was_not_locked" });
    for (const key of ["1", "2", "3", "4", "5"])
      await deps.store.mailboxAccess.tryPin(ALICE, key, deps.clock.nowMs());
    expect(await deps.store.mailboxAccess.tryPin(ALICE, "6", deps.clock.nowMs())).toEqual({ kind: "locked" });
    expect(await unlockPin(deps, ALICE)).toEqual({ outcome: "unlocked" });
    expect(await isSetTo("739164")).toBe(true);
  });

  it("of nobody are not asked for", async () => {
    const ask = () => Promise.reject(new Error("nobody is to be asked"));
    expect(await setPin(deps, "nobody", { kind: "asked", ask })).toEqual({ outcome: "no_user" });
    expect(await clearPin(deps, "nobody")).toEqual({ outcome: "no_user" });
    expect(await unlockPin(deps, "nobody")).toEqual({ outcome: "no_user" });
  });
});
