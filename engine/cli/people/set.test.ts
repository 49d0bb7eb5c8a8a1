/**
 * Goal: what the office says of users, groups, members and devices changes by command, each field by an option, and a
 * dry run shows it as a plan. Method: command lines on a real database of the sample office; what is live is read back.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeApplied } from "../../../fixtures/cli/office-of-a-test.js";
import { type Ran, ringline, ringlineIn } from "../../../fixtures/cli/run-program.js";

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));

let folder: string;
let db: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-set-"));
  db = join(folder, "office.db");
  await writeApplied(db, ACME);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command line on the test's database; the office's carrier has its password. */
function on(...args: readonly string[]): Promise<Ran> {
  return ringlineIn({ env: { CARRIER_PASSWORD: "of-the-carrier" } }, ...args, "--db", db);
}

type Fields = Readonly<Record<string, unknown>>;

async function live(section: "users" | "groups", id: string): Promise<Fields> {
  const office = parse((await on("export")).out);
  const found = office[section].find((entry: Fields) => (entry["username"] ?? entry["id"]) === id);
  if (found === undefined) throw new Error(`the office has no ${id} in ${section}`);
  return found;
}

/** The fields after a command that were not so before, as an export writes them. */
async function changed(section: "users" | "groups", id: string, args: readonly string[]): Promise<Fields> {
  const before = await live(section, id);
  const { err, code } = await on(...args);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  const after = await live(section, id);
  return Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field) =>
      JSON.stringify(before[field]) === JSON.stringify(after[field]) ? [] : [[field, after[field] ?? null]],
    ),
  );
}

const ALICE_RINGS = { ring: "user:alice.wong", timeout: 20 };
const MAILBOX = {
  email: false,
  limit: 300,
  silence: 10,
  max_messages: 100,
  catch_up: false,
  remote_access: false,
  missed_calls: false,
};

describe("user set changes", () => {
  it.each<[readonly string[], Fields]>([
    [["--name", "Alice Wong-Reed"], { name: "Alice Wong-Reed" }],
    [["--email", "alice.wong@example.com"], { email: "alice.wong@example.com" }],
    [["--email", "none"], { email: null }],
    [["--extension", "auto"], {}],
    [["--outbound-number", "(212) 555-0100"], { outbound_number: "+12125550100" }],
    [["--outbound-number", "none"], { outbound_number: null }],
    [["--hide-number", "on"], { hide_number: true }],
    [["--hide-number", "off"], {}],
    [["--location", "Building 2, 3rd floor"], { location: "Building 2, 3rd floor" }],
    [["--location", "none"], {}],
    [["--anonymous-callers", "refuse"], { anonymous_callers: "refuse" }],
    [
      ["--permit", "numbers", "--deny", "outside_calls"],
      { permissions: { numbers: true, outside_calls: false } },
    ],
    [["--default", "numbers"], {}],
    [["--ring", "35"], { no_answer: [{ ...ALICE_RINGS, timeout: 35 }, { hangup: "no_answer" }] }],
    [
      ["--ring", "none", "--accept", "always"],
      { no_answer: [{ ...ALICE_RINGS, timeout: "none", accept: "always" }, { hangup: "no_answer" }] },
    ],
    [["--then", "voicemail"], { no_answer: [ALICE_RINGS, { voicemail: "user:alice.wong" }] }],
    [["--then", "group:reception"], { no_answer: [ALICE_RINGS, { send: "group:reception" }] }],
    [["--then", "number:+1 917 555 0199"], { no_answer: [ALICE_RINGS, { send: "number:+19175550199" }] }],
    [["--steps", "[{ voicemail: user:alice.wong }]"], { no_answer: [{ voicemail: "user:alice.wong" }] }],
    [["--steps", "default"], { no_answer: [ALICE_RINGS, { voicemail: "user:alice.wong" }] }],
    [
      ["--voicemail", "limit=120", "--voicemail", "silence=none"],
      { voicemail: { ...MAILBOX, limit: 120, silence: "none" } },
    ],
    [["--voicemail", "operator=user:bob.stone"], { voicemail: { ...MAILBOX, operator: "user:bob.stone" } }],
    [
      ["--notify", "attached", "--missed-calls", "on"],
      { voicemail: { ...MAILBOX, email: "attached", missed_calls: true } },
    ],
    [
      ["--device", "cell:delay=10,ring=default,accept=never"],
      {
        devices: [
          { id: "desk", sip: "alice-desk" },
          { id: "cell", phone: "+19175550144", delay: 10, accept: "never" },
        ],
      },
    ],
  ])("%j", async (args, expected) => {
    expect(await changed("users", "alice.wong", ["user", "set", "alice.wong", ...args])).toEqual(expected);
  });

  it.each<[string, Fields]>([
    ["105", { extension: 105 }],
    ["none", { extension: null }],
    ["auto", {}],
  ])("an extension that nothing leads to: %s", async (extension, expected) => {
    const args = ["user", "set", "bob.stone", "--extension", extension];
    expect(await changed("users", "bob.stone", args)).toEqual(expected);
  });

  it("an extension to the next free one, where there is none", async () => {
    await on("user", "set", "bob.stone", "--extension", "none");
    const args = ["user", "set", "bob.stone", "--extension", "auto"];
    expect(await changed("users", "bob.stone", args)).toEqual({ extension: 102 });
  });

  it("one setting of a mailbox, and leaves the others", async () => {
    await on("user", "set", "alice.wong", "--voicemail", "limit=120", "--notify", "on");
    const args = ["user", "set", "alice.wong", "--voicemail", "limit=default"];
    expect(await changed("users", "alice.wong", args)).toEqual({ voicemail: { ...MAILBOX, email: true } });
  });

  it("several users at once, as one revision", async () => {
    const { out } = await on("user", "set", "alice.wong", "bob.stone", "--deny", "outside_calls");
    expect(out).toContain("revision 2: users ~2\n");
    const { out: history } = await on("history", "--limit", "1");
    expect(history).toContain("set user:alice.wong (permissions); set user:bob.stone (permissions)");
  });
});

