/**
 * Goal: whatever is edited, the result is a valid office or a refusal; what undoes an edit leaves nothing of it; and what is
 * there already is no change. Method: edits that lead from one random office towards another, and their inverses.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { faultsOf } from "../../../fixtures/offices/faults.js";
import type { Office } from "../../office/office.js";
import { same } from "../../office/same.js";
import { exportOffice } from "../../office-file/export.js";
import { ENTRY_SECTIONS } from "../../office-file/sections.js";
import { makeEdits } from "./make-edits.js";
import { EDIT_KINDS } from "./subjects.js";
import type { Edit, EditFields } from "./types.js";

const RUNS = { numRuns: 60 };

/** Sections that are lists, with the field that identifies an entry. */
const SECTIONS: readonly (readonly [section: string, kind: string, key: string])[] = [
  ["users", "user", "username"],
  ["groups", "group", "id"],
  ["numbers", "number", "number"],
  ["carriers", "carrier", "id"],
  ...ENTRY_SECTIONS.map(({ key, noun }) => [key, noun, "id"] as const),
];

interface Subject {
  readonly kind: string;
  readonly id: string;
  readonly fields: EditFields;
  /** From 1; undefined: the order means nothing. */
  readonly place?: number;
}

/** Everything in an office that an edit can be about, with its fields as a file writes them. */
function subjectsOf(office: Office): Subject[] {
  const content = exportOffice(office) as Readonly<Record<string, unknown>>;
  const list = (value: unknown) => (value ?? []) as readonly Record<string, unknown>[];
  const entries = SECTIONS.flatMap(([section, kind, key]) =>
    list(content[section]).map(({ [key]: id, ...fields }, index) => ({
      kind,
      id: String(id),
      fields,
      ...(kind === "carrier" ? { place: index + 1 } : {}),
    })),
  );
  const parts = entries.flatMap(({ kind, id, fields }) => [
    ...list(kind === "user" ? fields["devices"] : []).map(({ id: device, ...rest }, index) => ({
      kind: "device",
      id: `${id}/${device}`,
      fields: rest,
      place: index + 1,
    })),
    ...list(kind === "group" ? fields["members"] : []).map(({ user, ...rest }, index) => ({
      kind: "member",
      id: `${id}/${user}`,
      fields: rest,
      place: index + 1,
    })),
  ]);
  const flows = Object.entries((content["flows"] ?? {}) as Record<string, unknown>);
  return [
    { kind: "office", id: "", fields: content["office"] as EditFields },
    ...entries,
    ...parts,
    ...flows.map(([id, steps]) => ({ kind: "flow", id, fields: { steps } })),
  ];
}

function nameOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind}:${id}`;
}

/** An office, and some edits in any order that lead towards another one. */
const edited = fc.tuple(officeArbitrary, officeArbitrary).chain(([office, other]) => {
  const there = new Map(subjectsOf(office).map((each) => [nameOf(each), each]));
  const wanted = subjectsOf(other);
  const edits: Edit[] = [
    ...wanted.map(
      ({ kind, id, fields }): Edit => ({
        verb: there.has(nameOf({ kind, id })) ? "set" : "add",
        kind,
        id,
        fields,
      }),
    ),
    ...[...there.values()]
      .filter((each) => each.kind !== "office" && !wanted.some((other) => nameOf(other) === nameOf(each)))
      .map(({ kind, id }): Edit => ({ verb: "remove", kind, id, options: {} })),
    ...[...there.values()].map(({ kind, id }): Edit => ({ verb: "rename", kind, id, to: "renamed" })),
  ];
  const users = office.users.map(({ username }) => username);
  const handOvers = users.map(
    (id): Edit => ({ verb: "remove", kind: "user", id, options: { replaceBy: users[0] ?? id } }),
  );
  return fc
    .shuffledSubarray([...edits, ...handOvers], { minLength: 1, maxLength: 3 })
    .map((some) => ({ office, edits: some }));
});

describe("edits of any office", () => {
  it("make a valid office, or are refused by a reason and the edit at fault", () => {
    let madeCount = 0;
    fc.assert(
      fc.property(edited, ({ office, edits }) => {
        const before = structuredClone(office);
        const made = makeEdits(office, edits);
        expect(office).toEqual(before);
        if (made.ok) {
          madeCount += 1;
          expect(faultsOf(made.office)).toEqual([]);
          return;
        }
        expect(made.reason).not.toBe("");
        expect(made.edit).toBeGreaterThanOrEqual(0);
        expect(made.edit).toBeLessThan(edits.length);
        for (const { edit } of made.faults) expect(edits[edit]).toBeDefined();
        if (made.cause === "checks_failed" || made.cause === "in_use") expect(made.faults).not.toEqual([]);
      }),
      RUNS,
    );
    expect(madeCount).toBeGreaterThan(5);
  });

  it("are of every kind in these tests", () => {
    const kinds = new Set(fc.sample(edited, 200).flatMap(({ edits }) => edits.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([...EDIT_KINDS].sort());
  });

  it("change nothing when they say what is there", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const edits = subjectsOf(office).map(
          ({ kind, id, fields, place }): Edit => ({
            verb: "set",
            kind,
            id,
            fields: place === undefined ? fields : { ...fields, place },
          }),
        );
        const made = makeEdits(office, edits);
        if (!made.ok) throw new Error(`${made.reason}: ${JSON.stringify(made.faults)}`);
        expect(made.office).toEqual(office);
      }),
      RUNS,
    );
  });
});

/** The fields that lead from one state of an entry to another; in mappings with fields of their own, likewise. */
function fieldsBetween(from: EditFields, to: EditFields): EditFields {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return Object.fromEntries(
    names
      .filter((name) => !same(from[name], to[name]))
      .map((name) => {
        const [before, after] = [from[name], to[name]];
        const merges = ["voicemail", "permissions", "outside_calls", "each_user"].includes(name);
        return merges && isMapping(before) && isMapping(after)
          ? [name, fieldsBetween(before, after)]
          : [name, after ?? null];
      }),
  );
}

function isMapping(value: unknown): value is EditFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What undoes an edit that made `after` of `before`. */
function inverseOf(edit: Edit, before: Office, after: Office): Edit[] {
  const find = (office: Office, { kind, id }: Pick<Edit, "kind" | "id">) =>
    subjectsOf(office).find((each) => each.kind === kind && each.id === id);
  const old = find(before, edit);
  const now = find(after, edit);
  const { kind, id } = edit;
  switch (edit.verb) {
    case "add":
      return [{ verb: "remove", kind, id, options: {} }];
    case "rename": {
      const [owner] = id.split("/");
      return [
        {
          verb: "rename",
          kind,
          id: kind === "device" ? `${owner}/${edit.to}` : edit.to,
          to: kind === "device" ? (id.split("/")[1] ?? "") : id,
        },
      ];
    }
    case "set":
      return [{ verb: "set", kind, id, fields: fieldsBetween(now?.fields ?? {}, old?.fields ?? {}) }];
    case "remove": {
      const members = subjectsOf(before).filter(
        (each) => kind === "user" && each.kind === "member" && each.id.endsWith(`/${id}`),
      );
      const placed = ({ fields, place }: Subject) => (place === undefined ? fields : { ...fields, place });
      if (old === undefined) throw new Error(`what was removed was not there: ${kind} ${id}`);
      return [
        { verb: "add", kind, id, fields: placed(old) },
        ...members.map(
          (each): Edit => ({
            verb: each.id.startsWith("all-users/") ? "set" : "add",
            kind: "member",
            id: each.id,
            fields: placed(each),
          }),
        ),
      ];
    }
  }
}

describe("an edit and what undoes it", () => {
  it("change nothing together", () => {
    let undone = 0;
    fc.assert(
      fc.property(edited, ({ office, edits }) => {
        for (const edit of edits) {
          // What a replacement got stays; a member of All Users stays mentioned.
          if (edit.verb === "remove" && edit.options.replaceBy !== undefined) continue;
          if (edit.verb === "add" && edit.kind === "group") continue;
          const made = makeEdits(office, [edit]);
          if (!made.ok) continue;
          const back = makeEdits(made.office, inverseOf(edit, office, made.office));
          if (!back.ok)
            throw new Error(`${JSON.stringify(edit)}: ${back.reason} ${JSON.stringify(back.faults)}`);
          expect(back.office).toEqual(office);
          undone += 1;
        }
      }),
      RUNS,
    );
    expect(undone).toBeGreaterThan(20);
  });
});
