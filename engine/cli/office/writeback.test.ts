/**
 * Goal: `writeback` shows what it would write, writes it when told to, and afterwards apply has nothing to do. Method:
 * command lines on a real database and real files.
 */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ran, ringlineIn } from "../../../fixtures/cli/run-program.js";
import { systemIds } from "../../ids.js";
import { replaceFiles } from "../../office/files/replace.js";

const MAIN = `# Acme, by hand
office: { name: Acme, country: US, timezone: America/New_York }
users:
  - username: alice.wong   # the boss
    name: Alice
    extension: 101
  # Bob is away on Fridays.
  - { username: bob.stone, name: Bob, extension: 102 }
`;
const GROUPS = `groups:
  - id: sales
    members:
      - { user: alice.wong } # first
      - { user: bob.stone, delay: 5 }
`;

let folder: string;
let office: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-writeback-"));
  office = join(folder, "office");
  mkdirSync(office);
  writeFileSync(join(office, "main.yaml"), MAIN);
  writeFileSync(join(office, "groups.yaml"), GROUPS);
  await on("apply", office);
});
afterEach(() => rmSync(folder, { recursive: true }));

function on(...args: string[]): Promise<Ran> {
  return ringlineIn({}, ...args, "--db", join(folder, "office.db"));
}

function read(name: string): string {
  return readFileSync(join(office, name), "utf8");
}

describe("writeback", () => {
  beforeEach(async () => {
    await on("user", "suspend", "bob.stone", "--message", "on leave");
    await on("group", "member", "remove", "sales", "bob.stone");
    await on("user", "add", "dana.reed", "--name", "Dana Reed", "--extension", "103");
  });

  it("shows the difference, and writes nothing unless it is told to", async () => {
    const { out, err, code } = await on("writeback", office);
    expect(out).toBe(`--- ${office}/groups.yaml
+++ ${office}/groups.yaml
@@ -2,4 +2,3 @@
   - id: sales
     members:
       - { user: alice.wong } # first
-      - { user: bob.stone, delay: 5 }
--- ${office}/main.yaml
+++ ${office}/main.yaml
@@ -5,4 +5,5 @@
     name: Alice
     extension: 101
   # Bob is away on Fridays.
-  - { username: bob.stone, name: Bob, extension: 102 }
+  - { username: bob.stone, name: Bob, extension: 102, suspended: true }
+  - { username: dana.reed, name: Dana Reed, extension: 103, no_answer: [ { ring: user:dana.reed, timeout: 20 }, { voicemail: user:dana.reed } ] }
`);
    expect([err, code]).toEqual(["nothing was written; --yes writes it\n", 2]);
    expect([read("main.yaml"), read("groups.yaml")]).toEqual([MAIN, GROUPS]);
  });

  it("writes the files with --yes, and then there is nothing to do", async () => {
    const { out, code } = await on("writeback", office, "--yes");
    expect([code, out.endsWith(`written: ${office}/groups.yaml, ${office}/main.yaml\n`)]).toEqual([0, true]);
    expect(read("main.yaml")).toContain("- username: alice.wong   # the boss\n");
    expect(readdirSync(office)).toEqual(["groups.yaml", "main.yaml"]);
    const plan = await on("plan", office);
    expect([plan.code, plan.out]).toEqual([0, "revision 4: nothing to change\n"]);
    expect((await on("apply", office)).out).toBe("revision 4: nothing to change\n");
    expect(JSON.parse((await on("user", "show", "bob.stone", "--json")).out).drift).toBeNull();
    const again = await on("writeback", office);
    expect([again.code, again.out]).toEqual([0, "nothing to write: the files say what is live\n"]);
  });

  it("leaves what the files say besides, which apply has still to do", async () => {
    writeFileSync(join(office, "main.yaml"), MAIN.replace("name: Alice", "name: Alice Wong"));
    await on("writeback", office, "--yes");
    expect(JSON.parse((await on("plan", office, "--json")).out)).toMatchObject({
      changes: [{ key: "alice.wong", fields: [{ field: "name" }] }],
      drift: [],
    });
  });

  it.each([
    [true, 0],
    [false, 2],
  ])("asks on a terminal, where %s is the answer", async (answer, code) => {
    const questions: string[] = [];
    const confirm = async (question: string) => {
      questions.push(question);
      return answer;
    };
    const ran = await ringlineIn({ confirm }, "writeback", office, "--db", join(folder, "office.db"));
    expect([questions, ran.code]).toEqual([["Write these 2 files?"], code]);
    expect(read("main.yaml") === MAIN).toBe(!answer);
  });

  it("is told to programs in JSON", async () => {
    const { out, code } = await on("writeback", office, "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      written: false,
      files: [{ file: `${office}/groups.yaml`, isNew: false }, { file: `${office}/main.yaml` }],
      left: [],
    });
    expect(JSON.parse((await on("writeback", office, "--json", "--yes")).out)).toMatchObject({
      written: true,
    });
  });

  it("takes a rollback back into the files, too", async () => {
    await on("writeback", office, "--yes");
    await on("apply", office);
    await on("rollback", "1");
    await on("writeback", office, "--yes");
    // What a command added last stands last: all else is as it was.
    expect([read("main.yaml"), read("groups.yaml")]).toEqual([MAIN, GROUPS]);
  });

  it("says what cannot be written where it stands, and writes the rest", async () => {
    const shared = MAIN.replace(
      "    extension: 101\n",
      "    extension: 101\n    no_answer: &same [ { hangup: busy } ]\n",
    ).replace("extension: 102", "extension: 102, no_answer: *same");
    writeFileSync(join(office, "main.yaml"), shared);
    await on("apply", office);
    await on("user", "resume", "bob.stone");
    expect((await on("user", "remove", "alice.wong", "--replace-by", "bob.stone")).code).toBe(0);
    const { err, code } = await on("writeback", office, "--yes");
    expect(err).toContain("left as it is: user:alice.wong: an alias refers to it\n");
    expect(code).toBe(2);
    expect(read("main.yaml")).toContain("&same");
  });
});

