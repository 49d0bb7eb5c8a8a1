/**
 * Goal: commands add, change and remove people and groups, as revisions that files do not undo unless asked to; an
 * impossible change is refused in words and changes nothing. Method: command lines on a real database of the sample
 * office.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeApplied } from "../../../fixtures/cli/office-of-a-test.js";
import { type Ran, ringline, ringlineIn } from "../../../fixtures/cli/run-program.js";

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));

let folder: string;
let db: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-people-"));
  db = join(folder, "office.db");
  await writeApplied(db, ACME);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command line on the test's database; the office's carrier has its password. */
function on(...args: string[]): Promise<Ran> {
  return ringlineIn({ env: { CARRIER_PASSWORD: "of-the-carrier" } }, ...args, "--db", db);
}

async function must(...args: string[]): Promise<string> {
  const { out, err, code } = await on(...args);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  return out;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function acmeWith(from: string, to: string): string {
  const text = readFileSync(ACME, "utf8");
  expect(text).toContain(from);
  return file("changed.yaml", text.replaceAll(from, to));
}

async function revision(): Promise<number> {
  return JSON.parse((await on("history", "--limit", "1", "--json")).out).revision;
}

const DANA = ["user", "add", "dana.reed", "--name", "Dana Reed"];

describe("every command", () => {
  it.each([
    ["user"],
    ["user", "add"],
    ["user", "show"],
    ["user", "list"],
    ["user", "suspend"],
    ["user", "resume"],
    ["user", "remove"],
    ["group"],
    ["group", "add"],
    ["group", "show"],
    ["group", "list"],
    ["group", "member"],
    ["group", "member", "add"],
    ["group", "member", "remove"],
    ["group", "member", "switch"],
    ["group", "remove"],
  ])("%s %s %s has a help with an example", async (...words) => {
    const { out, code } = await ringline(...words.filter((word) => word !== undefined), "--help");
    expect(code).toBe(0);
    expect(out).toContain("Examples:\n  ringline");
  });

  it("says that there is no office yet", async () => {
    const { err, code } = await ringline(...DANA, "--db", join(folder, "none.db"));
    expect(code).toBe(1);
    expect(err).toContain("there is no database");
  });
});

describe("user add", () => {
  it("makes a revision with its author and reason", async () => {
    const out = await must(...DANA, "--extension", "auto", "--group", "billing", "--message", "a hygienist");
    expect(out).toContain("  + dana.reed\n");
    expect(out).toContain("      extension: 105\n");
    expect(out).toContain("      members:\n        + 3: dana.reed\n");
    expect(out).toContain("revision 2: user +1, group ~1\n");
    const history = JSON.parse((await on("history", "--limit", "1", "--json")).out);
    expect(history).toMatchObject({ author: "ann", message: "a hygienist", sourceHash: "" });
  });

  it.each([
    [["--extension", "101"], "the extension `101` is given twice"],
    [["--extension", "1"], "an extension of 2 to 6 digits"],
    [["--extension", "10"], "begins with the extension 10"],
    [["--email", "ALICE@example.com"], "the e-mail address `alice@example.com` is given twice"],
    [["--sip", "bob-desk"], "the SIP name `bob-desk` is given twice"],
    [["--outbound-number", "+12125559999"], "the office does not own the number +12125559999"],
    [["--group", "recption"], "there is no group `recption`; did you mean reception?"],
    [["--permit", "everything"], "Not one of account_settings"],
    [["--admin", "root"], "Not billing or system"],
  ])("refuses %j", async (more, why) => {
    const { err, code } = await on(...DANA, ...more);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await revision()).toBe(1);
  });

  it("refuses in JSON, too", async () => {
    const { out, code } = await on(...DANA, "--extension", "101", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      message: "the user `dana.reed` cannot be added",
      errors: [{ where: "user dana.reed", code: "duplicate" }],
    });
  });

  it("wants either a name or a table", async () => {
    expect((await on("user", "add")).err).toContain("either a username, or --from with a table");
    expect((await on("user", "add", "dana.reed")).err).toContain("--name");
  });

  it("refuses when another revision than expected is live", async () => {
    expect((await on(...DANA, "--expect", "7")).err).toContain("revision 1 is live, not 7");
  });

  it("adds a thousand at once, as one revision", async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `person.${index},Person ${index},Branch`);
    const table = file("users.csv", ["username,name,groups", ...rows].join("\n"));
    const out = JSON.parse(await must("user", "add", "--from", table, "--extension", "auto", "--json"));
    expect(out).toMatchObject({
      outcome: "applied",
      revision: 2,
      summary: { users: { added: 1000 }, groups: { added: 1 } },
    });
    const all = (await on("user", "list", "--json")).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const extensions = all.map(({ extension }) => extension);
    expect(new Set(extensions).size).toBe(1004);
    expect((await on("user", "list", "--group", "branch", "--json")).out.trim().split("\n")).toHaveLength(
      1000,
    );
  });

  it("adds both when two people add at the same time, each with an extension of their own", async () => {
    const names = ["dana.reed", "erik.holm", "fay.olsen"];
    await Promise.all(names.map((name) => must("user", "add", name, "--name", name, "--extension", "auto")));
    const all = (await on("user", "list", "--json")).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const extensions = all
      .filter(({ username }) => names.includes(username))
      .map(({ extension }) => extension);
    expect(extensions.sort()).toEqual(["105", "106", "107"]);
    expect(await revision()).toBe(4);
  });

  it.each([
    ["username,name\nbob.stone,Bob\n", "user bob.stone: the username `bob.stone` is given twice"],
    ["username,name\ndana.reed,Dana\nx,Ex\n", "row 3, column username"],
    ["number,label\n+12125550199,New\n", "is a table of numbers, not of users"],
  ])("adds nobody of a table with a fault: %j", async (text, why) => {
    const { err, code } = await on("user", "add", "--from", file("users.csv", text));
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await revision()).toBe(1);
  });
});

