/**
 * Goal: several tables become one part of an office file, or every fault of all of them is named. Method: tables
 * written to a folder.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { importTables, readTable } from "./import-tables.js";
import { readOfficeFrom } from "./read.js";

const OPTIONS = { country: "US", columns: new Map<string, string>() };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-tables-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

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

it("one table is its text, or why there is none", async () => {
  const path = table("users.csv", "username\n");
  expect(await readTable(path)).toEqual({ name: path, text: "username\n" });
  expect(await readTable(join(folder, "none.csv"))).toMatchObject({ failure: { code: "file_unreadable" } });
  expect(await readTable(folder)).toMatchObject({ failure: { code: "no_files" } });
});
