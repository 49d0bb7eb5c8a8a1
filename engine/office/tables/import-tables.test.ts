/**
 * Goal: several tables become one part of an office file, or every fault of all of them is named. Method: tables
 * written to a folder.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readOfficeFrom } from "../files/read.js";
import { contentOf, headingsWith, importTable } from "./import-table.js";
import { importTables } from "./import-tables.js";
import { gridsOf, readTable } from "./read-table.js";

const OPTIONS = { country: "US", columns: new Map<string, string>() };

const HEADINGS = headingsWith(OPTIONS.columns);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-tables-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The table that a CSV text is. */
async function imported(text: string, options: Parameters<typeof importTable>[1]) {
  const result = importTable(await gridsOf(new TextEncoder().encode(text), HEADINGS), options);
  return { ...result, content: contentOf([result]) };
}

function table(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

it("tables of users and of numbers become one text that an office file can hold", async () => {
  const users = table("users.csv", "username,name,group\ndana.reed,Dana,Branch\nerik.holm,Erik,Branch\n");
  const numbers = table("numbers.csv", "number,rings\n(212) 555-0199,group:branch\n");
  const ended = await importTables([users, numbers], OPTIONS);
  if (ended.outcome !== "imported") throw new Error(JSON.stringify(ended.problems));
  const settings = "office: { name: Acme, country: US, timezone: UTC }\n";
  const { office, problems } = readOfficeFrom([
    { name: "office.yaml", text: settings },
    { name: "tables.yaml", text: ended.text },
  ]);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(office?.users.map(({ username }) => username)).toEqual(["dana.reed", "erik.holm"]);
  expect(office?.groups.map(({ id }) => id)).toEqual(["branch"]);
  expect(office?.numbers.map(({ number }) => number)).toEqual(["+12125550199"]);
});

it("digits that may be two numbers are a warning with both readings, one for each column", async () => {
  const numbers = table(
    "numbers.csv",
    "number,label\n496128555010,One\n496128555011,Two\n+496128555012,Three\n",
  );
  const users = table("users.csv", "username,name,mobile\ndana.reed,Dana,496128555013\n");
  const ended = await importTables([numbers, users], { ...OPTIONS, country: "DE" });
  expect(ended).toMatchObject({
    outcome: "imported",
    text: expect.stringMatching(/\+496128555010.*\+496128555011.*\+496128555012/s),
    warnings: [
      {
        file: numbers,
        problem: {
          row: 2,
          column: "number",
          message:
            "these digits may be +496128555010 or +49496128555010, and are read as +496128555010; so may 1 more of this column",
        },
      },
      {
        file: users,
        problem: { row: 2, column: "mobile", message: expect.stringContaining("+49496128555013") },
      },
    ],
  });
});

it("digits that are a number of the office are what was meant", async () => {
  const owns = (number: string) => number === "+49496128555010";
  const { content, warnings } = await imported("username,name,outbound\ndana.reed,Dana,496128555010\n", {
    ...OPTIONS,
    country: "DE",
    owns,
  });
  expect(content.users?.[0]?.outbound_number).toBe("+49496128555010");
  expect(warnings).toEqual([]);
});

it("a table of numbers may have blocks and any", async () => {
  const text = 'number,flow\n"+49 30 231250-00..99",desk\nany,desk\n';
  const { content } = await imported(text, { ...OPTIONS, country: "DE" });
  expect(content.numbers).toEqual([
    { number: "+493023125000..99", flow: "desk" },
    { number: "any", flow: "desk" },
  ]);
});

it("faults of all tables are named, and so is a table that cannot be read", async () => {
  const faulty = table("users.csv", "username,name\nx,Ex\n");
  const missing = join(folder, "none.csv");
  expect(await importTables([faulty, missing], OPTIONS)).toMatchObject({
    outcome: "faulty",
    problems: [
      { file: faulty, problem: { row: 2, column: "username" } },
      { file: missing, problem: { row: 1, message: "there is no such file or folder" } },
    ],
  });
});

it("one table is its rows, or why there are none", async () => {
  const path = table("users.csv", "username\n");
  const rows = [{ row: 1, cells: ["username"] }];
  expect(await readTable(path, HEADINGS)).toEqual({ name: path, read: { ok: true, grids: [{ rows }] } });
  expect(await readTable(join(folder, "none.csv"), HEADINGS)).toMatchObject({
    read: { unreadable: "there is no such file or folder" },
  });
  expect(await readTable(folder, HEADINGS)).toMatchObject({ read: { unreadable: "it is a folder" } });
});