it("user add names both readings of digits in a table, and adds the users", async () => {
  const table = file("users.csv", "username,name,mobile\ndana.reed,Dana,496128555013\n");
  const { err, code } = await on("user", "add", "--from", table, "--country", "DE");
  expect(code).toBe(0);
  expect(err).toContain(
    "row 2, column mobile: warning: these digits may be +496128555013 or +49496128555013",
  );
});

describe("user show and list", () => {
  it("show permissions, what leads to the user, and that a command made the change", async () => {
    await must(...DANA, "--admin", "billing", "--permit", "sms", "--deny", "outside_calls");
    const about = JSON.parse(await must("user", "show", "dana.reed", "--json"));
    expect(about).toMatchObject({
      groups: ["billing-admins"],
      permissions: {
        billing: { allowed: true, because: "billing_admin" },
        sms: { allowed: true, because: "own" },
        outside_calls: { allowed: false, because: "own" },
        users: { allowed: false, because: "default" },
      },
      drift: { revision: 2, author: "ann", message: "user add dana.reed" },
    });
    expect(await must("user", "show", "dana.reed")).toContain("read and send text messages (by name)");
    expect(await must("user", "show", "alice.wong")).toContain(
      "call numbers outside the office (has a number to show)",
    );
    expect(await must("user", "show", "alice.wong")).toContain("number +12125550101, step 1: send");
  });

  it("list all users, or a group's members", async () => {
    expect(await must("user", "list")).toBe(
      [
        "101  alice.wong  Alice Wong  reception",
        "102  bob.stone   Bob Stone   reception",
        "103  carol.diaz  Carol Díaz  billing, reception",
        "104  dan.okafor  Dan Okafor  billing",
        "",
      ].join("\n"),
    );
    expect((await must("user", "list", "--group", "all-users")).trim().split("\n")).toHaveLength(4);
    expect((await on("user", "list", "--group", "sales")).code).toBe(1);
    expect((await on("user", "show", "alice.wang")).err).toContain("did you mean alice.wong?");
  });
});

