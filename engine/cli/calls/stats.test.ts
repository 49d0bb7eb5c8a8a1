/**
 * Goal: `ringline stats` says how many calls came and how long callers waited, by whatever calls are told apart. Method:
 * calls are written to a database as the recorder does, and the command is run.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ringlineIn } from "../../../fixtures/cli/run-program.js";
import { mustOpen } from "../../../fixtures/must-open.js";
import {
  callToSales,
  type InCallTold,
  outsideCall,
  writeCalls,
} from "../../../fixtures/records/outside-calls.js";
import type { Store } from "../../../storage/store.js";
import { systemClock } from "../../clock.js";

const ZONE = "America/New_York";
const OFFICE = `
office: { name: Acme, country: US, timezone: ${ZONE} }
users:
  - { username: alice.wong, name: Alice Wong, devices: [{ id: desk, sip: alice }] }
  - { username: bob.stone, name: Bob Stone, devices: [{ id: desk, sip: bob }] }
groups:
  - { id: sales, name: Sales, members: [{ user: alice.wong }, { user: bob.stone }] }
numbers:
  - { number: "+12125550100", label: Main line, steps: [{ send: group:sales }] }
  - { number: "+12125550101", label: =Other, steps: [{ send: group:sales }] }
`;

/** The day on which the clock is set back: it has 25 hours, and one o'clock twice. */
const SUNDAY_ONE = Date.UTC(2026, 10, 1, 5, 30);
const MONDAY_NINE = Date.UTC(2026, 10, 2, 14);
const HOUR = 3_600_000;

const CALLS: readonly InCallTold[] = [
  { id: "s1", beganMs: SUNDAY_ONE, waitMs: 3_000, by: "alice.wong" },
  { id: "s2", beganMs: SUNDAY_ONE + HOUR, waitMs: 70_000, by: null },
  // The last minute of Sunday, and the first of Monday.
  { id: "s3", beganMs: Date.UTC(2026, 10, 2, 4, 59), waitMs: 8_000, by: "bob.stone" },
  { id: "m1", beganMs: Date.UTC(2026, 10, 2, 5), waitMs: 9_000, by: "bob.stone" },
  { id: "m2", beganMs: MONDAY_NINE, waitMs: 19_999, by: "alice.wong" },
  { id: "m3", beganMs: MONDAY_NINE + 1_000, waitMs: 20_000, by: "alice.wong" },
  { id: "m4", beganMs: MONDAY_NINE + 2_000, waitMs: 25_000 },
  { id: "m5", beganMs: MONDAY_NINE + 3_000, waitMs: 2_000, by: null, number: "+12125550101" },
];

let folder: string;
let db: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-stats-"));
  db = join(folder, "office.db");
  const file = join(folder, "office.yaml");
  writeFileSync(file, OFFICE);
  expect(await on("apply", file)).toMatchObject({ code: 0 });
  const opened: Store[] = [];
  const store = await mustOpen(db, opened);
  await writeCalls(store, ZONE, ...CALLS.map(callToSales));
  await writeCalls(store, ZONE, outsideCall({ id: "out", answeredMs: MONDAY_NINE, seconds: 30 }));
  for (const one of opened) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function on(...args: string[]) {
  const clock = { ...systemClock, nowMs: () => MONDAY_NINE + 2 * HOUR };
  return ringlineIn({ clock, env: { LANG: "C.UTF-8" } }, ...args, "--db", db);
}

async function rowsOf(...args: string[]) {
  const { out, err } = await on("stats", "--json", ...args);
  expect(err).toBe("");
  return JSON.parse(out);
}

