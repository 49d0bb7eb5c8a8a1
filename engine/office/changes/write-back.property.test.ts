/**
 * Goal: after files are applied, changed by command and written back, applying them has nothing to do, and no line is
 * touched that no change is about. Method: random offices in files that are laid out by chance, a few random edits each, on
 * a real database.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { drawsOf, type LaidFile, layOut } from "../../../fixtures/offices/layouts.js";
import { emptyOffice, goodFiles } from "../../../fixtures/offices/live-office.js";
import { randomEdit } from "../../../fixtures/offices/random-edits.js";
import type { DriftField, FieldRef } from "../../../policy/change/drift.js";
import { makeEdits } from "../../../policy/change/edits/make-edits.js";
import { differingFields, entityFile, splitEntity, WHOLE_ENTITY } from "../../../policy/change/fields.js";
import { renameOf } from "../../../policy/change/id-drift.js";
import { withRenames } from "../../../policy/change/renaming.js";
import { ENTITY_KINDS, entitiesOf, shownAs } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { readOfficeFrom } from "../files/read.js";
import { planFiles } from "../views/plan.js";
import { applyFiles } from "./apply-files.js";
import { planWriteBack } from "./write-back.js";

const APPLY = { author: "ann", overwrite: false, compare: false };
const EDITS_MAX = 5;

/** Lines of other entries, and of other keys of an entry that drifts, are all there in their order. */
function expectUntouched({ name, lines }: LaidFile, after: string, drift: readonly FieldRef[]): void {
  const keys = new Map<string, Set<string>>();
  for (const { kind, key, field } of drift) {
    const { section, id } = shownAs(kind, key);
    const own = keys.get(`${section} ${id}`) ?? new Set<string>();
    // A number leads to a flow or has steps, which are one field.
    for (const part of field === "flow" ? ["flow", "steps"] : [field.split(".", 1)[0] ?? ""]) own.add(part);
    keys.set(`${section} ${id}`, own);
  }
  const now = after.split(/\r?\n/);
  let at = -1;
  for (const { text, entry, key } of lines) {
    const touched = keys.get(entry);
    const isTouched =
      touched !== undefined && (key === undefined || touched.has(key) || touched.has(WHOLE_ENTITY));
    if (isTouched || text === "" || /^\w+:/.test(text)) continue;
    const found = now.indexOf(text, at + 1);
    expect(found, `${name}: ${text}`).toBeGreaterThan(-1);
    at = found;
  }
}

/** What writing new ids touches, beside the fields that drift: the entry that has another id, and what refers to it. */
function renamedFields(office: Office, drift: readonly DriftField[]): readonly FieldRef[] {
  const renames = drift.flatMap((row) => renameOf(row) ?? []);
  const renamed = entitiesOf(withRenames(office, renames));
  const before = entitiesOf(office);
  return ENTITY_KINDS.flatMap((kind) => {
    const after = new Map<string, unknown>(renamed[kind]);
    return before[kind].flatMap(([key, entity]) => {
      const [from, to] = [entity, after.get(key)].map((each) =>
        each === undefined ? undefined : splitEntity(kind, entityFile(kind, key, each)),
      );
      const fields = from && to ? differingFields(kind, from, to) : [WHOLE_ENTITY];
      return fields.map((field) => ({ kind, key, field }));
    });
  });
}

it("after writing back there is nothing to do, and other lines are as they were", async () => {
  let written = 0;
  await fc.assert(
    fc.asyncProperty(officeArbitrary, drawsOf(fc), async (office, draw) => {
      const live = await emptyOffice();
      try {
        const laid = layOut(office, draw);
        await applyFiles(live.deps, APPLY, goodFiles(readOfficeFrom(laid)));
        let changed: Office = office;
        for (let count = 1 + draw(EDITS_MAX); count > 0; count -= 1) {
          const edit = randomEdit(changed, draw);
          const made = edit === undefined ? undefined : makeEdits(changed, [edit]);
          if (!made?.ok) continue;
          changed = made.office;
          await live.deps.store.applyOffice(changed, {
            author: "eve",
            message: "",
            sourceHash: "",
            nowMs: 1,
            renames: made.renames,
          });
        }
        const drift = await live.deps.store.drift();
        const touched = [...drift, ...renamedFields(office, drift)];
        const files = { texts: laid, office, folder: "office" };
        const planned = await planWriteBack(live.deps, files);
        expect(planned).toMatchObject({ outcome: "planned", ok: true, left: [] });
        if (planned.outcome !== "planned" || !planned.ok) return;
        if (planned.files.length > 0) written += 1;
        const after = new Map(laid.map(({ name, text }) => [name, text]));
        for (const file of planned.files) after.set(file.name, file.after);
        for (const file of laid) expectUntouched(file, after.get(file.name) ?? "", touched);
        const texts = [...after].map(([name, text]) => ({ name, text }));
        const again = goodFiles(readOfficeFrom(texts));
        expect(again.office).toEqual(changed);
        expect(await planFiles(live.deps, again, { overwrite: false })).toMatchObject({
          difference: { changes: [] },
          drift: [],
        });
        expect(await applyFiles(live.deps, APPLY, again)).toMatchObject({ outcome: "unchanged", kept: [] });
        expect(await live.deps.store.drift()).toEqual([]);
      } finally {
        await live.close();
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
  expect(written).toBeGreaterThan(12);
});
