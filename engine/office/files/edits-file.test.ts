/** Goal: a text of edits becomes edits, and each knows its line. Method: the example of the docs, and small texts. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readEditsFile } from "./edits-file.js";

const PAGE = readFileSync(new URL("../../../docs/editing.md", import.meta.url), "utf8");

describe("a text of edits", () => {
  it("is what docs/editing.md shows", () => {
    const [, example = ""] = /```yaml\n(- add: [\s\S]*?)```/.exec(PAGE) ?? [];
    const { edits, problems, positionOf } = readEditsFile("edits.yaml", example);
    expect(problems).toEqual([]);
    expect(edits.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual([
      ...["add user", "set user", "add member", "set member", "add device", "set number"],
      ...["set carrier", "set office", "rename group", "remove flow"],
    ]);
    const lines = example.split("\n");
    for (const [index, { verb }] of edits.entries())
      expect(lines[positionOf(index).line - 1]).toMatch(new RegExp(`^- ${verb}: `));
  });

  it.each([
    ["- set: user:bob.stone\n  email: null\n- set: user:carol\n  name: [\n", 4],
    ["- set: user:bob.stone\n- sett: user:bob.stone\n", 2],
    ["- remove: user:bob.stone\n  replaced_by: alice.wong\n", 2],
    ["- set: user:bob.stone\n  extension: 0104\n", 2],
  ])("has the line of a fault: %j", (text, line) => {
    const { edits, problems } = readEditsFile("edits.yaml", text);
    expect(edits).toEqual([]);
    expect(problems[0]).toMatchObject({ file: "edits.yaml", severity: "error" });
    expect(problems[0]?.line).toBeGreaterThanOrEqual(line);
  });
});