describe("statistics of all calls", () => {
  it("are counts, waits and the share of offered calls that were answered in time", async () => {
    const { out, err, code } = await on("stats");
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out).toBe(`\
Sun 2026-10-04 to Mon 2026-11-02 (${ZONE}): calls from outside
  calls  answered  missed  message  median   p95  <20 s
      8         5       2        1     9 s  20 s   50 %
answered in less than 20 s: 4 of 8 offered
callers without an answer waited 25 s (median), 1:10 (p95)
a conversation lasted 1:00 on average
`);
  });

  it("count an answer as in time by the seconds that are asked for", async () => {
    expect((await rowsOf("--within", "21")).total).toMatchObject({ answeredInTime: 5, offered: 8 });
    expect((await rowsOf("--within", "9")).total).toMatchObject({ answeredInTime: 2 });
  });

  it("are of the days that are named, by the office's clock", async () => {
    const calls = async (...args: string[]) => (await rowsOf(...args)).total.calls;
    expect(await calls("--day", "2026-11-01")).toBe(3);
    expect(await calls("--day", "today")).toBe(5);
    expect(await calls("--day", "yesterday")).toBe(3);
    expect(await calls("--month", "2026-11")).toBe(8);
    expect(await calls("--month", "2026-10")).toBe(0);
    expect(await calls("--since", "2026-11-02")).toBe(5);
    expect(await calls("--since", "1d")).toBe(5);
    expect(await calls("--since", "2026-11-01", "--until", "2026-11-01")).toBe(3);
  });
});

describe("statistics by", () => {
  it("hour: an hour that the clock shows twice is one line with the calls of both", async () => {
    const { rows } = await rowsOf("--by", "hour", "--day", "2026-11-01");
    expect(rows.length).toBe(24);
    expect(rows.filter(({ calls }: { calls: number }) => calls > 0)).toMatchObject([
      { name: 1, calls: 2, answered: 1, missed: 1, medianS: 3, unansweredMedianS: 70 },
      { name: 23, calls: 1, answered: 1, medianS: 8 },
    ]);
  });

  it("day: each day of the period, also those without calls", async () => {
    const { rows } = await rowsOf("--by", "day", "--since", "2026-10-31", "--until", "2026-11-02");
    expect(rows).toMatchObject([
      { name: "2026-10-31", calls: 0, medianS: null },
      { name: "2026-11-01", calls: 3 },
      { name: "2026-11-02", calls: 5, messages: 1 },
    ]);
  });

  it("weekday", async () => {
    const { rows } = await rowsOf("--by", "weekday", "--month", "2026-11");
    expect(rows.map(({ name, calls }: { name: string; calls: number }) => [name, calls])).toEqual([
      ...[
        ["monday", 5],
        ["tuesday", 0],
        ["wednesday", 0],
        ["thursday", 0],
        ["friday", 0],
        ["saturday", 0],
      ],
      ["sunday", 3],
    ]);
  });

  it("number: with what it is for", async () => {
    const { out } = await on("stats", "--by", "number", "--month", "2026-11");
    expect(out).toContain(`\
number                  calls  answered  missed  message  median   p95  <20 s
+12125550100 Main line      7         5       1        1     9 s  20 s   57 %
+12125550101 =Other         1         0       1        0       -     -    0 %
total                       8         5       2        1     9 s  20 s   50 %
`);
  });

  it("user: calls that a colleague took are calls, and not offered", async () => {
    const { rows } = await rowsOf("--by", "user", "--month", "2026-11");
    expect(rows).toMatchObject([
      { name: "alice.wong", label: "Alice Wong", calls: 8, answered: 3, missed: 2, offered: 5 },
      { name: "bob.stone", label: "Bob Stone", calls: 8, answered: 2, missed: 2, offered: 4 },
    ]);
  });

  it("user, of calls to outside: who made them", async () => {
    const { rows, total, of } = await rowsOf("--by", "user", "--direction", "out", "--month", "2026-11");
    expect(of).toEqual({ kind: "all", name: "out" });
    expect(rows).toMatchObject([{ name: "alice.wong", label: "Alice Wong", calls: 1, answered: 1 }]);
    expect(total).toMatchObject({ calls: 1, answered: 1 });
  });

  it("name: the heading and the total are of all the calls that the lines tell apart", async () => {
    const { out } = await on("stats", "--by", "group", "--month", "2026-11");
    expect(out).toContain(": calls from outside and within the office\n");
    expect((await rowsOf("--by", "group")).of).toEqual({ kind: "all", name: "came" });
    expect((await rowsOf("--by", "hour")).of).toEqual({ kind: "all", name: "in" });
  });

  it("group", async () => {
    const { rows } = await rowsOf("--by", "group", "--month", "2026-11");
    expect(rows).toMatchObject([{ name: "sales", label: "Sales", calls: 8, answered: 5, messages: 1 }]);
  });
});

