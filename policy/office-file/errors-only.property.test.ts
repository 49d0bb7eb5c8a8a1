/**
 * Goal: checks without those that only warn find the same errors and make the same office, so that a command may be checked
 * by them. Method: random offices, whole and with entries taken out, given twice or spoilt.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import { exportOffice } from "./export.js";
import { resolveOffice } from "./resolve.js";

const SECTIONS = ["carriers", "users", "groups", "numbers"] as const;

type Entry = Readonly<Record<string, unknown>>;

/** What happens to an entry of a section. */
const spoiltArbitrary = fc.array(
  fc.record({
    section: fc.constantFrom(...SECTIONS),
    place: fc.nat(20),
    how: fc.constantFrom("removed", "twice", "extension", "number", "steps", "device"),
  }),
  { maxLength: 3 },
);

function spoil(
  content: Record<string, unknown>,
  { section, place, how }: { readonly section: string; readonly place: number; readonly how: string },
): void {
  const entries = (content[section] ?? []) as readonly Entry[];
  const index = entries.length === 0 ? 0 : place % entries.length;
  content[section] = entries.flatMap((entry, at) => (at === index ? changed(entry, how) : [entry]));
}

function changed(entry: Entry, how: string): readonly Entry[] {
  switch (how) {
    case "removed":
      return [];
    case "twice":
      return [entry, entry];
    case "extension":
      return [{ ...entry, extension: 911 }];
    case "number":
      return [{ ...entry, outbound_number: "+12125559999" }];
    case "steps":
      return [{ ...entry, no_answer: [{ ring: "user:no.such.one" }] }];
    default:
      return [{ ...entry, devices: [{ id: "cell", phone: "12" }] }];
  }
}

it("checks without warnings agree with all checks about errors and the office", () => {
  fc.assert(
    fc.property(officeArbitrary, spoiltArbitrary, (office, spoilt) => {
      const content: Record<string, unknown> = { ...exportOffice(office) };
      for (const each of spoilt) spoil(content, each);
      const all = resolveOffice([content]);
      const errors = resolveOffice([content], { errorsOnly: true });
      expect(errors.office).toEqual(all.office);
      const wrong = ({ severity }: { readonly severity: string }) => severity === "error";
      expect(errors.problems.filter(wrong)).toEqual(all.problems.filter(wrong));
    }),
    { numRuns: 300 },
  );
});
