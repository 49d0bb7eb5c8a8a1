/**
 * Goal: a list of edits is read as it is written, and what is wrong is said at its place. Method: tables of edits as YAML
 * gives them; the schema for other programs agrees with the reader.
 */
import { describe, expect, it } from "vitest";
import { editsSchema, readEdits } from "./schema.js";
import { subjectText } from "./subjects.js";

describe("an edit", () => {
  it.each([
    [
      { add: "user:dana.reed", name: "Dana" },
      { verb: "add", kind: "user", id: "dana.reed", fields: { name: "Dana" } },
    ],
    [
      { set: "office", name: "Acme" },
      { verb: "set", kind: "office", id: "", fields: { name: "Acme" } },
    ],
    [
      { set: "member:sales/bob", delay: 5 },
      { verb: "set", kind: "member", id: "sales/bob", fields: { delay: 5 } },
    ],
    [
      { set: "number:+12125550100..99", flow: null },
      { verb: "set", kind: "number", id: "+12125550100..99", fields: { flow: null } },
    ],
    [{ remove: "schedule:practice" }, { verb: "remove", kind: "schedule", id: "practice", options: {} }],
    [
      { remove: "user:bob", replace_by: "ann" },
      { verb: "remove", kind: "user", id: "bob", options: { replaceBy: "ann" } },
    ],
    [
      { remove: "user:bob", discard_messages: true },
      { verb: "remove", kind: "user", id: "bob", options: { discardMessages: true } },
    ],
    [
      { remove: "user:bob", discard_messages: false },
      { verb: "remove", kind: "user", id: "bob", options: {} },
    ],
    [
      { rename: "flow:main", to: "day" },
      { verb: "rename", kind: "flow", id: "main", to: "day" },
    ],
  ])("%j is read", (written, edit) => {
    expect(readEdits([written])).toEqual({ edits: [edit], problems: [] });
    expect(editsSchema.safeParse([written]).success).toBe(true);
    expect(Object.values(written)).toContain(subjectText(edit));
  });

  it.each<[unknown, string, readonly (string | number)[], string?]>([
    [{ set: "usr:bob" }, "there is no kind of entry `usr`", [0, "set"], "user:bob"],
    [{ set: "bob.stone" }, "there is no kind of entry `bob.stone`", [0, "set"]],
    [{ set: "user" }, "this does not name an entry", [0, "set"]],
    [{ set: "user:" }, "this does not name an entry", [0, "set"]],
    [{ set: "office:acme" }, "this does not name the office", [0, "set"]],
    [{ set: 101 }, "this names nothing", [0, "set"]],
    [{ sett: "user:bob" }, "this edit has no verb", [0, "sett"], "set"],
    [{ name: "Bob" }, "this edit has no verb", [0]],
    [{ set: "user:bob", add: "user:ann" }, "one edit is both add and set", [0]],
    [{ rename: "group:sales" }, "a rename needs `to`", [0]],
    [{ rename: "group:sales", to: 7 }, "`to` of a rename cannot be this", [0, "to"]],
    [{ rename: "group:sales", to: "a", name: "A" }, "a rename has no key `name`", [0, "name"]],
    [
      { remove: "user:bob", replaceby: "ann" },
      "a removal has no key `replaceby`",
      [0, "replaceby"],
      "replace_by",
    ],
    [{ remove: "user:bob", replace_by: 7 }, "`replace_by` cannot be this", [0, "replace_by"]],
    [
      { remove: "user:bob", discard_messages: "yes" },
      "`discard_messages` cannot be this",
      [0, "discard_messages"],
    ],
    ["set user:bob", "this is no edit", [0]],
    [null, "this is no edit", [0]],
  ])("%j is refused at its place", (written, message, path, suggestion) => {
    const { edits, problems } = readEdits([written]);
    expect(edits).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: "error", message, at: { path } });
    expect(problems[0]?.suggestion).toBe(suggestion);
  });

  it.each([[undefined], [null], [[]], [{}], ["edits"]])("there is none in %j", (content) => {
    expect(readEdits(content)).toMatchObject({ edits: [], problems: [{ message: "these are no edits" }] });
    expect(editsSchema.safeParse(content).success).toBe(false);
  });

  it("that is wrong does not hide the next that is", () => {
    const { problems } = readEdits([
      { set: "usr:bob" },
      { set: "user:bob", name: "Bob" },
      { rename: "flow:main" },
    ]);
    expect(problems.map(({ at }) => at.path[0])).toEqual([0, 2]);
  });
});
