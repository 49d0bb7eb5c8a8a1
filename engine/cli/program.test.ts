/**
 * Goal: the office's commands do what their help says, and set the exit code it names. Method: command lines on real
 * files and databases in a folder of their own.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ringline, ringlineIn, TEST_NOW_MS, testTerminal } from "../../fixtures/cli/run-program.js";
import { expectFile } from "../../fixtures/expected-text.js";
import { ScaledClock } from "../../fixtures/scaled-clock.js";
import { ENTRY_SECTIONS } from "../../policy/office-file/sections.js";
import { STEP_KEYS } from "../../policy/steps/registry.js";
import { EngineLock } from "../../storage/engine-lock.js";
import { openStore } from "../../storage/store.js";
import { COMMANDS } from "./commands.js";
import { officeSchemaText } from "./office/schema.js";
import { buildProgram } from "./program.js";

const OFFICES = fileURLToPath(new URL("../../fixtures/offices/", import.meta.url));
const ACME = join(OFFICES, "acme-dental.yaml");
const ACME_OFFICE = "office: { name: Acme, country: US, timezone: America/New_York }\n";
const WRONG = join(OFFICES, "invalid/dangling-user.yaml");

/** SQLite's default page size. */
const PAGE_BYTES = 4096;

let folder: string;
let db: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-cli-"));
  db = join(folder, "office.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The sample with one piece of its text replaced. */
function acmeWith(from: string, to: string): string {
  const text = readFileSync(ACME, "utf8");
  expect(text).toContain(from);
  return file("changed.yaml", text.replaceAll(from, to));
}

it.each([...COMMANDS.keys()])("%s is the command that is loaded by this name, and no other", async (name) => {
  const program = await buildProgram(testTerminal(), [name]);
  expect(program.commands.map((command) => command.name())).toEqual([name]);
});

describe("every command", () => {
  it("is of the version that package.json names", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await ringline("--version")).toEqual({ out: `${version}\n`, err: "", code: 0 });
  });

  it.each([["plan", ACME], ["apply", ACME], ["history"], ["diff", "0", "1"], ["rollback", "1"], ["export"]])(
    "%s says in one sentence that the database is damaged",
    async (...args) => {
      await ringline("apply", ACME, "--db", db);
      const bytes = readFileSync(db);
      // All but the first page, which identifies the file as our database.
      writeFileSync(db, bytes.fill(0xa5, PAGE_BYTES));
      const { out, err, code } = await ringline(...args, "--db", db);
      expect({ out, code }).toEqual({ out: "", code: 1 });
      expect(err).toMatch(/^error: the database .* is damaged: [^\n]+\n$/);
    },
  );

  it("that does not exist is refused", async () => {
    expect(await ringline("aply")).toMatchObject({ code: 1, out: "" });
  });

  it("that lacks an argument is refused", async () => {
    const { code, err } = await ringline("apply", ACME);
    expect(code).toBe(1);
    expect(err).toContain("--db");
  });
});

describe("check", () => {
  it("passes the sample", async () => {
    expect(await ringline("check", ACME)).toEqual({
      out: "good: 4 users, 2 groups, 12 numbers\n",
      // The sample shows such a number on purpose.
      err: expect.stringMatching(/^\S+: warning: \+12125550109 leads nowhere: .*\n.*\n1 warning\n$/),
      code: 0,
    });
  });

  it("fails a wrong office and prints every problem", async () => {
    const { out, err, code } = await ringline("check", WRONG);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain("did you mean: user:alice.wong");
  });

  it("prints one object for programs", async () => {
    const { out, err, code } = await ringline("check", WRONG, "--json");
    expect({ err, code }).toEqual({ err: "", code: 1 });
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      errors: [{ code: "dangling", file: WRONG, line: 9, column: 17, suggestion: "user:alice.wong" }],
      warnings: [],
    });
  });
});

