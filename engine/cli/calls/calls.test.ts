/**
 * Goal: calls are found by what people ask for, page by page, in a table that fits a terminal, for a spreadsheet and for
 * programs, and as they come. Method: told calls in a database, and command lines.
 */
import { parse } from "csv-parse/sync";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Running, ringline, ringlineIn, startRingline } from "../../../fixtures/cli/run-program.js";
import { type RecordsFolder, recordsFolder } from "../../../fixtures/records/records-folder.js";
import {
  BEGAN_MS,
  began,
  ended,
  GROUP_ANSWERED,
  HOSTILE,
  MESSAGE_LEFT,
  TAKEN_OVER,
  type Told,
  TRANSFERRED,
} from "../../../fixtures/records/told-calls.js";
import { systemClock } from "../../clock.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** An hour after the last of the calls. */
const NOW_MS = BEGAN_MS + 60 * MINUTE_MS + 60 * MINUTE_MS;

const FORMULA: readonly Told[] = [
  began({ name: '=HYPERLINK("http://example.net")', from: "+13105550150", isWithheld: false }),
  [2_000, ended({ kind: "missed" })],
];

const IDS = {
  answered: "aaaaaaaa-0000-4000-8000-000000000001",
  message: "bbbbbbbb-0000-4000-8000-000000000002",
  transferred: "cccccccc-0000-4000-8000-000000000003",
  outside: "dddddddd-0000-4000-8000-000000000004",
  hostile: "eeeeeeee-0000-4000-8000-000000000005",
  formula: "ffffffff-0000-4000-8000-000000000006",
  yesterday: "99999999-0000-4000-8000-000000000007",
  live: "88888888-0000-4000-8000-000000000008",
} as const;

let folder: RecordsFolder;
beforeAll(async () => {
  folder = await recordsFolder();
  const { write } = folder;
  await write(IDS.yesterday, GROUP_ANSWERED, -DAY_MS);
  await write(IDS.answered, GROUP_ANSWERED, 0);
  await write(IDS.message, MESSAGE_LEFT, 10 * MINUTE_MS);
  await write(IDS.transferred, TRANSFERRED, 20 * MINUTE_MS);
  await write(IDS.outside, TAKEN_OVER, 30 * MINUTE_MS);
  await write(IDS.hostile, HOSTILE, 40 * MINUTE_MS);
  await write(IDS.formula, FORMULA, 50 * MINUTE_MS);
  await write(IDS.live, GROUP_ANSWERED.slice(0, 10), 60 * MINUTE_MS);
});
afterAll(() => folder.remove());

const clock = { nowMs: () => NOW_MS, after: () => ({ id: 0 }), cancel: () => undefined };

const calls = (...args: string[]) => ringlineIn({ clock }, "calls", "--db", folder.db, ...args);

async function found(...args: string[]): Promise<string[]> {
  const { out, err, code } = await calls("--json", ...args);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  const names = Object.entries(IDS);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => names.find(([, id]) => id === (JSON.parse(line) as { id: string }).id)?.[0] ?? "?");
}