describe("group set changes", () => {
  it.each<[readonly string[], Fields]>([
    [["set", "billing", "--name", "Bills"], { name: "Bills" }],
    [["set", "billing", "--name", "none"], { name: "billing" }],
    [["set", "billing", "--extension", "auto"], {}],
    [["set", "billing", "--strategy", "rotating"], { strategy: "rotating" }],
    [["set", "billing", "--caller-id-prefix", "none"], { caller_id_prefix: null }],
    [["set", "billing", "--anonymous-callers", "refuse"], { anonymous_callers: "refuse" }],
    [
      ["set", "billing", "--order", "carol.diaz,dan.okafor"],
      { members: [{ user: "carol.diaz", voicemail: false }, { user: "dan.okafor" }] },
    ],
    [
      ["set", "billing", "--ring", "45"],
      { no_answer: [{ ring: "group:billing", timeout: 45 }, { send: "user:alice.wong" }] },
    ],
    [
      ["set", "billing", "--then", "voicemail", "--notify", "on"],
      {
        no_answer: [{ ring: "group:billing", timeout: 30 }, { voicemail: "group:billing" }],
        voicemail: { ...MAILBOX, email: true },
      },
    ],
    [
      ["member", "set", "billing", "carol.diaz", "--delay", "5", "--ring", "20", "--voicemail", "on"],
      { members: [{ user: "dan.okafor" }, { user: "carol.diaz", delay: 5, ring: 20 }] },
    ],
    [
      ["member", "set", "billing", "carol.diaz", "--place", "1", "--calls", "off"],
      { members: [{ user: "carol.diaz", calls: false, voicemail: false }, { user: "dan.okafor" }] },
    ],
    [["member", "set", "billing", "carol.diaz", "dan.okafor", "--ring", "none"], {}],
  ])("%j", async (args, expected) => {
    expect(await changed("groups", "billing", ["group", ...args])).toEqual(expected);
  });
});

