/**
 * Goal: written back, the files say what is live, and differ in nothing else. Method: random offices in files that are
 * laid out by chance, and differences to another random office as drift. Most of an entry changes so; single fields are in
 * the table of `write-back.test.ts`.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { drawsOf, type LaidFile, layOut } from "../../../fixtures/offices/layouts.js";
import { type DriftField, type FieldRef, keepDrift } from "../../../policy/change/drift.js";
import { checkContents } from "../../../policy/change/edit.js";
import { WHOLE_ENTITY } from "../../../policy/change/fields.js";
import { ENTITY_KINDS, entitiesOf, shownAs } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { same } from "../../../policy/office/same.js";
import { readOfficeFrom } from "../files/read.js";
import { writeBack } from "./write-back.js";

const CAUSE = { revision: 2, author: "ben", message: "", appliedMs: 0 };

/** What differs between two offices, or a part of it. */
function driftOf(files: Office, live: Office, isDrift: () => boolean): DriftField[] {
  const [from, to] = [entitiesOf(files), entitiesOf(live)];
  return ENTITY_KINDS.flatMap((kind) => {
    const [was, is] = [new Map<string, unknown>(from[kind]), new Map<string, unknown>(to[kind])];
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) =>
      same(was.get(key), is.get(key)) || !isDrift() ? [] : [{ kind, key, field: WHOLE_ENTITY, ...CAUSE }],
    );
  });
}

/** Every line of an entry that does not drift, and every comment of none, is still there, in the same order. */
function expectUntouched({ name, lines }: LaidFile, after: string, kept: readonly FieldRef[]): void {
  const touched = new Set(
    kept.map(({ kind, key }) => `${shownAs(kind, key).section} ${shownAs(kind, key).id}`),
  );
  const now = after.split(/\r?\n/);
  let at = -1;
  for (const { text, entry } of lines) {
    if (touched.has(entry) || text === "" || /^\w+:/.test(text)) continue;
    // The order of the carriers may be what changed.
    const isOrdered = !entry.startsWith("carriers ");
    const found = now.indexOf(text, isOrdered ? at + 1 : 0);
    expect(found, `${name}: ${text}`).toBeGreaterThan(-1);
    if (isOrdered) at = found;
  }
}

describe("files that are written back", () => {
  it("say what is live, and their other lines are as they were", () => {
    let tried = 0;
    fc.assert(
      fc.property(officeArbitrary, officeArbitrary, drawsOf(fc), fc.boolean(), (files, live, draw, isAll) => {
        const laid = layOut(files, draw);
        expect(readOfficeFrom(laid).office).toEqual(files);
        const drift = driftOf(files, live, () => isAll || draw(6) === 0);
        const choice = { overwrites: [], keeps: [], cause: CAUSE };
        const { content, kept } = keepDrift(files, live, drift, choice);
        const target = content === undefined ? undefined : checkContents([content], "");
        // A part of the difference is not always a valid office.
        if (!target?.ok) return;
        tried += 1;
        const written = writeBack(laid, files, target.office, kept, "office");
        expect(written).toMatchObject({ ok: true, left: [] });
        if (!written.ok) return;
        const after = new Map(laid.map(({ name, text }) => [name, text]));
        for (const file of written.files) after.set(file.name, file.after);
        expect(readOfficeFrom([...after].map(([name, text]) => ({ name, text }))).office).toEqual(
          target.office,
        );
        for (const file of laid) expectUntouched(file, after.get(file.name) ?? "", kept);
        expect(
          writeBack(
            [...after].map(([name, text]) => ({ name, text })),
            target.office,
            target.office,
            [],
            "office",
          ),
        ).toEqual({ ok: true, files: [], left: [] });
      }),
      { numRuns: 30, endOnFailure: true },
    );
    expect(tried).toBeGreaterThan(12);
  });
});
