/**
 * Goal: the office's settings, its carriers and its schedules are shown and changed by command, and secrets are never
 * typed. Method: command lines on a real database of a sample office.
 */
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestOffice } from "../../../fixtures/cli/office-of-a-test.js";

const HOURS = fileURLToPath(new URL("../../../fixtures/offices/acme-hours.yaml", import.meta.url));

let office: TestOffice;

beforeEach(async () => {
  office = await TestOffice.of(HOURS);
});
afterEach(() => office.remove());

async function settings() {
  return (await office.json("office", "show")).office;
}

const PLAIN = {
  name: "Acme Hours",
  country: "US",
  timezone: "America/New_York",
  outside_caller_id: "caller",
};

describe("office", () => {
  it("show says what the settings are, and how much is in the office", async () => {
    expect(await settings()).toEqual(PLAIN);
    const out = await office.must("office", "show");
    expect(out).toContain("Acme Hours\n  country            US\n");
    expect(out).toContain("  emergency numbers  911, 933\n");
    expect(out).toContain("2 users, 1 group, 1 number, 3 flows, 1 carrier");
  });

  it.each<[string[], object]>([
    [
      ["--name", "Acme", "--country", "CA", "--timezone", "America/Toronto"],
      { name: "Acme", country: "CA", timezone: "America/Toronto" },
    ],
    [["--outside-caller-id", "(212) 555-0100"], { outside_caller_id: "+12125550100" }],
    [["--phones-need-account"], { phones_need_account: true }],
    [
      ["--session-idle", "8", "--session-days", "7", "--guesses-an-hour", "1000"],
      { sign_in: { idle_hours: 8, absolute_days: 7, guesses_an_hour: 1_000 } },
    ],
    [["--emergency-number", "911", "--emergency-number", "112"], { emergency_numbers: ["911", "112"] }],
    [
      [
        "--outside-country",
        "CA",
        "--outside-prefix",
        "+44",
        "--calls-at-once",
        "20",
        "--minutes-a-day-each",
        "none",
      ],
      {
        outside_calls: {
          countries: ["CA"],
          prefixes: ["+44"],
          calls_at_once: 20,
          each_user: { minutes_a_day: "none" },
        },
      },
    ],
  ])("set %j", async (options, expected) => {
    expect(await office.must("office", "set", ...options)).toContain("revision 2: office ~1\n");
    expect(await settings()).toEqual({ ...PLAIN, ...expected });
  });

  it("set changes only what is named, and --clear takes away", async () => {
    await office.must("office", "set", "--outside-country", "CA", "--calls-at-once", "5");
    await office.must("office", "set", "--calls-at-once-each", "2", "--calls-at-once", "6");
    await office.must("office", "set", "--clear", "outside-countries", "--clear", "calls-at-once-each");
    expect(await settings()).toEqual({ ...PLAIN, outside_calls: { calls_at_once: 6 } });
    await office.must("office", "set", "--clear", "calls-at-once");
    expect(await settings()).toEqual(PLAIN);
  });

  it.each<[string[], string]>([
    [[], "nothing to change: say --name"],
    [["--timezone", "Nowhere/Land"], "a time zone's name"],
    [["--country", "us"], "a country's two letters"],
    [["--outside-caller-id", "+12125550199"], "the office does not own the number"],
    [["--calls-at-once", "many"], "Not a whole number"],
    [["--clear", "name"], "Allowed choices are outside-caller-id"],
  ])("set %j is refused", async (options, why) => {
    const { err, code } = await office.on("office", "set", ...options);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await office.revision()).toBe(1);
  });
});

