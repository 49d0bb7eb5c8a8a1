/**
 * Goal: `ringline usage` says what the calls of a month come to, to the cent. Method: calls are written to a database as
 * the recorder does, and the command is run.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ringlineIn } from "../../../fixtures/cli/run-program.js";
import { mustOpen } from "../../../fixtures/must-open.js";
import { type OutsideCallTold, outsideCall, writeCalls } from "../../../fixtures/records/outside-calls.js";
import type { Store } from "../../../storage/store.js";
import { systemClock } from "../../clock.js";

const ZONE = "America/New_York";
const OFFICE = `
office: { name: Acme, country: US, timezone: ${ZONE} }
users:
  - { username: alice.wong, name: "=Alice", outbound_number: "+12125550100" }
  - { username: bob.stone, name: Bob Stone, outbound_number: "+12125550101" }
numbers:
  - { number: "+12125550100", label: Main line, plan: business, steps: [{ send: user:alice.wong }] }
  - { number: "+12125550101", plan: business, steps: [{ send: user:bob.stone }] }
  - { number: "+12125550102", plan: euro, steps: [{ hangup: busy }] }
  - { number: "+12125550103", steps: [{ hangup: busy }] }
plans:
  - id: business
    name: Business
    currency: USD
    included_minutes: 2
    included_prefixes: ["+1"]
    prices: [{ prefix: "+1", per_minute: "0.012" }, { prefix: "+44", per_minute: "0.02" }]
  - { id: euro, currency: EUR, per_minute: "0.1" }
`;

/** The last second of October in New York, where it is still summer time. */
const OCTOBER_ENDS = Date.UTC(2026, 10, 1, 3, 59, 59);
const AT = Date.UTC(2026, 10, 9, 15);

const CALLS: readonly OutsideCallTold[] = [
  { id: "crosses", answeredMs: OCTOBER_ENDS, seconds: 90 },
  { id: "first", answeredMs: OCTOBER_ENDS + 1_000, seconds: 61 },
  { id: "domestic", answeredMs: AT, seconds: 100, to: "+16465550199" },
  {
    id: "shared",
    answeredMs: AT + 1,
    seconds: 80,
    to: "+16465550199",
    shows: "+12125550101",
    payer: "user:bob.stone",
  },
  { id: "unpriced", answeredMs: AT + 2, seconds: 10, to: "+4915112345678" },
  { id: "euro", answeredMs: AT + 3, seconds: 60, shows: "+12125550102", payer: "office" },
  { id: "apart", answeredMs: AT + 4, seconds: 33, shows: "+12125550103" },
  { id: "unseen", answeredMs: AT + 5, seconds: 30, isEndSeen: false },
  { id: "live", answeredMs: AT + 6, seconds: null },
  { id: "december", answeredMs: Date.UTC(2026, 11, 1, 5), seconds: 600 },
];

let folder: string;
let db: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-usage-"));
  db = join(folder, "office.db");
  const file = join(folder, "office.yaml");
  writeFileSync(file, OFFICE);
  expect(await on("apply", file)).toMatchObject({ code: 0 });
  const opened: Store[] = [];
  const store = await mustOpen(db, opened);
  await writeCalls(store, ZONE, ...CALLS.map(outsideCall));
  for (const one of opened) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function on(...args: string[]) {
  return ringlineIn({ clock: { ...systemClock, nowMs: () => AT + 86_400_000 } }, ...args, "--db", db);
}

