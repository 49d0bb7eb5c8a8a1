/**
 * Goal: commands for messages, greetings and PINs do what they say, and a sound that cannot be had is reported in a
 * sentence, not a crash. Method: command lines on a real database and real files; the programs that play and convert
 * are scripts that write down how they were called, in a PATH of their own.
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeApplied } from "../../../fixtures/cli/office-of-a-test.js";
import { type Ran, ringline, ringlineTyping } from "../../../fixtures/cli/run-program.js";
import { toneWav } from "../../../fixtures/tone-wav.js";
import { openStore, type Store } from "../../../storage/store.js";
import { isPin } from "../../voicemail/pin-hash.js";

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));
const ID = "11111111-2222-4333-8444-000000000001";
const SOUND = toneWav(3_000);
const BOX = "user:alice.wong";

let folder: string;
let db: string;
let recordings: string;
let programs: string;
const path = process.env["PATH"];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-voicemail-"));
  recordings = join(folder, "recordings");
  programs = join(folder, "bin");
  mkdirSync(recordings);
  mkdirSync(programs);
  process.env["PATH"] = programs;
  db = join(folder, "office.db");
  await writeApplied(db, ACME);
  writeFileSync(join(recordings, `${ID}.wav`), SOUND);
  await inStore(async ({ voicemail }) => {
    const caller = { callerNumber: "+19175550144", callerName: "", called: "101" };
    await voicemail.open([{ id: ID, box: BOX, call: "c", beganMs: 1, forwardedBy: "bob.stone", ...caller }]);
    await voicemail.deliver(ID, {
      box: BOX,
      deliveredMs: 10,
      lengthMs: 3_000,
      bytes: SOUND.length,
      sha256: createHash("sha256").update(SOUND).digest("hex"),
      urgent: false,
      recipients: [{ username: "alice.wong", receives: true }],
      mails: [],
    });
  });
});
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

async function inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const opened = await openStore(db);
  if (!opened.ok) throw new Error(opened.failure.reason);
  const result = await work(opened.store);
  await opened.store.close();
  return result;
}

function on(...args: string[]): Promise<Ran> {
  return ringline("voicemail", ...args, "--db", db);
}

const withSound = (...args: string[]) => on(...args, "--recordings", recordings);

/** Makes a program that writes its arguments to `NAME.args`, and then runs these lines. */
function program(name: string, does: string): void {
  const file = join(programs, name);
  writeFileSync(
    file,
    `#!/bin/sh\necho "$*" > ${join(folder, `${name}.args`)}\nfor to; do :; done\n${does}\n`,
  );
  chmodSync(file, 0o755);
}

const called = (name: string) => readFileSync(join(folder, `${name}.args`), "utf8").trim();
const stateOfAlice = () => inStore(async ({ voicemail }) => (await voicemail.list())[0]?.members[0]?.state);

it("list and show say who forwarded a message", async () => {
  expect((await on("list")).out).toContain("forwarded by bob.stone");
  expect((await on("show", ID)).out).toMatch(/^forwarded by +bob\.stone$/m);
});

describe("play", () => {
  it("plays with a program of this machine, and marks the message heard for the user", async () => {
    program("aplay", "exit 0");
    expect(await withSound("play", ID.slice(0, 8), "--for", "alice.wong")).toEqual({
      out: "",
      err: "",
      code: 0,
    });
    expect(called("aplay")).toBe(`-q ${join(recordings, `${ID}.wav`)}`);
    expect(await stateOfAlice()).toBe("heard");
  });

  it("leaves a message new when no user is named, and a saved one saved", async () => {
    program("aplay", "exit 0");
    await withSound("play", ID);
    expect(await stateOfAlice()).toBe("new");
    await inStore(({ voicemail }) => voicemail.mark(ID, "alice.wong", "saved", 20));
    await withSound("play", ID, "--for", "alice.wong");
    expect(await stateOfAlice()).toBe("saved");
  });

  it("tries the next program when one fails, and reports when none is left; then the message is not heard", async () => {
    program("aplay", "echo no sound card >&2; exit 1");
    program("play", "exit 0");
    expect((await withSound("play", ID)).code).toBe(0);
    program("play", "kill -9 $$");
    const { err, code } = await withSound("play", ID, "--for", "alice.wong");
    expect(err).toContain("aplay: no sound card; play: ended with SIGKILL");
    expect(err).toContain("voicemail export");
    expect(code).toBe(1);
    expect(await stateOfAlice()).toBe("new");
  });

  it.each([
    ["without any program", [], "none is installed"],
    ["for somebody else", ["--for", "bob.stone"], "is none of bob.stone's"],
  ])("%s is refused", async (_what, more, says) => {
    const { err, code } = await withSound("play", ID, ...more);
    expect(err).toContain(says);
    expect(code).toBe(1);
  });

  it("reports a missing sound", async () => {
    rmSync(join(recordings, `${ID}.wav`));
    expect((await withSound("play", ID)).err).toContain("is missing");
  });
});