describe("statistics of", () => {
  it("one number, however it is written", async () => {
    const { of, total } = await rowsOf("--number", "(212) 555-0101", "--month", "2026-11");
    expect(of).toEqual({ kind: "number", name: "+12125550101" });
    expect(total).toMatchObject({ calls: 1, missed: 1 });
  });

  it("one user by hour", async () => {
    const { rows, total } = await rowsOf("--user", "bob.stone", "--by", "hour", "--month", "2026-11");
    expect(total.calls).toBe(8);
    expect(rows[9]).toMatchObject({ name: 9, calls: 4, answered: 0 });
  });

  it("calls to outside", async () => {
    expect((await rowsOf("--direction", "out", "--month", "2026-11")).total).toMatchObject({
      calls: 1,
      answered: 1,
    });
  });
});

describe("statistics are written", () => {
  it("as CSV, in which no cell is a formula and no total is counted twice", async () => {
    const { out } = await on("stats", "--by", "number", "--month", "2026-11", "--csv");
    expect(out.split("\r\n")).toEqual([
      "number,label,calls,answered,missed,messages,refused,wait_median_s,wait_p95_s,unanswered_wait_median_s,unanswered_wait_p95_s,offered,answered_in_time,within_s,talk_s",
      `"'+12125550100",Main line,7,5,1,1,0,9,20,25,70,7,4,20,300`,
      `"'+12125550101","'=Other",1,0,1,0,0,,,2,2,1,0,20,0`,
      "",
    ]);
    const whole = await on("stats", "--month", "2026-11", "--csv");
    expect(whole.out.split("\r\n")[1]).toBe("2026-11-01,2026-11-30,8,5,2,1,0,9,20,25,70,8,4,20,300");
  });

  it("as bars", async () => {
    const { out } = await on("stats", "--by", "weekday", "--month", "2026-11", "--plot");
    expect(out.split("\n").slice(0, 9)).toEqual([
      `Sun 2026-11-01 to Mon 2026-11-30 (${ZONE}): calls from outside`,
      `Monday     5  ${"█".repeat(40)}${"░".repeat(26)}`,
      ...["Tuesday    0", "Wednesday  0", "Thursday   0", "Friday     0", "Saturday   0"],
      `Sunday     3  ${"█".repeat(26)}${"░".repeat(14)}`,
      "█ answered  ░ not answered",
    ]);
  });
});

describe("what statistics cannot say", () => {
  it.each([
    [["--user", "bob.ston"], "there is no user `bob.ston`; did you mean bob.stone?"],
    [
      ["--user", "bob.stone", "--by", "number"],
      "calls to a user are told apart by hour, day or weekday only",
    ],
    [["--user", "bob.stone", "--group", "sales"], "give one of a number, a user, a group and a direction"],
    [
      ["--direction", "in", "--by", "user"],
      "calls to a user are those from outside and within the office together: leave out --direction",
    ],
    [
      ["--direction", "out", "--by", "group"],
      "calls to outside are told apart by user, hour, day or weekday only",
    ],
    [["--day", "2026-02-30"], "--day 2026-02-30: expected a day such as 2026-11-30, today or yesterday"],
    [["--day", "today", "--month", "2026-11"], "give one of --day, --month, and --since with --until"],
    [
      ["--since", "tomorrow"],
      "--since tomorrow: expected 2026-11-30, today, yesterday, or 30d for thirty days up to today",
    ],
    [["--since", "2026-11-03", "--until", "2026-11-01"], "the first day is after the last one"],
    [["--month", "2026-11-01"], "--month 2026-11-01: expected a month such as 2026-11"],
    [["--plot", "--csv"], "give one of --json, --csv and --plot"],
  ])("is said: %j", async (args, why) => {
    const { out, err, code } = await on("stats", ...args);
    expect({ out, err, code }).toEqual({ out: "", err: `error: ${why}\n`, code: 1 });
  });

  it("is not refused when somebody is gone", async () => {
    expect((await rowsOf("--user", "zoe.zimmer", "--month", "2026-11")).total.calls).toBe(0);
  });
});