describe("the table", () => {
  it("has the newest first, in eighty columns", async () => {
    const { out, err, code } = await calls("--limit", "4");
    expect({ err, code }).toEqual({ err: "4 calls; older ones with --after dddddddd\n", code: 0 });
    expect(out).toBe(
      `time      from          called        result               wait  talk   call
Mon 2026-11-30 (America/New_York)
10:30:12  +13105550102  +12125550100  in progress                       88888888
10:20:12  +13105550150  +12125550100  missed               0:02         ffffffff
10:10:12  +13105550107  +12125550108  missed               0:25         eeeeeeee
10:00:12  carol.diaz    +14155550199  +14155550199         0:15  1:00   dddddddd
`,
    );
  });

  it("cuts what is too long, and says where a new day begins", async () => {
    const { out } = await calls();
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toContain("  carol.diaz         0:19  1:02:10  cccccccc\n");
    expect(out).toContain("  message for alic…  0:21           bbbbbbbb\n");
    expect(out).toContain("aaaaaaaa\nSun 2026-11-29 (America/New_York)\n09:30:12");
  });

  it("says how to go on, until there are no more", async () => {
    const seen: string[] = [];
    let after: string[] = [];
    for (let page = 0; page < 10; page += 1) {
      const { out, err } = await calls("--limit", "3", ...after);
      seen.push(...[...out.matchAll(/ ([0-9a-f])\1{7}$/gm)].map(([id]) => id.trim()));
      const next = /^3 calls; older ones with --after (\S+)$/m.exec(err)?.[1];
      if (next === undefined) break;
      after = ["--after", next];
    }
    expect(seen).toEqual(["8", "f", "e", "d", "c", "b", "a", "9"].map((digit) => digit.repeat(8)));
  });

  it("has colours only on a terminal that has them", async () => {
    const { out } = await ringlineIn({ clock, hasColours: true }, "calls", "--db", folder.db);
    expect(out).toContain("\u001b[");
    expect((await calls()).out).not.toContain("\u001b");
  });

  it("has room for names on a wide terminal, and nothing steers it", async () => {
    const { out } = await ringlineIn({ clock, columns: 140 }, "calls", "--db", folder.db);
    expect(out).toContain("+13105550109 Ruth Klein");
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it("says that there are none", async () => {
    expect(await calls("--until", "2026-01-01")).toEqual({ out: "", err: "no calls\n", code: 0 });
  });

  it.each<[string[], string]>([
    [["--user", "nobody.here"], "there is no user `nobody.here`"],
    [["--user", "alice.wnog"], "there is no user `alice.wnog`; did you mean alice.wong?"],
    [["--group", "recption"], "there is no group `recption`; did you mean reception?"],
    [["--carrier", "mian"], "there is no carrier `mian`; did you mean main?"],
    [
      ["--called", "101"],
      "none to 101 itself; --user alice.wong finds calls that came to that extension another way",
    ],
    [
      ["--called", "201"],
      "none to 201 itself; --group billing finds calls that came to that extension another way",
    ],
  ])("says why there may be none: %j", async (args, why) => {
    const err = `no calls: ${why}\n`;
    expect(await calls(...args)).toEqual({ out: "", err, code: 0 });
    expect(await calls(...args, "--json")).toEqual({ out: "", err, code: 0 });
  });
});

describe("calls are found", () => {
  const all = ["live", "formula", "hostile", "outside", "transferred", "message", "answered", "yesterday"];
  it.each<[string[], string[]]>([
    [[], all],
    [["--missed"], ["formula", "hostile"]],
    [["--left-message"], ["message"]],
    [["--live"], ["live"]],
    [
      ["--result", "answered"],
      ["outside", "transferred", "answered", "yesterday"],
    ],
    [["--number", "5550109"], ["message"]],
    [["--number", "(310) 555-0103"], ["transferred"]],
    [["--called", "+1 212 555 0101"], ["message"]],
    [["--called", "(212) 555-0108"], ["hostile"]],
    [
      ["--user", "carol.diaz", "--day", "today"],
      ["outside", "transferred", "answered"],
    ],
    [
      ["--group", "reception", "--since", "09:00"],
      ["live", "answered"],
    ],
    [["--carrier", "backup"], ["outside"]],
    [["--day", "yesterday"], ["yesterday"]],
    [["--day", "2026-11-29"], ["yesterday"]],
    [
      ["--since", "2026-11-30 10:20"],
      ["live", "formula"],
    ],
    [
      ["--since", "90m", "--until", "10:15"],
      ["hostile", "outside"],
    ],
    [["--until", "2026-11-29"], ["yesterday"]],
    [
      ["--since", "today", "--limit", "2"],
      ["live", "formula"],
    ],
    [
      ["--after", "eeeeeeee", "--limit", "2"],
      ["outside", "transferred"],
    ],
    [["--emergency"], []],
  ])("by %j", async (args, names) => {
    expect(await found(...args)).toEqual(names);
  });

  it.each([
    [["--number", ""], "--number: nothing is given"],
    [["--user", " "], "--user: nothing is given"],
    [["--after", ""], "--after: nothing is given"],
    [["--since", "2026-12-01", "--until", "2026-11-01"], "--since is not before --until"],
    [["--missed", "--live"], "give one of --result, --missed, --left-message and --live"],
    [["--json", "--csv"], "give one of --json and --csv"],
    [["--day", "today", "--since", "09:00"], "--day is a period of its own"],
    [["--day", "someday"], "--day someday: expected 2026-11-30, today or yesterday"],
    [["--since", "soon"], "--since soon: expected "],
    [["--until", "2026-02-30"], "--until 2026-02-30: expected "],
    [["--follow", "--day", "today"], "--follow shows what comes"],
    [["--after", "12345678"], "there is no call 12345678"],
  ])("and what cannot be meant is refused: %j", async (args, why) => {
    const { out, err, code } = await calls(...args);
    expect(`${out}${err}`).toContain(why);
    expect(code).toBe(1);
  });
});

describe("for a spreadsheet", () => {
  it("no cell is a formula, and every call is there", async () => {
    const { out, err, code } = await calls("--csv");
    expect({ err, code }).toEqual({ err: "", code: 0 });
    const rows = parse(out, { columns: true }) as Array<Record<string, string>>;
    expect(rows).toHaveLength(8);
    for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(rows.find(({ Call }) => Call === IDS.message)).toMatchObject({
      Began: "2026-11-30 09:40:12 -05:00",
      From: "'+13105550109",
      Result: "message",
      "Message in": "user:alice.wong",
      "Wait s": "21",
      "Talk s": "",
    });
  });

  it("for a spreadsheet has nothing in it that steers a terminal", async () => {
    const { out } = await calls("--csv");
    expect(out).toContain("<script>alert(1)</script>");
    expect(out).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it("has its heading though there are no calls", async () => {
    expect((await calls("--csv", "--user", "nobody.here")).out).toMatch(/^Call,Began,[^\n]*\r\n$/);
  });
});

describe("for programs", () => {
  it("each call is an object of this shape", async () => {
    const { out } = await calls(
      "--json",
      "--called",
      "+12125550100",
      "--day",
      "today",
      "--result",
      "answered",
    );
    expect(JSON.parse(out)).toEqual({
      id: IDS.answered,
      direction: "in",
      from: "+13105550102",
      name: "John Doe",
      withheld: false,
      user: null,
      device: null,
      called: "+12125550100",
      carrier: "main",
      sipCallId: "a84b4c76e66710@gw.example.net",
      partOf: null,
      revision: 1,
      engines: ["1700000000000-e1"],
      beganMs: BEGAN_MS,
      firstRingMs: BEGAN_MS + 120,
      connectedMs: BEGAN_MS + 4_230,
      greetedMs: null,
      endedMs: BEGAN_MS + 129_510,
      result: "answered",
      ending: { kind: "answered", by: "bob.stone" },
      endedBy: "caller",
      cause: "NORMAL_CLEARING",
      endSeen: true,
      answeredBy: "bob.stone",
      messageIn: null,
      emergency: false,
      about: expect.arrayContaining(["number:+12125550100", "group:reception", "user:carol.diaz"]),
    });
  });

  it("a failure is an object, too", async () => {
    const { out, code } = await calls("--json", "--after", "12345678");
    expect(JSON.parse(out)).toEqual({ ok: false, message: "there is no call 12345678" });
    expect(code).toBe(1);
  });
});

describe("as they come", () => {
  const running: Running[] = [];
  let live: RecordsFolder;
  beforeEach(async () => {
    live = await recordsFolder();
  });
  afterEach(async () => {
    for (const each of running.splice(0)) await each.stop();
    live.remove();
  });
  const follow = async (...args: string[]) => {
    const followed = startRingline({}, "calls", "--follow", "--db", live.db, ...args);
    running.push(followed);
    return followed;
  };

  it("a call is shown when it is over, once, and Ctrl-C ends it without a word", async () => {
    const followed = await follow("--csv");
    await followed.said("Call,Began");
    await live.write("12121212-0000-4000-8000-000000000009", GROUP_ANSWERED.slice(0, 10), 70 * MINUTE_MS);
    await live.write("34343434-0000-4000-8000-000000000010", MESSAGE_LEFT, 70 * MINUTE_MS);
    const out = await followed.said("34343434");
    expect(out).not.toContain("12121212");
    await live.write("12121212-0000-4000-8000-000000000009", GROUP_ANSWERED.slice(10), 70 * MINUTE_MS);
    await followed.said("12121212");
    const { err, code, out: all } = await followed.stop("SIGINT");
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(all.match(/12121212/g)).toHaveLength(1);
  });

  it("is as a list of the same filters", async () => {
    const followed = await follow("--csv", "--live", "--group", "reception");
    await followed.said("Call,Began");
    await live.write("34343434-0000-4000-8000-000000000010", MESSAGE_LEFT, 70 * MINUTE_MS);
    await live.write("12121212-0000-4000-8000-000000000009", GROUP_ANSWERED.slice(0, 10), 70 * MINUTE_MS);
    expect(await followed.said("12121212")).not.toContain("34343434");
  });

  it("ends when nobody reads any more, though no call has come since", async () => {
    const answers = [false, false, true];
    const { code, err } = await ringlineIn(
      { clock: systemClock, outIsLeft: async () => answers.shift() ?? true },
      ...["calls", "--follow", "--db", live.db],
    );
    expect({ code, err, answers }).toEqual({ code: 0, err: "", answers: [] });
  });

  it("ends when nobody reads any more", async () => {
    const { code, err } = await ringlineIn(
      { clock: { ...clock, after: () => ({ id: 0 }) }, outClosed: Promise.resolve() },
      ...["calls", "--follow", "--db", live.db],
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});

it("a database that is not there is one sentence", async () => {
  const { err, code } = await ringline("calls", "--db", `${folder.db}.none`);
  expect(err).toMatch(/^error: .*\n$/);
  expect(code).toBe(1);
});