describe("apply", () => {
  it("makes revision 1, and then has nothing to do", async () => {
    expect(await ringline("apply", ACME, "--db", db)).toEqual({
      out: "revision 1: office +1, carrier +1, users +4, groups +2, flows +2, numbers +12\n",
      err: "warning: carrier main has no password: the environment variable CARRIER_PASSWORD: it is not set here; the engine needs it where it runs\n",
      code: 0,
    });
    expect((await ringline("apply", ACME, "--db", db)).out).toBe("revision 1: nothing to change\n");
  });

  it("says to programs which secrets of carriers cannot be read here, and nothing when all can", async () => {
    const missing = async (env: NodeJS.ProcessEnv) => {
      const { out } = await ringlineIn({ env }, "apply", ACME, "--db", db, "--json");
      return (JSON.parse(out) as { missingSecrets: unknown }).missingSecrets;
    };
    expect(await missing({})).toEqual([
      { carrier: "main", where: "the environment variable CARRIER_PASSWORD", why: "it is not set" },
    ]);
    expect(await missing({ CARRIER_PASSWORD: "s" })).toEqual([]);
    expect((await ringlineIn({ env: { CARRIER_PASSWORD: "s" } }, "apply", ACME, "--db", db)).err).toBe("");
  });

  it("changes nothing when a file is wrong", async () => {
    await ringline("apply", ACME, "--db", db);
    const { code, err } = await ringline("apply", WRONG, "--db", db);
    expect(code).toBe(1);
    expect(err).toContain("nothing was changed");
    expect((await ringline("plan", ACME, "--db", db)).code).toBe(0);
  });

  it("does not even make a database for a wrong file", async () => {
    await ringline("apply", WRONG, "--db", db);
    expect((await ringline("history", "--db", db)).err).toContain("there is no database");
  });

  it("refuses when another revision was applied in between", async () => {
    await ringline("apply", ACME, "--db", db);
    const { code, err } = await ringline("apply", ACME, "--db", db, "--expect", "0");
    expect(code).toBe(1);
    expect(err).toContain("revision 1 is live, not 0");
  });

  it("reports what changed", async () => {
    await ringline("apply", ACME, "--db", db);
    const { out } = await ringline("apply", acmeWith("name: Bob Stone", "name: Bob Stein"), "--db", db);
    expect(out).toBe("users\n  ~ bob.stone\n      name: Bob Stone -> Bob Stein\nrevision 2: user ~1\n");
  });

  it("reports why a database cannot be used", async () => {
    const path = file(
      "not.db",
      "nothing that SQLite would know, and more than a hundred bytes of it, to be sure that it reads a header",
    );
    const { code, err } = await ringline("apply", ACME, "--db", path);
    expect(code).toBe(1);
    expect(err).toBe(`error: ${path} is not a database\n`);
  });
});

describe("plan", () => {
  it("shows field by field what changes and which phones will ring, and sets exit code 2", async () => {
    await ringline("apply", ACME, "--db", db);
    const changed = acmeWith(
      "flow: front-desk }",
      "steps: [{ ring: user:bob.stone, timeout: 10 }, { hangup: busy }] }",
    );
    const { out, code } = await ringline("plan", changed, "--db", db);
    expect(code).toBe(2);
    expect(out).toBe(
      [
        "numbers",
        "  ~ +12125550105",
        "      flow: front-desk -> (none)",
        "      steps: (none) -> ring user:bob.stone 10 s, then hangup busy",
        "these numbers ring other phones when nobody answers",
        "  +12125550105",
        "      rings now: alice.wong/desk, alice.wong/cell +19175550144 after 5 s; then alice.wong/desk, bob.stone/desk, bob.stone/soft after 3 s, alice.wong/cell +19175550144 after 5 s, carol.diaz/desk after 5 s",
        "      will ring: bob.stone/desk, bob.stone/soft after 3 s",
        "",
      ].join("\n"),
    );
    expect((await ringline("history", "--db", db, "--json")).out.trim().split("\n")).toHaveLength(1);
  });

  it("follows groups, extensions and sends to the phones that will ring", async () => {
    await ringline("apply", ACME, "--db", db);
    const { out } = await ringline(
      "plan",
      acmeWith("{ user: dan.okafor }", "{ user: dan.okafor, calls: false }"),
      "--db",
      db,
      "--json",
    );
    const numbers = JSON.parse(out).reach.map(({ number }: { number: string }) => number);
    expect(numbers).toEqual(["+12125550110"]);
  });

  it("reports how many live calls keep their revision", async () => {
    await ringline("apply", ACME, "--db", db);
    const opened = await openStore(db);
    if (!opened.ok) throw new Error("no database");
    await opened.store.writeLiveCalls({
      engineId: "one",
      saidMs: TEST_NOW_MS - 900,
      calls: [[1, 12]],
      about: [],
    });
    await opened.store.close();
    const changed = acmeWith("timeout: 60", "timeout: 50");
    const { out } = await ringline("plan", changed, "--db", db);
    expect(out).toContain("12 live calls go on as they began (12 with revision 1)\n");
    const { liveCalls } = JSON.parse((await ringline("plan", changed, "--db", db, "--json")).out);
    expect(liveCalls).toEqual([{ revision: 1, calls: 12 }]);
  });

  it("takes a database that is not there for an empty office, and does not make it", async () => {
    expect((await ringline("plan", ACME, "--db", db)).code).toBe(2);
    expect((await ringline("history", "--db", db)).code).toBe(1);
  });

  it("sets exit code 1 for a wrong office", async () => {
    expect((await ringline("plan", WRONG, "--db", db)).code).toBe(1);
  });
});