describe("carrier", () => {
  const ADD = ["carrier", "add", "backup", "--proxy", "sip2.example.net"];

  async function carrier(id = "backup") {
    return (await office.json("carrier", "show", id)).carrier;
  }

  it("add, set and remove change what they say, in the order of calls", async () => {
    await office.must(...ADD, "--proxy", "192.0.2.1:5070", "--prefix", "+44", "--place", "1", "--ping", "30");
    expect(await carrier()).toEqual({
      id: "backup",
      proxy: ["sip2.example.net", "192.0.2.1:5070"],
      ping: 30,
      prefixes: ["+44"],
    });
    expect(await office.must("carrier", "list")).toBe(
      "1.  backup  sip2.example.net, 192.0.2.1:5070  by address  for +44\n2.  main    sip.example.net                   by address\n",
    );
    await office.must(
      ...["carrier", "set", "backup", "--place", "2", "--clear", "ping", "--clear", "prefix"],
      ...["--called-number", "X-Called-Number", "--proxy", "sip3.example.net"],
    );
    expect(await carrier()).toEqual({
      id: "backup",
      proxy: "sip3.example.net",
      called_number: { header: "X-Called-Number" },
    });
    expect(await office.must("carrier", "show", "backup")).toContain("  place          2 of 2\n");
    await office.must("carrier", "remove", "backup");
    expect((await office.on("diff", "1", String(await office.revision()))).out).toBe("no difference\n");
  });

  it("names where a password is kept, and is not given it", async () => {
    await office.must(...ADD, "--username", "acme", "--password-env", "CARRIER_PASSWORD");
    expect((await carrier()).password).toEqual({ env: "CARRIER_PASSWORD" });
    const refused = await office.on("carrier", "set", "backup", "--password", "hunter2");
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("unknown option '--password'");
    const mistaken = await office.on("carrier", "set", "backup", "--password-env", "hunter2!");
    expect(mistaken.code).toBe(1);
    expect(mistaken.err).toContain("expected: the name of an environment variable");
    for (const { err } of [refused, mistaken]) expect(err).not.toContain("hunter2");
    expect(await office.must("history")).not.toContain("hunter2");
  });

  it.each<[string[], string]>([
    [["add", "backup"], "required option '--proxy <host>' not specified"],
    [["add", "main", "--proxy", "sip.example.net"], "there is a carrier `main` already"],
    [["add", "backup", "--proxy", "300.1.1.1"], "a SIP proxy"],
    [["set", "main"], "nothing to change: say --proxy"],
    [["set", "mian", "--ping", "30"], "there is no carrier `mian`; did you mean main?"],
    [["set", "main", "--place", "2"], "expected a whole number from 1 to 1"],
    [["set", "main", "--transport", "smoke"], "Allowed choices are udp, tcp, tls"],
    [["set", "main", "--password-env", "A", "--password-file", "b"], "either --password-env or"],
    [["show", "mian"], "did you mean main?"],
    [["remove", "mian"], "did you mean main?"],
  ])("%j is refused", async (args, why) => {
    const { err, code } = await office.on("carrier", ...args);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await office.revision()).toBe(1);
  });
});

describe("schedule", () => {
  async function schedule(id: string) {
    return (await office.json("schedule", "show", id)).schedule;
  }

  it("add makes one that a flow may ask, and remove takes it away", async () => {
    await office.must(
      ...["schedule", "add", "shop", "--open", "mon-fri 08:00-12:30", "--open", "sat,sun 22:00-02:30"],
      ...[
        "--closed",
        "2026-12-25 Christmas",
        "--closed",
        "2026-12-31..2027-01-01",
        "--timezone",
        "Europe/Berlin",
      ],
    );
    expect(await schedule("shop")).toEqual({
      id: "shop",
      timezone: "Europe/Berlin",
      open: [
        { days: "mon-fri", from: "08:00", to: "12:30" },
        { days: "sat-sun", from: "22:00", to: "02:30" },
      ],
      closed: [
        { from: "2026-12-25", name: "Christmas" },
        { from: "2026-12-31", to: "2027-01-01" },
      ],
    });
    await office.must(
      "flow",
      "set",
      "message",
      "--add",
      "schedule: shop, closed: user:bob.stone",
      "--at",
      "1",
    );
    expect(await office.must("schedule", "show", "shop")).toContain("  asked by   flow message, step 1\n");
    expect((await office.on("schedule", "remove", "shop")).err).toContain("flow message, step 1: leads to");
    await office.must("flow", "set", "message", "--remove-step", "1");
    await office.must("schedule", "remove", "shop");
    expect((await office.on("diff", "1", String(await office.revision()))).out).toBe("no difference\n");
  });

  it("set changes hours and holidays, one holiday at a time if asked to", async () => {
    await office.must("schedule", "set", "practice", "--add-closed", "2027-01-18 Inventory");
    await office.must("schedule", "set", "practice", "--remove-closed", "2026-12-25", "--clear", "timezone");
    expect(await schedule("practice")).toMatchObject({
      closed: [
        { from: "2026-12-31", to: "2027-01-01", name: "New Year" },
        { from: "2027-01-18", name: "Inventory" },
      ],
    });
    expect(await schedule("practice")).not.toHaveProperty("timezone");
    await office.must("schedule", "set", "practice", "--open", "mon-sun 00:00-24:00", "--clear", "closed");
    expect(await schedule("practice")).toEqual({
      id: "practice",
      open: [{ days: "mon-sun", from: "00:00", to: "24:00" }],
    });
  });

  it.each<[string[], string]>([
    [["add", "shop"], "required option '--open <hours>' not specified"],
    [["add", "shop", "--open", "always"], 'Not of the form "mon-fri 08:00-17:00"'],
    [["add", "shop", "--open", "weekdays 08:00-17:00"], "days of the week, such as mon-fri"],
    [["add", "shop", "--open", "mon 08:00-17:00", "--closed", "25.12."], "Not of the form 2026-12-25"],
    [["set", "practice"], "nothing to change: say --open"],
    [["set", "practise", "--open", "mon 08:00-17:00"], "did you mean practice?"],
    [["set", "practice", "--remove-closed", "2026-12-24"], "no holiday that begins on 2026-12-24"],
    [["set", "practice", "--closed", "2026-12-24", "--add-closed", "2026-12-26"], "--closed replaces all"],
    [["show", "practise"], "did you mean practice?"],
    [["remove", "practice"], "something still leads to the schedule `practice`"],
  ])("%j is refused", async (args, why) => {
    const { err, code } = await office.on("schedule", ...args);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await office.revision()).toBe(1);
  });
});
