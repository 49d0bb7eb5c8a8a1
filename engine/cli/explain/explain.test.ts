/** Goal: `ringline explain` and `ringline test` work as people use them. Method: command lines on the sample office. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ringline } from "../../../fixtures/cli/run-program.js";
import { readTime } from "../../../policy/office/written-time.js";

const OFFICES = fileURLToPath(new URL("../../../fixtures/offices/", import.meta.url));
const ACME = join(OFFICES, "acme-dental.yaml");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-explain-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function explained(...args: string[]) {
  const { out } = await ringline("explain", ...args, "--json");
  return JSON.parse(out);
}

describe("explain", () => {
  it("says of each ring step how long it may take, which a mailbox that answers late shows", async () => {
    const late = await explained("+12125550105", ACME, "--answer", "alice.wong/cell@19");
    const [first] = late.steps;
    expect(first).toMatchObject({ what: "user:alice.wong", timeoutMs: 20_000, longestMs: 45_000 });
    // Nobody presses 1: the prompt that began at second 19 holds the step until second 44.
    expect(Math.round((first.toMs - first.fromMs) / 1_000)).toBe(44);
    const desk = await explained("+12125550103", ACME);
    expect(desk.steps[0]).toMatchObject({ what: "user:carol.diaz", timeoutMs: 20_000, longestMs: 20_000 });
  });

  it("tells a call from its first ring to its end", async () => {
    const { out, code } = await ringline(
      ...["explain", "(212) 555-0105", ACME, "--at", "2026-03-02T09:00"],
      ...["--answer", "bob.stone@24:1", "--dnd", "carol.diaz"],
    );
    expect(code).toBe(0);
    expect(out).toBe(`\
+12125550105 (Front desk), called by +13105550123, Mon, 2 Mar 2026, 09:00 America/New_York

    0 s  ring user:alice.wong
    0 s  alice.wong (desk) rings
    5 s  alice.wong (cell) rings
   20 s  alice.wong (desk) stops ringing
   20 s  alice.wong (cell) stops ringing
   20 s  time is over, on to the next step
   20 s  ring group:reception
   20 s  alice.wong (desk) rings
   20 s  bob.stone (desk) rings
   23 s  bob.stone (soft) rings
   24 s  bob.stone (desk) answers and hears "press 1 to accept"
   25 s  alice.wong (cell) rings
   25 s  carol.diaz (desk): does not respond
   27 s  bob.stone (desk) presses 1
   27 s  connected with bob.stone (desk)
   27 s  alice.wong (desk) stops ringing, told that the call was taken
   27 s  bob.stone (soft) stops ringing, told that the call was taken
   27 s  alice.wong (cell) stops ringing, told that the call was taken

Rings:
  alice.wong  desk  alice-desk    0 s to 20 s   time over
  alice.wong  cell  +19175550144  5 s to 20 s   time over
  alice.wong  desk  alice-desk    20 s to 27 s  taken elsewhere
  bob.stone   desk  bob-desk      20 s to 24 s  answered
  bob.stone   soft  bob-soft      23 s to 27 s  taken elsewhere
  alice.wong  cell  +19175550144  25 s to 27 s  taken elsewhere

Does not ring:
  carol.diaz  desk  at 25 s  is set to do not disturb

May take longer: who answers at the last moment has 25 s to press 1:
  ring user:alice.wong  20 s  up to 45 s
  ring group:reception  30 s  up to 55 s

Answered by bob.stone (desk) at 27 s.
`);
  });

  it.each([
    [["+12125550107"], { word: "busy" }],
    [["+12125550109"], { word: "unassigned" }],
    [["+12125559999"], { word: "unassigned" }],
    [["+12125550108", "--give-up", "25"], { word: "missed" }],
    [["+12125550108"], { word: "unfinished" }],
    [["+12125550103", "--answer", "carol-desk@4"], { word: "answered", by: "carol.diaz", device: "desk" }],
    [["+12125550101", "--registered", "none"], { word: "no_answer" }],
    [["200", "--from", "alice.wong", "--answer", "bob.stone@2"], { word: "answered", by: "bob.stone" }],
    [["102", "--from", "101", "--busy", "bob.stone"], { word: "message" }],
  ])("knows the ending of %j", async (args, ending) => {
    const [number = "", ...options] = args;
    expect((await explained(number, ACME, ...options)).ending).toMatchObject(ending);
  });

  it("plays the call of somebody who hides the number", async () => {
    const office = file(
      "office.yaml",
      `office: { name: Praxis, country: DE, timezone: Europe/Berlin }
carriers: [{ id: main, proxy: sip.example.net }]
users: [{ username: alice.wong, name: Alice Wong, devices: [{ id: desk, sip: alice-desk }] }]
numbers:
  - { number: "+493012340", anonymous_callers: refuse, steps: [{ ring: user:alice.wong }, { hangup: busy }] }
  - { number: "+493012341", steps: [{ ring: user:alice.wong }, { hangup: busy }] }
`,
    );
    const ring = async (number: string) =>
      (await explained(number, office, "--from", "withheld")).rings.map(({ who }: { who: string }) => who);
    expect(await ring("+493012340")).toEqual([]);
    expect(await ring("+493012341")).toEqual(["alice.wong"]);
  });

  it("names the block, or the catch-all, that a number is in", async () => {
    const office = file(
      "office.yaml",
      `office: { name: Praxis, country: DE, timezone: Europe/Berlin }
carriers: [{ id: main, proxy: sip.example.net }]
users: [{ username: alice.wong, name: Alice Wong, devices: [{ id: desk, sip: alice-desk }] }]
flows: { desk: [{ ring: user:alice.wong, timeout: 20 }, { hangup: no_answer }] }
numbers:
  - { number: "+49 30 231250-00..99", label: Direct lines, flow: desk }
  - { number: any, flow: desk }
`,
    );
    const heading = async (number: string) => (await ringline("explain", number, office)).out.split(",")[0];
    const whole = async (number: string) => (await ringline("explain", number, office)).out;
    expect(await whole("030 231250-42")).toContain(
      "+493023125042 (Direct lines, in +493023125000..99), called by",
    );
    expect(await heading("040 99887766")).toBe("+494099887766 (in any)");
    expect(await whole("040 99887766")).toContain("0 s  alice.wong (desk) rings");
  });

  it("shows the carriers of numbers outside, in the order in which they are tried", async () => {
    const office = file(
      "office.yaml",
      `office: { name: Out, country: US, timezone: America/New_York, outside_calls: { countries: [GB] } }
carriers:
  - { id: europe, proxy: eu.example.net, prefixes: ["+44"] }
  - { id: main, proxy: sip.example.net }
users:
  - { username: alice.wong, name: Alice Wong, extension: 101, outbound_number: "+12125550100", devices: [{ id: desk, sip: alice-desk }] }
numbers: [{ number: "+12125550100", steps: [{ send: "number:+19175550144", accept: never }] }]
`,
    );
    const by = async (number: string, ...more: string[]) =>
      (await ringline("explain", number, office, ...more)).out.split("Carriers, in the order")[1];
    expect(await by("+442079460000", "--from", "101", "--give-up", "5")).toContain(
      "+442079460000  europe, then main",
    );
    expect(await by("911", "--from", "101", "--give-up", "5")).toContain("911  main, then europe");
    expect(await by("+12125550100", "--give-up", "5")).toContain("+19175550144  main\n");
    expect((await ringline("explain", "+12125550100", office, "--give-up", "5")).out).toContain(
      "send to number:+19175550144 (accept never)",
    );
    expect((await ringline("check", office)).out).toContain(
      "calls outside go through europe (+44), then main\n",
    );
  });

  it("leads to a mailbox", async () => {
    const office = file(
      "office.yaml",
      readFileSync(ACME, "utf8")
        .replace(
          "- { ring: user:dan.okafor, timeout: 20 }",
          "- { ring: user:dan.okafor, timeout: 20 }\n      - { voicemail: group:billing }",
        )
        .replace("      - { ring: user:carol.diaz, timeout: 20 }\n      - { hangup: busy }", ""),
    );
    const { out } = await ringline("explain", "+12125550104", office);
    expect(out).toContain("   20 s  hears the greeting of group:billing");
    expect(out).toMatch(/Not answered: a message was left, until \d+ s\./);
    const path = file(
      "a.test.yaml",
      `tests:\n  - name: x\n    call: "+12125550104"\n    expect: [at 20 voicemail group:billing]\n`,
    );
    expect(await ringline("test", office, path)).toMatchObject({ code: 0 });
  });

  it("says of each phone that does not ring, why", async () => {
    const { notRung } = await explained(
      ...["+12125550100", ACME, "--registered", "alice.wong,carol.diaz", "--busy", "carol.diaz"],
    );
    const why = notRung.map(({ who, device, reason }: Record<string, string>) => [who, device, reason]);
    expect(why).toEqual([
      ["bob.stone", "desk", "not_registered"],
      ["bob.stone", "soft", "not_registered"],
      ["carol.diaz", "desk", "user_busy"],
    ]);
  });

  it("plays the live office of a database, with what earlier calls left behind", async () => {
    const db = join(folder, "a.db");
    await ringline("apply", ACME, "--db", db);
    expect(await explained("+12125550103", "--db", db)).toMatchObject({
      ok: true,
      revision: 1,
      called: "+12125550103",
      ending: { word: "no_answer" },
    });
  });

  it("says which answers of the script could not happen", async () => {
    const { out } = await ringline("explain", "+12125550103", ACME, "--answer", "alice.wong@3");
    expect(out).toContain("alice.wong cannot answer at 3 s: no phone of theirs rings then");
  });

  it.each([
    [["200"], "200 is an extension, which only phones of the office can call: say who calls"],
    [["hello"], "`hello` is no phone number"],
    [["+12125550103", "--busy", "carol.dias"], "did you mean `carol.diaz`?"],
    [["+12125550103", "--busy", "bob.stone/sofd"], "did you mean `bob.stone/soft`?"],
    [["+12125550103", "--from", "nobody.here"], "no user or phone `nobody.here`"],
    [["+12125550103", "--at", "noon"], "expected a time"],
    [["+12125550103", "--answer", "carol.diaz"], "expected USER@SECONDS"],
  ])("refuses %j in words", async (args, words) => {
    const [number = "", ...options] = args;
    const { err, code } = await ringline("explain", number, ACME, ...options);
    expect(code).toBe(1);
    expect(err).toContain(words);
  });

  it("needs exactly one office", async () => {
    expect((await ringline("explain", "+12125550103")).code).toBe(1);
    expect((await ringline("explain", "+12125550103", ACME, "--db", "x.db")).code).toBe(1);
  });
});

describe("results that cannot be written", () => {
  it("are reported in words", async () => {
    const { code, err } = await ringline("test", ACME, "--junit", join(folder, "none", "junit.xml"));
    expect(code).toBe(1);
    expect(err).toContain("junit.xml could not be written");
  });
});

describe("times", () => {
  it.each([
    ["2026-03-02T09:00", "America/New_York", "2026-03-02T14:00:00.000Z"],
    ["2026-07-02 09:00", "America/New_York", "2026-07-02T13:00:00.000Z"],
    ["2026-03-02T09:00Z", "America/New_York", "2026-03-02T09:00:00.000Z"],
    ["2026-03-02T09:00:30+01:00", "UTC", "2026-03-02T08:00:30.000Z"],
    // Clocks are set forward at 02:00 that day.
    ["2026-03-08T01:59", "America/New_York", "2026-03-08T06:59:00.000Z"],
    ["2026-03-08T03:00", "America/New_York", "2026-03-08T07:00:00.000Z"],
    // 02:30 is skipped; it means the time that clocks show instead, 03:30.
    ["2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00.000Z"],
    ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
    // 01:30 occurs twice; the first is meant.
    ["2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z"],
    ["2026-11-01T02:00", "America/New_York", "2026-11-01T07:00:00.000Z"],
    ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ])("reads %s in %s", (text, zone, iso) => {
    expect(new Date(readTime(text, zone) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each(["", "tomorrow", "2026-13-02T09:00", "09:00"])("refuses %j", (text) => {
    expect(readTime(text, "UTC")).toBeUndefined();
  });
});

const HEAD = `tests:
  - name: a <test>
    call: "+12125550105"
`;

describe("test", () => {
  it("runs the sample tests, which are beside the sample office and pass", async () => {
    const { out, code } = await ringline("test", ACME);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ passed$/m);
    expect(await ringline("test", join(OFFICES, "acme-dental.test.yaml"))).toMatchObject({ code: 0 });
  });

  it("shows each failure with what happened instead, and the timeline", async () => {
    const path = file(
      "a.test.yaml",
      `${HEAD}    expect: [at 20 rings group:billing, at 49 hangs up no_answer]\n`,
    );
    const junit = join(folder, "junit.xml");
    const { out, code } = await ringline("test", ACME, path, "--junit", junit);
    expect(code).toBe(1);
    expect(out).toContain(
      "expected: at 20 rings group:billing; found: at 20 rings alice.wong (desk), bob.stone (desk); group:billing never rings",
    );
    expect(out).toContain("expected: at 49 hangs up no_answer; found: at 50 hangs up no_answer");
    expect(out).toContain("    5 s  alice.wong (cell) rings");
    expect(out).toContain("8 passed, 1 failed");
    const xml = readFileSync(junit, "utf8");
    expect(xml).toContain('<testsuites name="ringline" tests="9" failures="1">');
    expect(xml).toContain('name="a &lt;test&gt;"');
  });

  it.each([
    ["at 0 rings alice.wong", true],
    ["at 19 rings user:alice.wong/desk", true],
    ["at 4 rings alice.wong/cell", false],
    ["at 19 rings group:reception", false],
    ["at 20 rings extension:200", true],
    ["rings +19175550144", true],
    ["never rings dan.okafor", true],
    ["never rings carol.diaz", false],
    ["asks alice.wong", false],
    ["announces closed", false],
    ["answered by alice.wong", false],
    ["not answered", true],
    ["hangs up busy", false],
    ["gives up", false],
    ["at 50 hangs up no_answer", true],
  ])("judges `%s`: %s", async (sentence, holds) => {
    const path = file("a.test.yaml", `${HEAD}    expect: ["${sentence}"]\n`);
    file("office.yaml", readFileSync(ACME, "utf8"));
    const { out } = await ringline("test", join(folder, "office.yaml"), path, "--json");
    expect(JSON.parse(out)).toMatchObject({ ok: holds, tests: [{ name: "a <test>" }] });
  });

  it.each([
    ["tests: []\n", "at least one test"],
    [`${HEAD}    bussy: [alice.wong]\n    expect: [not answered]\n`, "4:5: error: unknown key `bussy`"],
    [`${HEAD}    expect: [at 5 rings group:recepton]\n`, "did you mean `group:reception`?"],
    [`${HEAD}    expect: [at 5 sings]\n`, "no such expectation"],
    [`${HEAD}    busy: [alice.wnog]\n    expect: [not answered]\n`, "4:12: error: no user or phone"],
    [`${HEAD}    give_up: soon\n    expect: [not answered]\n`, "whole seconds from 1 to 3600"],
    ["tests: [", "a.test.yaml:1"],
  ])("refuses %j, naming the place", async (text, words) => {
    const { err, code } = await ringline("test", ACME, file("a.test.yaml", text));
    expect(code).toBe(1);
    expect(err).toContain(words);
  });

  it("does not pass without a test", async () => {
    file("office.yaml", readFileSync(ACME, "utf8"));
    const { err, code } = await ringline("test", folder);
    expect(code).toBe(1);
    expect(err).toContain("no test file");
  });
});