describe("history, diff and rollback", () => {
  it("show and undo what was applied", async () => {
    await ringline("apply", ACME, "--db", db);
    await ringline(
      "apply",
      acmeWith("timeout: none", "timeout: 60"),
      "--db",
      db,
      "--message",
      "no endless rings",
    );
    const history = await ringline("history", "--db", db);
    expect(history.out).toMatch(
      /^2 {2}2023-11-14 17:13:20 -05:00 America\/New_York {2}ann {2}files [0-9a-f]{12} {2}number ~1\n {6}no endless rings\n1 {2}/,
    );
    expect((await ringline("diff", "1", "2", "--db", db)).out).toContain(
      "      steps:\n        ~ 1: ring user:bob.stone without end -> ring user:bob.stone 60 s\n",
    );
    expect((await ringline("rollback", "1", "--db", db)).out).toBe("revision 3: number ~1\n");
    expect((await ringline("diff", "1", "3", "--db", db)).out).toBe("no difference\n");
    expect(JSON.parse((await ringline("history", "--db", db, "--limit", "1", "--json")).out)).toMatchObject({
      revision: 3,
      message: "rollback to revision 1",
    });
  });

  it("undo takes back one revision, or says who has changed the same since", async () => {
    await ringline("apply", ACME, "--db", db);
    await ringline("user", "set", "carol.diaz", "--location", "Room 1", "--db", db);
    await ringline("user", "set", "bob.stone", "--location", "Room 2", "--db", db);
    expect((await ringline("undo", "2", "--db", db, "--dry-run")).code).toBe(2);
    expect(await ringline("undo", "2", "--db", db)).toMatchObject({
      code: 0,
      out: expect.stringContaining("revision 4: user ~1\n"),
    });
    expect((await ringline("diff", "1", "4", "--db", db)).out).not.toContain("carol.diaz");
    expect((await ringline("diff", "1", "4", "--db", db)).out).toContain("bob.stone");
    await ringline("user", "set", "bob.stone", "--location", "Room 3", "--db", db);
    expect(await ringline("undo", "3", "--db", db)).toMatchObject({
      code: 1,
      err: "error: the user `bob.stone` was changed again by ann in revision 5; nothing was changed\n",
    });
    expect(JSON.parse((await ringline("undo", "3", "--db", db, "--json")).out)).toMatchObject({
      ok: false,
      outcome: "changed_since",
      entries: [{ kind: "user", id: "bob.stone", revision: 5, author: "ann" }],
    });
    expect((await ringline("undo", "9", "--db", db)).code).toBe(1);
  });

  it("refuse revisions that do not exist", async () => {
    await ringline("apply", ACME, "--db", db);
    expect(await ringline("diff", "1", "7", "--db", db)).toMatchObject({
      code: 1,
      err: "error: there is no revision 7\n",
    });
    expect((await ringline("rollback", "7", "--db", db)).code).toBe(1);
    expect((await ringline("diff", "one", "2", "--db", db)).err).toContain("Not a whole number");
  });
});

describe("export", () => {
  it("writes a file that, applied, changes nothing", async () => {
    await ringline("apply", ACME, "--db", db);
    const { out } = await ringline("export", "--db", db);
    const exported = file("exported.yaml", out);
    expect(await ringline("plan", exported, "--db", db)).toMatchObject({ code: 0, err: "" });
  });
});

