/**
 * Goal: several edits from a file or standard input are one revision or none, and a fault names the edit and its line.
 * Method: command lines on a real database of the sample office.
 */
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestOffice } from "../../../fixtures/cli/office-of-a-test.js";
import { FILE_MAX_BYTES } from "../../office/files/texts.js";

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));

let office: TestOffice;

beforeEach(async () => {
  office = await TestOffice.of(ACME);
});
afterEach(() => office.remove());

const EDITS = `# the new branch
- add: user:dana.reed
  name: Dana Reed
  extension: auto
- add: member:billing/dana.reed
  delay: 5
- set: number:+12125550109
  steps:
    - { ring: user:dana.reed, timeout: 20 }
    - { voicemail: user:dana.reed }
- set: user:bob.stone
  email: null
- rename: flow:front-desk
  to: welcome
- set: office
  name: Acme
`;

it("edits of a file are one revision, with author and reason", async () => {
  const file = office.file("edits.yaml", EDITS);
  const out = await office.must("edit", file, "--message", "the new branch");
  expect(out).toContain("      extension: 105\n");
  expect(out).toContain("revision 2: ");
  expect(await office.json("history", "--limit", "1")).toMatchObject({
    revision: 2,
    author: "ann",
    message: "the new branch",
  });
  expect((await office.json("number", "show", "+12125550105")).number.flow).toBe("welcome");
});

it.each([[[]], [["-"]]])("edits come from standard input: %j", async (args) => {
  const { err, code } = await office.reading(EDITS, "edit", ...args);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  expect(await office.revision()).toBe(2);
});

it("edits may be JSON", async () => {
  const edits = JSON.stringify([{ set: "user:bob.stone", extension: "109", email: null }]);
  const { out } = await office.reading(edits, "edit", "--json");
  expect(JSON.parse(out)).toMatchObject({ ok: true, outcome: "applied", revision: 2 });
});

it("--dry-run shows the plan with plan's exit code, and writes nothing", async () => {
  const { out, code } = await office.reading(EDITS, "edit", "--dry-run");
  expect(code).toBe(2);
  expect(out).toContain("  + dana.reed\n");
  expect(await office.revision()).toBe(1);
});

it("--expect refuses when another revision is live", async () => {
  const { err, code } = await office.reading(EDITS, "edit", "--expect", "7");
  expect(code).toBe(1);
  expect(err).toContain("revision 1 is live, not 7");
});

const OK = "- set: user:bob.stone\n  email: null\n\n";

describe("a fault names the line, and nothing is changed:", () => {
  it.each<[string, string[]]>([
    [`${OK}- set: user:carol.diaz\n  extension: 104\n`, ["input:4:3: error: edit 2: ", "is given twice"]],
    [
      `${OK}- set: number:+12125550100\n  flow: wlcome\n`,
      [":4:3: error: edit 2: number +12125550100: there is no flow"],
    ],
    [`${OK}- remove: flow:front-desk\n`, [":4:3: error: edit 2: number +12125550105: leads to the flow"]],
    [`${OK}- set: user:bob.ston\n  name: Bob\n`, [":4:3: error: edit 2: there is no user `bob.ston`"]],
    [`${OK}- set: user:bob.stone\n  nam: Bob\n`, [":4:3: error: edit 2: ", "did you mean: name"]],
    [`${OK}- ste: user:bob.stone\n`, [":4:3: error: this edit has no verb", "did you mean: set"]],
    [`${OK}- set: usr:bob.stone\n`, [":4:8: error: there is no kind of entry `usr`", "did you mean: user"]],
    [`${OK}- rename: group:billing\n  two: bills\n`, [":4:3: error: a rename needs `to`"]],
    [`${OK}- set: office\n  name: [`, ["standard input:5:"]],
    ["", ["standard input:1:1: error: these are no edits"]],
    ["office: { name: Acme }\n", ["standard input:1:1: error: these are no edits"]],
  ])("%j", async (edits, words) => {
    const { out, err, code } = await office.reading(edits, "edit");
    expect({ out, code }).toEqual({ out: "", code: 1 });
    for (const word of [...words, "nothing was changed\n"]) expect(err).toContain(word);
    expect(await office.revision()).toBe(1);
  });

  it("in JSON, too", async () => {
    const { out } = await office.reading(`${OK}- set: user:carol.diaz\n  extension: 104\n`, "edit", "--json");
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      errors: [{ edit: 2, file: "standard input", line: 4, column: 3, code: "duplicate" }],
    });
  });

  it("of a file that cannot be read", async () => {
    expect((await office.on("edit", "none.yaml")).err).toContain("none.yaml: there is no such file");
  });

  it("of a text that is too long", async () => {
    const { err } = await office.reading(`# ${"x".repeat(FILE_MAX_BYTES)}\n${OK}`, "edit");
    expect(err).toContain(`standard input: more than ${FILE_MAX_BYTES} bytes`);
  });
});