describe("device changes", () => {
  it.each<[readonly string[], readonly object[]]>([
    [
      ["set", "alice.wong", "cell", "--delay", "0", "--ring", "none"],
      [{ id: "cell", phone: "+19175550144" }],
    ],
    [
      ["set", "alice.wong", "cell", "--accept", "never"],
      [{ id: "cell", phone: "+19175550144", delay: 5, ring: 20, accept: "never" }],
    ],
    [
      ["set", "alice.wong", "cell", "--phone", "(646) 555-0199"],
      [{ id: "cell", phone: "+16465550199", delay: 5, ring: 20 }],
    ],
    [
      ["add", "alice.wong", "home", "--phone", "(646) 555-0199", "--delay", "3"],
      [
        { id: "cell", phone: "+19175550144", delay: 5, ring: 20 },
        { id: "home", phone: "+16465550199", delay: 3 },
      ],
    ],
    [
      ["rename", "alice.wong", "cell", "mobile"],
      [{ id: "mobile", phone: "+19175550144", delay: 5, ring: 20 }],
    ],
    [["remove", "alice.wong", "cell"], []],
  ])("%j", async (args, others) => {
    expect(await changed("users", "alice.wong", ["device", ...args])).toEqual({
      devices: [{ id: "desk", sip: "alice-desk" }, ...others],
    });
  });

  it("say where a SIP phone is, or that it is where its user is, and the user is shown with it", async () => {
    const desk = (more: object) => ({ devices: [expect.objectContaining(more), expect.anything()] });
    const set = (place: string) => ["device", "set", "alice.wong", "desk", "--location", place];
    expect(await changed("users", "alice.wong", set("Room 310"))).toEqual(desk({ location: "Room 310" }));
    await on("user", "set", "alice.wong", "--location", "Building 2");
    const { out } = await on("user", "show", "alice.wong");
    expect(out).toMatch(/^ {2}location +Building 2$/m);
    expect(out).toContain("desk: SIP phone alice-desk, Room 310");
    await on(...set("none"));
    const { devices } = await live("users", "alice.wong");
    expect(devices).toContainEqual({ id: "desk", sip: "alice-desk" });
  });

  it("of the SIP name say that the phone needs a password", async () => {
    const { err, code } = await on("device", "set", "bob.stone", "desk", "--sip", "bob-new");
    expect({ err, code }).toEqual({
      err: "bob-new signs in once `ringline device credentials` has made its password\n",
      code: 0,
    });
  });
});

describe("refused, and nothing is changed:", () => {
  it.each<[readonly string[], string]>([
    [["user", "set", "alice.wng", "--name", "A"], "there is no user `alice.wng`; did you mean alice.wong?"],
    [["user", "set", "alice.wng", "--ring", "30"], "there is no user `alice.wng`; did you mean alice.wong?"],
    [["user", "set", "alice.wong"], "nothing to change was named"],
    [["user", "set", "alice.wong", "--extension", "102"], "the extension `102` is given twice"],
    [
      ["user", "set", "alice.wong", "--email", "BOB@example.com"],
      "the e-mail address `bob@example.com` is given twice",
    ],
    [
      ["user", "set", "alice.wong", "--outbound-number", "+12125559999"],
      "the office does not own the number",
    ],
    [["user", "set", "alice.wong", "--voicemail", "limt=3"], "voicemail has no key `limt`"],
    [["user", "set", "alice.wong", "--voicemail", "limt=3"], "did you mean: limit"],
    [["user", "set", "alice.wong", "--voicemail", "limit"], "Not of the form NAME=VALUE"],
    [["user", "set", "alice.wong", "--notify", "never"], "true, false, or attached"],
    [["user", "set", "alice.wong", "--then", "voicemial"], "did you mean voicemail?"],
    [["user", "set", "alice.wong", "--then", "user:bob.stnoe"], "there is no user `bob.stnoe`"],
    [["user", "set", "alice.wong", "--ring", "3"], "whole seconds from 5 to 600"],
    [["user", "set", "alice.wong", "--ring", "soon"], "Not a whole number"],
    [["user", "set", "alice.wong", "--steps", "[{ ring: "], "Not YAML"],
    [["user", "set", "alice.wong", "--steps", "[]"], "a list of steps is empty"],
    [["user", "set", "alice.wong", "--permit", "everything"], "Not one of account_settings"],
    [
      ["user", "set", "alice.wong", "--device", "cel:delay=3"],
      "alice.wong has no device cel; alice.wong has desk, cell",
    ],
    [["user", "set", "alice.wong", "--device", "cell"], "Not of the form ID:FIELD=VALUE"],
    [["user", "set", "alice.wong", "--name", "A", "--expect", "7"], "revision 1 is live, not 7"],
    [["group", "set", "billing"], "nothing to change was named"],
    [["group", "set", "biling", "--name", "B"], "there is no group `biling`; did you mean billing?"],
    [["group", "set", "billing", "--order", "bob.stone"], "`bob.stone` is not in the group `billing`"],
    [["group", "rename", "billing", "reception"], "there is a group `reception` already"],
    [["group", "rename", "all-users", "everyone"], "is built in"],
    [
      ["group", "member", "set", "billing", "bob.stone", "--delay", "5"],
      "`bob.stone` is not in the group `billing`",
    ],
    [["group", "member", "set", "billing", "dan.okafor"], "nothing to change was named"],
    [
      ["group", "member", "set", "billing", "dan.okafor", "--place", "3"],
      "expected a whole number from 1 to 2",
    ],
    [
      ["group", "member", "set", "billing", "dan.okafor", "carol.diaz", "--place", "1"],
      "--place is for one member",
    ],
    [["device", "set", "alice.wong", "cell"], "nothing to change was named"],
    [["device", "set", "alice.wong", "cell", "--sip", "bob-desk"], "the SIP name `bob-desk` is given twice"],
    [["device", "rename", "alice.wong", "cell", "desk"], "there is a device `desk` already"],
    [["user", "set", "alice.wong", "--location", ""], "a place in words"],
    [["device", "set", "alice.wong", "cell", "--location", "Room 3"], "only a SIP phone has a location"],
    [["device", "add", "alice.wong", "home", "--phone", "12"], "this is not a phone number"],
    [
      ["device", "add", "alice.wong", "home", "--phone", "(646) 555-0199", "--sip", "a"],
      "both sip and phone",
    ],
  ])("%j", async (args, why) => {
    const { err, code } = await on(...args);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect((await on("history", "--json")).out.trim().split("\n")).toHaveLength(1);
  });

  it("what happens without an answer, if it does not begin with the user's own phones", async () => {
    await on("user", "set", "alice.wong", "--steps", "[{ announce: please-hold }, { hangup: busy }]");
    const { err, code } = await on("user", "set", "alice.wong", "--ring", "30");
    expect(code).toBe(1);
    expect(err).toContain("does not begin with their phones: name all steps");
  });
});

