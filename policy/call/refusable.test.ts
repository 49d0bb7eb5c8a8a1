/**
 * Goal: whatever is refused because too many calls arrive, no call for help is among it, and no party whom a phone has
 * transferred. Method: random offices, all their emergency numbers, dialled as phones do.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NUMBER } from "../../fixtures/core/scene.js";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import type { Office } from "../office/office.js";
import { emergencyNumbers } from "../routing/emergency.js";
import { RoutingTable } from "../routing/table.js";
import type { Arrival } from "./input.js";
import { mayBeRefused } from "./refusable.js";

function refusable(where: Office, arrival: Pick<Arrival, "dialled" | "origin"> & Partial<Arrival>): boolean {
  const world = {
    office: RoutingTable.of(where, 1),
    contactsOf: () => [],
    memory: { rungFirst: () => undefined, answeredMs: () => undefined, byHand: () => undefined },
  };
  const other = { id: "c", atMs: 0, callerNumber: "+19175550144", callerName: "", media: "none", codecs: "" };
  return mayBeRefused({ ...other, media: "none", ...arrival }, world);
}

const phones = ({ users }: Office): readonly string[] => [
  "stranger",
  ...users.flatMap(({ devices }) => devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : []))),
];

/** As people and their phones write it; `*67` and the like withhold the caller's number. */
const WRITTEN: ReadonlyArray<(number: string, where: Office) => string> = [
  (number) => number,
  (number) => `${number.slice(0, 1)}-${number.slice(1)}`,
  (number) => `(${number})`,
  (number, { country }) => (country === "US" || country === "CA" ? `*67${number}` : number),
];

describe("a call for help", () => {
  it("is never refused, in any office, from any phone, however it is written", () => {
    fc.assert(
      fc.property(officeArbitrary, fc.nat(), fc.nat(), fc.constantFrom(...WRITTEN), (where, n, m, write) => {
        const numbers = emergencyNumbers(where);
        const dialled = [write(numbers[n % numbers.length] ?? "", where)];
        const sipName = phones(where)[m % phones(where).length] ?? "";
        expect(refusable(where, { dialled, origin: { kind: "phone", sipName } })).toBe(false);
      }),
    );
  });
});

describe("a party whom a phone has transferred", () => {
  it("is never refused, wherever they are sent", () => {
    fc.assert(
      fc.property(officeArbitrary, fc.string(), (where, dialled) => {
        const transfer = { by: null, channel: null };
        expect(refusable(where, { dialled: [dialled], origin: { kind: "transferred" }, transfer })).toBe(
          false,
        );
      }),
    );
  });
});

describe("any other new call", () => {
  it.each<[string, Pick<Arrival, "dialled" | "origin">]>([
    ["from a carrier", { dialled: [NUMBER], origin: { kind: "carrier" } }],
    ["from a carrier that sends an emergency number", { dialled: ["911"], origin: { kind: "carrier" } }],
    ["from a phone", { dialled: ["101"], origin: { kind: "phone", sipName: "stranger" } }],
  ])("may be refused: %s", (_what, arrival) => {
    fc.assert(
      fc.property(officeArbitrary, (where) => {
        expect(refusable(where, arrival)).toBe(true);
      }),
    );
  });
});
