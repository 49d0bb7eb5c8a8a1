/**
 * Goal: every wrong office of the folder is reported exactly as the file beside it says, and every valid one becomes an
 * office. Method: each `.yaml` file or folder of `fixtures/offices/invalid` and `suspicious` is read, rendered and
 * compared with NAME.expected. `npm run expected` rewrites those files.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectFile } from "../../../fixtures/expected-text.js";
import { type OfficeReading, PROBLEMS_MAX, readOffice, readOfficeFrom } from "./read.js";
import { renderProblems } from "./render.js";

const OFFICES = fileURLToPath(new URL("../../../fixtures/offices/", import.meta.url));
const WRONG = join(OFFICES, "invalid/");
const SUSPICIOUS = join(OFFICES, "suspicious/");

function cases(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith(".yaml"))
    .map((entry) => entry.name);
}

async function expectReport(folder: string, name: string): Promise<OfficeReading> {
  const reading = await readOffice([join(folder, name)]);
  const report = renderProblems(reading.problems).replaceAll(folder, "");
  const file = join(folder, `${name.replace(/\.yaml$/, "")}.expected`);
  expectFile(file, report);
  return reading;
}

describe("a wrong office", () => {
  it("is shown in at least 60 ways", () => expect(cases(WRONG).length).toBeGreaterThanOrEqual(60));

  it.each(cases(WRONG))("%s is reported as expected, and is no office", async (name) => {
    const reading = await expectReport(WRONG, name);
    expect(reading.office).toBeUndefined();
  });
});

describe("a suspicious office", () => {
  it.each(cases(SUSPICIOUS))("%s is warned about as expected, and is an office", async (name) => {
    const reading = await expectReport(SUSPICIOUS, name);
    expect(reading.office).toBeDefined();
    expect(reading.problems.length).toBeGreaterThan(0);
  });
});

describe("a sample office", () => {
  const samples = readdirSync(OFFICES).filter(
    (name) => name.endsWith(".yaml") && !name.endsWith(".test.yaml"),
  );
  it.each(samples)("%s has no problem at all", async (name) => {
    const reading = await readOffice([join(OFFICES, name)]);
    expect(renderProblems(reading.problems)).toBe("");
    expect(reading.office).toBeDefined();
  });
});

describe("reading", () => {
  const good = readFileSync(join(OFFICES, "acme-dental.yaml"), "utf8");

  it("never throws and places every problem inside the text, whatever the text", () => {
    fc.assert(
      fc.property(mutated(good), (text) => {
        const { problems, office } = readOfficeFrom([{ name: "x.yaml", text }]);
        const lines = text.split("\n").length;
        for (const { line, column } of problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines + 1);
          expect(column).toBeGreaterThanOrEqual(1);
        }
        expect(office === undefined).toBe(problems.some(({ severity }) => severity === "error"));
      }),
      { numRuns: 60 },
    );
  });

  it("does not depend on the order of the files", () => {
    const [office = "", ...sections] = good.split(/\n(?=carriers:|users:|groups:|flows:|numbers:)/);
    const texts = [office, ...sections].map((text, index) => ({ name: `${index}.yaml`, text }));
    expect(readOfficeFrom([...texts].reverse()).office).toEqual(readOfficeFrom(texts).office);
  });

  it.each([
    ["brackets", "[".repeat(200_000)],
    ["braces", "{a: ".repeat(100_000)],
    ["indentation", Array.from({ length: 1_500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    ["question marks", "? ".repeat(20_000)],
    ["the same key", "a: 1\n".repeat(30_000)],
    ["unknown keys", Array.from({ length: 30_000 }, (_, index) => `k${index}: 1`).join("\n")],
    ["things that are no users", `users: [${"1,".repeat(50_000)}]`],
    ["an alias of itself", "users: &a [*a, *a]"],
    ["aliases", `a: &a 1\n${Array.from({ length: 10_000 }, (_, index) => `b${index}: *a`).join("\n")}`],
  ])("reports a file of nothing but %s with a bounded number of problems", (_, text) => {
    const { problems, office } = readOfficeFrom([{ name: "x.yaml", text }]);
    expect(office).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(PROBLEMS_MAX);
  });
});

/** A text with a few of its characters cut out, doubled or replaced. */
function mutated(text: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(text.length - 1),
    cut: fc.nat(12),
    put: fc.string({ maxLength: 4, unit: "binary" }),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 6 })
    .map((edits) =>
      edits.reduce((now, { at, cut, put }) => `${now.slice(0, at)}${put}${now.slice(at + cut)}`, text),
    );
}