describe("export", () => {
  it("copies the sound as it is, into a folder under its id", async () => {
    expect((await withSound("export", ID, "--to", folder)).code).toBe(0);
    expect(readFileSync(join(folder, `${ID}.wav`)).equals(SOUND)).toBe(true);
    expect((await withSound("export", ID, "--to", folder)).err).toContain("EEXIST");
  });

  it("encodes Opus, and never overwrites a file", async () => {
    program("opusenc", 'echo opus > "$to"');
    const to = join(folder, "a.opus");
    expect((await withSound("export", ID, "--to", to, "--format", "opus")).code).toBe(0);
    expect(called("opusenc")).toContain(`--bitrate 16 ${join(recordings, `${ID}.wav`)} `);
    expect(readFileSync(to, "utf8")).toBe("opus\n");
    program("opusenc", 'echo other > "$to"');
    expect((await withSound("export", ID, "--to", to, "--format", "opus")).code).toBe(1);
    expect(readFileSync(to, "utf8")).toBe("opus\n");
  });

  it("of Opus uses ffmpeg without opusenc, and names both when neither is there", async () => {
    const to = join(folder, "a.opus");
    const { err, code } = await withSound("export", ID, "--to", to, "--format", "opus");
    expect(err).toContain("needs one of these programs: opusenc, ffmpeg");
    expect(code).toBe(1);
    program("ffmpeg", 'echo opus > "$to"');
    expect((await withSound("export", ID, "--to", to, "--format", "opus")).code).toBe(0);
  });
});

describe("greeting", () => {
  const greeting = (what: string, ...args: string[]) => on("greeting", what, BOX, ...args);
  const setGreeting = (file: string, ...args: string[]) =>
    greeting("set", file, "--recordings", recordings, ...args);
  const kept = () => inStore(({ mailboxAccess }) => mailboxAccess.greetings(BOX));

  function brought(file: Buffer, name = "hello.wav"): string {
    const to = join(folder, name);
    writeFileSync(to, file);
    return to;
  }

  it("set puts a file into use, each in its own greeting slot, without what other programs append to it", async () => {
    const file = brought(Buffer.concat([toneWav(2_000), Buffer.from("LIST\x04\0\0\0junk")]));
    expect(await setGreeting(file)).toEqual({ out: `own greeting of ${BOX}: 2.0 s\n`, err: "", code: 0 });
    expect((await setGreeting(file, "--busy")).out).toContain("own greeting, busy");
    expect((await setGreeting(file, "--kind", "temporary")).code).toBe(0);
    expect((await setGreeting(file, "--kind", "name")).code).toBe(0);
    const slots = (await kept()).map(({ kind, busy, setBy }) => `${kind} ${busy} ${setBy}`);
    expect(slots).toEqual(["name false ann", "own false ann", "own true ann", "temporary false ann"]);
    for (const { id } of await kept())
      expect(readFileSync(join(recordings, `${id}.wav`)).equals(toneWav(2_000))).toBe(true);
    expect((await greeting("show")).out.split("\n").filter((line) => line !== "")).toHaveLength(4);
    expect(await inStore(({ mailboxAccess }) => mailboxAccess.drafts())).toEqual([]);
  });

  it("set replaces the one before; remove takes it out of use", async () => {
    await setGreeting(brought(toneWav(2_000)));
    const [before] = await kept();
    await setGreeting(brought(toneWav(3_000)));
    const [now, ...more] = await kept();
    expect(now?.id).not.toBe(before?.id);
    expect(more).toEqual([]);
    expect(await inStore(({ mailboxAccess }) => mailboxAccess.removedGreetings())).toEqual([before?.id]);
    expect((await greeting("remove")).code).toBe(0);
    expect((await greeting("remove")).err).toContain("has no own greeting");
    expect(await kept()).toEqual([]);
  });

  it("export copies it", async () => {
    await setGreeting(brought(toneWav(2_000)), "--kind", "name");
    const to = join(folder, "out.wav");
    const { code } = await greeting("export", "--kind", "name", "--to", to, "--recordings", recordings);
    expect(code).toBe(0);
    expect(readFileSync(to).equals(toneWav(2_000))).toBe(true);
    const other = await greeting("export", "--to", join(folder, "x.wav"), "--recordings", recordings);
    expect(other.err).toContain("has no own greeting");
  });

  it("set converts other forms with a program of this machine", async () => {
    const stereo = toneWav(2_000);
    stereo.writeUInt16LE(2, 22);
    const file = brought(stereo);
    expect((await setGreeting(file)).err).toContain("needs one of these programs: sox, ffmpeg");
    const made = brought(toneWav(1_500), "made.wav");
    program("sox", `/bin/cp ${made} "$to"`);
    expect((await setGreeting(file)).out).toContain("1.5 s");
    expect(called("sox")).toMatch(/^-G .*hello\.wav -r 8000 -c 1 -b 16 -e signed-integer -t wav /);
    program("sox", "echo what is this >&2; exit 2");
    expect((await setGreeting(file)).err).toContain("sox: what is this");
  });

  it.each<[string, () => string, string[], string]>([
    ["a file that is not there", () => "nowhere.wav", [], "there is no file nowhere.wav"],
    ["a moment of sound", () => brought(toneWav(200)), [], "too little sound"],
    ["silence", () => brought(toneWav(5_000, 0)), [], "too little sound"],
    ["more than two minutes", () => brought(toneWav(121_000)), [], "longer than 2 minutes"],
    ["a busy name", () => brought(toneWav(2_000)), ["--kind", "name", "--busy"], "a name has no busy form"],
  ])("set refuses %s, and leaves nothing behind", async (_what, file, args, says) => {
    const before = readdirSync(recordings);
    const { err, code } = await setGreeting(file(), ...args);
    expect(err).toContain(says);
    expect(code).toBe(1);
    expect(readdirSync(recordings)).toEqual(before);
    expect(await inStore(({ mailboxAccess }) => mailboxAccess.drafts())).toEqual([]);
  });

  it("is refused for a mailbox that does not exist", async () => {
    expect((await on("greeting", "show", "user:nobody.here")).err).toContain(
      "the office has no user:nobody.here",
    );
    expect((await on("greeting", "show", "alice.wong")).err).toContain("user:NAME or group:ID");
  });

  it("set reports when there is no room for it", async () => {
    rmSync(recordings, { recursive: true });
    expect((await setGreeting(brought(toneWav(2_000)))).err).toContain("no room for recordings");
  });
});

