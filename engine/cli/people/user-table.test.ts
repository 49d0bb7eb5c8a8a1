/**
 * Goal: a table changes users who are there, and removes others, only after its plan was seen; a department that may be a group
 * is asked for. Method: command lines on the sample office, with a person at the terminal and without.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeApplied } from "../../../fixtures/cli/office-of-a-test.js";
import { type Ran, ringline, ringlineIn } from "../../../fixtures/cli/run-program.js";
import { ACME_FILE } from "../../../fixtures/offices/live-office.js";

let folder: string;
let db: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-user-table-"));
  db = join(folder, "office.db");
  await writeApplied(db, ACME_FILE);
});
afterEach(() => rmSync(folder, { recursive: true }));

function table(text: string): string {
  const path = join(folder, "staff.csv");
  writeFileSync(path, text);
  return path;
}

function add(text: string, ...args: string[]): Promise<Ran> {
  return ringline("user", "add", "--from", table(text), "--db", db, ...args);
}

/** With a person who types these answers. */
async function typing(
  answers: string[],
  text: string,
  ...args: string[]
): Promise<Ran & { asked: string[] }> {
  const asked: string[] = [];
  const readLine = async (prompt: string) => {
    asked.push(prompt);
    return answers.shift() ?? "";
  };
  const terminal = { isInteractive: true, isTyped: true, readLine };
  const ran = await ringlineIn(terminal, "user", "add", "--from", table(text), "--db", db, ...args);
  return { ...ran, asked };
}

async function user(username: string): Promise<Record<string, unknown>> {
  return JSON.parse((await ringline("user", "show", username, "--db", db, "--json")).out);
}

async function revision(): Promise<number> {
  return (await ringline("history", "--db", db, "--json")).out.trim().split("\n").length;
}

const CHANGES = "E-Mail,Ext,Mobile\nbob@example.com,112,\nalice@example.com,,917-555-0188\n";

describe("user add --update", () => {
  it("changes what cells say, and nothing else, as one revision", async () => {
    const { out, code } = await add(CHANGES, "--update", "--yes");
    expect(code).toBe(0);
    expect(out).toContain("extension: 102 -> 112");
    expect(await revision()).toBe(2);
    expect((await user("alice.wong"))["user"]).toMatchObject({ extension: 101, email: "alice@example.com" });
    // The delay and ring time of the device stay.
    const exported = (await ringline("export", "--db", db)).out;
    expect(exported).toContain('{ id: cell, phone: "+19175550188", delay: 5, ring: 20 }');
  });

  it("shows its plan and changes nothing where nobody can be asked", async () => {
    const { err, code } = await add(CHANGES, "--update");
    expect(code).toBe(1);
    expect(err).toContain("extension: 102 -> 112");
    expect(err).toContain("--yes applies it");
    expect(await revision()).toBe(1);
  });

  it.each([
    [["y"], 0, 2],
    [["n"], 1, 1],
    [[""], 1, 1],
  ])("asks a person, who types %j", async (answers, code, revisions) => {
    const ran = await typing([...answers], CHANGES, "--update");
    expect(ran.asked).toEqual(["apply this? [y/N] "]);
    expect(ran.err).toContain("users: 0 added, 2 changed, 0 removed");
    expect(ran.code).toBe(code);
    expect(await revision()).toBe(revisions);
  });

  it("is the plan of every change with --dry-run", async () => {
    const { out, code } = await add(CHANGES, "--update", "--dry-run");
    expect(code).toBe(2);
    expect(out).toContain("extension: 102 -> 112");
    expect(await revision()).toBe(1);
  });

  it("of the same table again changes nothing, and gives nobody another username", async () => {
    const people =
      "Name,E-Mail,Department\nAnna Müller,a@example.com,Lab\nAnna Müller,b@example.com,Lab\nBo,,Lab\n";
    expect((await add(people, "--update", "--yes")).code).toBe(0);
    const again =
      "Name,E-Mail,Department\nZoë Groß,z@example.com,Lab\nAnna Müller,b@example.com,Lab\nBo,,Lab\n";
    const { out } = await add(`${again}Anna Müller,a@example.com,Lab\n`, "--update", "--yes");
    expect(out).toContain("+ zoe.gross");
    expect(out).not.toMatch(/[~-] (?:anna|bo)/);
    expect((await add(people, "--update")).out).toContain("nothing to change");
  });
});

describe("--remove-missing", () => {
  const ALL = "Name\nAlice Wong\nBob Stone\nCarol Díaz\nDan Okafor\n";
  const withDana = () => add(`${ALL}Dana Reed\n`, "--update", "--yes");

  it("removes users who are not in the table", async () => {
    await withDana();
    const { out, code } = await add(ALL, "--update", "--yes", "--remove-missing");
    expect(code).toBe(0);
    expect(out).toContain("- dana.reed");
  });

  it("removes no more than a tenth unless told, and nobody whom something leads to", async () => {
    await withDana();
    const most = await add(
      "Name\nAlice Wong\nBob Stone\nCarol Díaz\n",
      "--update",
      "--yes",
      "--remove-missing",
    );
    expect(most.err).toContain("2 users are not in the table (dan.okafor, dana.reed), more than the 1");
    const needed = await add("Name\nDana Reed\n", "--update", "--yes", "--remove-missing", "4");
    expect(needed.err).toContain("leads to the user `alice.wong`");
    expect(await revision()).toBe(2);
  });

  it("needs --update", async () => {
    expect((await add(ALL, "--remove-missing")).err).toContain("--remove-missing needs --update");
  });
});

it("the last System Admin is not lost to a table", async () => {
  await add("Name,Admin\nAlice Wong,yes\n", "--update", "--yes");
  const { err } = await add("Name,Admin\nAlice Wong,no\n", "--update", "--yes");
  expect(err).toContain(
    "`alice.wong` is the last System Admin who is not suspended: make somebody else one first",
  );
});

describe("a department that is nearly a group", () => {
  const NEAR = "Name,Department\nDana Reed,Receptions\nErik Holm,Billing Dept\n";

  it("is asked for on a terminal", async () => {
    const ran = await typing(["1", "2"], NEAR);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("Receptions (row 2) is nearly the group reception (Reception)");
    expect(ran.out).toContain("+ billing-dept");
    expect(await user("dana.reed")).toMatchObject({ groups: ["reception"] });
  });

  it("is refused in words without one, unless an option decides it", async () => {
    const { err, code } = await add(NEAR);
    expect(code).toBe(1);
    expect(err).toContain("--group 'Receptions=reception' to join it");
    const args = ["--group", "Receptions=reception", "--group", "Billing Dept=-"];
    expect((await add(NEAR, ...args)).code).toBe(0);
    expect(await user("erik.holm")).toMatchObject({ groups: [] });
  });

  it("changes nothing when the person does not answer", async () => {
    expect((await typing([], NEAR)).code).toBe(1);
    expect(await revision()).toBe(1);
  });
});