describe("import", () => {
  const USERS =
    "Username,First name,Last name,E-Mail,Ext,Mobile,SIP name,Department\nalice.wong,Alice,Wong,alice@example.com,101,917 555 0144,alice-desk,Front Desk;Sales\nbob.stone,Bob,Stone,,0102,,bob-desk,Sales\n";
  const NUMBERS =
    "DID;Description;Rings;Seconds\n(212) 555-0100;Main line;group:sales;30\n212-555-0101;Alice;user:alice.wong;none\n2125550102;Spare;;\n";

  it("turns tables into a file that is valid together with the office's file", async () => {
    const users = file("users.csv", USERS);
    const numbers = file("numbers.csv", NUMBERS);
    const { out, err, code } = await ringline("import", users, numbers);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    const people = file("people.yaml", out);
    const office = file("office.yaml", `${ACME_OFFICE}carriers: [{ id: main, proxy: sip.example.net }]\n`);
    expect(await ringline("check", office, people)).toEqual({
      out: "good: 2 users, 2 groups, 3 numbers\n",
      // One number of the table has no owner.
      err: expect.stringContaining("warning: +12125550102 leads nowhere"),
      code: 0,
    });
    expect(out).toContain('- { id: cell, phone: "+19175550144" }');
    expect(out).toContain("- { ring: user:alice.wong, timeout: none }");
  });

  it("names every fault by row and column, and writes nothing", async () => {
    const { out, err, code } = await ringline("import", join(OFFICES, "tables/wrong-users.csv"));
    expect({ out, code }).toEqual({ out: "", code: 1 });
    const path = join(OFFICES, "tables/wrong-users.expected");
    const report = err.replaceAll(join(OFFICES, "tables/"), "");
    expectFile(path, report);
  });

  it("reads columns as they are mapped", async () => {
    const users = file("users.csv", "Login name,Who,Room\nalice.wong,Alice,12\n");
    const { out, code } = await ringline(
      "import",
      users,
      "--map",
      "Login name=username",
      "--map",
      "Who=name",
      "--map",
      "Room=-",
    );
    expect(code).toBe(0);
    expect(out).toContain("username: alice.wong");
  });

  it.each([
    ["", "the file is empty"],
    ["a,b\n1,2\n", "this is no table of users or numbers"],
    ['username,name\n"alice', "Quote Not Closed"],
  ])("refuses %j", async (text, why) => {
    const { err, code } = await ringline("import", file("x.csv", text));
    expect(code).toBe(1);
    expect(err).toContain(why);
  });
});

describe("schema", () => {
  it("prints the schema that lies beside the samples", async () => {
    const { out } = await ringline("schema");
    const path = join(OFFICES, "office.schema.json");
    expectFile(path, out);
  });

  it("prints the schema of plans that the docs have", async () => {
    const { out } = await ringline("schema", "--plan");
    expectFile(join(process.cwd(), "docs/plan.schema.json"), out);
  });

  it("prints the schema of tests that lies beside the samples", async () => {
    const { out } = await ringline("schema", "--tests");
    const path = join(OFFICES, "test.schema.json");
    expectFile(path, out);
  });

  it("knows every section and every step", () => {
    const schema = JSON.parse(officeSchemaText());
    expect(Object.keys(schema.properties)).toEqual([
      "office",
      "carriers",
      "users",
      "groups",
      "flows",
      "numbers",
      ...ENTRY_SECTIONS.map(({ key }) => key),
    ]);
    for (const word of STEP_KEYS) expect(officeSchemaText()).toContain(`"${word}"`);
  });
});

describe("backup", () => {
  it("copies the database and overwrites nothing", async () => {
    await ringline("apply", ACME, "--db", db);
    const copy = join(folder, "copy.db");
    expect(await ringline("backup", copy, "--db", db)).toMatchObject({
      out: `${copy}: revision 1\n`,
      code: 0,
    });
    expect((await ringline("plan", ACME, "--db", copy)).code).toBe(0);
    expect((await ringline("backup", copy, "--db", db)).code).toBe(1);
  });
});

describe("restore", () => {
  it("goes back to a backup, keeps what was there, and refuses while an engine runs", async () => {
    await ringline("apply", ACME, "--db", db);
    const copy = join(folder, "copy.db");
    await ringline("backup", copy, "--db", db);
    await ringline("user", "remove", "bob.stone", "--db", db);
    expect((await ringline("restore", copy, "--db", db)).err).toContain("with --replace it is put aside");
    const back = await ringline("restore", copy, "--db", db, "--replace");
    expect(back).toMatchObject({ code: 0, err: "" });
    expect(back.out).toBe(`${db}: revision 1\nthe database before is ${db}.before-20231114T221320Z\n`);
    expect((await ringline("plan", ACME, "--db", db)).code).toBe(0);
    const lock = await EngineLock.take(db, { pid: 1, host: "here", sinceMs: 0 });
    if (lock.outcome !== "taken") throw new Error("no lock");
    const refused = await ringlineIn(
      { clock: new ScaledClock(20) },
      "restore",
      copy,
      "--db",
      db,
      "--replace",
    );
    await lock.lock.release();
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("another engine runs on");
  });
});

describe("backup --replace", () => {
  it("replaces a backup, and nothing else", async () => {
    await ringline("apply", ACME, "--db", db);
    const copy = join(folder, "copy.db");
    await ringline("backup", copy, "--db", db);
    expect((await ringline("backup", copy, "--db", db, "--replace")).code).toBe(0);
    const refused = await ringline("backup", db, "--db", db, "--replace");
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("it stays");
    expect((await ringline("plan", ACME, "--db", db)).code).toBe(0);
  });
});