describe("what was renamed by command", () => {
  const ROUTES = `groups:
  # those who sell
  - { id: sales, members: [{ user: alice.wong }] } # all day
  - id: support # the others
    no_answer:
      - { ring: group:support, timeout: 25 } # seconds
      - { voicemail: group:sales }
    members:
      - user: bob.stone
flows:
  # by day
  day:
    - send: group:sales # first
  "night": [ { voicemail: group:support } ]
numbers:
  - { number: "(212) 555-0100", flow: day }
`;
  beforeEach(async () => {
    const desk =
      '  - { username: bob.stone, name: Bob, devices: [{ id: desk, sip: bob-desk }, { id: cell, phone: "(917) 555-0144" }] }';
    writeFileSync(join(office, "main.yaml"), MAIN.replace(/ {2}- \{ username: bob.*/, desk));
    writeFileSync(join(office, "groups.yaml"), ROUTES);
    await on("apply", office, "--overwrite");
  });

  it("keeps its place, its comments and all that it says", async () => {
    await on("group", "rename", "sales", "first");
    await on("group", "rename", "first", "verkauf");
    await on("group", "set", "verkauf", "--extension", "200");
    await on("group", "rename", "support", "hilfe");
    await on("flow", "rename", "day", "haupt");
    await on("flow", "rename", "night", "nacht");
    await on("device", "rename", "bob.stone", "cell", "mobile");
    await on("device", "set", "bob.stone", "mobile", "--delay", "4");
    expect((await on("writeback", office, "--yes")).code).toBe(0);
    const renamed = ROUTES.replaceAll("group:sales", "group:verkauf").replaceAll(
      "group:support",
      "group:hilfe",
    );
    expect(read("groups.yaml")).toBe(
      renamed
        .replace("id: sales,", "id: verkauf, extension: 200,")
        .replace("id: support", "id: hilfe")
        .replace("  day:", "  haupt:")
        .replace("flow: day", "flow: haupt")
        .replace('"night"', '"nacht"'),
    );
    expect(read("main.yaml")).toContain('{ id: mobile, phone: "(917) 555-0144", delay: 4 }');
    expect((await on("plan", office)).out).toContain("nothing to change");
    expect((await on("plan", office)).code).toBe(0);
  });

  it("is written as removed and added where another has the old id by now", async () => {
    await on("group", "rename", "sales", "verkauf");
    await on("group", "add", "sales", "--member", "bob.stone");
    expect((await on("writeback", office, "--yes")).code).toBe(0);
    expect((await on("plan", office)).code).toBe(0);
  });
});

it("a file in JSON stays JSON", async () => {
  const path = join(folder, "office.json");
  const content = {
    office: { name: "Acme", country: "US", timezone: "America/New_York" },
    users: [
      { username: "alice.wong", name: "Alice", extension: 101, voicemail: { email: true } },
      { username: "bob.stone", name: "Bob" },
    ],
    groups: [{ id: "sales", members: [{ user: "alice.wong" }] }],
  };
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
  await on("apply", path, "--overwrite");
  await on("user", "set", "alice.wong", "--name", "true", "--extension", "0101", "--notify", "attached");
  await on("user", "set", "bob.stone", "--email", "bob@example.com", "--deny", "billing");
  await on("group", "rename", "sales", "verkauf");
  await on("group", "member", "add", "verkauf", "bob.stone", "--delay", "3");
  await on("number", "add", "+12125550101", "--to", "group:verkauf", "--label", "yes");
  expect((await on("writeback", path, "--yes")).code).toBe(0);
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
    users: [
      { name: "true", extension: "0101", voicemail: { email: "attached" } },
      { email: "bob@example.com", permissions: { billing: false } },
    ],
    groups: [{ id: "verkauf", members: [{ user: "alice.wong" }, { user: "bob.stone", delay: 3 }] }],
    numbers: [{ number: "+12125550101", label: "yes" }],
  });
  expect((await on("plan", path)).code).toBe(0);
});