describe("usage of a month", () => {
  it("is a line for each plan, with what has no plan apart", async () => {
    const { out, err, code } = await on("usage", "--month", "2026-11");
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out).toBe(`\
calls outside in 2026-11, ${ZONE}, by the plans of revision 1
plan                calls  time      included      cost
business  Business      5  4:41  2:00 of 2:00  0.04 USD
euro                    1  1:00          0:00  0.10 EUR
total                   1  1:00          0:00  0.10 EUR
total                   5  4:41          2:00  0.04 USD

numbers without a plan, which have no price
+12125550103  1  0:33
the month is not over
1 call goes on and is not counted yet
1 call has no price: the plan has none for the number
1 call may have ended earlier: nobody saw the end, only that it was over
`);
  });

  it("has a call that goes on past its end, and not one that began before it", async () => {
    const calls = async (month: string) =>
      (await on("usage", "--month", month, "--by", "call", "--json")).out
        .trim()
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    expect((await calls("2026-10")).map(({ call, seconds }) => [call, seconds])).toEqual([["crosses", 90]]);
    expect((await calls("2026-11")).map(({ call }) => call)).not.toContain("crosses");
    expect((await calls("2026-12")).map(({ call }) => call)).toEqual(["december"]);
  });

  it("is told by user, with the office as one that pays", async () => {
    const { out } = await on("usage", "--month", "2026-11", "--by", "user");
    expect(out).toContain(`\
user                   calls  time  included      cost
alice.wong  =Alice         4  3:21      1:40  0.03 USD
bob.stone   Bob Stone      1  1:20      0:20  0.01 USD
the office                 1  1:00      0:00  0.10 EUR
`);
    expect(out).toContain(
      `calls that show a number without a plan, which have no price\nalice.wong  1  0:33\n`,
    );
  });

  it("is told by number as CSV with all digits, in which no cell is a formula", async () => {
    const { out } = await on("usage", "--month", "2026-11", "--by", "number", "--csv");
    expect(out).toBe(
      [
        "month,number,label,plan,currency,calls,seconds,included_seconds,calls_without_price,cost",
        `2026-11,"'+12125550100",Main line,business,USD,4,201,100,1,0.030333`,
        `2026-11,"'+12125550101",,business,USD,1,80,20,0,0.012`,
        `2026-11,"'+12125550102",,euro,EUR,1,60,0,0,0.1`,
        `2026-11,"'+12125550103",,,,1,33,0,1,`,
        "",
      ].join("\r\n"),
    );
    const users = await on("usage", "--month", "2026-11", "--by", "user", "--csv");
    expect(users.out).toContain(`2026-11,alice.wong,"'=Alice",USD,`);
  });

  it("is told call by call, each with its price", async () => {
    const { out } = await on("usage", "--month", "2026-11", "--by", "call", "--csv");
    const [heading, ...lines] = out.trim().split("\r\n");
    expect(heading).toBe(
      "month,call,answered,user,number,plan,called,seconds,included_seconds,per_minute,currency,cost,end_seen",
    );
    expect(lines[0]).toBe(
      `2026-11,first,2026-11-01 00:00:00 -04:00,alice.wong,"'+12125550100",business,"'+442079460123",61,0,0.02,USD,0.020333,yes`,
    );
    expect(lines.length).toBe(7);
    const table = await on("usage", "--month", "2026-11", "--by", "call");
    expect(table.out.split("\n")[0]).toBe(
      "2026-11-01 00:00:00  alice.wong        +12125550100   +442079460123     1:01      0.02",
    );
  });

  it("is one JSON object, whose sums are those of the calls", async () => {
    const { out } = await on("usage", "--month", "2026-11", "--json");
    const usage = JSON.parse(out);
    expect(usage).toMatchObject({ ok: true, month: "2026-11", timezone: ZONE, revision: 1, isRunning: true });
    expect(usage).toMatchObject({ inProgress: 1, unseenEnds: 1, keptSince: null });
    expect(usage.rows[0]).toEqual({
      ...{ plan: "business", name: "Business", includedMinutes: 2, currency: "USD", calls: 5, seconds: 281 },
      ...{ includedSeconds: 120, callsWithoutPrice: 1, cost: "0.042333" },
    });
    expect(usage.withoutPlan).toMatchObject([{ number: "+12125550103", plan: null, cost: null }]);
    expect(usage.totals).toMatchObject([
      { currency: "EUR" },
      { currency: "USD" },
      { currency: null, calls: 1 },
    ]);
  });

  it("is that of this month by the office's clock when none is named", async () => {
    expect((await on("usage")).out).toContain("calls outside in 2026-11,");
  });

  it("says what it cannot do", async () => {
    expect(await on("usage", "--month", "2026-13")).toMatchObject({
      code: 1,
      err: "error: --month 2026-13: expected a month such as 2026-11\n",
    });
    expect((await on("usage", "--revision", "7")).err).toContain("there is no revision 7");
    expect((await on("usage", "--csv", "--json")).err + (await on("usage", "--csv", "--json")).out).toContain(
      "give one of --json and --csv",
    );
  });
});

describe("plans by command", () => {
  it("are added, put on a number, shown, changed and removed", async () => {
    const copy = join(folder, "copy.db");
    expect((await on("backup", copy)).code).toBe(0);
    const run = (...args: string[]) => ringlineIn({}, ...args, "--db", copy);
    const added = await run(
      "plans",
      "add",
      "flat",
      "--currency",
      "USD",
      "--price",
      "+1=0.0100",
      "--price",
      "411=1.50",
    );
    expect(added).toMatchObject({ code: 0, err: "" });
    expect((await run("number", "set", "+12125550103", "--plan", "flat")).code).toBe(0);
    expect((await run("number", "show", "+12125550103")).out).toMatch(/plan +flat/);
    expect((await run("plans", "show", "flat")).out).toBe(`\
flat
  a minute  +1  0.01 USD
            411  1.5 USD
  numbers   +12125550103
  drift     changed by command in revision 2, ann: add plan:flat
`);
    expect((await run("plans", "set", "flat", "--included-minutes", "5", "--clear", "prices")).code).toBe(0);
    expect((await run("plans", "list")).out).toContain(
      "flat      -         USD  5 min included       0 prices  1 number",
    );
    const inUse = await run("plans", "remove", "flat");
    expect(inUse).toMatchObject({ code: 1 });
    expect(inUse.err).toContain("something still leads to the plan `flat`");
    expect((await run("plans", "show", "flatt")).err).toContain(
      "there is no plan `flatt`; did you mean flat?",
    );
    expect((await run("plans", "add", "other", "--currency", "USD", "--price", "44:0.02")).err).toContain(
      "Not of the form",
    );
  });
});

it("is empty for a month without calls", async () => {
  const { out } = await on("usage", "--month", "2026-08");
  expect(out).toContain("business  Business      0  0:00");
  expect(out).not.toContain("total");
});
