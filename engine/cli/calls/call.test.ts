/**
 * Goal: one call is told in words, drawn, and given to programs; a user sees at once why a phone did not ring. Method: told
 * calls in a database, and command lines.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ringlineIn } from "../../../fixtures/cli/run-program.js";
import { type RecordsFolder, recordsFolder } from "../../../fixtures/records/records-folder.js";
import {
  BEGAN_MS,
  began,
  GROUP_ANSWERED,
  HOSTILE,
  MESSAGE_LEFT,
  notRung,
  recordOfTold,
  type Told,
  TRANSFERRED,
} from "../../../fixtures/records/told-calls.js";

const MINUTE_MS = 60_000;
const ANSWERED = "1f3a9c2d-0000-4000-8000-000000000001";
const MESSAGE = "1f3a0000-0000-4000-8000-000000000002";

let folder: RecordsFolder;
beforeAll(async () => {
  folder = await recordsFolder();
  await folder.write(ANSWERED, GROUP_ANSWERED, 0);
  await folder.write(MESSAGE, MESSAGE_LEFT, -10 * MINUTE_MS);
  await folder.write("2b000000-0000-4000-8000-000000000003", TRANSFERRED, -20 * MINUTE_MS);
  await folder.write("3c000000-0000-4000-8000-000000000004", HOSTILE, -30 * MINUTE_MS);
});
afterAll(() => folder.remove());

const clock = { nowMs: () => BEGAN_MS + 5 * MINUTE_MS, after: () => ({ id: 0 }), cancel: () => undefined };

const call = (...args: string[]) => ringlineIn({ clock }, "call", "--db", folder.db, ...args);

async function told(...args: string[]): Promise<string> {
  const { out, err, code } = await call(...args);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  return out;
}

describe("the story", () => {
  it("of a call in which a phone did not ring", async () => {
    expect(await told("last", "--user", "carol.diaz")).toBe(
      `John Doe (+1 310 555 0102) called +1 212 555 0100 (Main line)
Monday 30 November 2026, 09:30:12 -05:00 America/New_York

Bob Stone took the call after 4 seconds and talked with the caller for 2 minutes
5 seconds. The caller hung up.

Phones of Carol Díaz
  -  Carol Díaz's phone "desk" did not ring: it was to ring after 5 seconds, and
     Bob Stone took the call before.

09:30:12   0:00  John Doe (+1 310 555 0102) called +1 212 555 0100 (Main line),
                 through the carrier main.
09:30:12   0:00  Step 1: ring the group Reception.
09:30:12   0:00  Dan Okafor's phone "desk" did not ring: it was not registered,
                 so it was off or had no connection.
09:30:12   0:00  Alice Wong's phone "desk" did not ring: it was busy (SIP 486).
09:30:12   0:00  Bob Stone's phone "desk" and Bob Stone's phone "soft" began to
                 ring.
09:30:16   0:04  Carol Díaz's phone "desk" did not ring: it was to ring after 5
                 seconds, and Bob Stone took the call before.
09:30:16   0:04  The caller was connected with Bob Stone, on the phone "desk".
09:30:16   0:04  Bob Stone's phone "soft" stopped ringing when Bob Stone took
                 the call.
09:32:22   2:10  The caller hung up.

Call ${ANSWERED}
  carrier      main
  SIP Call-ID  a84b4c76e66710@gw.example.net
  revision     1
  engine       1700000000000-e1
`,
    );
  });

  it("of a whole call has all of its phones", async () => {
    const text = await told(ANSWERED);
    expect(text.slice(text.indexOf("\nPhones\n"), text.indexOf("\nCall "))).toBe(`
Phones
  -             Dan Okafor's phone "desk" did not ring: it was not registered,
                so it was off or had no connection.
  -             Alice Wong's phone "desk" did not ring: it was busy (SIP 486).
  0:00 to 0:04  Bob Stone's phone "desk" rang for 4 seconds, was answered, and
                had the call for 2 minutes 5 seconds.
  0:00 to 0:04  Bob Stone's phone "soft" rang for 4 seconds, until Bob Stone
                took the call.
  -             Carol Díaz's phone "desk" did not ring: it was to ring after 5
                seconds, and Bob Stone took the call before.
`);
  });

  it("says when no phone of a user was to ring", async () => {
    expect(await told(MESSAGE.slice(0, 8), "--user", "carol.diaz")).toContain(
      "\nPhones of Carol Díaz\n  No step that the call reached was to ring them.\n",
    );
  });

  it("fits a terminal of eighty columns, and nothing steers it", async () => {
    for (const id of [ANSWERED, MESSAGE, "2b", "3c"]) {
      const text = await told(id);
      for (const line of text.split("\n")) expect(Array.from(line).length).toBeLessThanOrEqual(80);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  it("has colours only on a terminal that has them", async () => {
    const coloured = await ringlineIn({ clock, hasColours: true }, "call", "last", "--db", folder.db);
    expect(coloured.out).toContain("\u001b[32m");
    expect(await told("last")).not.toContain("\u001b");
  });
});

describe("which call", () => {
  it.each<[string[], string]>([
    [["last"], ANSWERED],
    [["last", "--to", "(212) 555-0101"], MESSAGE],
    [["last", "--left-message"], MESSAGE],
    [["last", "--user", "dan.okafor", "--until", "09:20"], "2b000000"],
    [["last", "--missed"], "3c000000"],
    [["1f3a9"], ANSWERED],
    [[MESSAGE], MESSAGE],
  ])("%j", async (args, id) => {
    expect(await told(...args)).toContain(`\nCall ${id}`);
  });

  it.each<[string[], string]>([
    [["1f3a"], "several calls begin with 1f3a; give more of the id"],
    [["4d"], "there is no call 4d"],
    [["last", "--to", "199"], "there is no such call"],
    [["1f3a9", "--missed"], "options that look for a call go with `last`"],
    [
      ["last", "--user", "alise.wong"],
      "there is no such call: there is no user `alise.wong`; did you mean alice.wong?",
    ],
    [["1f3a9", "--user", "alise.wong"], "there is no user `alise.wong`; did you mean alice.wong?"],
    [
      ["last", "--to", "101"],
      "there is no such call: none to 101 itself; --user alice.wong finds calls that came to that extension another way",
    ],
    [["last", "--to", ""], "--to: nothing is given"],
    [["last", "--day", "x"], "--day x: expected 2026-11-30, today or yesterday"],
  ])("is not known: %j", async (args, why) => {
    expect(await call(...args)).toEqual({ out: "", err: `error: ${why}\n`, code: 1 });
    const { out, code } = await call(...args, "--json");
    expect([JSON.parse(out), code]).toEqual([{ ok: false, message: why }, 1]);
  });
});

describe("a drawing", () => {
  it("is written into a file", async () => {
    const file = join(folder.folder, "call.svg");
    expect(await call("last", "--svg", file)).toEqual({ out: "", err: `drawn into ${file}\n`, code: 0 });
    expect(readFileSync(file, "utf8")).toMatch(/^<svg [\s\S]*Carol Díaz[\s\S]*<\/svg>\n$/);
  });

  it("that cannot be written is one sentence", async () => {
    const { err, code } = await call("last", "--svg", join(folder.folder, "none", "call.svg"));
    expect(err).toMatch(/^error: .*call\.svg.*\n$/);
    expect(code).toBe(1);
  });
});

it("for programs it is an object of this shape", async () => {
  const { out } = await call("last", "--json", "--user", "carol.diaz");
  const object = JSON.parse(out);
  expect(Object.keys(object)).toEqual([
    ...["ok", "id", "direction", "from", "name", "withheld", "user", "device", "called", "carrier"],
    ...[
      "sipCallId",
      "partOf",
      "revision",
      "engines",
      "beganMs",
      "firstRingMs",
      "connectedMs",
      "greetedMs",
      "endedMs",
    ],
    ...["result", "ending", "endedBy", "cause", "endSeen", "answeredBy", "messageIn", "emergency", "about"],
    ...["timezone", "legs", "happenings", "story"],
  ]);
  expect(object.legs[0]).toEqual({
    ...{ leg: "leg-alice.wong-desk", who: "alice.wong", device: "desk", to: "alice-desk" },
    ...{ group: "reception", carrier: null, shows: null, payer: null, dialledMs: BEGAN_MS + 4 },
    ...{ ringsMs: null, answeredMs: null, connectedMs: null, endedMs: BEGAN_MS + 60 },
    ...{ cause: "USER_BUSY", status: 486, side: "callee", isEndSeen: true, sipCallId: null },
  });
  expect(object.happenings[2]).toEqual({
    ...{ atMs: BEGAN_MS + 2, kind: "step", text: "ring group:reception", names: ["group:reception"] },
  });
  expect(object.story).toMatchObject({
    headline: "John Doe (+1 310 555 0102) called +1 212 555 0100 (Main line)",
    lines: expect.arrayContaining([{ atMs: BEGAN_MS + 2, text: "Step 1: ring the group Reception." }]),
    phones: [
      {
        ...{ who: "carol.diaz", device: "desk", phone: `Carol Díaz's phone "desk"`, leg: null },
        ...{ fromMs: null, toMs: null },
        text: "did not ring: it was to ring after 5 seconds, and Bob Stone took the call before",
      },
    ],
  });
});

describe("a user who was passed over as a whole", () => {
  it.each([
    ["suspended", "this user was suspended"],
    ["calls_off", "calls of this group were switched off for this person"],
    ["no_device", "this user had no phone"],
    ["anonymous", "callers who withhold their number are not taken there"],
  ])("finds the call, and is told why: %s", async (reason, why) => {
    const other = await recordsFolder();
    try {
      const passed: Told = [3, notRung("fay.off", "", reason)];
      await other.write(ANSWERED, [...GROUP_ANSWERED.slice(0, 3), passed, ...GROUP_ANSWERED.slice(3)]);
      const { out, err } = await ringlineIn({ clock }, "call", "last", "--user", "fay.off", "--db", other.db);
      expect(err).toBe("");
      expect(out.replaceAll(/\s+/g, " ")).toContain(`did not ring: ${why}`);
      const listed = await ringlineIn({ clock }, "calls", "--user", "fay.off", "--db", other.db);
      expect(listed.out).toContain("1f3a9c2d");
    } finally {
      other.remove();
    }
  });

  it("is no user where a number outside was passed over", () => {
    const { about } = recordOfTold([began(), [3, notRung("+13105550199", "", "no_carrier")]]);
    expect(about).toEqual([]);
  });
});