describe("--dry-run", () => {
  it.each<[readonly string[], string]>([
    [["user", "set", "bob.stone", "--extension", "105"], "extension: 102 -> 105"],
    [["user", "add", "dana.reed", "--name", "Dana Reed"], "+ dana.reed"],
    [["user", "suspend", "bob.stone"], "suspended: (none) -> true"],
    [["user", "remove", "bob.stone", "--replace-by", "carol.diaz"], "- bob.stone"],
    [["group", "add", "sales", "--member", "bob.stone"], "+ sales"],
    [["group", "set", "billing", "--strategy", "random"], "strategy: in_order -> random"],
    [["group", "rename", "billing", "accounts"], "accounts"],
    [["group", "remove", "billing", "--replace-by", "reception"], "- billing"],
    [["group", "member", "add", "billing", "bob.stone"], "bob.stone"],
    [
      ["group", "member", "set", "billing", "dan.okafor", "--delay", "5"],
      "members.dan.okafor.delay: (none) -> 5",
    ],
    [
      ["group", "member", "switch", "billing", "dan.okafor", "--calls", "off"],
      "members.dan.okafor.calls: (none) -> false",
    ],
    [["group", "member", "remove", "billing", "carol.diaz"], "carol.diaz"],
    [["device", "add", "bob.stone", "laptop"], "devices.laptop.sip: (none) -> bob.stone-laptop"],
    [["device", "set", "bob.stone", "desk", "--delay", "5"], "devices.desk.delay: (none) -> 5"],
    [["device", "remove", "bob.stone", "desk"], "devices.desk.sip: bob-desk -> (none)"],
  ])("of %j is the plan, with exit code 2, and writes nothing", async (args, line) => {
    const { out, err, code } = await on(...args, "--dry-run");
    expect({ err, code }).toEqual({ err: "", code: 2 });
    expect(out).toContain(line);
    expect((await on("history", "--json")).out.trim().split("\n")).toHaveLength(1);
  });

  it("of what is so already has exit code 0, as a plan has", async () => {
    expect(await on("user", "set", "bob.stone", "--extension", "102", "--dry-run")).toEqual({
      out: "revision 1: nothing to change\n",
      err: "",
      code: 0,
    });
  });

  it("for programs is a plan's object", async () => {
    const { out, code } = await on("user", "set", "bob.stone", "--name", "Bob", "--dry-run", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      revision: 1,
      changes: [
        { kind: "users", key: "bob.stone", fields: [{ field: "name", from: "Bob Stone", to: "Bob" }] },
      ],
      drift: [],
      errors: [],
      warnings: [],
    });
  });

  it("makes no database", async () => {
    const { err, code } = await ringline(
      "user",
      "set",
      "bob.stone",
      "--name",
      "B",
      "--dry-run",
      "--db",
      join(folder, "no.db"),
    );
    expect(code).toBe(1);
    expect(err).toContain("there is no database");
  });
});