describe("user suspend and resume", () => {
  it("are revisions, and say when there is nothing to do", async () => {
    expect(await must("user", "suspend", "bob.stone")).toContain("suspended: (none) -> true");
    expect(await must("user", "list")).toContain("bob.stone   Bob Stone   reception           suspended");
    expect(await must("user", "suspend", "bob.stone")).toBe("revision 2: nothing to change\n");
    expect(await must("user", "resume", "bob.stone")).toContain("revision 3");
    expect((await on("diff", "1", "3")).out).toBe("no difference\n");
  });
});

describe("user remove", () => {
  it("is refused while something leads to the user, and names the places", async () => {
    const { err, code } = await on("user", "remove", "alice.wong");
    expect(code).toBe(1);
    expect(err).toContain("flow front-desk, step 1: ring");
    expect(err).toContain("nothing was changed");
  });

  it("hands over to a replacement, so that the exported office is valid", async () => {
    await must("user", "remove", "alice.wong", "--replace-by", "bob.stone");
    const exported = file("exported.yaml", (await on("export")).out);
    expect(readFileSync(exported, "utf8")).not.toContain("alice");
    const checked = await ringline("check", exported);
    expect(checked).toMatchObject({ code: 0, err: expect.stringMatching(/\n1 warning\n$/) });
    expect(checked.err).toContain("warning: +12125550109 leads nowhere");
  });
});

describe("group", () => {
  it("add, member add, switch, remove and remove change what they say", async () => {
    await must("group", "add", "sales", "--name", "Sales", "--extension", "210", "--member", "bob.stone");
    await must("group", "member", "add", "sales", "carol.diaz", "dan.okafor", "--delay", "10");
    await must("group", "member", "switch", "sales", "carol.diaz", "--calls", "off", "--voicemail", "off");
    await must("group", "member", "remove", "sales", "dan.okafor");
    expect(await must("group", "show", "sales")).toContain("carol.diaz (no calls, no messages, after 10 s)");
    expect(await must("group", "member", "switch", "sales", "carol.diaz", "--calls", "on")).toContain(
      "members.carol.diaz.calls: false -> (none)",
    );
    await must("group", "remove", "sales");
    expect((await on("diff", "1", String(await revision()))).out).toBe("no difference\n");
  });

  it("list has the built-in groups first, with every user in All Users", async () => {
    expect((await must("group", "list")).split("\n").slice(0, 3)).toEqual([
      "-    all-users       All Users       4 members  simultaneous  built in",
      "-    billing-admins  Billing Admins  0 members  simultaneous  built in",
      "-    system-admins   System Admins   0 members  simultaneous  built in",
    ]);
  });

  it("remove with a replacement rings the other group", async () => {
    await must("group", "remove", "billing", "--replace-by", "reception");
    expect(await must("group", "show", "reception")).toContain("number +12125550110, step 1: send");
  });

  it.each([
    [["group", "remove", "all-users"], "is built in"],
    [["group", "remove", "reception"], "something still leads to the group `reception`"],
    [["group", "add", "system-admins"], "is built in"],
    [["group", "add", "sales"], "the group `sales` has no members"],
    [["group", "add", "billing", "--member", "bob.stone"], "the group id `billing` is given twice"],
    [["group", "member", "add", "all-users", "bob.stone"], "everyone is in All Users"],
    [["group", "member", "remove", "all-users", "bob.stone"], "everyone is in All Users"],
    [["group", "member", "add", "reception", "bob.stone"], "the member `bob.stone` is given twice"],
    [["group", "member", "add", "reception", "bob.ston"], "there is no user `bob.ston`"],
    [
      ["group", "member", "remove", "reception", "dan.okafor"],
      "`dan.okafor` is not in the group `reception`",
    ],
    [
      ["group", "member", "remove", "billing", "dan.okafor", "carol.diaz"],
      "the group `billing` has no members",
    ],
    [["group", "member", "switch", "reception", "bob.stone"], "--calls, --voicemail or both"],
    [["group", "member", "switch", "reception", "bob.stone", "--calls", "maybe"], "Not on or off"],
  ])("%j is refused", async (words, why) => {
    const { err, code } = await on(...words);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await revision()).toBe(1);
  });
});