describe("pin", () => {
  /** Later than any moment at which a command runs: a lock that begins then has not expired. */
  const LATER = Date.UTC(2100, 0, 1);
  let tries = 0;
  const attempt = () =>
    inStore(({ mailboxAccess }) => mailboxAccess.tryPin("alice.wong", `try ${++tries}`, LATER));
  async function isNow(pin: string): Promise<boolean> {
    const tried = await attempt();
    return tried.kind === "check" && (await isPin(pin, tried.hash));
  }
  const set = (secrets: readonly string[], isTyped: boolean, ...args: string[]) =>
    ringlineTyping(secrets, isTyped, "voicemail", "pin", "set", "alice.wong", ...args, "--db", db);

  it("set takes a line that is piped in, and shows nothing of it", async () => {
    const { out, err, code } = await set(["730519"], false);
    expect({ out, err, code }).toEqual({ out: "the PIN of alice.wong is set\n", err: "", code: 0 });
    expect(await isNow("730519")).toBe(true);
    expect(readFileSync(db).includes("730519")).toBe(false);
  });

  it("set asks twice when a person types", async () => {
    expect((await set(["730519", "730518"], true)).err).toContain("not the same");
    expect(await attempt()).toEqual({ kind: "none" });
    expect((await set(["730519", "730519"], true)).code).toBe(0);
  });

  it.each([
    ["", "4 to 10 digits"],
    ["12a4", "must be digits"],
    ["7777", "repeats itself"],
    ["4321", "follow each other"],
    ["2580", "tried first"],
    ["1010", "repeats itself"],
    ["9101", "part of the user's extension"],
  ])("set refuses %j, and says why", async (pin, says) => {
    const { err, code } = await set([pin], false);
    expect(err).toContain(says);
    expect(code).toBe(1);
    expect(await attempt()).toEqual({ kind: "none" });
  });

  it("set --generate makes a good PIN, and shows it once", async () => {
    const { out } = await set([], false, "--generate");
    expect(out).toMatch(/^[0-9]{6}\n$/);
    expect(await isNow(out.trim())).toBe(true);
  });

  it("unlock removes a lock; clear removes the PIN", async () => {
    await set(["730519"], false);
    for (let n = 0; n < 5; n += 1) await attempt();
    expect(await attempt()).toEqual({ kind: "locked" });
    expect((await on("pin", "unlock", "alice.wong")).out).toContain("is unlocked");
    expect(await isNow("730519")).toBe(true);
    expect((await on("pin", "clear", "alice.wong")).code).toBe(0);
    expect(await attempt()).toEqual({ kind: "none" });
    expect((await on("pin", "clear", "alice.wong")).err).toContain("has no PIN");
    expect((await on("pin", "unlock", "alice.wong")).err).toContain("has no PIN");
  });

  it("is refused for a user who does not exist", async () => {
    expect((await on("pin", "clear", "nobody.here")).err).toContain("there is no user `nobody.here`");
  });
});