it("writeback refuses files with errors, and an office that is not there", async () => {
  expect((await on("writeback", join(folder, "nowhere"))).err).toContain("there is no such file or folder");
  const empty = await ringlineIn({}, "writeback", office, "--db", join(folder, "other.db"));
  expect([empty.code, existsSync(join(folder, "other.db"))]).toEqual([1, false]);
});

describe("a file that is replaced", () => {
  const path = () => join(office, "main.yaml");
  const change = () => ({ name: path(), before: MAIN, after: "users: []\n" });

  it("keeps its permissions, its byte order mark, and a link to it", async () => {
    writeFileSync(join(folder, "linked.yaml"), `\ufeff${MAIN}`);
    chmodSync(join(folder, "linked.yaml"), 0o640);
    rmSync(path());
    symlinkSync(join(folder, "linked.yaml"), path());
    expect(await replaceFiles([change()], systemIds)).toEqual({ ok: true });
    expect(lstatSync(path()).isSymbolicLink()).toBe(true);
    expect(statSync(path()).mode & 0o777).toBe(0o640);
    expect(readFileSync(path(), "utf8")).toBe("\ufeffusers: []\n");
  });

  it("is left, with all others, when one was changed since it was read", async () => {
    const other = { name: join(office, "groups.yaml"), before: GROUPS, after: "groups: []\n" };
    writeFileSync(path(), `${MAIN}# saved by an editor\n`);
    expect(await replaceFiles([other, change()], systemIds)).toEqual({
      ok: false,
      reason: `${path()}: it was changed since it was read`,
      replaced: [],
    });
    expect(read("groups.yaml")).toBe(GROUPS);
    expect(readdirSync(office)).toEqual(["groups.yaml", "main.yaml"]);
  });

  it("is not made where there is one by now, and not removed where there is none any more", async () => {
    const made = { ...change(), before: null };
    expect(await replaceFiles([made], systemIds)).toMatchObject({ ok: false, replaced: [] });
    rmSync(path());
    expect(await replaceFiles([change()], systemIds)).toMatchObject({
      reason: `${path()}: it is not there any more`,
    });
    expect(await replaceFiles([made], systemIds)).toEqual({ ok: true });
  });
});