describe("drift", () => {
  it("is shown by plan apart from what would change, and kept by apply", async () => {
    await must("user", "suspend", "bob.stone", "--message", "on leave");
    const files = acmeWith("name: Dan Okafor", "name: Dan O. Okafor");
    const plan = await on("plan", files);
    expect(plan.code).toBe(2);
    expect(plan.out).toBe(
      [
        "users",
        "  ~ dan.okafor",
        "      name: Dan Okafor -> Dan O. Okafor",
        "drift: changed by command and not in the files; apply keeps it, --overwrite does not",
        "users",
        "  ~ bob.stone",
        "      suspended: (none) -> true",
        "        revision 2, Tue 2023-11-14 17:13 (America/New_York), ann: on leave",
        "",
      ].join("\n"),
    );
    const { out, err, code } = await on("apply", files);
    expect(code).toBe(0);
    expect(out).toContain("revision 3: user ~1\n");
    expect(err).toContain("kept as changed by command, not as the files say: user:bob.stone.suspended");
    expect(await must("user", "show", "bob.stone")).toContain("suspended");
  });

  it("is in the JSON output", async () => {
    await must("user", "suspend", "bob.stone");
    const plan = JSON.parse((await on("plan", ACME, "--json")).out);
    expect(plan).toMatchObject({
      changes: [],
      drift: [{ kind: "users", key: "bob.stone", change: "changed", revision: 2, author: "ann" }],
    });
    expect(JSON.parse((await on("apply", ACME, "--json")).out)).toMatchObject({
      ok: true,
      outcome: "unchanged",
      kept: [{ kind: "users", key: "bob.stone" }],
    });
  });

  it("is shown field by field, each with its change, and freezes no other field", async () => {
    await must("user", "suspend", "bob.stone", "--message", "on leave");
    await must("user", "suspend", "carol.diaz");
    await must("group", "member", "switch", "reception", "bob.stone", "--calls", "off", "--message", "quiet");
    const files = acmeWith("extension: 102", "extension: 142");
    const { drift, changes } = JSON.parse((await on("plan", files, "--json")).out);
    expect(changes).toMatchObject([{ key: "bob.stone", fields: [{ field: "extension" }] }]);
    expect(drift).toMatchObject([
      { key: "bob.stone", fields: [{ field: "suspended", to: "true", revision: 2, message: "on leave" }] },
      { key: "carol.diaz", fields: [{ field: "suspended", revision: 3 }] },
      {
        key: "reception",
        fields: [{ field: "members.bob.stone.calls", to: "false", revision: 4, author: "ann" }],
      },
    ]);
    const shown = JSON.parse(await must("user", "show", "bob.stone", "--json"));
    expect(shown.drift).toMatchObject({ revision: 2, fields: [{ field: "suspended", revision: 2 }] });
    expect(await must("user", "show", "bob.stone")).toContain(
      "suspended changed by command in revision 2, ann",
    );
    await must("user", "resume", "carol.diaz");
    expect(JSON.parse((await on("plan", files, "--json")).out).drift).toHaveLength(2);
    expect(JSON.parse((await on("apply", files, "--json")).out).kept).toMatchObject([
      { key: "bob.stone", field: "suspended" },
      { key: "reception", field: "members.bob.stone" },
    ]);
    expect(await must("user", "show", "bob.stone")).toContain("142");
  });

  it("is overwritten and kept by name, and by apply as plan says", async () => {
    await must("user", "suspend", "bob.stone", "carol.diaz");
    const files = acmeWith("name: Dan Okafor", "name: Dan O. Okafor");
    const options = ["--overwrite", "user:bob.stone.suspended", "--keep", "user:dan.okafor.name"];
    const plan = JSON.parse((await on("plan", ...options, files, "--json")).out);
    expect(plan.changes).toMatchObject([{ key: "bob.stone" }]);
    expect(plan.drift).toMatchObject([
      { key: "carol.diaz", revision: 2 },
      {
        key: "dan.okafor",
        revision: null,
        fields: [{ field: "name", from: "Dan O. Okafor", to: "Dan Okafor" }],
      },
    ]);
    await on("apply", files, ...options, "--message", "his own wish");
    const after = JSON.parse((await on("plan", files, "--json")).out);
    expect(after.changes).toEqual([]);
    expect(after.drift).toMatchObject([
      { key: "carol.diaz", revision: 2 },
      { key: "dan.okafor", revision: 3, author: "ann", message: "his own wish" },
    ]);
    const all = await on("apply", "--overwrite", files, "--keep", "user:carol.diaz");
    expect(all.err).toContain("not as the files say: user:carol.diaz.suspended (");
    expect(JSON.parse((await on("plan", files, "--json")).out).drift).toHaveLength(1);
  });

  it.each([
    [
      "user:bob.ston",
      "neither the files nor the live office have the user `bob.ston`; did you mean `user:bob.stone`?",
    ],
    [
      "user:bob.stone.extensio",
      "user:bob.stone has no field `extensio`; did you mean `user:bob.stone.extension`?",
    ],
    ["usr:bob.stone", "did you mean `user:bob.stone`?"],
    ["group:reception.members.nobody", "group:reception has no field `members.nobody`"],
    ["user:bob.ston.extension", "did you mean `user:bob.stone.extension`?"],
    ["office.timezon", "office has no field `timezon`; did you mean `office.timezone`?"],
  ])("is not overwritten under the unknown name %s", async (name, why) => {
    for (const option of ["--overwrite", "--keep"])
      for (const command of ["plan", "apply"]) {
        const { err, code } = await on(command, ACME, option, name);
        expect(code).toBe(1);
        expect(err).toContain(why);
      }
  });

  it("is overwritten when apply is asked to", async () => {
    await must("user", "suspend", "bob.stone");
    expect((await on("plan", ACME, "--overwrite")).out).toContain("suspended: true -> (none)");
    expect(await must("apply", ACME, "--overwrite")).toContain("suspended: true -> (none)");
    expect((await on("plan", ACME)).code).toBe(0);
  });

  it("ends when the files have the same content: later files may change it", async () => {
    await must("user", "suspend", "bob.stone");
    const exported = file("exported.yaml", (await on("export")).out);
    expect(await must("apply", exported)).toBe("revision 2: nothing to change\n");
    expect((await on("plan", ACME)).out).toContain("suspended: true -> (none)");
  });

  it("keeps added and removed users as they are", async () => {
    await must(...DANA);
    await must("user", "remove", "carol.diaz", "--replace-by", "dana.reed");
    await on("apply", ACME);
    const names = (await must("user", "list")).split("\n").map((line) => line.split(/ +/)[1]);
    expect(names).toEqual(["alice.wong", "bob.stone", "dan.okafor", "dana.reed", undefined]);
  });

  it("that the files no longer fit makes apply refuse, with the places", async () => {
    await must("group", "member", "add", "billing", "bob.stone");
    const files = acmeWith(
      "      - { ring: user:bob.stone, timeout: none }",
      "      - { ring: user:alice.wong }",
    );
    const text = readFileSync(files, "utf8");
    const without = text
      .replace(/ {2}- username: bob\.stone\n(?: {4}.*\n)+/, "")
      .replace("      - { user: bob.stone }\n", "");
    expect(without).not.toContain("bob.stone");
    writeFileSync(files, without);
    for (const command of ["plan", "apply"]) {
      const { err, code } = await on(command, files);
      expect(code).toBe(1);
      expect(err).toContain("the files do not fit what was changed by command");
      expect(err).toContain("group billing, member bob.stone: there is no user `bob.stone`");
    }
    expect(await revision()).toBe(2);
    expect((await on("apply", files, "--overwrite")).code).toBe(0);
  });

  it("includes what a rollback brought back", async () => {
    const files = acmeWith("name: Dan Okafor", "name: Dan O. Okafor");
    await must("apply", files);
    await must("rollback", "1");
    expect((await on("apply", files)).err).toContain("kept as changed by command");
    expect((await on("diff", "1", String(await revision()))).out).toBe("no difference\n");
  });
});
