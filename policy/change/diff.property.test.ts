/**
 * Goal: entities that are the same are told from others without describing them, and nothing that differs is missed. Method:
 * two random offices, compared with and without the shortcut, which a rename turns off.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import type { Office } from "../office/office.js";
import { diffOffices } from "./diff.js";
import type { Rename } from "./renaming.js";

const OF_NOTHING: Rename = { kind: "flow", from: "there-is-none", to: "nor-this" };

/** One office with some of its users, groups and numbers as the other has them. */
function mixed(one: Office, other: Office): Office {
  const half = <T>(mine: readonly T[], theirs: readonly T[]) =>
    mine.map((entry, index) => (index % 2 === 0 ? entry : { ...entry, ...theirs[index] }));
  return {
    ...structuredClone(one),
    users: half(
      one.users,
      other.users.map(({ username: _, ...rest }) => rest as never),
    ),
    groups: half(
      one.groups,
      other.groups.map(({ id: _, ...rest }) => rest as never),
    ),
    numbers: half(
      one.numbers,
      other.numbers.map(({ number: _, ...rest }) => rest as never),
    ),
  };
}

it("the comparison of same data leaves out nothing that differs", () => {
  fc.assert(
    fc.property(officeArbitrary, officeArbitrary, (one, other) => {
      const after = mixed(one, other);
      expect(diffOffices(one, after)).toEqual(diffOffices(one, after, [OF_NOTHING]));
      expect(diffOffices(one, structuredClone(one))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
