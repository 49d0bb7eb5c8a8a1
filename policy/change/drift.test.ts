/**
 * Goal: entities that a command changed stay as they are live, all others are as the files say. Method: two random
 * offices, one in the files and one live, and any of the live office's entities as changed by command.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import { ENTITY_KINDS, entitiesOf } from "../office/entities.js";
import type { Office } from "../office/office.js";
import { same } from "../office/same.js";
import { keepDrift } from "./drift.js";

function entities(office: Office): Map<string, unknown> {
  const all = entitiesOf(office);
  return new Map(
    ENTITY_KINDS.flatMap((kind) => all[kind].map(([key, value]) => [`${kind} ${key}`, value] as const)),
  );
}

/** The order of the carriers names those that there are, whichever were kept. */
function unordered(entity: unknown): unknown {
  const { carrierOrder: _order, ...rest } = { ...(entity as object & { readonly carrierOrder?: unknown }) };
  return entity === undefined ? undefined : { ...rest, isList: Array.isArray(entity) };
}

function refOf(name: string) {
  const [word = "", ...key] = name.split(" ");
  const kind = ENTITY_KINDS.find((each) => each === word);
  if (kind === undefined) throw new Error(`no kind: ${word}`);
  return { kind, key: key.join(" ") };
}

describe("drift", () => {
  it("is kept, and nothing else is", () => {
    fc.assert(
      fc.property(officeArbitrary, officeArbitrary, fc.infiniteStream(fc.boolean()), (files, live, coin) => {
        const [wanted, there] = [entities(files), entities(live)];
        const names = [...new Set([...wanted.keys(), ...there.keys()])];
        const changed = names.filter(() => coin.next().value);
        const { office, kept } = keepDrift(files, live, changed.map(refOf));
        const result = entities(office);
        for (const name of names) {
          const source = changed.includes(name) ? there : wanted;
          expect(same(unordered(result.get(name)), unordered(source.get(name)))).toBe(true);
        }
        const differing = changed.filter((name) => !same(wanted.get(name), there.get(name)));
        expect(kept.map(({ kind, key }) => `${kind} ${key}`)).toEqual(differing);
      }),
      { numRuns: 50 },
    );
  });

  it("does not exist where files and live office are the same", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const all = [...entities(office).keys()].map(refOf);
        expect(keepDrift(office, structuredClone(office), all)).toEqual({ office, kept: [] });
      }),
      { numRuns: 30 },
    );
  });
});
