/**
 * Goal: the documentation says what the code does. Method: what is written by hand twice, or generated, is compared.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { expectFile } from "../../../fixtures/expected-text.js";
import { ANNOUNCEMENTS } from "../../../policy/steps/announce/file.js";
import { officeTables } from "./schema-tables.js";

const TABLES = /<!-- tables -->[\s\S]*<!-- end of tables -->/;

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

it("has every key of an office file in docs/office.md", () => {
  const path = `${ROOT}docs/office.md`;
  const text = readFileSync(path, "utf8");
  const made = `<!-- tables -->\n${officeTables()}<!-- end of tables -->`;
  expect(text).toMatch(TABLES);
  expectFile(
    path,
    text.replace(TABLES, () => made),
  );
});

it("lets a file name existing announcements, and no others", () => {
  const lines = readFileSync(`${ROOT}docker/sounds/en.txt`, "utf8").split("\n");
  const from = lines.indexOf("# Announcements to callers");
  const to = lines.findIndex((line, n) => n > from && line === "");
  expect(from).toBeGreaterThan(0);
  const names = lines.slice(from + 1, to).map((line) => line.split(":")[0]);
  expect([...names].sort()).toEqual([...ANNOUNCEMENTS]);
});
