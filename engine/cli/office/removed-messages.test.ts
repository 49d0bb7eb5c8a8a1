/**
 * Goal: a removal never loses messages unless asked to. Method: command lines on a real database and real sound files
 * of a user who has messages.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeApplied } from "../../../fixtures/cli/office-of-a-test.js";
import { type Ran, ringline } from "../../../fixtures/cli/run-program.js";
import { toneWav } from "../../../fixtures/tone-wav.js";
import { openStore, type Store } from "../../../storage/store.js";
import { checkDatabase } from "../../doctor/database.js";

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));
const ID = "11111111-2222-4333-8444-000000000001";
const SOUND = toneWav(3_000);

let folder: string;
let db: string;
let recordings: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-removed-"));
  recordings = folder;
  db = join(folder, "office.db");
  await writeApplied(db, ACME);
  await on("user", "add", "dana.reed", "--name", "Dana Reed");
  await inStore(async (store) => {
    const caller = { callerNumber: "+19175550144", callerName: "", called: "101" };
    const box = "user:dana.reed";
    await store.voicemail.open([{ id: ID, box, call: "c", beganMs: 1, ...caller }]);
    writeFileSync(join(recordings, `${ID}.wav`), SOUND);
    await store.voicemail.deliver(ID, {
      box,
      deliveredMs: 10,
      lengthMs: 3_000,
      bytes: SOUND.length,
      sha256: createHash("sha256").update(SOUND).digest("hex"),
      urgent: false,
      recipients: [{ username: "dana.reed", receives: true }],
      mails: [],
    });
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

async function inStore(work: (store: Store) => Promise<void>): Promise<void> {
  const opened = await openStore(db);
  if (!opened.ok) throw new Error(opened.failure.reason);
  await work(opened.store);
  await opened.store.close();
}

function on(...args: string[]): Promise<Ran> {
  return ringline(...args, "--db", db);
}

const remove = (...args: string[]) => on("user", "remove", "dana.reed", ...args);
const listed = async (...args: string[]) => (await on("voicemail", "list", ...args)).out;

async function isThere(): Promise<boolean> {
  return (await on("user", "show", "dana.reed")).code === 0;
}

describe("a user with messages", () => {
  it("is not removed, and the reason is reported", async () => {
    const { err, code } = await remove();
    expect(err).toContain("a message in the mailbox would be nobody's");
    expect(code).toBe(1);
    expect(await isThere()).toBe(true);
    const json = JSON.parse((await remove("--json")).out);
    expect(json).toMatchObject({ ok: false, outcome: "has_messages", messages: [ID] });
  });

  it("is removed when a replacement gets the messages", async () => {
    expect((await remove("--replace-by", "bob.stone")).code).toBe(0);
    expect(await listed("--for", "bob.stone")).toContain("user:bob.stone");
  });

  it("is removed when the messages are exported: sound and facts, and still there for a while", async () => {
    const to = join(folder, "dana");
    for (const args of [
      ["--export-messages", to],
      ["--recordings", recordings],
    ])
      expect((await remove(...args)).err).toContain("go together");
    const { code, err } = await remove("--export-messages", to, "--recordings", recordings);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readFileSync(join(to, `${ID}.wav`)).equals(SOUND)).toBe(true);
    expect(JSON.parse(readFileSync(join(to, `${ID}.json`), "utf8"))).toMatchObject({
      id: ID,
      callerNumber: "+19175550144",
    });
    expect(await isThere()).toBe(false);
    expect(await listed("--all")).toContain("deleted");
    expect(await listed()).toBe("");
    expect(existsSync(join(recordings, `${ID}.wav`))).toBe(true);
  });

  it.each([
    ["is missing", () => rmSync(join(recordings, `${ID}.wav`)), "cannot be exported"],
    [
      "is not as it was recorded",
      () => writeFileSync(join(recordings, `${ID}.wav`), toneWav(2_000)),
      "not as message",
    ],
  ])("stays when the sound of one %s", async (_what, spoil, says) => {
    spoil();
    const { code, err } = await remove("--export-messages", join(folder, "dana"), "--recordings", recordings);
    expect(err).toContain(says);
    expect(code).toBe(1);
    expect(await isThere()).toBe(true);
  });

  it("stays while a caller is leaving another message", async () => {
    const caller = { callerNumber: "", callerName: "", called: "" };
    await inStore((store) =>
      store.voicemail.open([{ id: "x", box: "user:dana.reed", call: "d", beganMs: 2, ...caller }]),
    );
    const { code, err } = await remove("--export-messages", join(folder, "dana"), "--recordings", recordings);
    expect(err).toContain("a caller is leaving a message");
    expect(code).toBe(1);
  });

  it("is removed when the messages may be discarded", async () => {
    expect((await remove("--discard-messages", "--replace-by", "bob.stone")).code).toBe(1);
    expect((await remove("--discard-messages")).code).toBe(0);
    expect(await listed()).toBe("");
  });

  it("is removed as usual once the messages are deleted", async () => {
    await on("voicemail", "delete", ID);
    expect((await remove()).code).toBe(0);
  });
});

it("a user whom files leave out keeps the messages, and the doctor says so", async () => {
  expect((await on("apply", ACME, "--overwrite")).code).toBe(1);
  expect(await isThere()).toBe(true);
  expect((await on("apply", ACME, "--overwrite", "--remove", "user:dana.reed")).code).toBe(0);
  expect(await isThere()).toBe(false);
  expect(await listed()).toContain("user:dana.reed");
  const { findings } = await checkDatabase(db, "ringline", 0);
  const said = findings.filter(({ check }) => check === "messages");
  expect(said).toMatchObject([
    { what: expect.stringContaining("user:dana.reed is not in the office any more") },
  ]);
});
